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
from django.utils.translation import pgettext, pgettext_lazy

from samsyn.activities.dialogue import actions, queries, rehearse, rules
from samsyn.activities.dialogue.forms import SettingsForm
from samsyn.activities.dialogue.models import Result, Showing, Statement, Vote
from samsyn.activities.dialogue.queries import Line, Outcome
from samsyn.core.addresses import address
from samsyn.core.texts import LangText, within_quotes
from samsyn.live.sendings import Batch
from samsyn.organisations.models import Person
from samsyn.programmes import kinds
from samsyn.programmes.browsers import key_of
from samsyn.programmes.contributing import take_receipts
from samsyn.programmes.importing import origin_of, unmark
from samsyn.programmes.kinds_contributions import ContributedKind
from samsyn.programmes.models import Activity
from samsyn.programmes.queries_contributions import notice_of, own_texts, taken_part
from samsyn.programmes.waiting import texts_to_let_in
from samsyn.thread.models import Item
from samsyn.thread.registry import Telling
from samsyn.ui.words import count_in_words, count_in_words_lazy


class Dialogue(ContributedKind):
    slug = "dialogue"
    name = _("where we stand")
    purpose = _(
        "People agree, disagree or pass on short statements and add their own; the result says where they stand."
    )
    icon = "dialogue"
    urlconf = "samsyn.activities.dialogue.urls"
    desk = _("Sort the statements")
    result_waits = True
    model = Statement
    held = _("There are statements here.")
    settings_form = SettingsForm

    def copied(self, source: Activity, target: Activity, *, by: Person | None) -> None:
        unmark(target)

    def lacking_of(self, activities: Sequence[Activity]) -> dict[int, kinds.Lack]:
        """Statements: without any, people who may write their own see nothing either until somebody lets it in."""
        numbers = queries.figures_of(activities)
        empty = [one for one in activities if not numbers.get(one.pk, (0,))[0] and not rules.fills_itself(one)]
        words = _("There are no statements that people can take a stand on.")
        return {one.pk: kinds.Lack(words, address("dialogue:desk", activity=one.pk)) for one in empty}

    def progress_of(self, activities: Sequence[Activity]) -> dict[int, kinds.Progress]:
        made = set(queries.results_of(activities))
        return {a.pk: kinds.Progress(int(a.pk in made), 1, _("result worked out")) for a in activities}

    def summary_of(self, activities: Sequence[Activity]) -> dict[int, kinds.Summary]:
        counted = queries.figures_of(activities)
        made = queries.results_of(activity for activity in activities if rules.has_result(activity))
        return {a.pk: _summary(a, counted.get(a.pk, (0, 0)), made.get(a.pk)) for a in activities}

    def tables(self, activity: Activity) -> list[kinds.Table]:
        made = queries.result_of(activity) if rules.has_result(activity) else None
        columns = [_now("Statement"), _now("Votes"), _now("Agree, %"), _now("between, %"), _now("Pass, %")]
        columns += [_now("between, %"), _now("Disagree, %"), _now("between, %"), _now("Matters to")]
        rows = [_row(line) for line in Outcome(made).lines()] if made is not None else []
        if made is None:
            rows = [[str(one.words), *[""] * 8] for one in queries.visible_statements(activity)]
        if origin := origin_of(activity):
            rows.append([origin, *[""] * 8])
        return [kinds.Table(_now("statements"), columns, rows)]

    def snapshot(self, activity: Activity) -> kinds.Scene:
        return kinds.Scene(
            phone={"stand": "dialogue/room_stand.html", "write": "dialogue/room_write.html"},
            screen={"now": "dialogue/screen_now.html", "next": "dialogue/screen_next.html"},
            context={**rules.told(activity), **queries.in_the_room(activity)},
        )

    def intake(self) -> dict[str, Batch]:
        receipt = partial(take_receipts, Statement)
        return {"vote": actions.take_stands, "add": actions.take_texts, "receipt": receipt}

    def improvise(self, activity: Activity, key: str, chance: Random) -> tuple[str, dict[str, str]] | None:
        return rehearse.improvise(activity, key, chance)

    def receives(self) -> list[kinds.Receiver]:
        sources = frozenset({"questions.question", "steps.outcome", "board.card", "board.group"})
        return [kinds.Receiver(_("Make it a statement"), sources, actions.receive, frozenset({"draft", "open"}))]

    def waits_for(self, person: Person) -> list[kinds.Waiting]:
        def words(number: int) -> str:
            return count_in_words("One statement waits to be let in", "%(number)s statements wait to be let in", number)

        return texts_to_let_in(Statement, person, desk="dialogue:desk", words=words)

    def news(self, person: Person, since: dt.date) -> list[kinds.Notice]:
        return [notice_of(row) for row in own_texts(Statement, person, since).filter(done__isnull=False)]

    def taken_part(self, activity: Activity) -> set[int] | None:
        cast = Vote.objects.filter(statement__activity=activity, value__isnull=False)
        return taken_part(Statement, activity, cast)

    def own_items(self, person: Person) -> QuerySet[Any]:
        return Statement.objects.filter(author=person).values("item_id")

    def personal_data(self, person: Person) -> list[kinds.PersonalData]:
        votes = Vote.objects.filter(key=key_of(person.pk), value__isnull=False).select_related("statement")
        said, voted = pgettext("own data", "statement"), pgettext("own data", "vote")
        rows = [{said: row.statement.shown, voted: row.get_value_display()} for row in votes]
        rows += [{said: row.text} for row in Statement.objects.filter(author=person)]
        return [kinds.PersonalData(_("statements and votes"), rows)] if rows else []

    def erase(self, person: Person) -> kinds.Removal:
        return kinds.Removal(actions.forget(person, key_of(person.pk)))

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

    def rehearse(self, activity: Activity, crowd: kinds.Crowd) -> None:
        rehearse.rehearse(activity, crowd)


def _row(line: Line) -> list[Any]:
    if not line.votes:
        return [str(line.words), *[""] * 8]
    shares = [cell for one in line.sure.values() for cell in (one.share, f"{one.low}–{one.high}")]
    return [str(line.words), line.votes, *shares, line.important or ""]


def _summary(activity: Activity, numbers: tuple[int, int], made: Result | None) -> kinds.Summary:
    origin = origin_of(activity)
    figures = [_statements(numbers[0], origin)]
    if made is None:
        return kinds.Summary((*figures, _votes(numbers[1], origin)))
    outcome = Outcome(made)
    none = _("Too few have voted to tell how many.")
    told = count_in_words_lazy("One person voted.", "%(number)s people voted.", outcome.people, none)
    people = kinds.Figure(_("people have voted"), outcome.people or None, origin, told, _("person has voted"))
    figures += [people, _votes(outcome.votes, origin)]
    return kinds.Summary(tuple(figures), tuple(_findings(outcome, f" ({origin})" if origin else "")))


def _statements(number: int, origin: str) -> kinds.Figure:
    none = _("There were no statements to take a stand on.")
    told = count_in_words_lazy("There was one statement.", "There were %(number)s statements.", number, none)
    return kinds.Figure(pgettext_lazy("number of", "statements"), number, origin, told, _("statement"))


def _votes(number: int, origin: str) -> kinds.Figure:
    told = count_in_words_lazy("One vote was cast.", "%(number)s votes were cast in all.", number, "")
    return kinds.Figure(_("votes"), number or None, origin, told, pgettext_lazy("number of", "vote"))


def _findings(outcome: Outcome, origin: str) -> list[kinds.Finding]:
    """What most agree on, and what separates people most: each a sentence that cites its statement."""
    agreed = [line for line in outcome.found("consensus") if line.shown][:2]
    apart = [line for line in outcome.found("divisive") if line.shown][:1]
    found = [_finding(line, _AGAINST if line.against else _FOR, origin) for line in agreed]
    return found + [_finding(line, _APART, origin) for line in apart]


def _finding(line: Line, forms: dict[str, str], origin: str) -> kinds.Finding:
    values = {"agree": line.agree, "disagree": line.disagree, "votes": line.votes}
    said = {lang: line.words.pick(lang)[0].removesuffix(".") for lang in forms}  # the sentence has its own full stop
    texts = {lang: form.format(words=within_quotes(said[lang], lang), **values) for lang, form in forms.items()}
    texts = {lang: f"{text}{origin}." for lang, text in texts.items()}
    return kinds.Finding("result", LangText(texts), (line.statement.item_id,))


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
