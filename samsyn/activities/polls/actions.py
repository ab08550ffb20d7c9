"""Writes of a poll. Answers, and texts in an anonymous one, leave no audit row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from samsyn.activities.polls import queries, rules
from samsyn.activities.polls.models import Answer, OpenAnswer, PollQuestion, Run
from samsyn.activities.polls.rules import Settings
from samsyn.core import events, rows, tenancy
from samsyn.core.clock import today
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.live.sendings import Sending, Taken
from samsyn.organisations.models import Person
from samsyn.programmes import contributing, picks
from samsyn.programmes.actions import note_contribution, voting
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.contributing import Sent, contribute
from samsyn.programmes.models import Activity
from samsyn.programmes.recording import record_in
from samsyn.programmes.rules import can_moderate, is_anonymous, leaves_no_trace
from samsyn.thread.actions import add_item
from samsyn.thread.models import Item, Visibility

State, Form = OpenAnswer.State, PollQuestion.Form
_GONE = _("This question is no longer here, or has been started again. Answer it as it stands now.")


# --- answering --------------------------------------------------------------------------------------------------


def answer(
    question: PollQuestion, values: Mapping[str, str], *, key: str, person: Person | None, language: str
) -> None:
    """Answer a question, or otherwise than before. Raises RefusedError."""
    activity = question.activity
    anonymous = is_anonymous(activity)
    if not anonymous and person is None:
        raise NotAllowedError(_("This vote is for those invited."))
    with voting(activity, person, key) if anonymous else transaction.atomic():
        sending = Sending(activity.pk, "answer", values, key, person.pk if person else 0, language)
        (taken,) = take_answers(activity, [sending])
        if taken.error:
            raise RefusedError(taken.error, taken.field or None)


def take_answers(activity: Activity, sendings: Sequence[Sending]) -> list[Taken]:
    """Take answers, many at once, within the caller's transaction; the last of one voter counts.

    A faulty one is told so and costs the others nothing. The figures of a question move once at most.
    """
    runs = _hold_runs(activity, sendings)
    settings = Settings.of(activity)
    taken: list[Taken] = []
    wanted: dict[tuple[int, str], tuple[int, int]] = {}
    for sending in sendings:
        run = runs.get(sending.values.get("run", ""))
        fault = _fault(activity, run, sending)
        if fault or run is None:
            taken.append(_refuse(sending, fault or _GONE))
            continue
        picked = rules.picked_of(run.question, sending.values)
        people = rules.people_of(settings, sending.values)
        if not picked:
            several = run.question.form == Form.MANY
            words = _("Choose at least one answer.") if several else _("Choose an answer.")
            taken.append(_refuse(sending, words, "choice0" if several else "choice"))
        elif not people:
            taken.append(_refuse(sending, _("Choose for how many you answer."), "people"))
        else:
            wanted[run.pk, rules.key_of(activity, sending)] = picked, people
            taken.append(Taken())
    if wanted:
        exact = not leaves_no_trace(activity)
        picks.keep(Answer, "run", wanted, exact=exact)
        for run in runs.values():
            _recount(run, exact=exact)
        note_contribution(activity)
        events.changed(activity.pk)
    return taken


def _hold_runs(activity: Activity, sendings: Sequence[Sending]) -> dict[str, Run]:
    """The runs that are meant, by the id that was sent, kept from others; and the activity as it is by then."""
    ids = {pk: sending.values["run"] for sending in sendings if (pk := rows.id_in(sending.values, "run"))}
    found = Run.objects.filter(pk__in=ids, question__activity=activity, over=False).select_related("question")
    runs = {ids[run.pk]: run for run in found.select_for_update(of=("self",)).order_by("id")}
    activity.refresh_from_db(fields=["state", "settings"])
    return runs


def _fault(activity: Activity, run: Run | None, sending: Sending) -> LazyText | None:
    """What keeps an answer from being taken, whatever is in it."""
    if not rules.can_contribute(activity):
        return _("The poll is closed.")
    if run is None or run.question.form == Form.WORDS:
        return _GONE
    return None if rules.key_of(activity, sending) else _("This vote is for those invited.")


def _refuse(sending: Sending, words: LazyText, field: str = "") -> Taken:
    with override(sending.language):
        return Taken(str(words), field)


def _recount(run: Run, *, exact: bool) -> None:
    picks.recount(run, Answer.objects.filter(run=run), len(run.question.options), exact=exact)


# --- answering in one's own words -------------------------------------------------------------------------------


def write(
    question: PollQuestion, *, text: str, language: str, post_key: str, author: Person | None, words: str | None = None
) -> OpenAnswer:
    """Answer a question in one's own words. `words`: a receipt's, cleaned. Raises RefusedError."""
    activity = question.activity
    run = Run.objects.select_related("question").get(question=question, over=False)
    with transaction.atomic():
        made = _write(run, activity, Sent(text, language, post_key, author, words))
        _let_texts_follow(run, activity)
    return made


def _write(run: Run, activity: Activity, sent: Sent) -> OpenAnswer:
    def check(text: str) -> None:
        if not rows.hold(run, "over", "revealed") or run.over or run.question.form != Form.WORDS:
            raise RefusedError(_GONE)
        if not rules.can_contribute(activity):
            raise RefusedError(_("The poll is closed. Your text is still here: copy it if you want to keep it."))
        fault = rules.fault_of(text)
        if fault:
            raise RefusedError(fault, "text")

    return contribute(OpenAnswer, activity, sent, waiting=lambda: Settings.of(activity).let_in, check=check, run=run)


def take_texts(activity: Activity, sendings: Sequence[Sending]) -> list[Taken]:
    """Take answers in people's own words, many at once, within the caller's transaction."""
    runs = _hold_runs(activity, sendings)

    def take(sending: Sending, author: Person | None) -> OpenAnswer:
        run = runs.get(sending.values.get("run", ""))
        if run is None:
            raise RefusedError(_GONE)
        text, key = sending.values.get("text", ""), sending.values["post_key"]
        return _write(run, activity, Sent(text, sending.language, key, author))

    taken = contributing.take_texts(activity, [_with_post_key(one) for one in sendings], take)
    for run in runs.values():
        _let_texts_follow(run, activity)
    return taken


def _with_post_key(sending: Sending) -> Sending:
    """A browser without scripts draws none: what it sends is taken as it comes."""
    if sending.values.get("post_key"):
        return sending
    return replace(sending, values={**sending.values, "post_key": draw_key()})


def _let_texts_follow(run: Run, activity: Activity) -> None:
    """Who sees the texts of a run: everyone in the activity once it is shown, before that those who sort them."""
    seen = contributing.seen_by(activity) if run.revealed else Visibility.FACILITATORS
    texts = OpenAnswer.objects.filter(run=run, state__in=[State.VISIBLE] if run.revealed else State.values)
    Item.objects.filter(pk__in=texts.values("item_id")).exclude(visibility=seen).update(visibility=seen)


def let_in(text: OpenAnswer, *, by: Person) -> None:
    """Let a waiting or hidden text be seen, once its question is shown."""
    _sort(text, partial(contributing.let_in, text, by=by))


def hide(text: OpenAnswer, *, reason: LangText, by: Person) -> None:
    """Hide a text, with a reason that whoever wrote it can read by receipt."""
    _sort(text, partial(contributing.hide, text, reason=reason, by=by))


def merge(text: OpenAnswer, *, into: OpenAnswer, by: Person) -> None:
    """Join a text with another answer to the same question."""
    if into.run_id != text.run_id:
        raise RefusedError(_("Choose another answer to the same question."), "into")
    _sort(text, partial(contributing.join, text, into, by=by, move=lambda: None))


def _sort(text: OpenAnswer, act: Callable[[], None]) -> None:
    with transaction.atomic():
        rows.hold(text.run, "revealed")
        act()
        _let_texts_follow(text.run, text.activity)


# --- on the stage -----------------------------------------------------------------------------------------------


def show(question: PollQuestion, *, on: bool, by: Person) -> None:
    """Show everyone what came out so far, or take it away again."""
    _authorise(question.activity, by)
    with transaction.atomic():
        run = _hold_current(question)
        run.revealed = on
        run.save(update_fields=["revealed"])
        _let_texts_follow(run, question.activity)
        record_in(question.activity, "pollquestion.shown" if on else "pollquestion.taken_away", question, by=by)
        events.changed(question.activity_id)


def put_on(question: PollQuestion, *, by: Person) -> None:
    """Let the room show this question."""
    _authorise(question.activity, by)
    with transaction.atomic():
        PollQuestion.objects.filter(activity=question.activity, on=True).update(on=False)
        PollQuestion.objects.filter(pk=question.pk).update(on=True)
        record_in(question.activity, "pollquestion.put_on", question, by=by)
        events.changed(question.activity_id)


def restart(question: PollQuestion, *, by: Person) -> None:
    """Ask a question anew: the answers so far stay as a record. Raises RefusedError where there are none."""
    _authorise(question.activity, by)
    with transaction.atomic():
        run = _hold_current(question)
        question.activity.refresh_from_db(fields=["state"])
        if not rules.can_contribute(question.activity):
            raise RefusedError(_("Open the poll first."))
        if not queries.is_answered(run):
            raise RefusedError(_("Nobody has answered yet: there is nothing to start again from."))
        picks.settle(run, Answer.objects.filter(run=run))
        run.over = True
        run.save(update_fields=["over"])
        _add_run(question, number=run.number + 1)
        record_in(question.activity, "pollquestion.restarted", question, by=by)
        events.changed(question.activity_id)


def _hold_current(question: PollQuestion) -> Run:
    run = Run.objects.select_for_update().filter(question=question, over=False).first()
    if run is None:
        raise RefusedError(_GONE)
    return run


def _add_run(question: PollQuestion, *, number: int = 1) -> None:
    Run.objects.create(
        organisation_id=tenancy.active_id(), question=question, number=number, day=today(), revealed=question.at_once
    )


# --- questions --------------------------------------------------------------------------------------------------


def add_question(
    activity: Activity,
    *,
    form: str,
    text: LangText,
    options: Sequence[LangText] = (),
    at_once: bool = False,
    by: Person,
) -> PollQuestion:
    """Add a question at the end. Raises RefusedError."""
    _authorise_planning(activity, by)
    _check(form, text, options)
    with transaction.atomic():
        rows.hold(activity, "state")
        known = PollQuestion.objects.filter(activity=activity).aggregate(last=Max("position"), number=Count("id"))
        if known["number"] >= rules.MOST_QUESTIONS:
            raise RefusedError(
                _("There are %(most)d questions already. Make another poll.") % {"most": known["number"]}
            )
        question = PollQuestion.objects.create(
            organisation_id=tenancy.active_id(),
            activity=activity,
            position=0 if known["last"] is None else known["last"] + 1,
            form=form,
            text=text,
            options=[dict(option) for option in options],
            at_once=at_once,
        )
        _add_run(question)
        record_in(activity, "pollquestion.added", question, by=by)
        events.changed(activity.pk)
    return question


def add_set(activity: Activity, name: str, *, by: Person) -> list[PollQuestion]:
    """Add ready questions; they can be changed like any others. Raises KeyError for a name that is none."""
    with transaction.atomic():
        return [
            add_question(activity, form=form, text=text, options=options, by=by)
            for form, text, options in rules.SETS[name]
        ]


def change_question(
    question: PollQuestion, *, text: LangText, options: Sequence[LangText], at_once: bool, by: Person
) -> None:
    """Change a question that nobody has answered. Raises RefusedError."""
    _authorise_planning(question.activity, by)
    _check(question.form, text, options)
    with transaction.atomic():
        run = _hold_unanswered(question)
        question.text, question.options, question.at_once = text, [dict(option) for option in options], at_once
        question.save(update_fields=["text", "options", "at_once"])
        run.revealed = at_once
        run.save(update_fields=["revealed"])
        record_in(question.activity, "pollquestion.changed", question, by=by)
        events.changed(question.activity_id)


def move_question(question: PollQuestion, *, earlier: bool, by: Person) -> None:
    """Let a question change places with the one before or after it."""
    _authorise_planning(question.activity, by)
    with transaction.atomic():
        rows.hold(question.activity, "state")
        order = list(PollQuestion.objects.filter(activity=question.activity).order_by("position", "id"))
        place = [one.pk for one in order].index(question.pk)
        other = max(0, min(place + (-1 if earlier else 1), len(order) - 1))
        order[place], order[other] = order[other], order[place]
        for position, one in enumerate(order):
            if one.position != position:
                one.position = position
                one.save(update_fields=["position"])
        record_in(question.activity, "pollquestion.moved", question, by=by)
        events.changed(question.activity_id)


def delete_question(question: PollQuestion, *, by: Person) -> None:
    """Take away a question that nobody has answered. Raises RefusedError."""
    _authorise_planning(question.activity, by)
    with transaction.atomic():
        _hold_unanswered(question)
        record_in(question.activity, "pollquestion.deleted", question, by=by)
        activity_id = question.activity_id
        question.delete()
        events.changed(activity_id)


def copy_questions(source: Activity, target: Activity) -> None:
    """The questions of a copied poll, without what anybody has answered; in the caller's transaction."""
    for one in PollQuestion.objects.filter(activity=source).order_by("position", "id"):
        copy = PollQuestion.objects.create(
            organisation_id=tenancy.active_id(), activity=target, position=one.position, form=one.form, text=one.text,
            options=one.options, at_once=one.at_once,
        )  # fmt: skip
        _add_run(copy)


def _check(form: str, text: LangText, options: Sequence[LangText]) -> None:
    if not text:
        raise RefusedError(_("Write the question."), "text")
    fewest, most = (0, 0) if form == Form.WORDS else (2, rules.MOST_OPTIONS)
    if form not in Form.values or not fewest <= len(options) <= most:
        raise RefusedError(_("Give between 2 and %(most)d answers to choose among.") % {"most": most}, "options")


def _hold_unanswered(question: PollQuestion) -> Run:
    run = _hold_current(question)
    if run.number > 1 or queries.is_answered(run):
        raise RefusedError(_("Somebody has answered this question. It stays as it is; add another one instead."))
    return run


def _authorise(activity: Activity, by: Person) -> None:
    if not can_moderate(by, activity):
        raise NotAllowedError(_("Only those who lead the programme may do this."))


def _authorise_planning(activity: Activity, by: Person) -> None:
    _authorise(activity, by)
    if not rules.can_be_planned(activity):
        raise RefusedError(_("The poll has been closed. Its questions stay as they are."))


# --- the life of a poll -----------------------------------------------------------------------------------------


def close(activity: Activity) -> None:
    """Forget who answered last, in the caller's transaction. No figure moves: fewer than five wait to be counted."""
    for run in Run.objects.select_for_update().filter(question__activity=activity, over=False).order_by("id"):
        picks.settle(run, Answer.objects.filter(run=run))


def publish(activity: Activity) -> None:
    """Let everyone see what came out, and put each result into the thread; in the caller's transaction."""
    current = Run.objects.filter(question__activity=activity, over=False).select_related("question")
    for run in current.order_by("question__position", "question__id"):
        run.revealed = True
        run.save(update_fields=["revealed"])
        _let_texts_follow(run, activity)
        question = run.question
        if run.shown and question.item_id is None:
            question.item = add_item(
                programme_id=activity.programme_id,
                activity_id=activity.pk,
                kind="polls.pollquestion",
                state="done",
                visibility=Visibility.PROGRAMME,
                level=activity.level,
                title=question.text,
            )
            question.save(update_fields=["item"])
    contributing.show_to_programme(activity)


def let_go(activity: Activity) -> None:
    """Delete who answered what and who wrote what, in the caller's transaction. Texts and figures stay."""
    Answer.objects.filter(run__question__activity=activity).delete()
    OpenAnswer.objects.filter(activity=activity, author__isnull=False).update(author=None)


def forget(person: Person, key: str) -> int:
    """Take a person's answers and name out of polls in which names are known.

    Figures that have been published stay; the others are counted anew.
    """
    answers = Answer.objects.filter(key=key)
    kept = Q(question__activity__state=Activity.State.PUBLISHED)
    touched = list(Run.objects.filter(answers__in=answers).exclude(kept).select_related("question").distinct())
    gone, _by_model = answers.delete()
    for run in touched:
        _recount(run, exact=True)
    return gone + contributing.forget_author(OpenAnswer, person)
