"""Questions from elsewhere: files as Slido, Claper, Polis and we ourselves write them.

Claper's headings are those of its own source (`StatController.export_all_messages`). Slido does not publish its own;
the names here are those that people show of their exports, and every other name can be chosen by hand.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from samsyn.activities.questions import rules
from samsyn.activities.questions.models import Question
from samsyn.core import sheets
from samsyn.core.addresses import address
from samsyn.core.days import read_days
from tests.fixtures import DAY

CLAPER = """Attendee identifier,User email,Name,Message,Pinned,Slide #,Sent at (UTC)
8F21AA,N/A,N/A,"Får vi behålla våra rum?",false,1,2026-03-02 09:14:55
N/A,anna@example.se,Anna,Vem bestämmer om jouren?,true,3,2026-03-02 23:59:01
"""
SLIDO = """Question,Author,Score,Upvotes,Downvotes,Status,Date
Blir det uppsägningar?,Anonymous,41,43,2,Live,03/02/2026 9:14 AM
Fungerar wifi?,Anonymous,0,1,1,Dismissed,03/02/2026 9:15 AM
När får vi besked?,Åsa,12,12,0,Archived,02/27/2026 4:01 PM
"""
SLIDO_WITH_A_TITLE = f"Stormöte i mars\n\n{SLIDO}"
POLIS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1500282615559,Mon Jul 17 16:10:15 WIB 2017,36,0,38,7,1,"It just might."
"""


def read(text: str, *, today: dt.date = DAY) -> list[tuple[str, int, dt.date | None]]:
    """What a file becomes with the columns as they are guessed."""
    rows = rules.below_title(sheets.read_rows(text.encode()))
    plan = rules.plan_import(rows, **rules.guess_columns(rows[0]), today=today, anonymous=False)
    return [(one.text, one.likes, one.day) for one in plan.questions]


def test_messages_from_claper_come_with_their_day_and_without_likes():
    assert read(CLAPER) == [
        ("Får vi behålla våra rum?", 0, dt.date(2026, 3, 2)),
        ("Vem bestämmer om jouren?", 0, dt.date(2026, 3, 2)),
    ]


@pytest.mark.parametrize("text", [SLIDO, SLIDO_WITH_A_TITLE])
def test_questions_from_slido_come_with_their_upvotes_and_day_but_for_what_was_dismissed(text):
    assert read(text) == [
        ("Blir det uppsägningar?", 43, dt.date(2026, 3, 2)),
        ("När får vi besked?", 12, dt.date(2026, 2, 27)),
    ]


def test_sentences_from_polis_come_with_their_agreements_and_day():
    assert read(POLIS) == [("It just might.", 38, dt.date(2017, 7, 17))]


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["2026-03-02", "2026-03-02T23:10:00Z", "2026-03-02 10:00:00 UTC", "20260302"], [dt.date(2026, 3, 2)] * 4),
        (["2.3.2026", "02/03/2026 10:14"], [dt.date(2026, 3, 2)] * 2),
        (["03/02/2026", "02/27/2026"], [dt.date(2026, 3, 2), dt.date(2026, 2, 27)]),
        (["2 mars 2026", "Mar 2, 2026, 10:14 AM", "2 March 2026"], [dt.date(2026, 3, 2)] * 3),
        (["1500282615559", "1500282615"], [dt.date(2017, 7, 17)] * 2),
        (["snart", "", "31/31/2026", "2026-13-40", "2030-01-01"], [None] * 5),
    ],
)
def test_days_are_read_as_people_write_them_and_not_guessed(cells, days):
    assert read_days(cells, latest=DAY) == days


@pytest.mark.parametrize("language", ["sv", "en"])
def test_our_own_file_comes_back_as_it_left(world, language):
    source, target = world.activity(state="open"), world.activity(state="open")
    lead = world.client("lead")
    lead.cookies["language"] = language
    sent = bring_in(lead, source, "fil.csv", SLIDO)
    assert sent.status_code == 302
    ours = lead.get(address("questions:export", activity=source.pk)).content
    bring_in(lead, target, "ours.csv", ours)
    assert facts(target) == facts(source)
    assert {day for _text, _likes, day in facts(target)} == {dt.date(2026, 3, 2), dt.date(2026, 2, 27)}
    assert Question.objects.filter(activity=target, likes=0, imported_likes=43).exists()


FEW = "Question,Upvotes\nEn fråga?,4\nEn till?,5\n"


@pytest.mark.parametrize(("level", "few"), [("anonymous", 0), ("facilitators", 4), ("named", 4)])
def test_fewer_than_five_likes_from_elsewhere_are_not_brought_into_an_anonymous_activity(world, level, few):
    lead, activity = world.client("lead"), world.activity(state="open", level=level)
    upload = SimpleUploadedFile("f.csv", FEW.encode(), "text/csv")
    preview = lead.post(address("questions:import", activity=activity.pk), {"file": upload}).content.decode()
    assert ("tal under fem" in preview) == (few == 0)
    bring_in(lead, activity, "f.csv", FEW)
    brought = Question.objects.filter(activity=activity).values_list("text", "imported_likes")
    assert dict(brought) == {"En fråga?": few, "En till?": 5}


def test_likes_from_elsewhere_are_marked_wherever_their_number_stands(world):
    lead, activity = world.client("lead"), world.activity(state="open", everybody=True)
    bring_in(lead, activity, "f.csv", FEW)
    item = Question.objects.get(activity=activity, text="En till?").item
    for page in (
        address("questions:page", activity=activity.pk),
        address("questions:desk", activity=activity.pk),
        address("home:item", item=item.pk),
    ):
        body = lead.get(page).content.decode()
        assert "inläst antal" in body, page
        assert "varav" not in body, page
    Question.objects.filter(activity=activity).update(likes=5)
    assert "varav 5 inlästa" in lead.get(address("questions:desk", activity=activity.pk)).content.decode()


def facts(activity):
    rows = Question.objects.filter(activity=activity).order_by("text")
    return list(rows.values_list("text", "imported_likes", "item__day"))


def bring_in(client, activity, name, content):
    upload = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode(), "text/csv")
    form = client.post(address("questions:import", activity=activity.pk), {"file": upload}).context["form"]
    values = {name: form[name].value() for name in ("text", "likes", "day", "keep", "language", "content")}
    path = address("questions:import_columns", activity=activity.pk)
    return client.post(path, {name: "" if value is None else value for name, value in values.items()})


def test_the_column_with_the_day_can_be_chosen_or_left_out(world):
    lead, activity = world.client("lead"), world.activity(state="open")
    upload = SimpleUploadedFile("c.csv", CLAPER.encode(), "text/csv")
    page = lead.post(address("questions:import", activity=activity.pk), {"file": upload})
    assert page.context["form"]["day"].value() == 6
    assert "2 mars" in page.content.decode()
    form = page.context["form"]
    values = {"text": 3, "likes": "", "keep": "", "day": "", "language": "sv", "content": form["content"].value()}
    lead.post(address("questions:import_columns", activity=activity.pk), values)
    assert {day for _text, _likes, day in facts(activity)} == {DAY}
