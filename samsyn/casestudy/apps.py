from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseStudyConfig(AppConfig):
    name = "samsyn.casestudy"
    verbose_name = _("case study")

    def ready(self) -> None:
        from samsyn.casestudy.actions import forget_author
        from samsyn.organisations import erasure

        erasure.register(forget_author)
