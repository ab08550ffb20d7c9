from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    name = "samsyn.programmes"
    verbose_name = _("programmes")

    def ready(self) -> None:
        from samsyn.programmes import checks  # noqa: F401  (registers the system checks)
