"""The main job on real input: fifty real sentences brought in, sorted, answered, published and followed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from samsyn.activities.questions.models import Like, Question
from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.ids import encode_id
from samsyn.thread.models import Promise
from tests.anonymity.test_raw_database import ask
from tests.fixtures import DAY


@pytest.fixture
def comments(dialogues: Path) -> bytes:
    return (dialogues / "small-brexit/comments.csv").read_bytes()


def bring_in(client, activity, comments: bytes):
    upload = SimpleUploadedFile("comments.csv", comments, "text/csv")
    page = client.post(address("questions:import", activity=activity.pk), {"file": upload})
    form = page.context["form"]
    columns = {name: form[name].value() for name in ("text", "likes", "keep", "language", "content")}
    columns["keep"] = ""
    columns["language"] = "en"
    return page, client.post(address("questions:import_columns", activity=activity.pk), columns)


def test_fifty_sentences_from_import_to_case_study(world, comments):
    lead = world.client("lead")
    activity = world.activity(state="open", entry="code")
    page, done = bring_in(lead, activity, comments)
    assert page.context["form"]["text"].value() == 7
    assert page.context["form"]["likes"].value() == 4
    assert done.status_code == 302
    questions = list(Question.objects.filter(activity=activity).order_by("-imported_likes", "id"))
    assert len(questions) == 50
    assert max(question.imported_likes for question in questions) > 50
    assert Like.objects.count() == 0, "imported likes are a count, no rows"
    bring_in(lead, activity, comments)
    assert Question.objects.filter(activity=activity).count() == 50, "the same file twice changes nothing"

    words: list[str] = []
    guest = world.client()
    guest.get(f"/j/{activity.code}")
    for number in range(3):
        words.append(ask(guest, activity, f"Phone question {number}?", words[0] if words else ""))

    desk = {name: f"questions:{name}" for name in ("hide", "merge", "star", "let_in")}
    hidden, merged, starred = questions[-1], questions[-2], questions[0]
    lead.post(address(desk["hide"], activity=activity.pk, question=hidden.pk), {"reason_en": "Beside the point"})
    lead.post(address(desk["merge"], activity=activity.pk, question=merged.pk), {"into": starred.pk})
    lead.post(address(desk["star"], activity=activity.pk, question=starred.pk), {"on": "1"})
    hidden.refresh_from_db()
    merged.refresh_from_db()
    assert (hidden.state, merged.state) == ("hidden", "merged")

    ends = ["live", "written", "promised", "declined"]
    answered = list(Question.objects.filter(activity=activity, state="visible").order_by("id"))
    for number, question in enumerate(answered):
        end = ends[number % 4]
        answer = {"end": end, "text_en": f"Answer {number}", "answered_by": world.person("owner").pk}
        if end == "promised":
            answer |= {"due": str(DAY + dt.timedelta(days=30)), "owner": world.person("manager").pk}
        sent = lead.post(address("questions:answer", activity=activity.pk, question=question.pk), answer)
        assert sent.status_code == 302, sent.context["form"].errors
    assert {question.end for question in Question.objects.filter(activity=activity, state="visible")} == set(ends)
    assert Promise.objects.count() == sum(1 for number in range(len(answered)) if number % 4 == 2)

    assert lead.post(address("programmes:close", activity=activity.pk)).status_code == 302
    refused = lead.post(address("programmes:publish", activity=activity.pk), {"heard_en": ""})
    assert refused.status_code == 422
    activity.refresh_from_db()
    assert activity.state == "closed"
    with clock.simulated(DAY + dt.timedelta(days=10)):
        reply = {
            "heard_en": "Views part, and everyone wants to know what happens next.",
            "doing_en": "We write down what we know, every Friday.",
            "not_doing_en": "We do not vote again: it is not ours to decide.",
            "next_date": str(DAY + dt.timedelta(days=40)),
            "signed_by": encode_id(world.person("owner").pk),
        }
        published = lead.post(address("programmes:publish", activity=activity.pk), reply)
        assert published.status_code == 302, published.context["form"].errors
        staff = world.client("staff")
        said = staff.get(address("home:said", programme=world.programme.pk)).content.decode()
        assert "every Friday" in said
        case = staff.get(address("casestudy:page", programme=world.programme.pk))
        assert case.status_code == 200
        assert "every Friday" in case.content.decode() or "Views part" in case.content.decode()
        thread = staff.get(address("home:item", item=answered[2].item_id)).content.decode()
        assert "every Friday" in thread
        fate = world.client().post(address("home:receipts"), {"words": words[0]}).content.decode()
        for number in range(3):
            assert f"Phone question {number}?" in fate
        assert "every Friday" in fate
