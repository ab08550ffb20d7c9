"""The information sheet of an activity: what is asked, who sees it, what is stored, for how long, on what ground."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from samsyn.organisations.models import Organisation, Person
from samsyn.programmes import anonymity, audience_choice
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.models import Activity, Role
from samsyn.programmes.words import days, has_reply
from samsyn.ui.templatetags.ui import day, days_long


@dataclass(frozen=True)
class Line:
    """One question of the sheet and what is answered to it."""

    question: str
    answers: tuple[str, ...]


def sheet_of(activity: Activity, organisation: Organisation) -> list[Line]:
    """The lines of the sheet, in the reader's language."""
    card = anonymity.describe(activity)
    lines = [
        Line(_("Why"), _filled(activity.purpose, _in_programme(activity))),
        Line(_("What you are asked to do"), _filled(activity.instructions, kind_of(activity).purpose)),
        Line(_("Who is asked, and when"), (_asked(activity), days(activity.starts, activity.ends) + ".")),
        Line(_("Who sees what"), (f"{card.headline}. {card.short}", *card.lines)),
        Line(_("What is stored, and where"), (_stored(activity), _where(organisation))),
        Line(_("On what ground"), (lawful_basis(activity),)),
        Line(_("How long it is kept"), _kept(activity)),
        Line(_("When you hear what came of it"), (_reply(activity),)),
        Line(_("Who is responsible"), _responsible(activity, organisation)),
        Line(_("If you want to see your data, or have it erased"), _rights(activity)),
    ]
    return [line for line in lines if any(line.answers)]


def _filled(*texts: object) -> tuple[str, ...]:
    return next(((str(text),) for text in texts if text), ())


def _in_programme(activity: Activity) -> str:
    return _("Part of the programme “%(programme)s”.") % {"programme": activity.programme.title}


def _asked(activity: Activity) -> str:
    if activity.entry == Activity.Entry.CODE:
        return _("Everyone who has the code, without signing in.")
    text = audience_choice.in_words(activity)
    return text[:1].upper() + text[1:] + "." if text else ""


def _stored(activity: Activity) -> str:
    if kind_of(activity).by_hand:
        return _(
            "What those who run it write down afterwards, with their name and the day. Nothing else is stored here."
        )
    return _STORED[activity.level]()


_STORED: dict[str, Callable[[], str]] = {
    Activity.Level.NAMED: lambda: _("What you write or answer, your name, and the day."),
    Activity.Level.FACILITATORS: lambda: _(
        "What you write or answer, your name, and the day. "
        "The name is shown only to the facilitators and to the host of a session in which this is done."
    ),
    Activity.Level.CODED: lambda: _(
        "What you answer and a key in place of your name, no time finer than the day. "
        "What ties the key to you lies in a file of its own and is deleted when the programme ends."
    ),
    Activity.Level.ANONYMOUS: lambda: _(
        "What you write or answer, without your name and with no time finer than the day. "
        "Where only those invited may vote, it is noted that you have voted, not how; "
        "those who have not may get one reminder, and nobody sees who they are."
    ),
}


def _where(organisation: Organisation) -> str:
    words = _("On the server that runs Samsyn for %(name)s, and in its backups. Nothing is sent to other services.")
    return words % {"name": organisation.name}


def lawful_basis(activity: Activity) -> str:
    """The ground in plain words, with its article."""
    found = _BASES.get(activity.lawful_basis)
    return found() if found else activity.lawful_basis


_BASES: dict[str, Callable[[], str]] = {
    "public-task": lambda: _(
        "The organisation needs it for its task in the public interest: developing its own work "
        "(General Data Protection Regulation, article 6.1 e)."
    ),
    "legal-obligation": lambda: _(
        "A law demands it of the organisation, for example on the working environment "
        "(General Data Protection Regulation, article 6.1 c)."
    ),
    "contract": lambda: _(
        "It is needed for an agreement with you, such as your employment "
        "(General Data Protection Regulation, article 6.1 b)."
    ),
    "legitimate-interest": lambda: _(
        "The organisation has an interest in it that weighs more than the intrusion for you "
        "(General Data Protection Regulation, article 6.1 f)."
    ),
    "consent": lambda: _(
        "You say yes, and can take it back whenever you want (General Data Protection Regulation, article 6.1 a)."
    ),
}


def _kept(activity: Activity) -> tuple[str, ...]:
    words = _("%(time)s after the result has been published.") % {"time": days_long(activity.retention_days)}
    gone = _(
        "Then the system itself deletes names, keys, votes, tickets and receipts. "
        "Questions, answers and our reply stay as the record of the programme."
    )
    then = str(activity.disposal) or _("After that it is handled as the organisation’s records plan says.")
    return words, gone, then


def _reply(activity: Activity) -> str:
    if has_reply(activity):
        return _("Our reply has come. You find it where you took part.")
    return _("By %(day)s. The reply is signed by a named person.") % {"day": day(activity.reply_by)}


def _responsible(activity: Activity, organisation: Organisation) -> tuple[str, ...]:
    rows = [_("%(name)s decides why and how the data is used (the controller).") % {"name": organisation.name}]
    programme = activity.programme
    if activity.responsible is not None:
        rows.append(_("For this activity: %(who)s.") % {"who": _who(activity.responsible)})
    owner = Role.objects.filter(programme=programme, name=Role.Name.OWNER).select_related("person").first()
    if owner is not None:
        rows.append(_("For the programme: %(who)s.") % {"who": _who(owner.person)})
    if programme.contact is not None:
        contact = programme.contact
        who = f"{contact.name}, {contact.email}" if contact.email else contact.name
        rows.append(_("Questions: %(who)s.") % {"who": who})
    return tuple(rows)


def _who(person: Person) -> str:
    return f"{person.name}, {person.title}" if person.title else person.name


def _rights(activity: Activity) -> tuple[str, ...]:
    if kind_of(activity).by_hand:
        first = _("If you are named in what was written down, turn to the one who is responsible to have it erased.")
    elif activity.level == Activity.Level.ANONYMOUS:
        first = _(
            "What you leave here cannot be found by your name, so nobody can hand it out or erase it for you. "
            "With the six words of your receipt you see yourself what came of it."
        )
    elif activity.level == Activity.Level.CODED:
        first = _("Until the programme ends you can ask to see your answers, and to have them erased.")
    else:
        first = _(
            "Signed in, you can download what is stored about you and ask to have it erased, on the page “My data”."
        )
    last = _("You can complain to the Swedish Authority for Privacy Protection (IMY), imy.se.")
    return first, last
