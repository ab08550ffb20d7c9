"""Two at once: nothing acknowledged is lost, nothing is counted twice, and the figures are right afterwards."""

from __future__ import annotations

import random
import threading

import pytest
from django.db import connection
from django.test import Client

from samsyn.activities.questions import actions as questions
from samsyn.activities.questions.models import Like, Question
from samsyn.audit.models import Entry
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.texts import LangText
from samsyn.programmes import actions
from samsyn.programmes.models import Activity, Ticket, VoterKey
from samsyn.thread.actions import follow_up, settle_promise
from samsyn.thread.models import FollowUp, Item, Promise, Receipt, Reply
from samsyn.thread.secrets import clean_words, draw_words
from tests.robustness.at_once import poster, statuses, there, together, within

__all__ = ["there"]
REPLY = actions.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)


def key() -> str:
    return f"{random.SystemRandom().getrandbits(128):032x}"


def ask(activity: Activity, text: str, **values) -> Question:
    return questions.ask(activity, text=text, language="sv", post_key=key(), author=None, **values)


def liker(world, question: Question, voter: str, name: str | None = None):
    """A call in which somebody likes a question from a browser with this key."""
    client = world.client(name)
    client.cookies["voter"] = voter
    if name is None:
        client.get(f"/j/{question.activity.code}")
    return poster(client, address("questions:like", activity=question.activity_id, question=question.pk), {"on": "1"})


def test_one_person_with_eight_browsers_at_once_votes_once(there):
    with within(there):
        activity = there.activity(state="open")
        question = ask(activity, "Vad slutar vi med?")
        for voter in ("staff", "other", "member"):
            before = VoterKey.objects.count()
            results = together(there, *(liker(there, question, key(), voter) for _ in range(8)))
            assert set(statuses(results)) == {302}
            assert VoterKey.objects.count() == before + 1, "one person voted under several keys"
        assert Like.objects.count() == 3
        assert Ticket.objects.filter(spent=True).count() == 3


def test_a_double_click_with_one_key_counts_and_refuses_nobody(there):
    with within(there):
        activity = there.activity(state="open")
        first, second = ask(activity, "Ett?"), ask(activity, "Två?")
        voter = key()
        calls = [liker(there, question, voter, "staff") for question in (first, second, first, second)]
        results = together(there, *calls)
        assert set(statuses(results)) == {302}
        assert not any("messages" in found.cookies for found in results), "one of the clicks was refused"
        assert sorted(Like.objects.values_list("question_id", flat=True)) == sorted([first.pk, second.pk])


@pytest.mark.parametrize("level", ["named", "anonymous"])
def test_likes_at_once_all_count(there, level):
    with within(there):
        entry = "code" if level == "anonymous" else "audience"
        activity = there.activity(state="open", level=level, entry=entry)
        question = ask(activity, "Vad slutar vi med?")
        names = [None] * 11 if level == "anonymous" else ["staff", "other", "manager", "member", "owner", "lead"]
        results = together(there, *(liker(there, question, key(), name) for name in names))
        assert set(statuses(results)) == {302}
        question.refresh_from_db()
        assert question.like_rows.filter(on=True).count() == len(names)
        assert question.likes == (10 if level == "anonymous" else len(names))


def test_one_form_sent_six_times_at_once_is_one_question(there):
    with within(there):
        activity = there.activity(state="open", entry="code")
        client = Client()
        client.get(f"/j/{activity.code}")
        sent = {"text": "Vem bestämmer?", "post_key": key()}
        browsers = [Client() for _ in range(6)]
        for browser in browsers:
            browser.cookies["entry"] = client.cookies["entry"].value
        results = together(there, *(poster(b, address("questions:ask", activity=activity.pk), sent) for b in browsers))
        assert set(statuses(results)) == {200}
        assert Question.objects.count() == 1
        assert Item.objects.filter(activity_id=activity.pk).count() == 1
        assert Receipt.objects.count() == 6, "every receipt that was shown must hold"


def test_two_questions_with_one_receipt_at_once_are_both_found(there):
    with within(there):
        activity = there.activity(state="open")
        words = clean_words(draw_words("sv"))
        calls = [lambda text=text: ask(activity, text, words=words) for text in ("ett", "två", "tre", "fyra")]
        results = together(there, *calls)
        assert not [found for found in results if isinstance(found, Exception)]
        assert Receipt.objects.count() == 4


def test_opening_twice_at_once_opens_once(there):
    with within(there):
        activity = there.activity()
        lead = there.person("lead")
        results = together(
            there, *(lambda: actions.open_activity(Activity.objects.get(pk=activity.pk), by=lead) for _ in range(4))
        )
        assert _refused(results) == 3
        assert Entry.objects.filter(verb="activity.opened").count() == 1


def test_closing_twice_at_once_closes_once(there):
    with within(there):
        activity = there.activity(state="open")
        lead = there.person("lead")
        results = together(
            there, *(lambda: actions.close_activity(Activity.objects.get(pk=activity.pk), by=lead) for _ in range(4))
        )
        assert _refused(results) == 3
        assert Entry.objects.filter(verb="activity.closed").count() == 1


def test_opening_and_closing_at_once_ends_in_one_of_the_two(there):
    with within(there):
        activity = there.activity(state="closed")
        lead = there.person("lead")
        results = together(
            there,
            lambda: actions.open_activity(Activity.objects.get(pk=activity.pk), by=lead),
            lambda: actions.publish_activity(
                Activity.objects.get(pk=activity.pk), REPLY, signed_by=there.person("owner"), by=lead
            ),
        )
        activity.refresh_from_db()
        assert _refused(results) == 1
        assert activity.state in {"open", "published"}
        assert Reply.objects.filter(activity_id=activity.pk).exists() == (activity.state == "published")


def test_publishing_twice_at_once_gives_one_reply(there):
    with within(there):
        activity = there.activity(state="closed")
        values = {"heard_sv": "Vi hörde på alla", "doing_sv": "Vi gör om det", "signed_by": _signer(there)}
        path = address("programmes:publish", activity=activity.pk)
        results = together(there, *(poster(there.client(name), path, values) for name in ("owner", "lead", "owner")))
        assert sorted(statuses(results)) in ([302, 422, 422], [302, 409, 422], [302, 409, 409])
        assert Reply.objects.filter(activity_id=activity.pk).count() == 1
        for found in results:
            if found.status_code != 302:
                assert "Vi hörde på alla" in found.content.decode(), "what was typed must be on the page"


def _signer(world) -> str:
    from samsyn.core.ids import encode_id

    return encode_id(world.person("owner").pk)


def test_likes_while_questions_are_joined_are_not_lost(there):
    with within(there):
        activity = there.activity(state="open", entry="code")
        lead = there.person("lead")
        for _round in range(3):
            into, away = ask(activity, "Den som blir kvar?"), ask(activity, "Den som går upp i den?")
            keys = [key() for _ in range(9)]
            calls = [liker(there, away, voter) for voter in keys[:6]] + [
                liker(there, into, voter) for voter in keys[6:]
            ]
            join = lambda away=away, into=into: questions.merge(  # noqa: E731
                Question.objects.get(pk=away.pk), into=Question.objects.get(pk=into.pk), by=lead
            )
            results = together(there, *calls[:3], join, *calls[3:])
            assert not [found for found in results if isinstance(found, Exception)]
            assert set(into.like_rows.filter(on=True).values_list("key", flat=True)) == set(keys)
            into.refresh_from_db()
            assert into.likes in {5, 6, 7, 8, 9}
            assert into.like_rows.filter(counted=True).count() == into.likes


def test_joining_twice_at_once_counts_imported_likes_once(there):
    with within(there):
        activity = there.activity(state="open")
        into, away = ask(activity, "Kvar?"), ask(activity, "Bort?")
        Question.objects.filter(pk=away.pk).update(imported_likes=7)
        lead = there.person("lead")
        results = together(
            there,
            *(
                lambda: questions.merge(
                    Question.objects.get(pk=away.pk), into=Question.objects.get(pk=into.pk), by=lead
                )
                for _ in range(3)
            ),
        )
        assert _refused(results) == 2
        into.refresh_from_db()
        assert into.imported_likes == 7


def test_answering_twice_at_once_makes_one_promise(there):
    with within(there):
        activity = there.activity(state="open")
        question = ask(activity, "När?")
        lead, owner = there.person("lead"), there.person("owner")
        given = questions.Answer("promised", LangText(sv="I maj"), due=activity.reply_by, owner=owner)
        results = together(
            there,
            *(
                lambda: questions.answer(Question.objects.get(pk=question.pk), given, answered_by=owner, by=lead)
                for _ in range(3)
            ),
        )
        assert _refused(results) == 2
        assert Promise.objects.count() == 1


def test_settling_a_promise_twice_at_once_settles_once(there):
    with within(there):
        activity = there.activity(state="open")
        question = ask(activity, "När?")
        lead, owner = there.person("lead"), there.person("owner")
        given = questions.Answer("promised", LangText(sv="I maj"), due=activity.reply_by, owner=owner)
        questions.answer(question, given, answered_by=owner, by=lead)
        results = together(
            there,
            *(
                lambda state=state: settle_promise(
                    Promise.objects.select_related("item").get(), state=state, note=LangText(sv="Så"), by=owner
                )
                for state in ("kept", "withdrawn", "kept")
            ),
        )
        assert _refused(results) == 2
        assert Entry.objects.filter(verb__in=["promise.kept", "promise.withdrawn"]).count() == 1


def test_one_item_has_one_word_back_even_when_sent_twice_at_once(there):
    with within(there):
        question = ask(there.activity(state="open"), "När?")
        calls = [lambda text=text: follow_up(question.item, answered=True, text=text, language="sv") for text in "abcd"]
        assert not [found for found in together(there, *calls) if isinstance(found, Exception)]
        assert FollowUp.objects.filter(item=question.item).count() == 1


def test_nothing_is_lost_while_the_order_is_forgotten(there):
    """People go on asking and agreeing, and a facilitator goes on sorting, while the rows are written anew."""
    with within(there):
        activity = there.activity(state="open", entry="code")
        lead = there.person("lead")
        asked = [ask(activity, f"Fråga {number}?") for number in range(4)]
        keys = [[key() for _ in range(3)] for _ in range(4)]
        over = threading.Event()

        def press(question: Question, voter: str):
            """Until it is acknowledged: a busy database says so, and the visitor sends it again."""
            while (status := liker(there, question, voter)().status_code) != 302:
                assert status == 503

        def people(place: int):
            for voter in keys[place]:
                for question in asked:
                    press(question, voter)
                ask(activity, f"Till {voter}?", words=clean_words(draw_words("sv")))

        def sort():
            for question in asked:
                questions.star(Question.objects.select_related("item").get(pk=question.pk), on=True, by=lead)

        def rewrite():
            turns = 0
            while not over.wait(0.05) or not turns:
                try:
                    actions.forget_order(activity)
                    turns += 1
                except Exception as error:
                    if "locked" not in str(error) and "log" not in str(error) and "lock timeout" not in str(error):
                        raise
            return turns

        def crowd(place: int):
            def run():
                try:
                    people(place)
                finally:
                    done.append(place)
                    if len(done) == 4:
                        over.set()

            return run

        done: list[int] = []
        results = together(there, rewrite, sort, *(crowd(place) for place in range(4)))
        assert not [found for found in results if isinstance(found, Exception)], results
        assert results[0] >= 1
        voters = {voter for group in keys for voter in group}
        for question in asked:
            question.refresh_from_db()
            assert set(question.like_rows.values_list("key", flat=True)) == voters
            assert question.starred, "what the facilitator did was lost"
            assert question.likes == question.like_rows.filter(counted=True).count() >= len(voters) - 4
        assert Question.objects.filter(activity=activity).count() == 4 + len(voters)
        assert Receipt.objects.count() == len(voters)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="one writer at a time is SQLite's own way")
def test_a_database_that_stays_busy_gives_back_what_was_typed(there):
    import sqlite3

    with within(there):
        activity = there.activity(state="open", entry="code")
        client = Client(raise_request_exception=False)
        client.get(f"/j/{activity.code}")
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=50")
        try:
            sent = {"text": "Varför får vi aldrig veta något om nya lokaler?", "post_key": key()}
            response = client.post(address("questions:ask", activity=activity.pk), sent)
        finally:
            other.execute("ROLLBACK")
            other.close()
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA busy_timeout=5000")
        assert response.status_code == 503
        assert response["Retry-After"]
        assert sent["text"] in response.content.decode()
        assert client.post(address("questions:ask", activity=activity.pk), sent).status_code == 200


def _refused(results: list) -> int:
    for found in results:
        if isinstance(found, Exception) and not isinstance(found, RefusedError):
            raise found
    return sum(isinstance(found, RefusedError) for found in results)
