"""Minutes as they write themselves: made from what happened. Reads, and writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from samsyn.core import clock
from samsyn.core.ids import encode_id
from samsyn.core.texts import LANGUAGES, LangText
from samsyn.gatherings import queries, queries_people, rules
from samsyn.gatherings.models import Block, Invitee, Session
from samsyn.organisations.models import Person
from samsyn.programmes import audience_choice
from samsyn.programmes.contributions import Contribution
from samsyn.programmes.kinds import Figure, kind_of
from samsyn.programmes.kinds_contributions import state_to_tell
from samsyn.programmes.models import Activity
from samsyn.thread.models import Item, Link, Visibility
from samsyn.thread.registry import Telling, tell
from samsyn.ui.templatetags.ui import day, said, time_of_day
from samsyn.ui.templatetags.ui import number as in_digits
from samsyn.ui.words import count_in_words

Section = dict[str, Any]
_MOST_VOICES = 30  # of those that nobody has answered; what has an answer is always there
_PASSED_OVER = 5  # seconds: a part that was on for less was gone past, on the way to another
_HELD_BACK = (Visibility.GROUP, Visibility.FACILITATORS)


def assemble(session: Session) -> list[Section]:
    """The sections, in both languages. Names of those who came only where the session keeps them."""
    blocks = queries.blocks_of(session)
    activities = [activity for activity in queries.activities_of(blocks) if activity.state != Activity.State.DRAFT]
    sections = [_section("agenda", [], lambda: (_("What we did"), _agenda(session, blocks)))]
    sections += [_activity(session, activity) for activity in activities]
    sections += [*_promises(activities), *_handed_off(activities), _attendance(session), *_lessons(session)]
    return [section for section in sections if section["text"]]


def merge(kept: Iterable[Section], made: list[Section]) -> list[Section]:
    """What has been edited stays as it is; everything else is as it was made now."""
    edited = {section["key"]: section for section in kept if section.get("edited")}
    merged = [edited.pop(section["key"], section) for section in made]
    return merged + list(edited.values())


def left_over(session: Session) -> list[tuple[Activity, Item]]:
    """What was said on its agenda and waits for an answer, the activities in the order of the agenda."""
    activities = queries.activities_of(queries.blocks_of(session))
    return [(activity, item) for activity in activities for item in kind_of(activity).left_over(activity)]


def learned(session: Session) -> list[tuple[Activity, Item]]:
    """What people wrote that they learned and nobody has chosen yet: for those who run it, shown to all or not."""
    activities = queries.activities_of(queries.blocks_of(session))
    found = [(activity, item) for activity in activities for item in kind_of(activity).learned(activity)]
    chosen = Link.objects.filter(target__in=queries.lessons_of(session)).values_list("source_id", flat=True)
    gone = set(chosen) if found else set()
    return [(activity, item) for activity, item in found if item.pk not in gone]


def items_to_link(session: Session) -> list[int]:
    """Ids of what the minutes came of: what everyone who was there may see, and the lessons."""
    said = Item.objects.filter(activity_id__in=queries.activity_ids([session])).exclude(visibility__in=_HELD_BACK)
    lessons = [item.pk for item in queries.lessons_of(session)]
    return [*said.exclude(kind="reply").order_by("id").values_list("pk", flat=True), *lessons]


def _section(key: str, items: Iterable[int], write: Callable[[], tuple[str, str]]) -> Section:
    heading, text = {}, {}
    for lang in LANGUAGES:
        with translation.override(lang):
            heading[lang], text[lang] = write()
    return {"key": key, "heading": LangText(heading), "text": LangText(text), "items": list(items), "edited": False}


def _agenda(session: Session, blocks: list[Block]) -> str:
    lines, left_out = [], []
    for slot in rules.time_blocks(session, blocks, session.ended or clock.now()):
        block = slot.block
        seconds = (slot.ends - slot.starts).total_seconds()
        if block.began is None or seconds < _PASSED_OVER:
            # What people did in it all the same stands under its own heading.
            if block.outcome:
                lines.append(f"{block.title}\n{block.outcome}")
            elif block.began is None or block.activity is None or block.activity.state == Activity.State.DRAFT:
                left_out.append(_("“%(title)s”") % {"title": said(block.title)})
            continue
        line = f"{_from_to(slot)} {block.title}{_other_than_planned(block, round(seconds / 60))}"
        lines.append(line + (f"\n{block.outcome}" if block.outcome else ""))
    if left_out:
        lines.append(_("Not done: %(parts)s") % {"parts": ", ".join(left_out)})
    return "\n\n".join(lines)  # a paragraph each, its outcome on a line below


def _from_to(slot: rules.Slot) -> str:
    began, over = time_of_day(slot.starts), time_of_day(slot.ends)
    return began if began == over else f"{began}–{over}"


def _other_than_planned(block: Block, ran: int) -> str:
    if not ran:
        return " " + _("(planned for %(planned)d minutes, took less than one)") % {"planned": block.minutes}
    if ran == block.minutes:
        return ""
    return " " + _("(planned for %(planned)d minutes, took %(ran)d)") % {"planned": block.minutes, "ran": ran}


def may_quote(session: Session, activity: Activity) -> bool:
    """Whether what was said in an activity may be read by everyone who reads the minutes: it asked them all."""
    if activity.state == Activity.State.PUBLISHED or activity.everybody:
        return True
    mine, theirs = (
        {audience_choice.key_of(part) for part in audience_choice.parts_of(row)} for row in (session, activity)
    )
    return not session.everybody and mine <= theirs


def _activity(session: Session, activity: Activity) -> Section:
    summary = kind_of(activity).summary(activity)
    quoted = may_quote(session, activity)
    items: list[int] = []

    def write() -> tuple[str, str]:
        if not quoted:
            return str(activity.title), _("What was said here is for those who took part in it.")
        voices, more = _voices(activity)  # told in the language of the text
        items[:] = [telling.item.pk for telling in voices]
        figures = " ".join(filter(None, map(_figure, summary.figures)))
        found = [f"{finding.text}" for finding in summary.findings if finding.heading == "result" or not voices]
        rest = count_in_words("And one more.", "And %(number)s more.", more, "")
        return str(activity.title), "\n\n".join(filter(None, [figures, *found, *map(_voice, voices), rest]))

    return _section(f"a-{encode_id(activity.pk)}", items, write)


def _voices(activity: Activity) -> tuple[list[Telling], int]:
    """What people said, those answered first, then the most agreed with; nothing that is hidden or waits.

    The second is how many more there are.
    """
    rows = Item.objects.filter(activity_id=activity.pk).exclude(visibility__in=_HELD_BACK)
    items = list(rows.exclude(state=Contribution.State.MERGED).order_by("id"))
    told = [telling for telling in tell(items).values() if telling.voice]
    told.sort(key=lambda telling: (not _has_ended(telling), -(telling.agreed or 0), telling.item.pk))
    waiting = [telling for telling in told if not _has_ended(telling)][_MOST_VOICES:]
    return told[: len(told) - len(waiting)], len(waiting)


def _has_ended(telling: Telling) -> bool:
    """Whether somebody has answered it: in writing, or in the room, where nothing of it need be written down."""
    return telling.note is not None or telling.item.state != "open"


def _voice(telling: Telling) -> str:
    words = f"– {telling.text}"
    if telling.note:
        signed = f" ({telling.note_by})" if telling.note_by else ""
        return f"{words}\n{capfirst(str(telling.state))}: {telling.note}{signed}"
    state = str(state_to_tell(telling))
    return f"{words}\n{capfirst(state)}" if state else words


def _figure(figure: Figure) -> str:
    """A figure as a sentence; one for which its kind has none, with its label."""
    if figure.sentence is not None:
        return str(figure.sentence)
    return f"{capfirst(str(figure.label))}: {_('too few to tell') if figure.value is None else figure.value}."


def _promises(activities: list[Activity]) -> list[Section]:
    rows = Item.objects.filter(activity_id__in=[row.pk for row in activities], kind="promise")
    items = list(rows.exclude(visibility__in=_HELD_BACK).select_related("owner").order_by("due", "id"))

    def line(item: Item) -> str:
        parts = {"title": item.title, "owner": item.owner.name if item.owner else "–", "day": day(item.due)}
        return "– " + _("%(title)s (%(owner)s, by %(day)s)") % parts

    return _listed("promises", items, lambda: _("What we promised"), line)


def _handed_off(activities: list[Activity]) -> list[Section]:
    items = list(queries.handed_off([row.pk for row in activities]).exclude(visibility__in=_HELD_BACK))
    told = tell(items)
    return _listed("handed", items, lambda: _("What goes on elsewhere"), lambda item: f"– {told[item.pk].text}")


def _lessons(session: Session) -> list[Section]:
    items = queries.lessons_of(session)
    return _listed("lessons", items, lambda: _("What we do differently next time"), lambda item: f"– {item.title}")


def _listed(key: str, items: list[Item], heading: Callable[[], str], line: Callable[[Item], str]) -> list[Section]:
    if not items:
        return []
    return [_section(key, [item.pk for item in items], lambda: (heading(), "\n".join(map(line, items))))]


def _attendance(session: Session) -> Section:
    numbers = queries_people.numbers(session)
    told = Invitee.objects.filter(session=session).exclude(sent=None, answer=Invitee.Answer.INVITED).exists()
    came = Invitee.objects.filter(session=session, came=True).values("person_id") if session.named else None
    names = []
    if came is not None:
        names = list(Person.objects.filter(pk__in=came).order_by("sort_name", "id").values_list("name", flat=True))

    def write() -> tuple[str, str]:
        lines = []
        if session.came is not None:
            lines.append(_("%(number)s came.") % {"number": in_digits(session.came)})
        if session.most_present:
            lines.append(queries_people.phones_in_words(session))
        if told:
            parts = {"invited": in_digits(numbers.invited), "coming": in_digits(numbers.coming)}
            lines.append(_("%(invited)s were invited, %(coming)s had said that they would come.") % parts)
        if names:
            lines.append(", ".join(names))
        return _("Who was there"), "\n".join(lines)

    return _section("attendance", [], write)
