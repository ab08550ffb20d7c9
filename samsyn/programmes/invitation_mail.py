"""The letter to a guest. Its link is written as the letter is sent, so that it never lies in the queue."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samsyn.core.errors import RefusedError
from samsyn.core.texts import LANGUAGES, LangText
from samsyn.jobs.mail.purposes import register
from samsyn.organisations.models import Organisation
from samsyn.programmes import anonymity, rules_people
from samsyn.programmes.invitation_links import link_of
from samsyn.programmes.models import Invitation
from samsyn.programmes.queries_people import LETTER, activities_of_guest
from samsyn.programmes.words import days
from samsyn.ui.templatetags.ui import day


def register_purpose() -> None:
    """Make the purpose known to the mail part; called when the app starts."""
    register(LETTER, gettext_lazy("invitations to take part as a guest"), essential=True, compose=compose)


def compose(letter: Any, person: Any) -> tuple[LangText, LangText]:
    """Subject and body of a letter. Raises RefusedError where the invitation has ended meanwhile."""
    rows = Invitation.objects.select_related("programme", "person", "invited_by")
    invitation = rows.filter(pk=letter.about_id, person_id=person.pk).first()
    link = link_of(invitation) if invitation is not None and rules_people.still_holds(invitation) else ""
    if invitation is None or not link:
        raise RefusedError(gettext_lazy("This invitation has ended."))
    return words(invitation, link=link, reminder="." in letter.purpose)


def words(invitation: Invitation, *, link: str, reminder: bool = False) -> tuple[LangText, LangText]:
    """Subject and body in both languages."""
    subject, body = {}, {}
    for lang in LANGUAGES:
        with translation.override(lang):
            subject[lang] = _subject(invitation, reminder=reminder)
            body[lang] = _body(invitation, link, reminder=reminder)
    return LangText(subject), LangText(body)


def _subject(invitation: Invitation, *, reminder: bool) -> str:
    words = _("Reminder: you are invited to %(programme)s") if reminder else _("You are invited to %(programme)s")
    return words % {"programme": invitation.programme.title}


def _body(invitation: Invitation, link: str, *, reminder: bool) -> str:
    organisation = Organisation.objects.get(pk=invitation.organisation_id)
    whom = {"programme": invitation.programme.title, "organisation": organisation.name}
    blocks = [_("Hello {name},")]
    if reminder:
        blocks.append(_("You have an invitation that you have not taken up yet. If it is not for you, do nothing."))
    if invitation.invited_by is not None:
        whom["person"] = invitation.invited_by.name
        blocks.append(_("%(person)s at %(organisation)s invites you to take part in “%(programme)s”:") % whom)
    else:
        blocks.append(_("%(organisation)s invites you to take part in “%(programme)s”:") % whom)
    blocks += [_activity(activity) for activity in activities_of_guest(invitation.programme, invitation.person)]
    blocks.append(_("You come in with this link until %(day)s:") % {"day": day(invitation.until)} + f"\n{link}")
    blocks.append(
        _(
            "The link is yours alone: whoever has it comes in as you. You see what you are invited to, and nothing "
            "else of the programme. On the page you can read what is stored and who sees what you write."
        )
    )
    return "\n\n".join(blocks)


def _activity(activity: Any) -> str:
    card = anonymity.describe(activity)
    return f"{activity.title}, {days(activity.starts, activity.ends)}\n{card.headline}. {card.short} {card.published}"
