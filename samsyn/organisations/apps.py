from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    name = "samsyn.organisations"
    verbose_name = _("organisations")

    def ready(self) -> None:
        from samsyn.accounts import claims
        from samsyn.jobs import duties, registry
        from samsyn.organisations.actions.accounts import claim_account
        from samsyn.organisations.directory import People
        from samsyn.organisations.imports.actions import clear_old

        registry.register_directory(People())
        claims.register(claim_account)
        duties.register(
            "organisations.clear_imports",
            lambda: duties.in_each_organisation(lambda _where: clear_old(), synthetic=True),
        )
