"""Writes of a dialogue. Votes and statements leave no audit row in an anonymous one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from samsyn.activities.dialogue import queries, rules
from samsyn.activities.dialogue.models import Import, Result, Showing, Statement, Vote
from samsyn.activities.dialogue.rules import Settings
from samsyn.core import events, rows, search, tenancy
from samsyn.core.addresses import address
from samsyn.core.clock import today
from samsyn.core.errors import RefusedError
from samsyn.core.ids import decode_id, encode_id
from samsyn.core.texts import LangText
from samsyn.jobs.actions import start_job
from samsyn.jobs.progress import Progress, Unheard
from samsyn.live.sendings import Sending, Taken
from samsyn.organisations.models import Person
from samsyn.programmes import contributing, figures, importing, tallies
from samsyn.programmes.actions import note_contribution
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.contributing import Sent, SentAtOnceError, add, contribute
from samsyn.programmes.models import Activity
from samsyn.programmes.recording import record_in
from samsyn.programmes.rules import leaves_no_trace
from samsyn.thread.actions import link, words_changed
from samsyn.thread.models import Item

if TYPE_CHECKING:
    from samsyn.algorithms.opinion_map.polis_files import Conversation

_STANDS = {str(value): value for value in Vote.Value.values}
_ROWS_AT_ONCE, _STATEMENTS_AT_ONCE = 500, 50
_SMALL = 4_000  # packed bytes: up to some thousand votes, a second or two
_LIFE = ("state", "disposed")
State = Statement.State


# --- voting -----------------------------------------------------------------------------------------------------


def vote(statement: Statement, *, key: str, person: Person | None, value: int, important: bool = False) -> None:
    """Take a stand, or another one; sending the same again changes nothing. Raises RefusedError.

    On a statement that has been joined with another, the vote counts for that.
    """
    _take_stand(statement, key, person, value, important)


def take_back(statement: Statement, *, key: str, person: Person | None) -> None:
    """Take a vote back, as if it had not been cast. Raises RefusedError."""
    _take_stand(statement, key, person, None, important=False)


def _take_stand(statement: Statement, key: str, person: Person | None, value: int | None, important: bool) -> None:
    """Costs the same however many votes there are: counts are kept up, under the statement's lock."""
    activity = statement.activity
    with _taking_part(activity, person, key):
        standing = contributing.hold_standing(statement, *tallies.COUNTS)
        row = rows.one(Vote.objects.filter(statement=standing, key=key))
        if row is None:
            row = Vote(organisation_id=tenancy.active_id(), statement=standing, key=key, value=None, counted=True)
        tallies.change(standing, row, value, important, anonymous=leaves_no_trace(activity))
        note_contribution(activity)
        events.changed(activity.pk)


def cast_ballot(activity: Activity, stands: Mapping[int, tuple[int, bool]], *, key: str, person: Person | None) -> None:
    """Take many votes of one voter at once: statement id → (value, whether it matters). Raises RefusedError.

    What the voter has voted on already stays as it is. The figures follow with the next single vote, or at close.
    """
    with _taking_part(activity, person, key):
        known = Vote.objects.filter(key=key, statement__in=stands).values_list("statement_id", flat=True)
        standing = queries.visible_statements(activity).filter(pk__in=stands).exclude(pk__in=list(known))
        fresh = []
        for pk in list(standing.select_for_update().values_list("pk", flat=True)):
            value, important = stands[pk]
            vote = Vote(organisation_id=tenancy.active_id(), statement_id=pk, key=key, value=value, important=important)
            fresh.append(vote)
        tallies.add_votes(Statement, fresh, "statement_id")
        note_contribution(activity)
        events.changed(activity.pk)


def _taking_part(activity: Activity, person: Person | None, key: str) -> AbstractContextManager[None]:
    """The transaction of a vote, for who may vote while it is open."""

    def check() -> None:
        _check_open(activity, _("The dialogue is closed."))

    return contributing.taking_part(activity, person, key, check)


def _check_open(activity: Activity, closed: Any) -> None:
    if importing.is_imported(activity):
        raise RefusedError(_("This dialogue was brought in from elsewhere. Nobody votes in it."))
    if not rules.can_contribute(activity):
        raise RefusedError(closed)


def take_stands(activity: Activity, sendings: Sequence[Sending]) -> list[Taken]:
    """Take stands from the live room, many at once, within the caller's transaction; of one voter's the last counts.

    Each sender is told which statement to go on with (`next`) after the one that they have before them (`then`).
    """
    held = _hold_statements(activity, {pk for one in sendings if (pk := rows.id_in(one.values, "statement"))})
    activity.refresh_from_db(fields=["state", "settings"])
    taken: list[Taken] = []
    wanted: dict[tuple[int, str], tallies.Stance] = {}
    before: dict[str, int | None] = {}
    for sending in sendings:
        with override(sending.language):
            try:
                _check_open(activity, _("The dialogue is closed."))
                statement = held.get(rows.id_in(sending.values, "statement") or 0)
                if statement is None or not sending.key:
                    raise RefusedError(_("This is no longer here."))
                if (value := _STANDS.get(sending.values.get("value", ""))) is None:
                    raise RefusedError(_("Choose agree, disagree or pass."), "value")
            except RefusedError as refusal:
                taken.append(Taken(str(refusal.message), refusal.field or ""))
            else:
                wanted[statement.pk, sending.key] = value, sending.values.get("important") == "1"
                before[sending.key] = rows.id_in(sending.values, "then")
                taken.append(Taken())
    if not wanted:
        return taken
    tallies.change_many({one.pk: one for one in held.values()}, wanted, anonymous=leaves_no_trace(activity))
    note_contribution(activity)
    events.changed(activity.pk)
    onward = queries.next_for(activity, before)
    _note_showings((pk, luck) for pk, luck in onward.values() if pk is not None and luck is not None)
    ids = {key: encode_id(pk) if pk else "" for key, (pk, _luck) in onward.items()}
    pairs = zip(taken, sendings, strict=True)
    return [one if one.error else Taken(data={"next": ids[sending.key]}) for one, sending in pairs]


def _hold_statements(activity: Activity, ids: set[int]) -> dict[int, Statement]:
    """Those that are meant and can be voted on, kept from others; for one that was joined with another, the other."""
    asked = Statement.objects.filter(activity=activity, pk__in=ids).order_by()
    goals = {pk: into or pk for pk, into in asked.values_list("pk", "merged_into_id")}
    standing = queries.visible_statements(activity).filter(pk__in=set(goals.values())).select_for_update()
    held = {row.pk: row for row in standing}
    return {pk: held[goal] for pk, goal in goals.items() if goal in held}


def note_showing(turn: queries.Turn) -> None:
    """Count that a statement was chosen, and how far from chance that was: one row a statement and day, no person."""
    if turn.luck is not None and turn.statement is not None:
        _note_showings([(turn.statement.pk, turn.luck)])


def _note_showings(chosen: Iterable[tuple[int, queries.Luck]]) -> None:
    sums: dict[int, list[float]] = {}
    for pk, luck in chosen:
        sums[pk] = [before + one for before, one in zip(sums.get(pk, (0, 0.0, 0.0)), (1, *luck), strict=True)]
    for pk, (shown, ahead, spread) in sorted(sums.items()):
        row = Showing(organisation_id=tenancy.active_id(), statement_id=pk, day=today())
        row.shown, row.ahead, row.spread = int(shown), ahead, spread
        rows.add_up(row, ("statement", "day"), ("shown", "ahead", "spread"))


# --- statements -------------------------------------------------------------------------------------------------


def add_statement(
    activity: Activity, *, text: str, language: str, post_key: str, author: Person | None, words: str | None = None
) -> Statement:
    """Add a statement of one's own. `words`: a receipt's, cleaned. Raises RefusedError."""

    def check(text: str) -> None:
        _check_open(activity, _("The dialogue is closed. Your text is still here: copy it if you want to keep it."))
        if not Settings.of(activity).add:
            raise RefusedError(_("No more statements can be added here."))
        _check_text(text)

    sent = Sent(" ".join(text.split()), language, post_key, author, words)
    return contribute(Statement, activity, sent, waiting=lambda: Settings.of(activity).let_in, check=check)


def take_texts(activity: Activity, sendings: Sequence[Sending]) -> list[Taken]:
    """Take statements from the live room. One that says nearly what another does is asked about first (`sure`)."""

    def take(sending: Sending, author: Person | None) -> Statement:
        text, values = sending.values.get("text", ""), sending.values
        near = [] if values.get("sure") else queries.similar(activity, text)
        if near:
            words = _("Nearly the same is here already: “%(words)s”")
            raise RefusedError(words % {"words": near[0].shown}, "sure")
        key, language = values["post_key"], sending.language
        return add_statement(activity, text=text, language=language, post_key=key, author=author)

    return contributing.take_texts(activity, sendings, take)


def _check_text(text: str) -> None:
    if not text:
        raise RefusedError(_("Write the statement."), "text")
    if len(text) > rules.LONGEST:
        words = _("The statement is %(length)d signs long. Shorten it to %(most)d.")
        raise RefusedError(words % {"length": len(text), "most": rules.LONGEST}, "text")


def seed(activity: Activity, texts: Iterable[str], *, language: str, by: Person) -> int:
    """Put in statements to begin with. Those that are there already are left alone. How many were added."""
    contributing.authorise_in(activity, by)
    wanted = list(texts)
    for text in wanted:
        _check_text(text)
    added = 0
    with transaction.atomic():
        known = set(Statement.objects.filter(activity=activity).values_list("text", flat=True))
        for text in wanted:
            if text not in known:
                add(Statement, activity, text, language, draw_key(), waiting=False, seeded=True)
                added += 1
        record_in(activity, "dialogue.seeded", activity, by=by)
        events.changed(activity.pk)
    return added


def receive(activity: Activity, item: Item, *, by: Person) -> Item:
    """Make a statement out of an item from elsewhere; it waits, so that somebody can look at its words first."""
    contributing.authorise_in(activity, by)
    words, language = item.title.pick(item.language)
    with transaction.atomic():
        text = " ".join(words.split())[: rules.LONGEST]
        made = add(Statement, activity, text, language, draw_key(), waiting=True, seeded=True)
        link(item, made.item)
        record_in(activity, "statement.received", made, by=by)
        events.changed(activity.pk)
    return made.item


def let_in(statement: Statement, *, by: Person) -> None:
    """Let a waiting or hidden statement be seen by all; after the close the result is worked out with it."""
    with transaction.atomic():
        statement.activity.refresh_from_db(fields=_LIFE)
        contributing.let_in(statement, by=by)
        _work_out_again(statement.activity)


def merge(statement: Statement, *, into: Statement, by: Person) -> None:
    """Join a statement with another that says the same. Who voted on both keeps the vote on the one that stays."""
    activity = statement.activity

    def move() -> None:
        tallies.join(statement, into, anonymous=leaves_no_trace(activity), over=rules.has_result(activity))

    with transaction.atomic():
        activity.refresh_from_db(fields=_LIFE)
        contributing.join(statement, into, by=by, move=move, columns=("waits_for",))
        _work_out_again(activity)


# --- the life of a dialogue -------------------------------------------------------------------------------------


def close(activity: Activity) -> None:
    """Let the figures move for the last time, forget who voted last, and have the result worked out; in the caller's
    transaction. Raises RefusedError.
    """
    if Import.objects.filter(activity=activity).exists():
        raise RefusedError(_("The statements are still being brought in. Close it when that is done."))
    rows_of = Statement.objects.filter(activity=activity)
    tallies.settle(
        rows_of, Vote.objects.filter(statement__activity=activity), "statement", anonymous=leaves_no_trace(activity)
    )
    _start_working_out(activity)


def _start_working_out(activity: Activity) -> None:
    name = LangText(sv="Var står vi: resultatet räknas ut", en="Where we stand: the result is worked out")
    start_job(name, f"{__name__}.work_out", {"activity": activity.pk}, None)


def _work_out_again(activity: Activity) -> None:
    """What stands in the result has changed after the close. Once the votes have been let go, it stays as it is."""
    if rules.has_result(activity) and activity.disposed is None:
        _start_working_out(activity)


def work_out(progress: Any, *, activity: int) -> dict[str, int]:
    """The job behind `close`."""
    found = Activity.objects.get(pk=activity)
    if not rules.has_result(found) or found.disposed is not None:
        return {}
    progress.step(0, 1)
    made = make_result(found)
    progress.step(1, 1)
    return {"votes": int(made.data["votes"])}


def make_result(activity: Activity) -> Result:
    """Work the result out and keep it: of the votes that figures show, and of no others.

    Reads and computes outside of any transaction; the same votes give the same. What has been hidden since the result
    was worked out before keeps its place in it.
    """
    from samsyn.algorithms.opinion_map.result import work_out

    known, exact = queries.result_of(activity), not leaves_no_trace(activity)
    before = known.data if known else {}
    ids, cast = queries.cast_votes(activity, [decode_id(name) for name in before.get("names", [])])
    data = work_out({pk: encode_id(pk) for pk in ids}, cast, least=figures.FEWEST, exact=exact, before=before)
    if not exact:
        data["people"] = figures.next_total(data["people"], before.get("people", 0))
    kept = {"organisation_id": tenancy.active_id(), "day": activity.closed or today(), "data": data}
    with transaction.atomic():
        made, _created = Result.objects.update_or_create(activity=activity, defaults=kept)
    return made


def let_go(activity: Activity) -> None:
    """Delete who voted how and who wrote what, within the caller's transaction. Statements and the result stay."""
    Vote.objects.filter(statement__activity=activity).delete()
    Statement.objects.filter(activity=activity, author__isnull=False).update(author=None)


def forget(person: Person, key: str) -> int:
    """Take a person's votes and name out of dialogues in which names are known.

    Figures that have been released stay. Others are counted anew, and a result that nobody has published yet is worked
    out anew.
    """
    voted = Statement.objects.filter(votes__key=key).select_related("activity")
    released = [row for row in voted if row.activity.state == Activity.State.PUBLISHED]
    others = [row for row in voted if row.activity.state != Activity.State.PUBLISHED]
    gone = tallies.forget(released, key, keep=True) + tallies.forget(others, key, keep=False)
    for activity in {row.activity_id: row.activity for row in others}.values():
        _work_out_again(activity)
    return gone + contributing.forget_author(Statement, person)


# --- bringing in from elsewhere ---------------------------------------------------------------------------------


def bring_in(
    activity: Activity, conversation: Conversation, origin: Mapping[str, str], *, language: str, by: Person
) -> Import:
    """Begin to bring in a Polis export as it is; nobody votes in the dialogue from here on. Raises RefusedError.

    People become random keys. What was removed there, or has no text, is hidden here, with that as the reason.
    """
    from samsyn.algorithms.opinion_map.packing import pack

    contributing.authorise_in(activity, by)
    rules.check_conversation(conversation)
    told = {**origin, "unknown": len(conversation.unknown), "doubled": conversation.doubled}
    with transaction.atomic():
        rows.hold(activity, "state", "settings")
        if Statement.objects.filter(activity=activity).exists() or importing.is_imported(activity):
            words = _("There are statements here already. Bring the files into a dialogue of its own.")
            raise RefusedError(words, "export")
        importing.mark(activity, told, verb="dialogue.import_begun", by=by)
        staged = Import.objects.create(
            organisation_id=tenancy.active_id(),
            activity=activity,
            language=language,
            statements=[[one.id, one.text, rules.why_away(one)] for one in conversation.statements],
            votes=pack(conversation.votes),
            secret=draw_key(),
        )
    return go_on(staged, by=by)


def go_on(staged: Import, *, by: Person) -> Import:
    """Bring in what is not there yet."""
    small = len(staged.votes) < _SMALL and len(staged.statements) < _ROWS_AT_ONCE
    name = LangText(sv="En dialog läses in", en="A dialogue is brought in")
    onward = address("dialogue:desk", activity=staged.activity_id) + "?show=visible"
    return importing.go_on(staged, bring_all_in, small=small, name=name, onward=onward, by=by)


def bring_all_in(progress: Progress | Unheard, *, staged: int) -> dict[str, int]:
    """The job behind `go_on`: short transactions, each of which can be repeated, so that it may be cut off anywhere."""
    from samsyn.algorithms.opinion_map.packing import unpack

    found = Import.objects.select_related("activity__programme").filter(pk=staged).first()
    if found is None:
        return {}
    votes = unpack(bytes(found.votes))
    total, made, start = len(found.statements) + len(votes), _statements_of(found, votes, progress), 0
    keys = [importing.key_of(found, number) for number in range(votes.people)]
    for start in range(0, len(votes), _ROWS_AT_ONCE):
        progress.step(len(made) + start, total)
        part = slice(start, start + _ROWS_AT_ONCE)
        chunk = zip(votes.person[part], votes.statement[part], votes.value[part].astype(int).tolist(), strict=True)
        same = {"organisation_id": found.organisation_id, "counted": True}
        fresh = [Vote(statement=made[what], key=keys[who], value=vote, shown=vote, **same) for who, what, vote in chunk]
        Vote.objects.bulk_create(fresh, ignore_conflicts=True)
    with transaction.atomic():
        found.delete()
        note_contribution(found.activity)
        record_in(found.activity, "dialogue.imported", found.activity, by=None)
        events.changed(found.activity_id)
    return {"statements": len(made), "votes": len(votes)}


def _statements_of(staged: Import, votes: Any, progress: Progress | Unheard) -> list[Statement]:
    from samsyn.algorithms.opinion_map.shares import count

    counts, made = count(votes), []
    columns = [column.tolist() for column in (counts.agree, counts.neither, counts.disagree)]
    for start in range(0, len(staged.statements), _STATEMENTS_AT_ONCE):
        progress.step(start, len(staged.statements) + len(votes))
        with transaction.atomic():
            for place, one in enumerate(staged.statements[start:][:_STATEMENTS_AT_ONCE], start):
                made.append(_bring_in(staged, one, [column[place] for column in columns]))
    return made


def _bring_in(staged: Import, one: Sequence[str], row: Sequence[int]) -> Statement:
    foreign_id, text, away = one
    activity, counts = staged.activity, dict(zip(tallies.SIDES, row, strict=True))
    key = contributing.import_key(activity, foreign_id)
    values: dict[str, Any] = {f"now_{name}": number for name, number in counts.items()}
    if sum(row) >= figures.FEWEST or not leaves_no_trace(activity):
        values |= counts
    with suppress(SentAtOnceError):
        text, values["foreign_id"] = text or f"[{foreign_id}]", foreign_id
        made = add(Statement, activity, text, staged.language, key, waiting=bool(away), **values)
        if away:
            made.state, made.reason, made.item.state = State.HIDDEN, rules.AWAY[away], State.HIDDEN
            made.save(update_fields=["state", "reason"])
            made.item.save(update_fields=["state"])
            words_changed(made.item)
        return made
    return Statement.objects.get(activity=activity, post_key=key)


def take_away(staged: Import, *, by: Person) -> None:
    """Give up an import that has not come to its end, and take away what it has brought in. Raises RefusedError."""

    def clear(activity: Activity) -> None:
        items = Statement.objects.filter(activity=activity).values_list("item_id", flat=True)
        while ids := list(items[:_STATEMENTS_AT_ONCE]):
            search.forget("item", ids)
            Item.objects.filter(pk__in=ids).delete()

    importing.give_up(staged, clear, verb="dialogue.import_given_up", by=by)
