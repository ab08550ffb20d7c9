"""The result: worked out at close, for those who answer first, for all when published; nobody's votes in it."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile

import pytest

from samsyn.activities.dialogue import actions, queries
from samsyn.activities.dialogue.models import Result, Statement, Vote
from samsyn.algorithms.opinion_map.polis_files import read_conversation
from samsyn.core import sheets
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.jobs.models import Job
from samsyn.jobs.running import run_waiting
from samsyn.programmes import actions as programmes
from samsyn.programmes import contributing
from samsyn.programmes.browsers import draw_key

REPLY = programmes.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)


def fill(world, activity, *, people=60, statements=10, seed=1):
    """Two camps that answer half of the statements apart, and the other half alike."""
    texts = [f"Påstående nummer {number} om arbetet." for number in range(statements)]
    actions.seed(activity, texts, language="sv", by=world.person("lead"))
    ids = list(queries.visible_statements(activity).values_list("pk", flat=True))
    chance = random.Random(seed)
    for number in range(people):
        side = 1 if number % 2 else -1
        stands = {}
        for place, pk in enumerate(ids):
            leaning = side if place % 2 else 1
            stands[pk] = (leaning if chance.random() < 0.9 else -leaning, False)
        actions.cast_ballot(activity, stands, key=draw_key(), person=None)


@pytest.fixture
def talk(world):
    activity = world.activity(kind="dialogue", state="open", level="anonymous", entry="code")
    fill(world, activity)
    return activity


def close(world, activity):
    programmes.close_activity(activity, by=world.person("lead"))
    run_waiting()
    activity.refresh_from_db()


def publish(world, activity):
    programmes.publish_activity(activity, REPLY, signed_by=world.person("owner"), by=world.person("lead"))


def test_it_is_worked_out_by_a_job_at_close_and_the_same_every_time(world, talk):
    close(world, talk)
    assert Job.objects.get().state == "done"
    first = Result.objects.get().data
    assert first["people"] == 60
    assert first["axes"] >= 1
    assert len(first["groups"]) == 2
    assert all(row["participants"] >= 5 for row in first["groups"])
    assert actions.make_result(talk).data == first


def test_nobodys_votes_or_keys_are_in_it(world, talk):
    close(world, talk)
    kept = json.dumps(Result.objects.get().data)
    for key in Vote.objects.values_list("key", flat=True)[:20]:
        assert key not in kept
    assert all(circle[2] >= 5 for circle in Result.objects.get().data["circles"])


def test_too_few_are_told_as_too_few(world):
    activity = world.activity(kind="dialogue", state="open", level="anonymous", entry="code")
    fill(world, activity, people=4)
    close(world, activity)
    assert Result.objects.get().data["few"]
    page = world.client("lead").get(address("dialogue:result", activity=activity.pk)).content.decode()
    assert "För få för att säga något" in page


def test_a_statement_with_four_votes_shows_no_share(world, talk):
    actions.seed(talk, ["Sent påstående."], language="sv", by=world.person("lead"))
    late = Statement.objects.get(text="Sent påstående.")
    for _ in range(4):
        actions.vote(late, key=draw_key(), person=None, value=1)
    close(world, talk)
    line = next(line for line in queries.Outcome(Result.objects.get()).lines() if line.statement == late)
    assert (line.votes, line.agree) == (0, 0)


@pytest.mark.parametrize(
    ("role", "closed", "published"), [("lead", 200, 200), ("owner", 200, 200), ("staff", 302, 200)]
)
def test_who_sees_it_when(world, talk, role, closed, published):
    path = address("dialogue:result", activity=talk.pk)
    assert world.client("lead").get(path).status_code == 302, "not while it is open"
    close(world, talk)
    assert world.client(role).get(path).status_code == closed
    programmes.publish_activity(talk, REPLY, signed_by=world.person("owner"), by=world.person("lead"))
    page = world.client(role).get(path)
    assert page.status_code == published
    assert "Vi hörde" in page.content.decode()


def test_only_the_voter_sees_where_they_would_stand(world, talk):
    client = world.client()
    client.get(f"/j/{talk.code}")
    for statement in queries.visible_statements(talk)[:8]:
        client.post(address("dialogue:vote", activity=talk.pk, statement=statement.pk), {"value": "1"})
    close(world, talk)
    programmes.publish_activity(talk, REPLY, signed_by=world.person("owner"), by=world.person("lead"))
    path = address("dialogue:result", activity=talk.pk)
    page = client.get(path).content.decode()
    assert "Du, ungefär här" in page
    across = float(re.search(r'<ellipse [^>]*rx="([\d.]+)"', page)[1])
    assert across > 5, "and how far off that may be"
    assert float(re.search(r'<ellipse [^>]*ry="([\d.]+)"', page)[1]) > 9, "seen around the dot, also on a single line"
    assert "Du, ungefär här" not in world.client("staff").get(path).content.decode()


def test_it_leaves_as_files_in_sums(world, talk):
    close(world, talk)
    lead, path = world.client("lead"), address("dialogue:export", activity=talk.pk)
    rows = sheets.read_rows(lead.get(f"{path}?form=csv").content)
    assert rows == sheets.read_rows(lead.get(f"{path}?form=xlsx").content)
    assert len(rows) == 11
    told = json.loads(lead.get(f"{path}?form=json").content)
    assert told["people"] == 60
    assert "model" not in told
    assert lead.get(f"{path}?form=zip").status_code == 404, "rows leave only where names are known or data is imported"
    assert world.client("staff").get(path).status_code == 403


def test_where_names_are_known_the_rows_leave_with_fresh_numbers(world):
    activity = world.activity(kind="dialogue", state="open", level="named")
    actions.seed(activity, ["Ett.", "Två."], language="sv", by=world.person("lead"))
    for name, value in (("staff", 1), ("other", -1)):
        for statement in queries.visible_statements(activity):
            actions.vote(statement, key=f"p{name}", person=world.person(name), value=value)
    close(world, activity)
    packed = world.client("lead").get(address("dialogue:export", activity=activity.pk) + "?form=zip")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as files:
        content = {name: files.read(name) for name in files.namelist()}
    back = read_conversation(content)
    assert (len(back.participants), len(back.statements), len(back.votes)) == (2, 2, 4)
    for name in ("staff", "other", "Staff", "Other"):
        assert name.encode() not in b"".join(content.values())


WAYS_OUT = ("result", "statements", "export?form=csv", "export?form=json", "export?form=xlsx")


def everything_told(world, activity) -> str:
    """All that a lead can read or take away of a result, in one text."""
    lead, found = world.client("lead"), []
    for way in WAYS_OUT:
        name, _sep, query = way.partition("?")
        answer = lead.get(address(f"dialogue:{name}", activity=activity.pk) + f"?{query}")
        found.append(str(sheets.read_rows(answer.content)) if "xlsx" in way else answer.content.decode())
    found.append(lead.get(address("casestudy:page", programme=world.programme.pk)).content.decode())
    return "\n".join(found)


def test_what_is_hidden_after_the_close_is_gone_from_everywhere_and_its_place_says_why(world, talk):
    close(world, talk)
    publish(world, talk)
    for statement in Statement.objects.select_related("activity__programme", "item")[:7]:
        text = statement.text
        assert text in everything_told(world, talk)
        contributing.hide(statement, reason=LangText(sv="Det pekar ut någon"), by=world.person("lead"))
        told = everything_told(world, talk)
        assert text not in told
    for way in WAYS_OUT[:3]:
        page = world.client("lead").get(address("dialogue:" + way.split("?")[0], activity=talk.pk))
        assert "Dolt: Det pekar ut någon" in page.content.decode()
    run_waiting()
    actions.make_result(talk)
    assert len(Result.objects.get().data["names"]) == 10, "working it out again leaves their places"
    back = Statement.objects.select_related("activity__programme", "item").filter(state="hidden").first()
    actions.let_in(back, by=world.person("lead"))
    run_waiting()
    assert back.text in everything_told(world, talk)


def test_what_is_joined_after_the_close_is_counted_with_what_it_was_joined_with(world, talk):
    one, other = Statement.objects.select_related("activity__programme", "item", "merged_into")[:2]
    late = [f"{number:032x}" for number in range(5)]
    for key in late:
        actions.cast_ballot(talk, {one.pk: (1, False)}, key=key, person=None)
    close(world, talk)
    before = {line.statement.pk: line.votes for line in queries.Outcome(Result.objects.get()).lines()}
    assert (before[one.pk], before[other.pk]) == (65, 60)
    actions.merge(one, into=other, by=world.person("lead"))
    waiting = {line.statement.pk: str(line.words) for line in queries.Outcome(Result.objects.get()).lines()}
    assert waiting[one.pk].startswith("Sammanslaget"), "until it has been worked out again"
    run_waiting()
    after = {line.statement.pk: line.votes for line in queries.Outcome(Result.objects.get()).lines()}
    assert after[other.pk] == 65
    assert one.pk not in after
    assert one.text not in everything_told(world, talk)


def three_groups(world, talk, *, left_out=3):
    """Two groups, and a few people who have answered too little to be in one."""
    ids = list(queries.visible_statements(talk).values_list("pk", flat=True))
    for number in range(left_out):
        stands = dict.fromkeys(ids[:3], (1, False))
        actions.cast_ballot(talk, stands, key=f"{number:032x}", person=None)


@pytest.mark.parametrize("left_out", [1, 3, 4, 5])
def test_no_subtraction_leaves_fewer_than_five(world, talk, left_out):
    three_groups(world, talk, left_out=left_out)
    close(world, talk)
    told = json.loads(world.client("lead").get(address("dialogue:export", activity=talk.pk) + "?form=json").content)
    for data in (Result.objects.get().data, told):
        assert data["groups"]
        for place, whole in enumerate(data["counts"]):
            own = [group[place] for group in data["per_group"]]
            known = [sum(row) for row in own if row is not None]
            assert whole is None or sum(whole[:3]) >= 5
            assert all(number >= 5 for number in known)
            left = sum(whole[:3]) - sum(known) if whole else 0
            assert left == 0 or left >= 5, f"{whole} less {own} leaves {left}"
        names = list(data.get("names") or data["statements"])
        for mark in data["representative"]:
            number = [row["label"] for row in data["groups"]].index(mark["group"])
            assert data["per_group"][number][names.index(mark["statement"])] is not None


def test_where_names_are_known_three_people_are_told_exactly(world):
    activity = world.activity(kind="dialogue", state="open", level="named")
    actions.seed(activity, ["Ett.", "Två."], language="sv", by=world.person("lead"))
    for name, value in (("staff", 1), ("other", -1), ("manager", 1)):
        for statement in queries.visible_statements(activity).select_related("activity__programme", "merged_into"):
            actions.vote(statement, key=f"p{name}", person=world.person(name), value=value, important=value > 0)
    close(world, activity)
    lines = queries.Outcome(Result.objects.get()).lines()
    assert [(line.votes, line.agree, line.disagree, line.important) for line in lines] == [(3, 67, 33, 2)] * 2
    page = world.client("lead").get(address("dialogue:result", activity=activity.pk)).content.decode()
    assert "3 personer gav 6 svar" in page
    assert "fem personer" not in page.replace("minst fem personer", "")


def test_every_figure_carries_how_many_and_how_sure(world, talk):
    actions.seed(talk, ["Sent påstående."], language="sv", by=world.person("lead"))
    late = Statement.objects.select_related("activity__programme", "item", "merged_into").get(text="Sent påstående.")
    for _ in range(7):
        actions.vote(late, key=draw_key(), person=None, value=1)
    close(world, talk)
    page = world.client("lead").get(address("dialogue:result", activity=talk.pk)).content.decode()
    assert 'Sent påstående.</span> <span class="quiet nowrap">5 svar' in page
    assert re.search(
        r"\d+\s% av \d+ håller (inte )?med \(\d+–\d+\)\. Av de \d+ andra gör \d+\s% det \(\d+–\d+\)\.", page
    )
    assert re.search(r"hade troligen \d+ till \d+\s% hållit med, och \d+ till \d+\s% inte", page), "both ways"
    order = ["agree", "divides", "few", "groups", "map-said"]
    places = [page.index(f'id="{name}"') for name in order]
    assert places == sorted(places), "words first, what few have seen, then the map, then the map in words"
    rows = sheets.read_rows(
        world.client("lead").get(address("dialogue:export", activity=talk.pk) + "?form=csv").content
    )
    assert re.fullmatch(r"\d+–\d+", rows[1][3])
    table = world.client("lead").get(address("dialogue:statements", activity=talk.pk)).content.decode()
    assert re.search(r'<td class="number">\d+<br><span class="quiet nowrap">\d+–\d+</span></td>', table)


def test_the_map_in_words_says_who_stands_where_and_who_does_not(world, talk):
    three_groups(world, talk, left_out=6)
    close(world, talk)
    outcome = queries.Outcome(Result.objects.get())
    stand = sum(people for _name, row in outcome.thirds() for people in row)
    assert (stand, outcome.not_placed()) == (60, 6)
    low, high = outcome.ends()[0]
    assert low or high
    page = world.client("lead").get(address("dialogue:result", activity=talk.pk)).content.decode()
    assert "6 personer har svarat på för lite för att få en plats" in page
    assert "Hur många står var" in page
    assert re.search(r"Grupp A: till (vänster|höger), (överst|i mitten|nederst)", page)


def test_all_that_was_found_is_on_the_page_with_what_most_say_of_it_first(world):
    """Five of each list stand open, the others behind how many they are; what most reject is told so in words."""
    activity = world.activity(kind="dialogue", state="open", level="anonymous", entry="code")
    actions.seed(activity, [f"Påstående {number}." for number in range(10)], language="sv", by=world.person("lead"))
    ids = list(queries.visible_statements(activity).values_list("pk", flat=True))
    for _ in range(30):
        stands = {pk: (-1 if pk == ids[0] else 1, False) for pk in ids}
        actions.cast_ballot(activity, stands, key=draw_key(), person=None)
    close(world, activity)
    page = world.client("lead").get(address("dialogue:result", activity=activity.pk)).content.decode()
    assert len(queries.Outcome(Result.objects.get()).found("consensus")) == 10
    assert page.count("De flesta håller med:") == 9
    assert page.count("De flesta håller inte med:") == 1
    assert "<summary>5 till" in page
