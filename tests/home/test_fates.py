"""What the holder of six words sees: also when nothing has come of it yet."""

import re

from samsyn.activities.questions import actions
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.programmes import actions as programmes
from samsyn.programmes import contributing
from samsyn.programmes.browsers import draw_key
from samsyn.thread import secrets


def look(world, words):
    return world.client().post(address("home:receipts"), {"words": words}).content.decode()


def test_who_asked_sees_when_there_is_an_answer_at_the_latest(world):
    activity, words = world.activity(state="open"), secrets.draw_words("sv")
    kept = secrets.clean_words(words)
    actions.ask(activity, text="När får vi veta?", language="sv", post_key=draw_key(), author=None, words=kept)
    assert "Svar senast den 2 april" in look(world, words)
    lead = world.person("lead")
    programmes.close_activity(activity, by=lead)
    assert "Svar senast den 2 april" in look(world, words)
    reply = programmes.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)
    programmes.publish_activity(activity, reply, signed_by=lead, by=lead)
    assert "Svar senast" not in look(world, words)


def test_to_who_asked_what_has_been_hidden_no_reply_is_promised(world):
    activity, words = world.activity(state="open"), secrets.draw_words("sv")
    kept = secrets.clean_words(words)
    made = actions.ask(activity, text="Vem då?", language="sv", post_key=draw_key(), author=None, words=kept)
    contributing.hide(made, reason=LangText(sv="Den nämner en person."), by=world.person("lead"))
    page = look(world, words)
    assert "Den nämner en person." in page
    assert "Svar senast" not in page


def test_all_six_words_stand_in_sight_and_may_be_on_two_lines(world):
    page = world.client().get(address("home:receipts")).content.decode()
    assert re.search(r'<textarea name="words"[^>]*rows="2"', page)
    words = secrets.draw_words("sv")
    kept, activity = secrets.clean_words(words), world.activity(state="open")
    actions.ask(activity, text="Syns jag?", language="sv", post_key=draw_key(), author=None, words=kept)
    assert "Syns jag?" in look(world, words.replace(" ", "\r\n"))


def test_once_a_question_is_answered_the_day_is_said_to_be_of_the_reply_to_all(world):
    activity, words = world.activity(state="open"), secrets.draw_words("sv")
    kept = secrets.clean_words(words)
    made = actions.ask(activity, text="När då?", language="sv", post_key=draw_key(), author=None, words=kept)
    assert "På allt som har frågats" not in look(world, words)
    owner = world.person("owner")
    actions.answer(made, actions.Answer("written", LangText(sv="I maj.")), answered_by=owner, by=world.person("lead"))
    assert "På allt som har frågats, inte bara det här: Svar senast den 2 april" in look(world, words)
