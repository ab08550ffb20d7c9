"""Lists with a thousand rows: a page of them costs what a page costs, and every row can be found."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.activities.dialogue.models import Statement
from samsyn.activities.questions import actions
from samsyn.activities.questions.models import Question
from samsyn.core.addresses import address
from samsyn.core.ids import new_id
from samsyn.core.texts import LangText
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.kinds import kind_of
from samsyn.thread.models import Item
from tests.fixtures import DAY, World

MANY = 1_000
MOST_BYTES = 130_000
MOST_QUERIES = 20
SUBJECTS = ("mötena", "lönen", "verktygen", "lokalerna", "cheferna", "schemat", "utbildningen")


def fill(world: World, activity, model, number: int, **values) -> list:
    """Contributed texts and their items, as they stand after a long season."""
    noun = f"{activity.kind}.{model._meta.model_name}"
    items, rows = [], []
    for n in range(number):
        text = f"Varför är {SUBJECTS[n % len(SUBJECTS)]} så här i avdelning {n}, och vem bestämmer om det?"
        item = Item(
            id=new_id(), organisation=world.organisation, programme_id=world.programme.pk, activity_id=activity.pk,
            kind=noun, visibility="audience", level=activity.level, title=LangText(sv=text), day=DAY,
        )  # fmt: skip
        items.append(item)
        rows.append(
            model(
                organisation=world.organisation, item=item, activity=activity, post_key=draw_key(), text=text,
                language="sv", **values,
            )
        )  # fmt: skip
    Item.objects.bulk_create(items, batch_size=500)
    model.objects.bulk_create(rows, batch_size=500)
    return rows


def measure(client, path: str) -> tuple[int, int, str]:
    """(queries, bytes, the page)."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200
    return len(captured), len(response.content), response.content.decode()


def check(client, path: str) -> str:
    queries, size, page = measure(client, path)
    assert queries <= MOST_QUERIES
    assert size <= MOST_BYTES
    return page


@pytest.fixture
def asked(world):
    activity = world.activity(state="open")
    return activity, fill(world, activity, Question, MANY)


@pytest.fixture
def stated(world):
    activity = world.activity("dialogue", state="open", level="named")
    return activity, fill(world, activity, Statement, MANY)


def test_question_time_shows_fifty_at_a_time(world, asked):
    activity, _rows = asked
    page = check(world.client("staff"), address("questions:page", activity=activity.pk))
    assert len(re.findall(r'id="q\d+"', page)) == 50
    assert "1 000 frågor" in page.replace("\xa0", " ").replace("\u202f", " ")


def test_a_question_is_found_on_its_page_wherever_it_stands(world, asked):
    activity, rows = asked
    client = world.client("staff")
    last = max(rows, key=lambda row: row.pk)  # equally liked: by their ids
    path = kind_of(activity).item_address(last.item)
    assert f'id="q{last.pk}"' in check(client, path)
    where, _, anchor = path.partition("#")
    assert anchor == f"q{last.pk}"
    assert 'rel="next"' not in client.get(where).content.decode()
    assert f'id="q{last.pk}"' not in client.get(where + "&page=1").content.decode()


def test_whoever_agrees_without_scripts_comes_back_to_the_question(world, asked):
    activity, rows = asked
    last = max(rows, key=lambda row: row.pk)
    client = world.client("staff")
    path = address("questions:like", activity=activity.pk, question=last.pk)
    answer = client.post(path, {"on": "1"})
    assert f'id="q{last.pk}"' in client.get(answer["Location"].partition("#")[0]).content.decode()


@pytest.mark.parametrize("kind", ["questions", "dialogue"])
def test_the_desk_shows_fifty_at_a_time_and_leads_back_to_where_one_was(world, kind, request):
    activity, _rows = request.getfixturevalue("asked" if kind == "questions" else "stated")
    client = world.client("lead")
    show = "unanswered" if kind == "questions" else "visible"
    page = check(client, address(f"{kind}:desk", activity=activity.pk) + f"?show={show}&page=3")
    assert len(re.findall(r'<li class="row" id="', page)) == 50
    hide = re.search(r'href="([^"]*/hide/[^"]*)"', page)[1].replace("&amp;", "&")
    asking = client.get(hide).content.decode()
    assert f"?show={show}&amp;page=3" in asking, "cancelling leads back"
    done = client.post(hide, {"reason_sv": "Hör inte hit", "reason_en": ""})
    assert done["Location"].endswith(f"?show={show}&page=3")


@pytest.mark.parametrize("kind", ["questions", "dialogue"])
def test_joining_offers_what_is_alike_and_finds_the_rest_by_a_word(world, kind, request):
    activity, rows = request.getfixturevalue("asked" if kind == "questions" else "stated")
    client, one = world.client("lead"), rows[8]
    row = "question" if kind == "questions" else "statement"
    path = address(f"{kind}:merge", activity=activity.pk, **{row: one.pk})
    page = check(client, path)
    offered = re.findall(r'<input type="radio" name="into" value="(\d+)"', page)
    assert 3 <= len(offered) <= 20
    assert {SUBJECTS[1] in other.text for other in rows if str(other.pk) in offered[:3]} == {True}
    assert str(one.pk) not in offered
    found = check(client, path + "?find=LOKALERNA+997")
    assert re.findall(r'<input type="radio" name="into" value="(\d+)"', found) == [str(rows[997].pk)]
    assert "finns inte" not in found
    nothing = check(client, path + "?find=gräddtårta")
    assert 'name="into"' not in nothing
    far = rows[500]
    assert client.post(path, {"into": far.pk}).status_code == 302, "whatever is visible can be chosen"
    one.refresh_from_db()
    assert one.merged_into_id == far.pk


def test_the_desk_of_what_is_hidden_or_joined_is_as_short(world, asked):
    activity, rows = asked
    Question.objects.filter(pk__in=[row.pk for row in rows[1:]]).update(state="merged", merged_into=rows[0])
    check(world.client("lead"), address("questions:desk", activity=activity.pk) + "?show=away")


def test_asking_again_still_shows_the_first_page(world, asked):
    activity, _rows = asked
    actions.star(Question.objects.select_related("item", "activity__programme").filter(activity=activity).first(),
                 on=True, by=world.person("lead"))  # fmt: skip
    answer = world.client("staff").post(address("questions:ask", activity=activity.pk), {"text": ""})
    assert answer.status_code == 422
    assert len(answer.content) <= MOST_BYTES
