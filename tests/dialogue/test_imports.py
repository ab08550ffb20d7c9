"""A dialogue from elsewhere: marked first, brought in by steps that can be cut off anywhere, told whence it comes."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile as File
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samsyn.activities.dialogue import actions, queries
from samsyn.activities.dialogue.models import Import, Statement, Vote
from samsyn.algorithms.opinion_map.polis_files import read_conversation
from samsyn.core import sheets
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.texts import LangText
from samsyn.jobs.models import Job
from samsyn.jobs.progress import Unheard
from samsyn.jobs.running import run_waiting
from samsyn.programmes import actions as programmes
from samsyn.programmes import contributing
from samsyn.programmes.browsers import draw_key
from samsyn.thread.models import Item
from tests.sampling import examples

ORIGIN = {"source": "Pol.is, Nya Zeeland 2019", "licence": "CC BY 4.0", "attribution": "Scoop och PEP"}


@pytest.fixture
def talk(world):
    return world.activity(kind="dialogue", state="open", level="anonymous", entry="code")


def export(statements=70, people=60, *, text="Påstående nummer {n}.") -> dict[str, bytes]:
    comments = ["comment-id,moderated,comment-body"]
    comments += [f"{n},{-1 if n == 1 else 1},{text.format(n=n)}" for n in range(statements)]
    votes = ["timestamp,comment-id,voter-id,vote"]
    votes += [f"{p},{n},{p},{(p + n) % 3 - 1}" for p in range(people) for n in range(statements)]
    votes.append(f"{people + 1},0,0,1")
    return {"comments.csv": "\n".join(comments).encode(), "votes.csv": "\n".join(votes).encode()}


def send(world, talk, files, **more):
    path = address("dialogue:import", activity=talk.pk)
    uploads = [File(name, content) for name, content in files.items()]
    return world.client("lead").post(path, {"export": uploads, "language": "sv", **ORIGIN, **more})


class Cut(Unheard):
    """Pulls the plug at one of the steps."""

    def __init__(self, at: int) -> None:
        self.left = at

    def step(self, done, total, message="") -> None:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt


def stage(world, talk, monkeypatch, **more):
    """An import that has begun and not come to its first step."""
    monkeypatch.setattr(actions, "_SMALL", 0)
    return actions.bring_in(talk, read_conversation(export(**more)), ORIGIN, language="sv", by=world.person("lead"))


def test_cut_off_anywhere_it_comes_to_the_same_end_when_it_goes_on(world, talk, monkeypatch):
    staged = stage(world, talk, monkeypatch, statements=60, people=30)
    for at in range(6):
        with pytest.raises(KeyboardInterrupt):
            actions.bring_all_in(Cut(at), staged=staged.pk)
        assert Import.objects.exists()
    actions.bring_all_in(Unheard(), staged=staged.pk)
    assert not Import.objects.exists()
    assert (Statement.objects.count(), Vote.objects.count()) == (60, 1800)
    assert Vote.objects.values("key").distinct().count() == 30
    one = Statement.objects.get(foreign_id="5")
    assert one.agree + one.neither + one.disagree == one.votes.count() == 30
    assert actions.bring_all_in(Unheard(), staged=staged.pk) == {}, "a second worker finds nothing to do"


def test_nobody_votes_or_writes_in_what_is_only_half_there(world, talk, monkeypatch):
    staged = stage(world, talk, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        actions.bring_all_in(Cut(1), staged=staged.pk)
    half = queries.visible_statements(talk).select_related("activity__programme", "merged_into").first()
    with pytest.raises(RefusedError):
        actions.vote(half, key=draw_key(), person=None, value=1)
    with pytest.raises(RefusedError):
        actions.add_statement(talk, text="Mitt.", language="sv", post_key=draw_key(), author=None)
    with pytest.raises(RefusedError):
        programmes.close_activity(talk, by=world.person("lead"))
    client = world.client()
    client.get(f"/j/{talk.code}")
    assert client.get(address("dialogue:page", activity=talk.pk)).context.get("turn") is None


def test_much_is_brought_in_by_a_job_that_can_be_cancelled_gone_on_with_and_given_up(world, talk, monkeypatch):
    monkeypatch.setattr(actions, "_SMALL", 0)
    sent = send(world, talk, export())
    job = Job.objects.get()
    assert sent["Location"] == address("jobs:job", job=job.pk)
    Job.objects.update(state="cancelled")
    lead, desk = world.client("lead"), address("dialogue:desk", activity=talk.pk)
    assert "Alla påståenden är inte här än" in lead.get(desk).content.decode()
    unfinished = address("dialogue:unfinished", activity=talk.pk)
    assert lead.post(unfinished)["Location"] != sent["Location"], "a new job goes on"
    lead.post(unfinished, {"give_up": "1"})
    assert Import.objects.exists(), "not while it waits or runs"
    Job.objects.update(state="cancelled")
    lead.post(unfinished, {"give_up": "1"})
    talk.refresh_from_db()
    assert not Statement.objects.exists()
    assert not Item.objects.filter(activity_id=talk.pk).exists()
    assert "imported" not in talk.settings
    send(world, talk, export())
    run_waiting()
    assert Vote.objects.count() == 4200
    assert "Pol.is, Nya Zeeland 2019, CC BY 4.0, Scoop och PEP" in lead.get(desk).content.decode()


def test_it_says_where_it_comes_from_wherever_it_is_shown(world, talk):
    send(world, talk, export(statements=12))
    talk.refresh_from_db()
    programmes.close_activity(talk, by=world.person("lead"))
    run_waiting()
    lead = world.client("lead")
    reply = programmes.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)
    programmes.publish_activity(talk, reply, signed_by=world.person("owner"), by=world.person("lead"))
    told = "CC BY 4.0"
    assert told in lead.get(address("dialogue:result", activity=talk.pk)).content.decode()
    assert told in lead.get(address("dialogue:statements", activity=talk.pk)).content.decode()
    path = address("dialogue:export", activity=talk.pk)
    assert told in json.loads(lead.get(f"{path}?form=json").content)["origin"]
    for form in ("csv", "xlsx"):
        assert told in str(sheets.read_rows(lead.get(f"{path}?form={form}").content))
    assert told in lead.get(address("casestudy:page", programme=world.programme.pk)).content.decode()
    lead.post(address("dialogue:origin", activity=talk.pk), {"source": "En annan", "licence": "CC0", "attribution": ""})
    assert "En annan, CC0" in lead.get(address("dialogue:result", activity=talk.pk)).content.decode()


def test_rows_that_were_doubled_or_of_unknown_statements_are_told_and_show_nothing(world, talk):
    files = export(statements=6, people=8)
    files["votes.csv"] += b"\n9,77,0,1\n9,77,1,1\n9,77,2,1\n9,77,3,1\n9,77,4,1"
    send(world, talk, files)
    page = world.client("lead").get(address("dialogue:desk", activity=talk.pk)).content.decode()
    assert "1 påstående hade röster men ingen text" in page
    assert "1 rad var en röst som samma person ändrade senare" in page
    unknown = Statement.objects.get(foreign_id="77")
    assert (unknown.state, unknown.item.visibility) == ("hidden", "facilitators")
    assert unknown.votes.count() == 5, "nothing is lost"


@pytest.mark.parametrize("fault", ["long text", "long id"])
def test_what_does_not_fit_is_told_and_nothing_comes_in(world, talk, fault):
    files = export(statements=3, text=("x" * 1001 if fault == "long text" else "Ett {n}."))
    if fault == "long id":
        nine = b"9" * 41
        files["comments.csv"], files["votes.csv"] = (
            b"comment-id,comment-body\n" + nine + b",Ett\n",
            b"comment-id,voter-id,vote\n" + nine + b",1,1\n",
        )
    answer = send(world, talk, files)
    assert answer.status_code == 422
    assert {"long text": "Högst 1000", "long id": "Högst 40"}[fault] in answer.content.decode()
    talk.refresh_from_db()
    assert not talk.settings.get("imported")
    assert not Statement.objects.exists()


def test_what_samsyn_packs_comes_back_whole_and_without_hidden_words(world, talk):
    send(world, talk, export(statements=8))
    talk.refresh_from_db()
    hidden = Statement.objects.select_related("activity__programme", "item").get(foreign_id="3")
    contributing.hide(hidden, reason=LangText(sv="Det pekar ut någon."), by=world.person("lead"))
    programmes.close_activity(talk, by=world.person("lead"))
    run_waiting()
    packed = world.client("lead").get(address("dialogue:export", activity=talk.pk) + "?form=zip").content
    with zipfile.ZipFile(io.BytesIO(packed)) as pack:
        content = {name: pack.read(name).decode() for name in pack.namelist()}
    names = {"comments.csv", "votes.csv", "participants-votes.csv", "summary.csv", "stats-history.csv", "ORIGIN.txt"}
    assert set(content) == names
    assert "nummer 3." not in str(content)
    assert "nummer 1." not in str(content), "what was removed where it came from"
    assert "voters,60" in content["summary.csv"]
    assert ORIGIN["attribution"] in content["ORIGIN.txt"]
    other = world.activity(kind="dialogue", state="open", level="anonymous", entry="code")
    assert send(world, other, {"dialog.zip": packed}).status_code == 302
    assert Statement.objects.filter(activity=other, state="visible").count() == 6
    assert Vote.objects.filter(statement__activity=other).count() == 480


def test_the_whole_folder_may_be_chosen_and_files_may_have_longer_names(world, talk):
    files = {f"2026-11-01-{name}": content for name, content in export(statements=6).items()}
    files["2026-11-01-summary.csv"] = b"topic,Natur\n"
    files["LICENCE-NOTE.md"] = b"CC BY 4.0"
    assert send(world, talk, files).status_code == 302
    assert Statement.objects.count() == 6


def test_a_damaged_pack_is_told(world, talk):
    answer = send(world, talk, {"dialog.zip": b"PK\x03\x04 not a pack"})
    assert answer.status_code == 422
    assert "ZIP-filen är skadad" in answer.content.decode()


CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=60)


@pytest.mark.sampled
@settings(max_examples=examples(24), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELL, CELL, st.sampled_from(["1", "0", "-1"])), min_size=1, max_size=8))
def test_any_ids_and_words_come_in_or_are_refused_in_words(world, rows):
    activity = world.activity(kind="dialogue", state="open", level="anonymous", entry="code")
    heading = ["comment-id", "voter-id", "vote", "comment-body"]
    out = sheets.write_plain([heading, *[[*row, row[0]] for row in rows]]).replace(";", ",")
    answer = send(world, activity, {"comments.csv": out.encode(), "votes.csv": out.encode()})
    if answer.status_code == 302:
        assert Statement.objects.filter(activity=activity).exists()
    else:
        assert answer.status_code == 422
        assert 'class="field-error"' in answer.content.decode()
    assert connection.is_usable()
