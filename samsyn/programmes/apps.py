from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    name = "samsyn.programmes"
    verbose_name = _("programmes")

    def ready(self) -> None:
        from samsyn.programmes import checks  # noqa: F401  (registers the system checks)
        from samsyn.programmes.kinds import all_kinds
        from samsyn.programmes.viewing import visible_ids
        from samsyn.thread.registry import register_teller, register_viewing

        register_viewing(visible_ids)
        for kind in all_kinds().values():
            register_teller(kind.slug, kind.tell)
