"""Files on an activity are seen by whoever sees it, and changed by those who organise."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from samsyn.core.addresses import address
from samsyn.files.models import Attachment
from samsyn.files.queries import attachments_of


def put(world, name, activity):
    path = address("files:add", owner_kind="activity", owner=activity.pk)
    sent = {"file": SimpleUploadedFile("dagordning.csv", b"tid;vad\n9;kaffe\n", "text/csv")}
    return world.client(name).post(path, sent)


def test_an_organiser_adds_a_file_and_those_who_take_part_read_it(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    activity = world.activity(kind="steps", state="open")
    assert put(world, "staff", activity).status_code in {403, 404}
    assert put(world, "lead", activity).status_code == 302
    (attachment,) = attachments_of("activity", activity.pk)
    page = address("steps:page", activity=activity.pk)
    assert "dagordning.csv" in world.client("staff").get(page).content.decode()
    path = address("files:file", attachment=attachment.pk)
    got = world.client("staff").get(path)
    assert got.status_code == 200
    assert b"kaffe" in b"".join(got.streaming_content)
    assert world.client("guest").get(path).status_code == 404
    assert world.client().get(path).status_code == 302


def test_files_of_a_draft_and_of_another_organisation_are_not_there(world, elsewhere, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    activity = world.activity(kind="steps")
    put(world, "lead", activity)
    path = address("files:file", attachment=Attachment.objects.get().pk)
    assert world.client("staff").get(path).status_code == 404
    assert world.client("lead").get(path).status_code == 200
    assert elsewhere.client("lead").get(path).status_code == 404
