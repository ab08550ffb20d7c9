"""What becomes of a poll: on the stage, in files, in the thread, when people leave and when the days of keeping end."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from samsyn.activities.polls import actions
from samsyn.activities.polls.models import Answer, OpenAnswer, PollQuestion, Run
from samsyn.core import clock
from samsyn.core.errors import RefusedError
from samsyn.core.sheets import read_rows, write_xlsx
from samsyn.core.texts import LangText
from samsyn.live.sendings import Sending
from samsyn.programmes import actions as programmes
from samsyn.programmes.actions_forgetting import dispose_of
from samsyn.programmes.handover import offers
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.models import Activity
from samsyn.thread.models import Item, Link
from samsyn.thread.registry import tell
from tests.fixtures import DAY
from tests.polls.asking import answer, ask, picked, poll, run_of, write

REPLY = programmes.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)


def publish(world, activity) -> None:
    programmes.close_activity(activity, by=world.person("lead"))
    programmes.publish_activity(activity, REPLY, signed_by=world.person("owner"), by=world.person("lead"))


def room(activity, part: str = "phone", language: str = "sv") -> str:
    """What the room gets, as the caller renders it."""
    with override(language):
        scene = kind_of(activity).snapshot(Activity.objects.get(pk=activity.pk))
        context = {**scene.context, "activity": activity, "room": {"send": "/live/r/x/send"}}
        return "".join(render_to_string(name, context) for name in getattr(scene, part).values())


# --- the room ---------------------------------------------------------------------------------------------------


def test_the_stage_leads_from_question_to_question(world):
    activity, lead = poll(world), world.person("lead")
    kind = kind_of(activity)
    assert kind.cues(activity) == []
    assert "Det finns inga frågor än." in room(activity)
    first, second = (ask(world, activity, text=LangText(sv=name)) for name in ("Den första?", "Den andra?"))
    assert [cue.name for cue in kind.cues(activity)] == ["next", "show", "restart"]
    assert "Den första?" in room(activity)
    kind.give_cue(activity, "next", by=lead)
    assert "Den andra?" in room(activity)
    assert "Den första?" not in room(activity)
    assert [cue.name for cue in kind.cues(activity)] == ["previous", "show", "restart"]
    kind.give_cue(activity, "next", by=lead)
    assert "Den andra?" in room(activity), "the last one stays"
    kind.give_cue(activity, "previous", by=lead)
    answer(first, 0)
    kind.give_cue(activity, "show", by=lead)
    assert (run_of(first).revealed, run_of(second).revealed) == (True, False)
    assert next(cue for cue in kind.cues(activity) if cue.name == "show").on
    kind.give_cue(activity, "restart", by=lead)
    assert run_of(first).number == 2
    assert not run_of(first).revealed, "what was shown was the first run's"
    with pytest.raises(KeyError):
        kind.give_cue(activity, "dance", by=lead)


def test_keys_of_the_stage_are_those_that_the_stage_leaves_free(world):
    activity = poll(world)
    for _each in range(3):
        question = ask(world, activity)
    actions.put_on(PollQuestion.objects.order_by("position")[1], by=world.person("lead"))
    keys = [cue.key for cue in kind_of(activity).cues(activity)]
    assert len(set(keys)) == 4
    assert not set(keys) & set("nsochuebm0123456789")
    assert question


@pytest.mark.parametrize("part", ["phone", "screen"])
def test_the_room_is_sent_nothing_that_is_not_shown(world, part):
    activity, lead = poll(world, settings={"tables": True, "table_count": 14}), world.person("lead")
    question, words = ask(world, activity), ask(world, activity, "words")
    for _number in range(6):
        answer(question, 1, people="3")
    write(words, "hemligheten")
    before = room(activity, part)
    assert "<rect" not in before
    assert "De flesta" not in before
    assert "5 av 14 bord" in before
    actions.show(question, on=True, by=lead)
    assert "<rect" in room(activity, part)
    assert "De flesta väljer ”svar 1”." in room(activity, part)
    actions.put_on(words, by=lead)
    assert "hemligheten" not in room(activity, part)
    actions.show(words, on=True, by=lead)
    assert "hemligheten" in room(activity, part)


def test_the_room_speaks_both_languages(world):
    activity = poll(world)
    ask(world, activity, "scale", 5)
    assert "Vad tycker du?" in room(activity)
    assert "högt" in room(activity)
    assert "What do you think?" in room(activity, language="en")
    assert "high" in room(activity, language="en")


def test_made_up_people_send_what_is_taken(world):
    activity = poll(world)
    kind, chance = kind_of(activity), random.Random(1)
    assert kind.improvise(activity, "0" * 32, chance) is None
    for form in ("single", "many", "scale", "words"):
        question = ask(world, activity, form, 5)
        actions.put_on(question, by=world.person("lead"))
        for number in range(40):
            said = kind.improvise(activity, f"{number:032x}", chance)
            if said is not None:
                sending = Sending(activity.pk, *said, f"{number:032x}")
                (taken,) = kind.intake()[said[0]](activity, [sending])
                assert not taken.error
    assert Answer.objects.count() == 120
    assert OpenAnswer.objects.exists()


# --- in the thread and in files -----------------------------------------------------------------------------------


def test_published_each_result_is_an_item_that_tells_what_most_said(world):
    activity = poll(world)
    question, few, words = ask(world, activity, "scale", 5), ask(world, activity), ask(world, activity, "words")
    for number in range(6):
        answer(question, 3 if number else 4)
    answer(few, 0)
    write(words, "bra")
    assert not Item.objects.filter(kind="polls.pollquestion").exists()
    assert kind_of(activity).summary(activity).findings == (), "not shown yet"
    publish(world, activity)
    item = Item.objects.get(kind="polls.pollquestion")
    told = tell([item])[item.pk]
    assert (told.text, item.visibility) == (question.text, "programme")
    assert told.note["sv"].startswith("De flesta säger 4. I snitt 4,2")
    assert told.note["en"].endswith("5 people have answered.")
    assert Item.objects.get(kind="polls.openanswer").visibility == "programme"
    (finding,) = kind_of(activity).summary(Activity.objects.get(pk=activity.pk)).findings
    assert finding.item_ids == (item.pk,)
    assert finding.text["en"].startswith("“What do you think?” Most say 4.")


def test_what_was_written_is_counted_before_it_is_shown_and_nobody_is_said_to_be_missing(world):
    activity = poll(world)
    words = ask(world, activity, "words")
    texts = [write(words, text) for text in ("bra", "tungt", "lugnt")]
    assert not any(taken.error for taken in texts)
    actions.hide(OpenAnswer.objects.get(text="tungt"), reason=LangText(sv="Ett skäl"), by=world.person("lead"))
    assert figures_of(activity) == {"frågor": 1, "svar med egna ord": 2}
    choice = ask(world, activity)
    assert figures_of(activity) == {"frågor": 2, "har svarat": None, "svar med egna ord": 2}
    for _number in range(5):
        answer(choice, 0)
    assert figures_of(activity)["har svarat"] == 5


def figures_of(activity) -> dict[str, int | None]:
    with override("sv"):
        return {str(figure.label): figure.value for figure in kind_of(activity).summary(activity).figures}


def test_published_without_a_reply_and_then_with_one_makes_one_item(world):
    activity, lead = poll(world), world.person("lead")
    question = ask(world, activity)
    for _number in range(5):
        answer(question, 0)
    programmes.close_activity(activity, by=lead)
    programmes.publish_without_reply(activity, reply_by=DAY + dt.timedelta(days=40), by=lead)
    programmes.publish_activity(activity, REPLY, signed_by=world.person("owner"), by=lead)
    assert Item.objects.filter(kind="polls.pollquestion").count() == 1


def test_a_text_can_become_something_elsewhere(world):
    activity, lead = poll(world), world.person("lead")
    question = ask(world, activity, "words", at_once=True)
    step = world.activity(kind="steps", state="open")
    write(question, "Vi behöver mer tid")
    item = Item.objects.get(kind="polls.openanswer")
    offer = next(offer for offer in offers(item) if offer.activity == step)
    made = offer.receiver.make(step, item, by=lead)
    assert made.kind == "steps.outcome"
    assert Link.objects.filter(source=item, target=made).exists()


def test_files_hold_what_has_been_shown_earlier_runs_and_after_the_close_all(world):
    activity, lead = poll(world), world.person("lead")
    kind = kind_of(activity)
    shown, kept = ask(world, activity, "scale", 3), ask(world, activity, text=LangText(sv="Hemlig?"))
    words = ask(world, activity, "words", text=LangText(sv="=1+1"))
    for question in (shown, kept):
        for number in range(5):
            answer(question, number % 2)
    write(words, "=HYPERLINK(1)")
    actions.restart(shown, by=lead)
    results, texts = kind.tables(activity)
    rows = list(results.rows)
    assert [row[1:6] for row in rows[:3]] == [[1, DAY, "1 lågt", 3, 60], [1, DAY, "2", 2, 40], [1, DAY, "3 högt", 0, 0]]
    assert rows[3][1:6] == [2, DAY, "", "", ""]
    assert rows[4][0] == "Hemlig?"
    assert rows[4][3:] == [""] * 6
    assert list(texts.rows) == []
    programmes.close_activity(activity, by=lead)
    results, texts = kind.tables(Activity.objects.get(pk=activity.pk))
    assert [row[4] for row in results.rows if row[0] == "Hemlig?"] == [3, 2, 0]
    sheet = write_xlsx([(table.name, table.columns, table.rows) for table in kind.tables(Activity.objects.get())])
    assert read_rows(sheet)[0][0]
    assert [row[2] for row in texts.rows] == ["=HYPERLINK(1)"]
    client = world.client("lead")
    path = f"/o/{world.organisation.slug}/a/{activity.rid}/polls/export/"
    assert client.get(path).content.decode().startswith("\ufeff")
    assert client.get(path, {"form": "xlsx"}).content[:2] == b"PK"
    assert client.get(path, {"form": "exe"}).status_code == 404


def test_with_names_the_file_says_who_answered_what(world):
    activity = poll(world, level="named", entry="audience")
    question = ask(world, activity, at_once=True)
    answer(question, 1, person=str(world.person("staff").pk))
    tables = kind_of(activity).tables(activity)
    assert [row[2:4] for row in tables[2].rows] == [["Staff", "svar 1"]]
    other = poll(world, level="facilitators", entry="audience")
    assert len(kind_of(other).tables(other)) == 2


# --- people -----------------------------------------------------------------------------------------------------


def test_one_sees_ones_own_and_is_forgotten(world):
    activity = poll(world, level="named", entry="audience")
    question, words = ask(world, activity), ask(world, activity, "words")
    staff, other = world.person("staff"), world.person("other")
    for person, place in ((staff, 0), (other, 1)):
        answer(question, place, person=str(person.pk))
    write(words, "mitt", person=str(staff.pk))
    kind = kind_of(activity)
    (data,) = kind.personal_data(staff)
    assert len(data.rows) == 2
    assert picked(question) == [1, 1, 0]
    assert kind.erase(staff).rows == 2
    assert picked(question) == [0, 1, 0], "what nobody has published yet is counted anew"
    assert OpenAnswer.objects.get().author is None
    assert kind.personal_data(staff) == []
    publish(world, activity)
    kind.erase(other)
    assert picked(question) == [0, 1, 0], "what has been published stays"


def test_when_the_days_of_keeping_are_over_figures_and_texts_stay(world):
    activity = poll(world)
    question, words = ask(world, activity), ask(world, activity, "words")
    for _number in range(5):
        answer(question, 0)
    write(words, "bra")
    publish(world, activity)
    with clock.simulated(DAY + dt.timedelta(days=activity.retention_days + 1)):
        dispose_of(activity)
    assert not Answer.objects.exists()
    assert picked(question) == [5, 0, 0]
    assert OpenAnswer.objects.get().text == "bra"


def test_a_copy_has_the_questions_and_nothing_else(world):
    activity = poll(world)
    for form in ("single", "words"):
        ask(world, activity, form)
    copy = programmes.copy_activity(activity, by=world.person("lead"))
    rows = PollQuestion.objects.filter(activity=copy).order_by("position")
    assert [row.form for row in rows] == ["single", "words"]
    assert Run.objects.filter(question__in=rows).count() == 2
    assert not Answer.objects.filter(run__question__in=rows).exists()


def test_a_poll_holds_only_so_many_questions(world):
    activity = poll(world)
    for _number in range(30):
        ask(world, activity, "words")
    with pytest.raises(RefusedError):
        ask(world, activity, "words")


def test_questions_are_made_before_it_closes(world):
    activity = poll(world, state="closed")
    with pytest.raises(RefusedError):
        ask(world, activity)
