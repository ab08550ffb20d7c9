from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GatheringsConfig(AppConfig):
    name = "samsyn.gatherings"
    verbose_name = _("sessions")

    def ready(self) -> None:
        from samsyn.files import access
        from samsyn.gatherings import attachments, erasing, viewing
        from samsyn.gatherings.board_cards import SessionCards
        from samsyn.gatherings.doors import find
        from samsyn.gatherings.letters import register_purposes
        from samsyn.gatherings.models import Session, SessionPart
        from samsyn.gatherings.room import SessionRooms
        from samsyn.gatherings.standing import hosted
        from samsyn.jobs import duties
        from samsyn.live import registry
        from samsyn.organisations import erasure
        from samsyn.programmes import audience_choice, beside, doors, hosting, own_data
        from samsyn.thread.registry import register_teller, register_viewing

        registry.register(SessionRooms())
        doors.register(find)
        hosting.register(hosted)
        beside.register(SessionCards())
        audience_choice.register(Session, SessionPart, "session")
        access.register(attachments.OWNER, attachments.may_see, change=attachments.changer, page=attachments.page_of)
        register_viewing(viewing.visible_ids, "gatherings")
        register_teller("gatherings", viewing.tell)
        register_purposes()
        erasure.register(erasing.take_out)
        own_data.register(erasing.personal_data)
        duties.register("gatherings.names", erasing.dispose_of_due)
        duties.register("gatherings.morning", erasing.write_in_the_morning, at=erasing.MORNING)
