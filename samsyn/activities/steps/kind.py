"""Step: anything that people do together by hand, with its outcome in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from samsyn.activities.steps import actions, queries, rehearse
from samsyn.activities.steps.models import Outcome
from samsyn.core.addresses import address
from samsyn.organisations.models import Person
from samsyn.programmes.contributing import show_to_programme
from samsyn.programmes.kinds import (
    ActivityKind,
    Crowd,
    Figure,
    Finding,
    PersonalData,
    Progress,
    Receiver,
    Removal,
    Summary,
    Table,
)
from samsyn.programmes.models import Activity
from samsyn.thread.models import Item
from samsyn.thread.registry import Telling
from samsyn.ui.paging import place_of


class Steps(ActivityKind):
    slug = "steps"
    name = _("step")
    purpose = _("Something you do together by hand; what came out of it is written down here.")
    icon = "step"
    urlconf = "samsyn.activities.steps.urls"
    levels = frozenset({"named"})
    by_hand = True

    def refusal_to_delete(self, activity: Activity) -> Any:
        return _("An outcome is written here.") if Outcome.objects.filter(activity=activity).exists() else None

    def progress(self, activity: Activity) -> Progress:
        return self.progress_of([activity])[activity.pk]

    def progress_of(self, activities: Sequence[Activity]) -> dict[int, Progress]:
        written = set(Outcome.objects.filter(activity__in=activities).values_list("activity_id", flat=True))
        return {a.pk: Progress(int(a.pk in written), 1, _("outcome written")) for a in activities}

    def summary(self, activity: Activity) -> Summary:
        return self.summary_of([activity])[activity.pk]

    def summary_of(self, activities: Sequence[Activity]) -> dict[int, Summary]:
        written: dict[int, list[Outcome]] = {activity.pk: [] for activity in activities}
        for row in queries.outcomes_of(activities):
            written[row.activity_id].append(row)
        return {pk: _summary(rows) for pk, rows in written.items()}

    def tables(self, activity: Activity) -> list[Table]:
        columns = [_now("Step"), _now("Day"), _now("Outcome"), _now("By")]
        rows = (
            [str(activity.title), row.item.day, str(row.text), row.written_by or ""]
            for row in queries.outcomes(activity)
        )
        return [Table(_now("outcomes"), columns, rows)]

    def receives(self) -> list[Receiver]:
        def make(activity: Activity, item: Item, *, by: Person) -> Item:
            return actions.write_outcome(activity, text=item.title, made_out_of=[item], by=by).item

        kinds = frozenset(
            {
                "questions.question",
                "dialogue.statement",
                "polls.openanswer",
                "polls.pollquestion",
                "board.card",
                "board.group",
                "promise",
            }
        )
        return [Receiver(_("Note it as an outcome"), kinds, make)]

    def personal_data(self, person: Person) -> list[PersonalData]:
        written = Outcome.objects.filter(written_by=person).select_related("item")
        words, day = pgettext("own data", "outcome"), pgettext("own data", "day")
        rows = [{words: str(row.text), day: row.item.day} for row in written]
        return [PersonalData(_("outcomes"), rows)] if rows else []

    def erase(self, person: Person) -> Removal:
        return Removal(actions.forget_author(person))

    def let_go(self, activity: Activity) -> None:
        actions.let_go(activity)

    def published(self, activity: Activity) -> None:
        show_to_programme(activity)

    def anonymous_rows(self, activity: Activity) -> list[QuerySet[Any]]:
        return [Outcome.objects.filter(activity=activity)]

    def tell(self, items: list[Item]) -> dict[int, Telling]:
        return queries.tell_outcomes(items)

    def item_address(self, item: Item) -> str | None:
        return address("steps:page", activity=item.activity_id) + place_of(item.outcome)

    def rehearse(self, activity: Activity, crowd: Crowd) -> None:
        rehearse.rehearse(activity, crowd)


def _summary(rows: list[Outcome]) -> Summary:
    findings = tuple(Finding("did", row.text, (row.item_id,)) for row in rows)
    figure = Figure(_("outcomes"), len(rows), sentence=str, one=pgettext_lazy("number of", "outcome"))
    return Summary((figure,) if rows else (), findings)


kind = Steps()
