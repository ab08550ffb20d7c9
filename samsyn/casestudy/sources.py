"""What could stand in a case study: sentences out of a programme's own words, its kinds, promises and replies.

Pure: everything was read before (`queries.py`). Every sentence says what it stands on, and has a key that stays the
same as long as it is about the same thing, so that it can be hidden.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import override

from samsyn.casestudy.models import Heading
from samsyn.casestudy.models import Sentence as Written
from samsyn.casestudy.report import EVIDENCE_READ, FigureLine, Source
from samsyn.core.ids import encode_id
from samsyn.core.texts import LANGUAGES, LangText
from samsyn.programmes.kinds import Finding, Summary
from samsyn.programmes.models import Activity, Frame, Programme
from samsyn.programmes.rules import is_anonymous
from samsyn.thread.models import Promise, Reply
from samsyn.ui.templatetags.ui import day
from samsyn.ui.words import count_in_words


@dataclass(frozen=True)
class Voices:
    """The first of the items that a reply answers, and how many there are."""

    first: tuple[int, ...] = ()
    total: int = 0


@dataclass(frozen=True)
class Material:
    """Everything that a case study is put together from."""

    programme: Programme
    today: dt.date
    frames: Sequence[Frame] = ()  # the chapters in which something has begun
    activities: Sequence[Activity] = ()  # those that have begun, in the order of the storyboard
    summaries: Mapping[int, Summary] = field(default_factory=dict)  # by activity
    open_to: frozenset[int] = frozenset()  # activities whose figures the visitor may see
    promises: Sequence[Promise] = ()
    promised_to: frozenset[int] = frozenset()  # items of the promises that the visitor may see
    replies: Sequence[Reply] = ()
    voices: Mapping[int, Voices] = field(default_factory=dict)  # by the reply's item
    written: Sequence[tuple[Written, tuple[int, ...]]] = ()  # with the items that each stands on


def both(sentence: Callable[[], str]) -> LangText:
    """A sentence in each language."""
    texts = {}
    for lang in LANGUAGES:
        with override(lang):
            texts[lang] = sentence()
    return LangText(texts)


def sources(material: Material) -> list[Source]:
    """Every sentence that could stand in the case study; under each heading those written by hand come first."""
    found = [
        *_written(material),
        *_programme(material.programme),
        *_frames(material),
        *_promises(material),
        *_activities(material),
    ]
    seen: Counter[str] = Counter()
    for place, source in enumerate(found):
        seen[source.key] += 1
        if seen[source.key] > 1:
            found[place] = replace(source, key=f"{source.key}:{seen[source.key]}")
    return found


def figures(material: Material) -> list[FigureLine]:
    """The activities' own figures. A lone count of what already stands as sentences says nothing more."""
    lines = []
    for activity in material.activities:
        summary = material.summaries.get(activity.pk)
        if summary is None or activity.pk not in material.open_to:
            continue
        if len(summary.figures) == 1 and summary.figures[0].value == len(summary.findings):
            continue
        unknown = _("The activity was anonymous: how many people stand behind it cannot be told.")
        for figure in summary.figures:
            note = figure.note or (unknown if is_anonymous(activity) else "")
            lines.append(FigureLine(figure.after_number, figure.value, note, activity.title, activity.pk))
    return lines


def _written(material: Material) -> Iterator[Source]:
    for sentence, item_ids in material.written:
        yield Source(
            heading=sentence.heading,
            key=f"written:{encode_id(sentence.pk)}",
            text=sentence.text,
            item_ids=item_ids,
            sentence_id=sentence.pk,
            by=sentence.written_by.name if sentence.written_by else "",
        )


def _programme(programme: Programme) -> Iterator[Source]:
    """What the organisers said from the start: nothing but their own words stands behind it."""
    said = (
        (Heading.CHALLENGE, "from", _("Where we started"), programme.from_state),
        (Heading.CHALLENGE, "to", _("Where we want to get"), programme.to_state),
        (Heading.CHALLENGE, "ambition", _("What we hope for"), programme.ambition),
        (Heading.HOW, "decided", _("Decided from the start"), programme.decided),
        (Heading.HOW, "open", _("Open to influence"), programme.open_matters),
        (Heading.HOW, "not-discussed", _("Not up for discussion"), programme.not_discussed),
    )
    for heading, key, label, text in said:
        if text:
            yield Source(heading, f"programme:{key}", text, label)


def _frames(material: Material) -> Iterator[Source]:
    """Each chapter with the activities that have been held in it, and the first trace that each has left."""
    traces = {reply.activity_id: reply.item_id for reply in material.replies}
    for pk, summary in material.summaries.items():
        ids = [item_id for finding in summary.findings for item_id in finding.item_ids[:1]]
        traces.update({pk: ids[0]} if ids else {})
    for frame in material.frames:
        held = [activity for activity in material.activities if activity.frame_id == frame.pk]
        yield Source(
            Heading.HOW,
            f"chapter:{encode_id(frame.pk)}",
            LangText({lang: _as_sentence("; ".join(a.title.pick(lang)[0] for a in held)) for lang in LANGUAGES}),
            label=f"{day(frame.starts)} – {day(frame.ends)}",
            about=frame.name,
            item_ids=tuple(traces[activity.pk] for activity in held if activity.pk in traces),
        )


def _as_sentence(words: str) -> str:
    """Words with one mark at their end: a title may be a question."""
    return words if words.endswith(("?", "!", ".", "…")) else f"{words}."


def _activities(material: Material) -> Iterator[Source]:
    """Activity by activity: what its kind found, then our reply."""
    replies = {reply.activity_id: reply for reply in material.replies}
    for activity in material.activities:
        yield from _findings(material, activity)
        if activity.pk in replies:
            yield from _reply(material, activity, replies[activity.pk])


def _findings(material: Material, activity: Activity) -> Iterator[Source]:
    summary = material.summaries.get(activity.pk)
    for finding in summary.findings if summary else ():
        if finding.text and (finding.item_ids or activity.pk in material.open_to):
            yield Source(
                finding.heading,
                _key(activity, finding),
                finding.text,
                about=activity.title,
                item_ids=finding.item_ids[:EVIDENCE_READ],
                total=len(finding.item_ids),
                words_of=finding.item_ids[:EVIDENCE_READ],
            )


def _reply(material: Material, activity: Activity, reply: Reply) -> Iterator[Source]:
    voices = material.voices.get(reply.item_id, Voices())
    own, key = (reply.item_id,), encode_id(reply.pk)
    said = (
        (Heading.CHALLENGE, "heard", _("What we heard"), reply.heard, own + voices.first, 1 + voices.total),
        (Heading.DID, "doing", _("What we do about it"), reply.doing, own, 1),
        (Heading.RESULT, "not-doing", _("What we do not do, and why"), reply.not_doing, own, 1),
    )
    for heading, name, label, text, item_ids, total in said:
        if text:
            yield Source(
                heading,
                f"{name}:{key}",
                text,
                label,
                about=activity.title,
                item_ids=item_ids,
                total=total,
                words_of=own,
            )


def _key(activity: Activity, finding: Finding) -> str:
    """Of the one item that a finding stands on; else of its activity, since the items change as people contribute."""
    if len(finding.item_ids) == 1:
        return f"item:{encode_id(finding.item_ids[0])}:{finding.heading}"
    return f"activity:{encode_id(activity.pk)}:{finding.heading}"


# --- promises ---------------------------------------------------------------------------------------------------


def _promises(material: Material) -> Iterator[Source]:
    counted = [promise for promise in material.promises if promise.item_id in material.promised_to]
    if counted:
        yield Source(
            Heading.RESULT,
            "promises",
            both(lambda: _counted(counted, material.today)),
            _("Promises"),
            item_ids=tuple(promise.item_id for promise in counted)[:EVIDENCE_READ],
            total=len(counted),
        )
    for promise in material.promises:
        told = _promise(promise, material.today)
        if told is not None:
            heading, label = told
            yield Source(
                heading,
                f"promise:{encode_id(promise.item_id)}:{heading}",
                promise.item.title or promise.text,
                label,
                note=promise.note,
                item_ids=(promise.item_id,),
                words_of=(promise.item_id,),
            )


def _late(promise: Promise, today: dt.date) -> bool:
    return promise.item.state == "open" and promise.item.due is not None and promise.item.due < today


def _promise(promise: Promise, today: dt.date) -> tuple[str, str] | None:
    """Where a promise belongs and what to say of it; None where it is neither settled nor late nor moved."""
    item, settled = promise.item, day(promise.settled)
    if item.state == "kept":
        if promise.settled and promise.settled > promise.first_due:
            words = _("Promise kept %(day)s, at first promised for %(first)s")
            return Heading.RESULT, words % {"day": settled, "first": day(promise.first_due)}
        return Heading.RESULT, _("Promise kept %(day)s") % {"day": settled}
    if item.state == "withdrawn":
        return Heading.LEARNED, _("Promise withdrawn %(day)s") % {"day": settled}
    if _late(promise, today):
        return Heading.RESULT, _("Promise, late since %(day)s") % {"day": day(item.due)}
    if item.due != promise.first_due:
        words = _("Promise moved from %(first)s to %(day)s")
        return Heading.LEARNED, words % {"first": day(promise.first_due), "day": day(item.due)}
    return None


def _counted(promises: Sequence[Promise], today: dt.date) -> str:
    """How many promises, how many of them kept, withdrawn, open and late."""
    states = Counter(promise.item.state for promise in promises)
    late = sum(_late(promise, today) for promise in promises)
    parts = [
        count_in_words("%(number)s kept", "%(number)s kept", states["kept"], ""),
        count_in_words("%(number)s withdrawn", "%(number)s withdrawn", states["withdrawn"], ""),
        count_in_words("%(number)s not done yet", "%(number)s not done yet", states["open"], ""),
        count_in_words("of these %(number)s is late", "of these %(number)s are late", late, ""),
    ]
    made = count_in_words("%(number)s promise was made", "%(number)s promises were made", len(promises))
    return _("%(made)s: %(listed)s.") % {"made": made, "listed": ", ".join(filter(None, parts))}
