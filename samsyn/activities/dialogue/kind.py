"""Dialogue: people take a stand on short statements and add their own; the result says what most agree on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from random import Random
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from samsyn.activities.dialogue import actions, queries, rules
from samsyn.activities.dialogue.forms import SettingsForm
from samsyn.activities.dialogue.models import Result, Showing, Statement, Vote
from samsyn.activities.dialogue.queries import Line, Outcome
from samsyn.core.addresses import address
from samsyn.core.texts import LangText, within_quotes
from samsyn.live.sendings import Batch
from samsyn.organisations.models import Person
from samsyn.programmes.browsers import key_of
from samsyn.programmes.contributing import take_receipts
from samsyn.programmes.importing import origin_of, unmark
from samsyn.programmes.kinds import (
    Crowd,
    Figure,
    Finding,
    Lack,
    Notice,
    PersonalData,
    Progress,
    Receiver,
    Removal,
    Scene,
    Summary,
    Table,
    Waiting,
)
from samsyn.programmes.kinds_contributions import ContributedKind
from samsyn.programmes.models import Activity
from samsyn.programmes.queries_contributions import notice_of, own_texts, taken_part
from samsyn.programmes.waiting import texts_to_let_in
from samsyn.thread.models import Item
from samsyn.thread.registry import Telling
from samsyn.ui.templatetags.ui import number as in_digits


class Dialogue(ContributedKind):
    slug = "dialogue"
    name = _("where we stand")
    purpose = _(
        "People agree, disagree or pass on short statements and add their own; the result says where they stand."
    )
    icon = "dialogue"
    urlconf = "samsyn.activities.dialogue.urls"
    result_waits = True

    model = Statement
    held = _("There are statements here.")
    settings_form = SettingsForm

    def copied(self, source: Activity, target: Activity, *, by: Person | None) -> None:
        unmark(target)

    def lacking_of(self, activities: Sequence[Activity]) -> dict[int, Lack]:
        """Statements: without any, people who may write their own see nothing either until somebody lets it in."""
        counted = queries.figures_of(activities)
        empty = [one for one in activities if not counted.get(one.pk, (0,))[0] and not rules.fills_itself(one)]
        words = _("There are no statements that people can take a stand on.")
        return {one.pk: Lack(words, address("dialogue:desk", activity=one.pk)) for one in empty}

    def progress_of(self, activities: Sequence[Activity]) -> dict[int, Progress]:
        made = set(queries.results_of(activities))
        return {a.pk: Progress(int(a.pk in made), 1, _("result worked out")) for a in activities}

    def summary_of(self, activities: Sequence[Activity]) -> dict[int, Summary]:
        counted = queries.figures_of(activities)
        made = queries.results_of(activity for activity in activities if rules.has_result(activity))
        return {a.pk: _summary(a, counted.get(a.pk, (0, 0)), made.get(a.pk)) for a in activities}

    def tables(self, activity: Activity) -> list[Table]:
        made = queries.result_of(activity) if rules.has_result(activity) else None
        columns = [_now("Statement"), _now("Votes"), _now("Agree, %"), _now("between, %"), _now("Pass, %")]
        columns += [_now("between, %"), _now("Disagree, %"), _now("between, %"), _now("Matters to")]
        if made is None:
            rows = [[str(one.words), *[""] * 8] for one in queries.visible_statements(activity)]
        else:
            rows = [_row(line) for line in Outcome(made).lines()]
        if origin := origin_of(activity):
            rows.append([origin, *[""] * 8])
        return [Table(_now("statements"), columns, rows)]

    def snapshot(self, activity: Activity) -> Scene:
        return Scene(
            phone={"stand": "dialogue/room_stand.html", "write": "dialogue/room_write.html"},
            screen={"now": "dialogue/screen_now.html", "next": "dialogue/screen_next.html"},
            context={**rules.told(activity), **queries.in_the_room(activity)},
        )

    def intake(self) -> dict[str, Batch]:
        receipt = partial(take_receipts, Statement)
        return {"vote": actions.take_stands, "add": actions.take_texts, "receipt": receipt}

    def improvise(self, activity: Activity, key: str, chance: Random) -> tuple[str, dict[str, str]] | None:
        from samsyn.activities.dialogue.rehearse import improvise

        return improvise(activity, key, chance)

    def receives(self) -> list[Receiver]:
        def make(activity: Activity, item: Item, *, by: Person) -> Item:
            return actions.receive(activity, item, by=by)

        kinds = frozenset({"questions.question", "steps.outcome", "board.card", "board.group"})
        return [Receiver(_("Make it a statement"), kinds, make, frozenset({"draft", "open"}))]

    def waits_for(self, person: Person) -> list[Waiting]:
        def words(number: int) -> str:
            text = ngettext("One statement waits to be let in", "%(number)s statements wait to be let in", number)
            return text % {"number": in_digits(number)}

        return texts_to_let_in(Statement, person, desk="dialogue:desk", words=words)

    def news(self, person: Person, since: dt.date) -> list[Notice]:
        return [notice_of(row) for row in own_texts(Statement, person, since).filter(done__isnull=False)]

    def taken_part(self, activity: Activity) -> set[int] | None:
        cast = Vote.objects.filter(statement__activity=activity, value__isnull=False)
        return taken_part(Statement, activity, cast)

    def own_items(self, person: Person) -> QuerySet[Any]:
        return Statement.objects.filter(author=person).values("item_id")

    def personal_data(self, person: Person) -> list[PersonalData]:
        votes = Vote.objects.filter(key=key_of(person.pk), value__isnull=False).select_related("statement")
        said, voted = pgettext("own data", "statement"), pgettext("own data", "vote")
        rows = [{said: row.statement.shown, voted: row.get_value_display()} for row in votes]
        rows += [{said: row.text} for row in Statement.objects.filter(author=person)]
        return [PersonalData(_("statements and votes"), rows)] if rows else []

    def erase(self, person: Person) -> Removal:
        return Removal(actions.forget(person, key_of(person.pk)))

    def let_go(self, activity: Activity) -> None:
        actions.let_go(activity)

    def closed(self, activity: Activity) -> None:
        actions.close(activity)

    def anonymous_rows(self, activity: Activity) -> list[QuerySet[Any]]:
        return [
            Statement.objects.filter(activity=activity),
            Vote.objects.filter(statement__activity=activity),
            Showing.objects.filter(statement__activity=activity),
        ]

    def tell(self, items: list[Item]) -> dict[int, Telling]:
        return queries.tell(items)

    def item_address(self, item: Item) -> str | None:
        return address("dialogue:page", activity=item.activity_id)

    def rehearse(self, activity: Activity, crowd: Crowd) -> None:
        from samsyn.activities.dialogue.rehearse import rehearse

        rehearse(activity, crowd)


def _row(line: Line) -> list[Any]:
    if not line.votes:
        return [str(line.words), *[""] * 8]
    shares = [cell for one in line.sure.values() for cell in (one.share, f"{one.low}–{one.high}")]
    return [str(line.words), line.votes, *shares, line.important or ""]


def _summary(activity: Activity, counted: tuple[int, int], made: Result | None) -> Summary:
    origin = origin_of(activity)
    told = partial(_statements_told, counted[0])
    figures = [Figure(pgettext_lazy("number of", "statements"), counted[0], origin, told)]
    if made is None:
        figures.append(Figure(_("votes"), counted[1] or None, origin, partial(_votes_told, counted[1])))
        return Summary(tuple(figures))
    outcome = Outcome(made)
    people = Figure(_("people have voted"), outcome.people or None, origin, partial(_people_told, outcome.people))
    figures += [people, Figure(_("votes"), outcome.votes or None, origin, partial(_votes_told, outcome.votes))]
    return Summary(tuple(figures), tuple(_findings(outcome, f" ({origin})" if origin else "")))


def _statements_told(number: int) -> str:
    if not number:
        return _now("There were no statements to take a stand on.")
    words = ngettext(
        "There was one statement to take a stand on.", "There were %(number)d statements to take a stand on.", number
    )
    return words % {"number": number}


def _people_told(number: int) -> str:
    if not number:
        return _now("Too few have voted to tell how many.")
    return ngettext("One person voted.", "%(number)d people voted.", number) % {"number": number}


def _votes_told(number: int) -> str:
    if not number:
        return ""
    return ngettext("One vote was cast.", "%(number)d votes were cast in all.", number) % {"number": number}


def _findings(outcome: Outcome, origin: str) -> list[Finding]:
    """What most agree on, and what separates people most: each a sentence that cites its statement."""
    agreed = [line for line in outcome.found("consensus") if line.shown][:2]
    apart = [line for line in outcome.found("divisive") if line.shown][:1]
    return [_finding(line, _AGAINST if line.against else _FOR, origin) for line in agreed] + [
        _finding(line, _APART, origin) for line in apart
    ]


def _finding(line: Line, forms: dict[str, str], origin: str) -> Finding:
    values = {"agree": line.agree, "disagree": line.disagree, "votes": line.votes}
    said = {lang: line.words.pick(lang)[0].removesuffix(".") for lang in forms}  # the sentence has its own full stop
    texts = {lang: form.format(words=within_quotes(said[lang], lang), **values) for lang, form in forms.items()}
    texts = {lang: f"{text}{origin}." for lang, text in texts.items()}
    return Finding("result", LangText(texts), (line.statement.item_id,))


_FOR = {
    "sv": "{agree} % av {votes} håller med om ”{words}”",
    "en": "{agree}% of {votes} agree with “{words}”",
}
_AGAINST = {
    "sv": "{disagree} % av {votes} håller inte med om ”{words}”",
    "en": "{disagree}% of {votes} disagree with “{words}”",
}
_APART = {
    "sv": "Det som skiljer mest: ”{words}” – av {votes} håller {agree} % med, {disagree} % inte",
    "en": "What separates most: “{words}” – of {votes}, {agree}% agree, {disagree}% do not",
}

kind = Dialogue()
