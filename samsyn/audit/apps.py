from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "samsyn.audit"
    verbose_name = _("audit")

    def ready(self) -> None:
        from samsyn.audit.actions import record
        from samsyn.files import changes

        changes.listen(lambda verb, attachment, by: record(verb, attachment, by=by))
