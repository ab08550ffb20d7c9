"""Pages of a board: nothing leaves before the reveal, forms say what is wrong, files and papers hold what is shown."""

from __future__ import annotations

import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from samsyn.activities.board import actions, queries
from samsyn.activities.board.models import Card, CardGroup
from samsyn.activities.board.rules import Phase, layouts
from samsyn.activities.board.tests.boards import board
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.ids import encode_id, new_id
from samsyn.core.texts import LangText
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.playbooks import all_playbooks
from samsyn.thread.models import Receipt

SECRET = "Lönefilen hänger på en enda person."
PAGES = ("page", "paper", "paper_form", "export", "desk", "suggest", "type", "columns")


def path(name: str, made, **parts) -> str:
    return address(f"board:{name}", activity=made.activity.pk, **parts)


def every_answer(made, roles) -> str:
    """Everything that pages, files and the thread answer to these people."""
    item = made.cards[0].item_id
    thing = {"thing": made.cards[0].pk}
    paths = [path(name, made) for name in PAGES] + [
        path("export", made) + "?form=xlsx",
        path("page", made) + "?take-part",
    ]
    paths += [path("thing", made, **thing), path("promise", made, **thing), path("hide", made, card=made.cards[0].pk)]
    paths += [path(name, made, card=made.cards[0].pk) for name in ("merge", "judge")]
    paths += [address("home:item", item=item), address("home:programme", programme=made.activity.programme_id)]
    paths += [address("casestudy:page", programme=made.activity.programme_id), address("home:today")]
    found = ""
    for role in roles:
        client = made.world.client(role)
        for one in paths:
            answer = client.get(one)
            assert answer.status_code < 500, one
            body = answer.content
            found += _sheet(body) if body.startswith(b"PK") else body.decode()
    return found


def _sheet(content: bytes) -> str:
    rows = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row)


@pytest.mark.parametrize("level", ["named", "facilitators", "anonymous"])
def test_what_has_not_been_revealed_is_sent_to_nobody(world, level):
    made = board(world, SECRET, level=level)
    others = ("lead", "owner", "facilitator", "manager", "other")
    assert SECRET not in every_answer(made, others)
    made.go(Phase.READ)
    assert SECRET in every_answer(made, others[-1:])


def test_what_has_been_hidden_is_sent_to_those_who_lead_alone(world):
    made = board(world, SECRET, phase=Phase.READ)
    actions.hide(made.cards[0], reason=LangText(sv="Ett skäl"), by=made.lead)
    assert SECRET not in every_answer(made, ("manager", "other")), "who wrote it may read it among what she follows"
    assert SECRET in made.world.client("facilitator").get(path("desk", made)).content.decode()


def test_nobody_is_sent_who_wrote_what_where_only_facilitators_know(world):
    made = board(world, "Ett.", level="facilitators", phase=Phase.READ)
    name = world.person("staff").name
    for role, told in (("manager", False), ("owner", False), ("facilitator", True)):
        page = world.client(role).get(path("desk" if role != "manager" else "page", made)).content.decode()
        assert (f">{name} " in page) is told, role


def test_a_card_is_sent_from_a_form_and_found_by_its_words(world):
    made = board(world, level="anonymous", entry="audience")
    client = world.client("staff")
    page = client.get(path("page", made)).content.decode()
    key = re.search(r'name="post_key" value="([0-9a-f]{32})"', page)[1]
    sent = {"post_key": key, "column": made.columns[1].pk, "text": "Vi hinner inte lära oss."}
    answer = client.post(path("write", made), sent)
    assert answer.status_code == 200
    assert "Ditt kort har kommit fram" in answer.content.decode()
    assert len(answer.context["words"].split()) == 6
    assert answer["Cache-Control"] == "no-store"
    client.post(path("write", made), sent)
    assert Card.objects.get().column == made.columns[1]
    assert Receipt.objects.count() == 2, "the first answer got lost: both receipts hold"


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"text": ""}, 422, "Skriv något på kortet"),
        ({"text": "x" * 281}, 422, "för långt"),
        ({"column": ""}, 422, "Kolumn"),
        ({"column": "1"}, 422, "Kolumn"),
        ({"column": "å"}, 422, "Kolumn"),
        ({"post_key": "x"}, 422, "skadat"),
        ({"table": "999"}, 422, "30"),
        ({"table": "många"}, 422, "heltal"),
    ],
)
def test_a_form_says_what_is_wrong_and_keeps_what_was_written(world, change, status, words):
    made = board(world, settings={"tables": True})
    sent = {"post_key": draw_key(), "column": made.columns[0].pk, "text": "Mitt kort.", **change}
    answer = world.client("staff").post(path("write", made), sent)
    page = answer.content.decode()
    assert (answer.status_code, words in page) == (status, True)
    assert sent["text"][:20] in page
    assert not Card.objects.exists()


def test_a_card_that_came_too_late_is_given_back(world):
    made = board(world, "Ett.", phase=Phase.READ)
    sent = {"post_key": draw_key(), "column": made.columns[0].pk, "text": "Mitt sena kort."}
    answer = world.client("staff").post(path("write", made), sent)
    assert answer.status_code == 409
    assert "Mitt sena kort." in answer.content.decode()


def test_dots_are_placed_in_a_form_without_scripts(world):
    made = board(world, "Ett.", "Två.", level="anonymous", phase=Phase.VOTE)
    client = world.client()
    client.get(f"/j/{made.activity.code}")
    names = re.findall(r'<select name="(dots-\d+)"', client.get(path("page", made)).content.decode())
    assert len(names) == 2
    for many, said in ((4, "Ta tillbaka"), (2, "Dina prickar är lagda")):
        answer = client.post(path("vote", made), {names[0]: many}, follow=True)
        assert said in answer.content.decode()
    assert re.search(rf'{names[0]}".*?<option value="2" selected', answer.content.decode())


def test_a_board_is_led_from_the_desk(world):
    made = board(world, "Möten utan beslut.", "Möten om möten.", "Kaffet.")
    client = world.client("facilitator")
    assert "Visa korten" in client.get(path("desk", made)).content.decode()
    client.post(path("phase", made), {"phase": "read"})
    suggested = client.get(path("suggest", made)).content.decode()
    assert "2 av 3 kort (67 %)" in suggested
    assert suggested.index("Kaffet.") > suggested.index("inte med i något förslag")
    chosen = [card.pk for card in made.cards[:2]]
    answer = client.post(path("arrange", made), {"cards": chosen, "to": "new", "name": "Möten", "back": "suggest"})
    assert answer.url == path("suggest", made)
    group = CardGroup.objects.get()
    client.post(path("rename", made, cardgroup=group.pk), {"name_sv": "Mötena", "name_en": "Meetings"})
    client.post(path("arrange", made), {"cards": [made.cards[2].pk], "to": group.pk})
    assert {str(group.name) for group in CardGroup.objects.filter(cards__in=made.cards)} == {"Mötena"}
    client.post(path("merge", made, card=chosen[0]), {"into": chosen[1]})
    client.post(path("hide", made, card=chosen[1]), {"reason_sv": "Skäl"})
    assert "Skäl" in client.get(path("desk", made)).content.decode()
    client.post(path("restore", made, card=chosen[1]))
    assert Card.objects.get(pk=chosen[1]).state == "visible"
    day = made.activity.reply_by
    form = {"text_sv": "Vi slutar.", "owner": world.person("owner").pk, "due": day, "the_one": "on"}
    client.post(path("promise", made, thing=group.pk), form)
    assert "Vi slutar." in world.client("staff").get(path("page", made)).content.decode()


@pytest.mark.parametrize(
    "sent",
    [{}, {"to": "new"}, {"cards": "1", "to": "new", "name": "N"}, {"cards": "å", "to": "new"}, {"phase": "nowhere"}],
)
def test_what_the_desk_does_not_understand_is_said(world, sent):
    made = board(world, "Ett.", phase=Phase.READ)
    sent = {"cards": made.cards[0].pk, **sent} if sent == {"to": "new"} else sent
    name = "phase" if "phase" in sent else "arrange"
    answer = world.client("lead").post(path(name, made), sent, follow=True)
    assert 'class="notice bad"' in answer.content.decode()
    assert made.standing() == {(made.cards[0].pk, None, "visible")}


def test_cards_that_wait_or_are_elsewhere_have_no_page(world):
    made, other = board(world, "Ett."), board(world, "Två.", phase=Phase.GROUP)
    group, client = other.group(other.cards), world.client("lead")
    for one in (made.cards[0].pk, other.cards[0].pk, group.pk, new_id()):
        for name in ("hide", "merge", "judge"):
            assert client.get(path(name, made, card=one)).status_code == 404
        assert client.get(path("thing", made, thing=one)).status_code == 404
    assert client.get(path("hide", other, card=group.pk)).status_code == 404
    assert client.get(path("rename", other, cardgroup=other.cards[0].pk)).status_code == 404


def test_columns_are_changed_on_one_page(world):
    made, client = board(world), world.client("lead")
    page = client.get(path("columns", made))
    data = {field.html_name: field.value() or "" for form in page.context["formset"] for field in form}
    data = {name: value for name, value in data.items() if not isinstance(value, dict | LangText)}
    data |= {f"form-{n}-{field}_sv": f"{field} {n}" for n in range(3) for field in ("name", "hint")}
    data |= {
        "form-TOTAL_FORMS": 4,
        "form-INITIAL_FORMS": 4,
        "form-3-name_sv": "Ny",
        "form-3-place": 1,
        "form-0-place": 9,
    }
    data |= {"form-1-remove": "on"}
    assert client.post(path("columns", made), data).status_code == 302
    assert [str(column) for column in queries.columns(made.activity)] == ["Ny", "name 2", "name 0"]
    assert client.post(path("columns", made), {"form-TOTAL_FORMS": "x"}).status_code == 422
    client.post(path("columns", made), {"layout": "skills"})
    assert queries.columns(made.activity).count() == 4
    with pytest.raises(RefusedError, match="Välj en kolumn"):
        made.write("I en kolumn som är borta.")
    made.columns = list(queries.columns(made.activity))
    made.write("Ett.")
    answer = client.post(path("columns", made), {"layout": "today"}, follow=True)
    assert "Det finns kort på tavlan" in answer.content.decode()


def test_files_hold_what_is_shown(world):
    made = board(world, "=1+1", "Två.", phase=Phase.GROUP)
    made.group(made.cards[:1], LangText(sv="Räknat"))
    rows = world.client("owner").get(path("export", made)).content.decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert any(row.startswith("Det här fungerar;Räknat;'=1+1;") for row in rows)
    assert "Två." in _sheet(world.client("owner").get(path("export", made) + "?form=xlsx").content)
    assert world.client("owner").get(path("export", made) + "?form=exe").status_code == 404


def test_the_paper_form_has_the_columns_and_the_way_in(world):
    made = board(world, SECRET, level="anonymous")
    page = world.client("lead").get(path("paper_form", made)).content.decode()
    assert SECRET not in page
    for column in made.columns:
        assert str(column.name) in page
    assert f"{made.activity.code[:3]} {made.activity.code[3:]}" in page


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("role", ["lead", "staff"])
def test_pages_cost_the_same_however_many_cards(world, phase, role):
    costs = []
    for size in (2, 25):
        made = board(world, *(f"Kort {number}." for number in range(size)), phase=Phase.READ)
        if phase != Phase.WRITE:
            made.group(made.cards[:2])
        made.go(phase)
        client, name = world.client(role), "desk" if role == "lead" else "page"
        client.get(path(name, made))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path(name, made)).status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 20


def test_every_board_to_begin_from_is_whole():
    for key, layout in layouts().items():
        assert set(layout["name"]) == set(layout["about"]) == {"sv", "en"}, key
        assert 1 <= len(layout["columns"]) <= 4
        for column in layout["columns"]:
            assert set(column["name"]) == {"sv", "en"}
    for step in (step for playbook in all_playbooks() for step in playbook.steps() if step.kind == "board"):
        assert step.settings["layout"] in layouts(), step.key


def test_a_copy_has_the_columns_and_no_card(world):
    from samsyn.programmes.actions import copy_activity

    made = board(world, "Ett.", phase=Phase.READ)
    wanted = {"name": LangText(sv="En"), "hint": LangText(), "tries": True}
    actions.arrange_columns(made.activity, [(made.columns[0].pk, wanted)], by=made.lead)
    copy = copy_activity(made.activity, by=made.lead)
    assert [(str(one), one.tries) for one in queries.columns(copy)] == [("En", True)]
    assert queries.board_of(copy).phase == Phase.WRITE
    assert encode_id(copy.pk)
    assert all_kinds()["board"].refusal_to_delete(copy) is None


def test_columns_that_did_not_come_whole_are_refused_in_words_alone(world):
    made = board(world)
    answer = world.client("lead").post(path("columns", made), {"of-another-form": "1"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Formuläret kom inte fram helt" in shown
    assert "TOTAL_FORMS)" not in shown
