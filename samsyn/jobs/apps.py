from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "samsyn.jobs"
    verbose_name = _("jobs")

    def ready(self) -> None:
        from samsyn.files.actions import sweep
        from samsyn.jobs import duties, housekeeping

        duties.register("jobs.tidy", housekeeping.tidy)
        duties.register("files.sweep", sweep)
