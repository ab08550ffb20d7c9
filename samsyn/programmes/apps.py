from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    name = "samsyn.programmes"
    verbose_name = _("programmes")

    def ready(self) -> None:
        from samsyn.core import search
        from samsyn.files import access
        from samsyn.jobs import duties
        from samsyn.organisations import erasure
        from samsyn.programmes import attachments, checks  # noqa: F401  (checks registers itself)
        from samsyn.programmes.duties import open_and_close_due
        from samsyn.programmes.erasing import take_out
        from samsyn.programmes.invitation_mail import register_purpose
        from samsyn.programmes.kinds import all_kinds
        from samsyn.programmes.letters import register_purposes
        from samsyn.programmes.queries import texts_of_activities, texts_of_programmes
        from samsyn.programmes.viewing import visible_ids
        from samsyn.thread.registry import register_teller, register_viewing

        register_viewing(visible_ids)
        search.register("programme", texts_of_programmes)
        search.register("activity", texts_of_activities)
        for kind in all_kinds().values():
            register_teller(kind.slug, kind.tell)
        access.register(attachments.OWNER, attachments.may_see, change=attachments.changer, page=attachments.page_of)
        register_purpose()
        register_purposes()
        duties.register("programmes.days", open_and_close_due)
        erasure.register(take_out)
