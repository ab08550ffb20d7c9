"""What every table and action stands on; of its own it has one table, the index that is searched."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "samsyn.core"
    label = "core"
