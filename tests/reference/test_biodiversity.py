"""A real conversation of 536 people, brought in from its files, closed, answered, and read by everyone who may."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile as File

from samsyn.activities.dialogue.models import Result, Statement, Vote
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.jobs.running import run_waiting
from samsyn.programmes import actions as programmes
from samsyn.thread.models import Reply


@pytest.fixture
def folder(dialogues: Path) -> Path:
    return dialogues / "medium-biodiversity"


FILES = ("comments.csv", "votes.csv", "participants-votes.csv", "summary.csv", "stats-history.csv", "LICENCE-NOTE.md")
ORIGIN = {
    "source": "Scoop HiveMind: Protecting and Restoring NZ's Biodiversity, 2019",
    "licence": "CC BY 4.0",
    "attribution": "The Computational Democracy Project",
}


def test_from_the_files_to_the_case_study(world, folder):
    activity = world.activity(kind="dialogue", state="open", level="anonymous", entry="code")
    lead = world.client("lead")
    path = address("dialogue:import", activity=activity.pk)

    def send():
        files = [(folder / name).open("rb") for name in FILES]
        return lead.post(path, {"export": files, "language": "en", **ORIGIN})

    sent = send()
    assert sent.status_code == 302, "all of the folder at once"
    activity.refresh_from_db()
    assert activity.settings["imported"], "marked before anything has come in"
    assert not Vote.objects.exists()
    run_waiting()
    assert Vote.objects.count() == 29_719
    assert Statement.objects.filter(state="hidden").count() == 162
    assert Statement.objects.filter(state="visible", foreign_id="").count() == 0
    assert send().status_code == 422, "not twice into the same dialogue"
    desk = lead.get(address("dialogue:desk", activity=activity.pk)).content.decode()
    assert "CC BY 4.0" in desk

    voter = world.client("staff")
    statement = Statement.objects.filter(state="visible").first()
    voter.post(address("dialogue:vote", activity=activity.pk, statement=statement.pk), {"value": "1"})
    assert Vote.objects.count() == 29_719, "nobody votes in what was brought in"

    programmes.close_activity(activity, by=world.person("lead"))
    run_waiting()
    data = Result.objects.get().data
    assert (data["people"], data["axes"], data["groups"]) == (529, 2, [])
    assert data["consensus"]
    assert data["divisive"]
    result = address("dialogue:result", activity=activity.pk)
    assert world.client("staff").get(result).status_code == 302, "not before it is published"
    assert world.client("owner").get(result).status_code == 200, "who answers it reads it first"
    said = programmes.OurReply(LangText(sv="Vi hörde er."), LangText(sv="Vi planterar."), LangText(), None)
    programmes.publish_activity(activity, said, signed_by=world.person("owner"), by=world.person("lead"))
    assert Reply.objects.get().day

    for role, files in (("staff", 403), ("owner", 404), ("lead", 200)):
        client = world.client(role)
        page = client.get(result).content.decode()
        assert "Vi hörde er." in page
        assert "Inga grupper hittades" in page
        assert "inlästa från annat håll" in page
        assert "CC BY 4.0" in page
        assert "529 personer" in page
        assert client.get(address("dialogue:statements", activity=activity.pk)).status_code == 200
        assert client.get(address("dialogue:export", activity=activity.pk) + "?form=zip").status_code == files
    for address_of in ("dialogue:result", "dialogue:statements", "dialogue:export", "dialogue:desk"):
        page = world.client().get(address(address_of, activity=activity.pk))
        assert page.status_code in {302, 404}, "an outsider learns nothing"
        assert b"Vi h" not in page.content
    told = world.client("staff").get(address("casestudy:page", programme=world.programme.pk)).content.decode()
    assert "Det som skiljer mest" in told
    assert "CC BY 4.0" in told


@pytest.mark.parametrize("fault", ["empty", "votes"])
def test_faulty_files_are_told_at_their_field(world, fault):
    activity = world.activity(kind="dialogue", state="open", level="anonymous", entry="code")
    comments = File("comments.csv", b"comment-id,comment-body\n1,Ett\n")
    votes = {"empty": b" \n", "votes": b"comment-id,voter-id,vote\n1,1,7\n"}[fault]
    sent = {"export": [comments, File("votes.csv", votes)], "language": "sv"}
    answer = world.client("lead").post(address("dialogue:import", activity=activity.pk), sent)
    assert answer.status_code == 422
    said = {
        "empty": "votes.csv: Filen är tom",
        "votes": "votes.csv: Rad 2, kolumnen ”vote”: En röst är varken 1, 0 eller -1: 7",
    }[fault]
    assert said in answer.content.decode()
    activity.refresh_from_db()
    assert not activity.settings.get("imported")
    assert not Statement.objects.exists()
