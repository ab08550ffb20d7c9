from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "samsyn.accounts"
    verbose_name = _("accounts")

    def ready(self) -> None:
        from samsyn.accounts.sessions import clear_expired
        from samsyn.jobs import duties

        duties.register("accounts.sessions", clear_expired)
