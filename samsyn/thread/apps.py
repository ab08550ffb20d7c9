from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ThreadConfig(AppConfig):
    name = "samsyn.thread"
    verbose_name = _("thread")
