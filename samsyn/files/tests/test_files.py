"""Attaching, opening and removing files."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.core.asgi import get_asgi_application
from django.utils import translation

from samsyn.accounts.models import User
from samsyn.audit.models import Entry
from samsyn.core import tenancy
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText
from samsyn.files import actions, queries
from samsyn.files.models import Attachment
from samsyn.files.tests import samples
from samsyn.files.tests.conftest import ALT, OWNER
from samsyn.organisations.models import Organisation

pytestmark = pytest.mark.django_db
DOCX = samples.GOOD["underlag.docx"][1]


def attach(name: str = "underlag.docx", content: bytes = DOCX, alt: LangText | None = None) -> Attachment:
    return actions.attach("test-owner", OWNER, samples.upload(name, content), alt=alt or LangText(), by=None)


def picture() -> Attachment:
    return attach("bild.jpg", samples.photo_with_secrets(), ALT)


def on_disk(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_file_lies_under_its_organisation_by_a_random_name(organisation, settings):
    found = attach()
    assert found.path.parent == settings.MEDIA_ROOT / encode_id(organisation.pk)
    assert "underlag" not in str(found.path)
    assert found.path.read_bytes() == DOCX
    assert found.path.stat().st_mode & 0o077 == 0
    assert (found.kind, found.size, found.sha256) == ("docx", len(DOCX), hashlib.sha256(DOCX).hexdigest())
    assert Entry.objects.get(verb="file.added").object_id == found.pk


def test_a_picture_is_kept_as_it_was_written_anew(organisation):
    found = picture()
    assert b"Kerstin" not in found.path.read_bytes()
    assert (found.width, found.height, found.alt) == (20, 40, ALT)
    assert found.size == found.path.stat().st_size


def test_a_picture_needs_a_description_and_nothing_is_left_behind(organisation, settings):
    with pytest.raises(RefusedError) as refusal:
        attach("bild.png", samples.picture())
    assert refusal.value.field == "alt"
    assert not on_disk(settings)


def test_the_organisations_room_is_limited(organisation, settings):
    settings.FILES_QUOTA_BYTES = len(DOCX) + 10
    attach()
    with translation.override("en"), pytest.raises(RefusedError, match="no room") as refusal:
        attach()
    assert refusal.value.field == "file"
    assert len(on_disk(settings)) == 1
    other = Organisation.objects.create(slug="soder", name=LangText(sv="Söder"))
    with tenancy.scope(other.pk, other.slug):
        attach()


def test_removing_takes_the_file_away_for_good(organisation, settings, django_capture_on_commit_callbacks):
    found = attach()
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove(found, by=None)
    assert not on_disk(settings)
    assert not Attachment.objects.exists()
    assert Entry.objects.filter(verb="file.removed").count() == 1


def test_files_that_no_row_knows_are_swept_away_after_a_day(organisation, settings):
    kept, folder = attach(), settings.MEDIA_ROOT / encode_id(organisation.pk)
    old, new = folder / "gammal", folder / "ny"
    for path in (old, new):
        path.write_bytes(b"x")
    os.utime(old, (time.time() - 90_000,) * 2)
    os.utime(kept.path, (time.time() - 90_000,) * 2)
    assert actions.sweep() == 1
    assert sorted(on_disk(settings)) == sorted([kept.path, new])


def test_an_organisation_that_goes_takes_its_files_with_it(organisation, settings, django_capture_on_commit_callbacks):
    attach()
    with django_capture_on_commit_callbacks(execute=True):
        actions.forget_organisation(organisation.pk)
    assert not on_disk(settings)
    assert not Attachment.across.exists()


def test_many_owners_are_read_in_one_query(organisation, django_assert_num_queries):
    found = attach()
    with django_assert_num_queries(1):
        assert queries.attachments_of_many("test-owner", [OWNER, 12]) == {OWNER: [found], 12: []}


# --- opening -----------------------------------------------------------------------------------------------------


def path_of(found: Attachment) -> str:
    return address("files:file", attachment=found.pk)


def test_who_may_see_is_asked_at_each_request(organisation, allowed, sign_in, client):
    found = attach()
    assert client.get(path_of(found)).status_code == 302
    sign_in("bo@example.org")
    assert client.get(path_of(found)).status_code == 200
    allowed.see.clear()
    assert client.get(path_of(found)).status_code == 404
    assert allowed.asked == [OWNER, OWNER, OWNER]


def test_files_of_owners_without_a_rule_are_nobodys(organisation, sign_in):
    found = actions.attach("unheard-of", 1, samples.upload("a.docx", DOCX), alt=LangText(), by=None)
    assert sign_in("lead@example.org").get(path_of(found)).status_code == 404


def test_files_of_another_organisation_do_not_exist(organisation, allowed, sign_in):
    other = Organisation.objects.create(slug="soder", name=LangText(sv="Söder"))
    found = attach()
    there = path_of(found).replace(organisation.slug, other.slug)
    assert sign_in("lead@example.org").get(there).status_code == 404


def test_a_document_is_saved_and_never_shown(organisation, allowed, sign_in):
    found = attach("underlag ö.docx")
    for path in (path_of(found), path_of(found) + "?show"):
        answer = sign_in("bo@example.org").get(path)
        assert b"".join(answer.streaming_content) == DOCX
        assert answer["Content-Disposition"].startswith("attachment")
        assert "filename*=utf-8''underlag%20%C3%B6.docx" in answer["Content-Disposition"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Length"] == str(len(DOCX))
        assert answer["Cache-Control"] == "private, no-store"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "allow-scripts" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["bild.jpg", "beslut.pdf"])
def test_pictures_and_pdf_may_be_shown_alone(organisation, allowed, sign_in, name):
    found = picture() if name == "bild.jpg" else attach(name, samples.GOOD[name][1])
    client = sign_in("bo@example.org")
    assert client.get(path_of(found))["Content-Disposition"].startswith("attachment")
    answer = client.get(path_of(found) + "?show")
    assert answer["Content-Disposition"].startswith("inline")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_text_that_looks_like_a_page_is_still_text(organisation, allowed, sign_in):
    found = attach("a.txt", b"x" * 5000 + b"<script>alert(1)</script>")
    answer = sign_in("bo@example.org").get(path_of(found) + "?show")
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_file_that_is_gone_from_disk_is_no_page(organisation, allowed, sign_in):
    found = attach()
    found.path.unlink()
    assert sign_in("bo@example.org").get(path_of(found)).status_code == 404


# --- adding and removing -------------------------------------------------------------------------------------------


def add_path() -> str:
    return address("files:add", owner_kind="test-owner", owner=OWNER)


def post(client, name: str, content: bytes, **fields):
    return client.post(add_path(), {"alt_sv": "", "alt_en": "", **fields, "file": samples.upload(name, content)})


def test_a_file_is_added_through_the_form(organisation, allowed, sign_in):
    client = sign_in("lead@example.org")
    assert client.get(add_path()).status_code == 200
    answer = post(client, "bild.png", samples.picture(), alt_sv="En tavla")
    assert answer["Location"] == f"/owner/{OWNER}/"
    assert Attachment.objects.get().alt == {"sv": "En tavla"}


def test_errors_stand_at_their_field_and_nothing_typed_is_lost(organisation, allowed, sign_in):
    client = sign_in("lead@example.org")
    form = post(client, "bild.png", samples.picture("JPEG"), alt_sv="En tavla").context["form"]
    assert list(form.errors) == ["file"]
    assert form["alt"].value()[0] == "En tavla"
    assert list(post(client, "bild.png", samples.picture()).context["form"].errors) == ["alt"]
    assert not Attachment.objects.exists()


def test_a_file_above_the_limit_is_dropped_with_clear_words(organisation, allowed, sign_in, settings):
    settings.FILE_UPLOAD_MAX_BYTES = 300_000
    answer = post(sign_in("lead@example.org"), "stor.txt", b"x" * 900_000, alt_sv="En tavla")
    form = answer.context["form"]
    assert "293" in str(form.errors["file"]), "the limit in words"
    assert form["alt"].value()[0] == "En tavla"
    assert answer.context["form"].errors.keys() == {"file"}


@pytest.mark.parametrize(("who", "status"), [("bo@example.org", 403), ("none@example.org", 404)])
def test_only_whom_the_owner_names_may_add_and_remove(organisation, allowed, sign_in, who, status):
    found, client = attach(), sign_in(who)
    remove_path = address("files:remove", attachment=found.pk)
    assert client.get(add_path()).status_code == status
    assert client.post(remove_path).status_code == status
    assert Attachment.objects.exists()


def test_a_file_is_removed_after_one_question(organisation, allowed, sign_in):
    found, client = attach(), sign_in("lead@example.org")
    remove_path = address("files:remove", attachment=found.pk)
    assert "underlag.docx" in client.get(remove_path).content.decode()
    assert client.post(remove_path)["Location"] == f"/owner/{OWNER}/"
    assert not Attachment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_files_are_streamed_without_blocking_the_server(organisation, allowed, client):
    content = os.urandom(200_000)
    name, mime_start = "stor.pdf", b"%PDF-1.7\n"
    found = attach(name, mime_start + content)
    client.force_login(User.objects.create_user("bo@example.org"))
    cookie = "; ".join(f"{key}={morsel.value}" for key, morsel in client.cookies.items())
    scope = {
        "type": "http",
        "method": "GET",
        "path": path_of(found),
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"cookie", cookie.encode())],
        "http_version": "1.1",
    }

    async def fetch() -> tuple[int, list[bytes]]:
        talk = ApplicationCommunicator(get_asgi_application(), scope)
        await talk.send_input({"type": "http.request", "body": b""})
        start = await talk.receive_output(5)
        pieces, more = [], True
        while more:
            message = await talk.receive_output(5)
            pieces.append(message.get("body", b""))
            more = message.get("more_body", False)
        return start["status"], pieces

    status, pieces = async_to_sync(fetch)()
    assert status == 200
    assert b"".join(pieces) == mime_start + content
    assert len(pieces) > 2
