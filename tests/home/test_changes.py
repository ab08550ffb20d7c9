"""What has changed, for those who organise; what is new, for everybody else. Days only, the newest first."""

from __future__ import annotations

import datetime as dt
import re

from samsyn.activities.dialogue import actions as dialogue
from samsyn.activities.questions import actions
from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.programmes import actions as programmes
from samsyn.programmes import contributing
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.kinds import all_kinds
from samsyn.thread.actions import move_promise, settle_promise
from samsyn.thread.models import Promise
from tests.fixtures import DAY, invite

NOTE = LangText(sv="Så här gick det.")


def later(days):
    return clock.simulated(DAY + dt.timedelta(days=days))


def today(world, name="owner"):
    return world.client(name).get(address("home:today")).content.decode()


def changes(page):
    """(day, title, what happened) of each row."""
    section = re.search(r'aria-labelledby="changes".*?</section>', page, re.DOTALL)
    if section is None:
        return []
    rows = re.findall(r"<li\b.*?</li>", section[0], re.DOTALL)
    found = []
    for row in rows:
        day, title, what = (re.search(pattern, row, re.DOTALL)[1] for pattern in
                            (r'class="when">(.*?)<', r"<a [^>]*>(.*?)</a>", r'class="quiet">(.*?)</span>'))  # fmt: skip
        found.append((day, re.sub(r"<[^>]+>", "", title), what))
    return found


def ask(world, activity, text="När får vi veta?", author="staff"):
    person = world.person(author) if author else None
    return actions.ask(activity, text=text, language="sv", post_key=draw_key(), author=person)


def promise(world, question, title="Vi svarar i maj"):
    given = actions.Answer(
        "promised", LangText(sv="Ja."), title=LangText(sv=title), due=DAY + dt.timedelta(days=40),
        owner=world.person("manager"),
    )  # fmt: skip
    actions.answer(question, given, answered_by=world.person("owner"), by=world.person("lead"))
    return Promise.objects.select_related("item").get(item__made_out_of__source=question.item)


def reply(world, activity):
    said = programmes.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)
    programmes.publish_activity(activity, said, signed_by=world.person("owner"), by=world.person("lead"))


def test_the_owner_sees_what_opened_closed_and_was_published(world):
    lead = world.person("lead")
    activity = world.activity(state="open", title=LangText(sv="Om lokalerna"))
    assert changes(today(world)) == [("12 mars", "Om lokalerna", "Öppnad")]
    with later(3):
        programmes.close_activity(activity, by=lead)
        assert changes(today(world))[0] == ("15 mars", "Om lokalerna", "Stängd")
    with later(5):
        reply(world, activity)
        found = changes(today(world))
        assert found[0] == ("17 mars", "Om lokalerna", "Resultatet och vårt svar är publicerade · Owner")
        assert len(found) == 3, "the reply and the publishing are one row"
    with later(8):
        assert [row[0] for row in changes(today(world))] == ["17 mars", "15 mars"], "a week, no more"


def test_a_result_without_a_reply_and_the_reply_that_follows_are_told_apart(world):
    lead = world.person("lead")
    activity = world.activity(state="closed", title=LangText(sv="Om lokalerna"))
    programmes.publish_without_reply(activity, reply_by=DAY + dt.timedelta(days=30), by=lead)
    assert ("12 mars", "Om lokalerna", "Resultatet är publicerat, svaret kommer senare") in changes(today(world))
    with later(2):
        reply(world, activity)
        assert changes(today(world))[0] == ("14 mars", "Om lokalerna", "Vårt svar · Owner")


def test_the_owner_sees_promises_made_kept_moved_and_withdrawn(world):
    activity, manager = world.activity(state="open"), world.person("manager")
    made = [promise(world, ask(world, activity, text), text) for text in ("Ett", "Två", "Tre", "Fyra")]
    with later(2):
        settle_promise(made[0], state="kept", note=NOTE, by=manager)
    with later(3):
        move_promise(made[1], due=DAY + dt.timedelta(days=60), note=NOTE, by=manager)
    with later(4):
        settle_promise(made[2], state="withdrawn", note=NOTE, by=manager)
        assert changes(today(world))[:4] == [
            ("16 mars", "Tre", "Löftet är tillbakadraget · Manager"),
            ("15 mars", "Två", "Löftet är flyttat till 11 maj · Manager"),
            ("14 mars", "Ett", "Löftet är hållet · Manager"),
            ("12 mars", "Fyra", "Nytt löfte, senast 21 april · Manager"),
        ]
    with later(10):
        assert [row[1] for row in changes(today(world))] == ["Tre", "Två"]


def test_the_owner_sees_news_and_at_most_eight_rows(world):
    for number in range(9):
        with later(number % 5):
            text = LangText(sv=f"Notis {number}")
            programmes.add_news(world.programme, title=text, text=text, by=world.person("lead"))
    with later(5):
        found = changes(today(world))
    assert len(found) == 8
    assert found[0] == ("16 mars", "Notis 4", "Nyhet")
    assert [row[0] for row in found] == sorted((row[0] for row in found), reverse=True)


def test_staff_see_results_for_them_and_news_but_not_the_running_of_it(world):
    mine = world.activity(state="open", title=LangText(sv="För mig"))
    others = world.activity(state="open", title=LangText(sv="För andra"))
    invite(world, others, "member")
    assert changes(today(world, "staff")) == []
    for activity in (mine, others):
        programmes.close_activity(activity, by=world.person("lead"))
        programmes.publish_without_reply(activity, reply_by=DAY + dt.timedelta(days=30), by=world.person("lead"))
    text = LangText(sv="Vi börjar i maj")
    programmes.add_news(world.programme, title=text, text=text, by=world.person("lead"))
    with later(13):
        page = today(world, "staff")
        assert "Nytt för dig" in page
        assert [row[1] for row in changes(page)] == ["Vi börjar i maj", "För mig"]
        assert "För andra" in today(world, "member")
    with later(15):
        assert changes(today(world, "staff")) == []


def test_who_asked_under_their_name_hears_of_the_answer_and_of_the_promise(world):
    activity = world.activity(state="open", level="named")
    written, promised = ask(world, activity, "Får vi säga nej?"), ask(world, activity, "När kommer verktyget?")
    ask(world, activity, "En annans fråga?", author="other")
    with later(1):
        given = actions.Answer("written", LangText(sv="Ja."))
        actions.answer(written, given, answered_by=world.person("owner"), by=world.person("lead"))
        made = promise(world, promised)
        found = changes(today(world, "staff"))
        assert ("13 mars", "Får vi säga nej?", "Din fråga har fått ett svar") in found
        assert ("13 mars", "När kommer verktyget?", "Din fråga har fått ett löfte") in found
        assert len(found) == 2
        assert changes(today(world, "member")) == []
    with later(9):
        settle_promise(made, state="kept", note=NOTE, by=world.person("manager"))
        assert changes(today(world, "staff"))[0] == ("21 mars", "När kommer verktyget?", "Löftet är hållet")
    since = DAY - dt.timedelta(days=1)
    assert len(all_kinds()["questions"].news(world.person("staff"), since)) == 2, "one row for each question"


def test_who_wrote_under_their_name_hears_that_it_was_let_in_hidden_or_joined(world):
    lead, staff = world.person("lead"), world.person("staff")
    settings = {"let_in": True, "likes": True, "add": True}
    activity = world.activity(state="open", level="facilitators", settings=settings)
    stand = world.activity(kind="dialogue", state="open", level="named", settings=settings)
    shown, hidden, same = (ask(world, activity, text) for text in ("Får vi?", "Chefens namn", "Får vi det?"))
    said = dialogue.add_statement(stand, text="Vi hörs", language="sv", post_key=draw_key(), author=staff)
    with later(1):
        contributing.let_in(shown, by=lead)
        contributing.hide(hidden, reason=LangText(sv="Ett namn"), by=lead)
        actions.merge(same, into=shown, by=lead)
        contributing.let_in(said, by=lead)
        found = changes(today(world, "staff"))
    assert set(found) == {
        ("13 mars", "Får vi?", "Andra ser det nu"),
        ("13 mars", "Chefens namn", "Dolt, med ett skäl som du kan läsa"),
        ("13 mars", "Får vi det?", "Hopslagen med en annan"),
        ("13 mars", "Vi hörs", "Andra ser det nu"),
    }
    assert "Chefens namn" not in today(world, "member")


def test_an_anonymous_question_is_news_for_nobody(world):
    activity = world.activity(state="open", level="anonymous")
    question = ask(world, activity)
    given = actions.Answer("written", LangText(sv="Ja."))
    actions.answer(question, given, answered_by=world.person("owner"), by=world.person("lead"))
    assert changes(today(world, "staff")) == []
