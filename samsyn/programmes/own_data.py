"""What is stored about one person: row, units, roles, groups, invitations, letters, and what the kinds hold."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language_info, pgettext
from django.utils.translation import gettext as _

from samsyn.audit.models import Entry
from samsyn.audit.words import act_in_words
from samsyn.core.clock import day_of
from samsyn.core.texts import LangText
from samsyn.jobs.mail.purposes import purpose_of
from samsyn.jobs.models import Letter
from samsyn.organisations.models import Person, Placement, TeamCorrection
from samsyn.programmes.kinds import PersonalData, all_kinds
from samsyn.programmes.models import ErasureRequest, GroupMember, Invitation, News, Part, Role, Ticket
from samsyn.thread.models import Item, Reply
from samsyn.thread.registry import tell

Tell = Callable[[Person], list[PersonalData]]
_others: list[Tell] = []


def register(tell: Tell) -> None:
    """Have a part above tell too what it stores about a person."""
    _others.append(tell)


def data_of(person: Person, day_in_words: Callable[[dt.date], str] = dt.date.isoformat) -> list[PersonalData]:
    """Everything, in groups that have something in them; values are plain text, in the reader's language.

    `day_in_words`: how a page writes a day; a file keeps year-month-day.
    """
    groups = [
        PersonalData(_("You in the organisation"), [_about(person)]),
        PersonalData(_("Your account"), _account(person)),
        PersonalData(_("Where you have worked"), _placements(person)),
        PersonalData(_("Management teams"), _teams(person)),
        PersonalData(_("Roles in programmes"), _roles(person)),
        PersonalData(_("Groups"), _groups(person)),
        PersonalData(_("Activities that name you"), _named(person)),
        PersonalData(_("Invitations"), _invitations(person)),
        PersonalData(_("Votes: that you voted, never how"), _tickets(person)),
        PersonalData(_("Promises and other things you answer for"), _items(person)),
        PersonalData(_("Replies and news that you have signed"), _signed(person)),
        PersonalData(_("Letters to you"), _letters(person)),
        PersonalData(_("What you have asked us to erase"), _requests(person)),
        PersonalData(_("What you have done in the system"), _acts(person)),
    ]
    for kind in all_kinds().values():
        groups += kind.personal_data(person)
    for tell_of in _others:
        groups += tell_of(person)
    return [
        PersonalData(group.name, [_plain(row, day_in_words) for row in group.rows]) for group in groups if group.rows
    ]


def as_json(person: Person) -> dict[str, Any]:
    """The same, for a file."""
    found: dict[str, Any] = {}
    for group in data_of(person):
        found.setdefault(str(group.name), []).extend(group.rows)
    return found


def _plain(row: dict[str, Any], day_in_words: Callable[[dt.date], str]) -> dict[str, str]:
    return {str(name): _text(value, day_in_words) for name, value in row.items() if value not in (None, "", {}, [])}


def _text(value: Any, day_in_words: Callable[[dt.date], str]) -> str:
    if isinstance(value, bool):
        return pgettext("own data", "yes") if value else pgettext("own data", "no")
    if isinstance(value, dt.datetime):
        return day_in_words(day_of(value))
    if isinstance(value, dt.date):
        return day_in_words(value)
    if isinstance(value, dict) and not isinstance(value, LangText):
        return ", ".join(f"{name}: {inner}" for name, inner in value.items())
    return str(value)


def _language(code: str) -> str:
    return str(get_language_info(code)["name_translated"]) if code else ""


def _about(person: Person) -> dict[str, Any]:
    return {
        pgettext("own data", "name"): person.name,
        pgettext("own data", "e-mail address"): person.email,
        pgettext("own data", "title"): person.title,
        pgettext("own data", "unit"): person.unit,
        pgettext("own data", "manager"): person.manager,
        pgettext("own data", "level"): person.get_level_display(),
        pgettext("own data", "the organisation’s own key"): person.key,
        pgettext("own data", "other facts"): person.attributes,
        pgettext("own data", "language"): _language(person.language),
        pgettext("own data", "from outside"): person.external,
        pgettext("own data", "looks after people and units"): person.administrator,
        pgettext("own data", "since"): person.joined,
        pgettext("own data", "left"): person.left,
    }


def _account(person: Person) -> list[dict[str, Any]]:
    user = person.user
    if user is None:
        return []
    return [
        {
            pgettext("own data", "e-mail address"): user.email,
            pgettext("own data", "language"): _language(user.language),
            pgettext("own data", "operator"): user.is_operator,
        }
    ]


def _placements(person: Person) -> list[dict[str, Any]]:
    rows = Placement.objects.filter(person=person).select_related("unit").order_by("since")
    return [
        {
            pgettext("own data", "unit"): row.unit,
            pgettext("own data", "since"): row.since,
            pgettext("own data", "until"): row.until,
        }
        for row in rows
    ]


def _teams(person: Person) -> list[dict[str, Any]]:
    rows = TeamCorrection.objects.filter(person=person).select_related("manager")
    return [
        {pgettext("own data", "manager"): row.manager, pgettext("own data", "counted in"): row.included} for row in rows
    ]


def _roles(person: Person) -> list[dict[str, Any]]:
    rows = Role.objects.filter(person=person).select_related("programme", "partner")
    return [
        {
            pgettext("own data", "programme"): row.programme,
            pgettext("own data", "role"): row.get_name_display(),
            pgettext("own data", "partner"): row.partner,
            pgettext("own data", "until"): row.until,
        }
        for row in rows
    ]


def _groups(person: Person) -> list[dict[str, Any]]:
    rows = GroupMember.objects.filter(person=person).select_related("group__programme")
    return [
        {pgettext("own data", "group"): row.group, pgettext("own data", "programme"): row.group.programme}
        for row in rows
    ]


def _named(person: Person) -> list[dict[str, Any]]:
    rows = Part.objects.filter(person=person).select_related("activity", "programme")
    return [
        {pgettext("own data", "activity"): row.activity, pgettext("own data", "programme"): row.programme}
        for row in rows
    ]


def _invitations(person: Person) -> list[dict[str, Any]]:
    rows = Invitation.objects.filter(person=person).select_related("programme", "invited_by").order_by("made", "id")
    return [
        {
            pgettext("own data", "programme"): row.programme,
            pgettext("own data", "invited by"): row.invited_by,
            pgettext("own data", "invited"): row.made,
            pgettext("own data", "until"): row.until,
            pgettext("own data", "link opened"): row.opened,
            pgettext("own data", "came in"): row.accepted,
            pgettext("own data", "ended"): row.revoked,
        }
        for row in rows
    ]


def _tickets(person: Person) -> list[dict[str, Any]]:
    rows = Ticket.objects.filter(person=person).select_related("activity")
    return [{pgettext("own data", "activity"): row.activity, pgettext("own data", "voted"): row.spent} for row in rows]


def _items(person: Person) -> list[dict[str, Any]]:
    rows = list(Item.objects.filter(owner=person).order_by("-day", "id"))
    told = tell(rows)
    return [
        {
            pgettext("own data", "what"): told[row.pk].what,
            pgettext("own data", "title"): row.title,
            pgettext("own data", "day"): row.day,
            pgettext("own data", "due"): row.due,
            pgettext("own data", "state"): told[row.pk].state,
        }
        for row in rows
    ]


def _signed(person: Person) -> list[dict[str, Any]]:
    replies = Reply.objects.filter(Q(signed_by=person) | Q(published_by=person)).order_by("-day", "id")
    news = News.objects.filter(signed_by=person).order_by("-day", "id")
    return [{pgettext("own data", "day"): row.day, pgettext("own data", "text"): row.heard} for row in replies] + [
        {
            pgettext("own data", "day"): row.day,
            pgettext("own data", "title"): row.title,
            pgettext("own data", "text"): row.text,
        }
        for row in news
    ]


def _letters(person: Person) -> list[dict[str, Any]]:
    rows = Letter.objects.filter(person_id=person.pk).order_by("-day", "id")
    return [
        {
            pgettext("own data", "day"): row.day,
            pgettext("own data", "about"): _purpose(row.purpose),
            pgettext("own data", "state"): row.get_state_display(),
        }
        for row in rows
    ]


def _purpose(slug: str) -> Any:
    try:
        return purpose_of(slug).label
    except LookupError:  # of a part that is no longer here
        return slug


def _requests(person: Person) -> list[dict[str, Any]]:
    rows = ErasureRequest.objects.filter(person=person).order_by("-day", "id")
    return [
        {
            pgettext("own data", "day"): row.day,
            pgettext("own data", "your words"): row.words,
            pgettext("own data", "state"): row.get_state_display(),
            pgettext("own data", "answer"): row.answer,
        }
        for row in rows
    ]


def _acts(person: Person) -> list[dict[str, Any]]:
    """The record holds a verb and a moment for each act: told by day and act, in words."""
    rows = Entry.objects.filter(actor_id=person.pk).values_list("at", "verb")
    counts = Counter((day_of(at), act_in_words(verb)) for at, verb in rows)
    return [
        {pgettext("own data", "day"): day, pgettext("own data", "what"): act, pgettext("own data", "times"): times}
        for (day, act), times in sorted(counts.items(), key=lambda pair: (pair[0][0], pair[0][1]), reverse=True)
    ]
