"""Letters about a session: asked, changed, called off; a place at last; the answers; a reminder to those who ran it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samsyn.core.addresses import absolute, address
from samsyn.core.errors import RefusedError
from samsyn.core.rows import one
from samsyn.core.texts import LANGUAGES, LangText
from samsyn.gatherings import calendar_entry
from samsyn.gatherings.models import Block, Invitee, Session
from samsyn.jobs.mail.purposes import register
from samsyn.ui.templatetags.ui import moment, time_of_day

# The sequence follows after a dot: whoever has got the letter of one sequence gets that of the next one too.
CALENDAR, PLACE, ANSWERS, MORNING = "session", "sessionplace", "sessionanswers", "sessionmorning"


def register_purposes() -> None:
    """Make the purposes known to the mail part; called when the app starts."""
    calendar = gettext_lazy("invitations to sessions")
    register(CALENDAR, calendar, essential=True, compose=_compose, calendar=_entry)
    register(PLACE, gettext_lazy("places in sessions"), essential=True, compose=_compose_place, calendar=_entry)
    register(ANSWERS, gettext_lazy("what came of sessions"), compose=_compose_answers)
    register(MORNING, gettext_lazy("sessions that you run"), compose=_compose_morning)


def invitation_words(session: Session) -> tuple[LangText, LangText]:
    """Subject and body of the letter that asks, tells of a change or calls off, in both languages."""
    return _both(lambda: (_subject(session), _body(session)))


def answers_words(session: Session) -> tuple[LangText, LangText]:
    """Subject and body of the letter with what came of a session."""
    return _both(lambda: _answers(session))


def morning_words(session: Session) -> tuple[LangText, LangText]:
    """Subject and body of the letter to those who ran it, the morning after."""
    return _both(lambda: _morning(session))


def _compose(letter: Any, person: Any) -> tuple[LangText, LangText]:
    return invitation_words(_session(letter))


def _compose_place(letter: Any, person: Any) -> tuple[LangText, LangText]:
    session = _session(letter)
    invitee = Invitee.objects.filter(session=session, person_id=person.pk, answer=Invitee.Answer.COMING)
    if not invitee.exists() or session.state != Session.State.PLANNED:
        raise RefusedError(gettext_lazy("There is no place any more."))
    return _both(lambda: _place(session))


def _compose_answers(letter: Any, person: Any) -> tuple[LangText, LangText]:
    return answers_words(_session(letter))


def _compose_morning(letter: Any, person: Any) -> tuple[LangText, LangText]:
    return morning_words(_session(letter))


def _entry(letter: Any, person: Any) -> tuple[str, str]:
    session = _session(letter)
    blocks = list(Block.objects.filter(session=session).order_by("position", "id"))
    with translation.override(person.language if person.language in LANGUAGES else session.organisation.language):
        return calendar_entry.write(session, blocks, to=person)


def _session(letter: Any) -> Session:
    rows = Session.objects.select_related("organisation", "programme", "unit")
    found = one(rows.filter(pk=letter.about_id))
    if found is None:
        raise RefusedError(gettext_lazy("This session is gone."))
    return found


def _both(write: Callable[[], tuple[str, str]]) -> tuple[LangText, LangText]:
    subject, body = {}, {}
    for lang in LANGUAGES:
        with translation.override(lang):
            subject[lang], body[lang] = write()
    return LangText(subject), LangText(body)


def _subject(session: Session) -> str:
    parts = {"title": session.title, "when": moment(session.starts)}
    if session.state == Session.State.CANCELLED:
        return _("Cancelled: %(title)s, %(when)s") % parts
    if session.sequence:
        return _("Changed: %(title)s, %(when)s") % parts
    return _("You are invited to %(title)s, %(when)s") % parts


def _body(session: Session) -> str:
    blocks = [_("Hello {name},")]
    if session.state == Session.State.CANCELLED:
        blocks.append(_("“%(title)s”, %(when)s, is cancelled.") % _parts(session))
        return "\n\n".join([*blocks, _page(session)])
    if session.sequence:
        blocks.append(_("Something has changed about “%(title)s”. This holds now:") % _parts(session))
    else:
        blocks.append(_("You are invited to “%(title)s”.") % _parts(session))
    blocks.append("\n".join(when_and_where(session)))
    blocks += [str(text) for text in (session.purpose,) if text]
    if session.preparation:
        blocks.append(_("Before you come: %(words)s") % {"words": session.preparation})
    blocks.append(_("Say on the page whether you come. There you find the agenda too:") + f"\n{_address(session)}")
    return "\n\n".join(blocks)


def when_and_where(session: Session) -> list[str]:
    """Lines: when, where, the link of the video meeting."""
    rows = list(Block.objects.filter(session=session).order_by("position", "id"))
    starts, ends = calendar_entry.span(session, rows)
    when = _("%(when)s to %(end)s") % {"when": moment(starts), "end": time_of_day(ends)}
    return [line for line in (when, session.place, session.link) if line]


def _place(session: Session) -> tuple[str, str]:
    subject = _("You have a place: %(title)s, %(when)s") % _parts(session)
    words = _("Somebody else cannot come, so there is a place for you in “%(title)s”.") % _parts(session)
    stay = _("If you cannot come after all, say so on the page. Then the next one in line gets your place.")
    return subject, "\n\n".join([_("Hello {name},"), words, "\n".join(when_and_where(session)), stay, _page(session)])


def _answers(session: Session) -> tuple[str, str]:
    subject = _("What came of %(title)s") % _parts(session)
    words = _("The minutes of “%(title)s” are written: the questions and their answers, and what was promised.")
    blocks = [_("Hello {name},"), words % _parts(session)]
    later = _("What was not answered there has a name and a day now. It stands in the minutes:")
    page = absolute(address("gatherings:minutes", session=session.pk))
    return subject, "\n\n".join([*blocks, f"{later}\n{page}"])


def _morning(session: Session) -> tuple[str, str]:
    subject = _("After %(title)s: what is left to do") % _parts(session)
    words = _("“%(title)s” is over. See to it that every question left has a name and a day, and publish the minutes:")
    page = absolute(address("gatherings:leftovers", session=session.pk))
    return subject, "\n\n".join([_("Hello {name},"), words % _parts(session) + f"\n{page}"])


def _parts(session: Session) -> dict[str, Any]:
    return {"title": session.title, "when": moment(session.starts)}


def _address(session: Session) -> str:
    return absolute(address("gatherings:session", session=session.pk))


def _page(session: Session) -> str:
    return _address(session)
