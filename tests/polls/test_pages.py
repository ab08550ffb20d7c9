"""The pages of a poll: answered without scripts, run from the desk; what is not shown is sent to nobody."""

from __future__ import annotations

import re

import pytest

from samsyn.activities.polls import actions
from samsyn.activities.polls.models import Answer, OpenAnswer, PollQuestion, Run
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.programmes import actions as programmes
from samsyn.programmes.browsers import draw_key
from tests.polls.asking import answer, ask, picked, poll, run_of, write


@pytest.fixture
def phone(world):
    """A poll with a mood check, and a browser that has come in with its code."""
    activity = poll(world)
    actions.add_set(activity, "mood", by=world.person("lead"))
    client = world.client()
    client.get(f"/j/{activity.code}")
    return activity, client


def at(name: str, activity, poll=None) -> str:
    return address(f"polls:{name}", activity=activity.pk, **({"poll": poll.pk} if poll else {}))


def text_of(response) -> str:
    return response.content.decode()


def questions(activity):
    return list(PollQuestion.objects.select_related("activity__programme").order_by("position"))


def test_without_scripts_one_answers_writes_and_changes(phone):
    activity, client = phone
    mood, word = questions(activity)
    first = client.get(at("page", activity))
    assert "Hur var den här träffen för dig?" in text_of(first)
    sent = client.post(at("answer", activity, mood), {"run": run_of(mood).rid, "choice": "3"})
    assert sent.status_code == 302
    second = client.get(sent["Location"])
    assert "Ett ord om i dag" in text_of(second)
    written = client.post(at("write", activity, word), {"text": "lagom", "post_key": draw_key(), "words": ""})
    assert len(written.context["words"].split()) == 6
    assert written["Cache-Control"] == "no-store"
    everything = client.get(written.context["onward"])
    assert "Du svarade:" in text_of(everything)
    assert "lagom" not in text_of(everything), "not shown yet"
    again = client.get(f"{at('page', activity)}?q={mood.rid}")
    assert again.context["chosen"] == [3]
    client.post(at("answer", activity, mood), {"run": run_of(mood).rid, "choice": "0"})
    assert Answer.objects.get().picked == 1


def test_what_is_wrong_is_said_beside_the_question(phone):
    activity, client = phone
    mood, word = questions(activity)
    nothing = client.post(at("answer", activity, mood), {"run": run_of(mood).rid})
    assert nothing.status_code == 422
    assert "Välj ett svar" in text_of(nothing)
    assert "<title>Fel:" in text_of(nothing)
    empty = client.post(at("write", activity, word), {"text": " ", "post_key": draw_key()})
    assert empty.status_code == 422
    assert "Skriv ditt svar" in text_of(empty)
    old = client.post(at("answer", activity, mood), {"run": "2" * 13, "choice": "1"})
    assert "Svara på den som den står nu." in text_of(client.get(old["Location"]))


def test_what_somebody_typed_is_kept_when_the_poll_has_closed(world, phone):
    activity, client = phone
    _mood, word = questions(activity)
    programmes.close_activity(activity, by=world.person("lead"))
    late = client.post(at("write", activity, word), {"text": "för sent", "post_key": draw_key(), "words": ""})
    assert late.status_code == 409
    assert "för sent" in text_of(late)
    assert "Omröstningen är stängd" in text_of(late)


def shown_to(world, activity, role: str | None) -> str:
    client = world.client(role)
    if role is None:
        client.get(f"/j/{activity.code}")
    pages = [at("page", activity) + "?all=1"]
    if role == "lead":
        pages += [at("desk", activity), at("export", activity) + "?form=csv"]
    return "".join(text_of(client.get(path)) for path in pages)


@pytest.mark.parametrize("role", [None, "staff", "owner", "lead"])
def test_what_is_not_shown_is_sent_to_nobody(world, role):
    """Neither to those who run it, as long as it is open: figures only from the moment in which all see them."""
    activity, lead = poll(world), world.person("lead")
    question, words = ask(world, activity), ask(world, activity, "words")
    for number in range(6):
        answer(question, 1 if number else 0)
    write(words, "hemligheten")
    before = shown_to(world, activity, role)
    assert "De flesta väljer" not in before
    assert "<rect" not in before
    assert "hemligheten" not in before
    actions.show(question, on=True, by=lead)
    actions.show(words, on=True, by=lead)
    after = shown_to(world, activity, role)
    assert "De flesta väljer ”svar 1”." in after
    assert "hemligheten" in after


def test_once_closed_those_who_reply_see_all_and_others_when_it_is_published(world):
    activity, lead = poll(world), world.person("lead")
    question = ask(world, activity)
    for _number in range(5):
        answer(question, 1)
    programmes.close_activity(activity, by=lead)
    assert "De flesta väljer" in shown_to(world, activity, "owner")
    assert "De flesta väljer" not in shown_to(world, activity, "staff")
    reply = programmes.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)
    programmes.publish_activity(activity, reply, signed_by=world.person("owner"), by=lead)
    assert "De flesta väljer" in shown_to(world, activity, "staff")


# --- the desk ---------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(world):
    """A draft, and the browser of a facilitator."""
    activity = poll(world, state="draft")
    return activity, world.client("facilitator")


def test_a_question_is_made_in_both_languages_and_changed(desk):
    activity, client = desk
    assert client.get(at("add", activity)).status_code == 200
    values = {
        "text_sv": "Vilken dag?",
        "text_en": "Which day?",
        "options_sv": "Mån\r\n\r\n Tis ",
        "options_en": "Mon\nTue",
    }
    sent = client.post(at("add", activity) + "?form=single", {**values, "at_once": "1"})
    assert sent.status_code == 302
    question = PollQuestion.objects.get()
    assert question.labels == [{"sv": "Mån", "en": "Mon"}, {"sv": "Tis", "en": "Tue"}]
    assert run_of(question).revealed
    assert "Mån\nTis" in text_of(client.get(at("change", activity, question)))
    values |= {"options_sv": "Mån\nTis\nOns", "options_en": "", "at_once": "0"}
    client.post(at("change", activity, question), values)
    question.refresh_from_db()
    assert question.options == [{"sv": "Mån"}, {"sv": "Tis"}, {"sv": "Ons"}]
    assert not run_of(question).revealed


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"text_sv": ""}, "på minst ett språk"),
        ({"options_sv": "ensam"}, "Skriv mellan 2 och 12 rader"),
        ({"options_sv": "\n".join(f"svar {n}" for n in range(13))}, "Nu är de 13"),
        ({"options_sv": "ja\nJA"}, "likadana"),
        ({"options_sv": "ja\nnej", "options_en": "yes"}, "Skriv lika många"),
        ({"options_sv": "ja\n" + "x" * 81}, "för långt"),
        ({"at_once": ""}, "När ser alla svaren?"),
    ],
)
def test_a_question_that_will_not_do_is_told_so(desk, values, said):
    activity, client = desk
    sound = {"text_sv": "Ska vi?", "text_en": "", "options_sv": "ja\nnej", "options_en": "", "at_once": "0"}
    sent = client.post(at("add", activity) + "?form=single", sound | values)
    assert sent.status_code == 422
    assert said in text_of(sent)
    assert not PollQuestion.objects.exists()


def test_a_scale_has_words_at_both_ends(desk):
    activity, client = desk
    values = {
        "text_sv": "Hur är det?",
        "steps": "7",
        "low_sv": "illa",
        "high_sv": "bra",
        "high_en": "good",
        "at_once": "0",
    }
    assert client.post(at("add", activity) + "?form=scale", values).status_code == 302
    labels = PollQuestion.objects.get().labels
    assert (len(labels), labels[0], labels[-1]) == (7, {"sv": "illa"}, {"sv": "bra", "en": "good"})


def test_ready_sets_order_and_taking_away(desk):
    activity, client = desk
    for name in ("mood", "yes-no", "confidence", "stand", "nonsense"):
        assert client.post(at("add", activity), {"set": name}).status_code in {200, 302}
    forms = [question.form for question in questions(activity)]
    assert forms == ["scale", "words", "single", "scale", "single", "words"]
    first, second = questions(activity)[:2]
    client.post(at("act", activity, second), {"do": "earlier"})
    assert questions(activity)[0] == second
    client.post(at("act", activity, second), {"do": "earlier"})
    client.post(at("act", activity, questions(activity)[-1]), {"do": "later"})
    client.post(at("act", activity, first), {"do": "later"})
    assert [one.pk for one in questions(activity)[:1]] == [second.pk]
    client.post(at("act", activity, first), {"do": "nothing known"})
    assert client.get(at("delete", activity, first)).status_code == 200
    client.post(at("delete", activity, first))
    assert first.pk not in {one.pk for one in questions(activity)}


def test_a_question_that_somebody_has_answered_stays_as_it_is(world, desk):
    activity, client = desk
    lead = world.person("lead")
    question = ask(world, activity)
    programmes.open_activity(activity, by=lead)
    answer(question, 0)
    before = question.options
    values = {"text_sv": "Något annat?", "options_sv": "ja\nnej", "at_once": "0"}
    refused = client.post(at("change", activity, question), values)
    assert refused.status_code == 422
    assert "Den står som den står" in text_of(refused)
    client.post(at("delete", activity, question))
    question.refresh_from_db()
    assert question.options == before
    actions.restart(question, by=lead)
    assert client.post(at("change", activity, question), values).status_code == 422, "the record is read by its words"


def test_started_again_from_the_desk_the_record_can_be_read(world):
    activity, client = poll(world), world.client("facilitator")
    question = ask(world, activity)
    for _number in range(5):
        answer(question, 2)
    assert client.get(at("restart", activity, question)).status_code == 200
    client.post(at("restart", activity, question))
    client.post(at("restart", activity, question))
    assert Run.objects.filter(question=question).count() == 2, "twice in a row is once: nobody has answered in between"
    page = text_of(client.get(at("desk", activity)))
    assert "En tidigare omgång" in page
    assert "De flesta väljer ”svar 2”." in page
    assert "En tidigare omgång" not in text_of(world.client("staff").get(at("page", activity) + "?all=1"))
    assert picked(question) == []


def test_texts_are_sorted_and_a_long_list_has_pages(world):
    activity, client = poll(world, settings={"let_in": True}), world.client("facilitator")
    question = ask(world, activity, "words", at_once=True)
    for number in range(53):
        write(question, f"svar {number}")
    page = client.get(at("texts", activity, question))
    assert page.context["shown"] == "waiting"
    first = page.context["rows"][0][0]
    client.post(address("polls:let_in", activity=activity.pk, answer=first.pk), {"show": "waiting"})
    second = page.context["rows"][1][0]
    hide = address("polls:hide", activity=activity.pk, answer=second.pk)
    assert client.post(hide, {"reason_sv": ""}).status_code == 422
    assert client.post(hide, {"reason_sv": "Ett namn"}).status_code == 302
    assert OpenAnswer.objects.filter(state="hidden").get() == second
    OpenAnswer.objects.filter(state="waiting").update(state="visible")
    staff = world.client("staff")
    assert "Alla 52 svar" in text_of(staff.get(at("page", activity) + "?all=1"))
    assert len(staff.get(at("words", activity, question) + "?page=2").context["page"].object_list) == 2
    third = OpenAnswer.objects.filter(state="visible").exclude(pk=first.pk).order_by("id")[0]
    merge = address("polls:merge", activity=activity.pk, answer=third.pk)
    assert "Slå ihop dem" not in text_of(client.get(f"{merge}?find=zebra"))
    found = text_of(client.get(f"{merge}?find={first.text}"))
    assert "Slå ihop dem" in found
    client.post(merge, {"into": first.pk})
    assert OpenAnswer.objects.get(pk=third.pk).merged_into == first


def test_the_words_of_a_question_that_is_not_shown_have_no_page(world):
    activity = poll(world)
    question = ask(world, activity, "words")
    write(question, "hemligheten")
    for role in ("staff", "owner", "lead"):
        assert world.client(role).get(at("words", activity, question)).status_code == 404
    assert "hemligheten" in text_of(world.client("lead").get(at("texts", activity, question))), "those who sort read it"


def test_every_question_of_a_poll_has_the_same_word_on_its_button(phone):
    activity, client = phone
    pages = [text_of(client.get(f"{at('page', activity)}?q={one.rid}")) for one in questions(activity)]
    assert len(pages) == 2
    assert {re.findall(r'<button class="button wide">([^<]+)<', page)[0] for page in pages} == {"Skicka"}
