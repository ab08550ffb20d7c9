"""Bad files in every upload: read as they were meant, or refused in words; nothing lost, nothing half done."""

from __future__ import annotations

import asyncio
import html
import tracemalloc

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as configured

from samsyn.activities.questions import actions as questions
from samsyn.activities.questions.models import Question
from samsyn.config.asgi import application
from samsyn.core import sheets
from samsyn.core.addresses import address
from samsyn.files.models import Attachment
from samsyn.files.tests.samples import BAD, picture
from samsyn.organisations import export
from samsyn.organisations.imports import actions as imports
from samsyn.organisations.models import ImportBatch, Person
from tests.robustness import files
from tests.robustness.estate import make_estate
from tests.robustness.files import ENCODINGS, MULTIPART, SEPARATORS
from tests.robustness.pages import forms_of
from tests.robustness.trying import Trier

SWEDISH = "Får vi åka på ön i år?"
PEOPLE = ["Anställningsnummer", "Namn", "Titel"]
MEGABYTE = 1024 * 1024

# Refused by every upload of a table, whatever its name.
NO_TABLE = {
    "null bytes": b"Anst\xe4llningsnummer;Namn\n1;A\x00B\n",
    "empty": b"",
    "blank": b" \r\n\t\r\n",
    "headings only": "Anställningsnummer;Namn\r\n".encode(),
    "one huge cell": b'employee id;name\n1;"' + b"x" * 200_000 + b'"\n',
    "100,000 columns": b"employee id;name" + b";x" * 100_000 + b"\n1;2\n",
    "two encodings": "Anställningsnummer;Namn\n1;Åsa\n".encode() + "2;Örjan\n".encode("cp1252"),
    "cut off within a letter": "Anställningsnummer;Namn\n1;Åsa Å".encode()[:-1],
    "half of UTF-16": "Anställningsnummer;Namn\n1;Åsa\n".encode("utf-16")[:-1],
    "no encoding at all": b"Anst\x81llningsnummer;Namn\n1;A\x9d\n",
    "a PDF": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF",
    "a picture": picture(),
    "a page": b"<!DOCTYPE html><table><tr><td>employee id</td><td>name</td></tr></table>",
    "a page that says it is a workbook": b"  \r\n<html><body>employee id;name\n1;2",
    "a cut workbook": files.workbook([PEOPLE, ["1", "A", "B"]])[:-40],
    "no workbook": BAD["arkiv.zip"],
    "too many names": files.many_names(30_000),
    "a document that cannot be unpacked": files.damaged_pack(),
}


@pytest.fixture
def lead(estate, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Trier(estate.client("lead"))


def uploads(estate) -> dict[str, str]:
    asked = estate.activities["questions", "open"]
    return {
        "questions": address("questions:import", activity=asked.pk),
        "people": address("organisations:imports"),
        "attachment": address("files:add", owner_kind="activity", owner=asked.pk),
    }


def send(trier: Trier, path: str, name: str, content: bytes, **fields: str):
    return trier("POST", path, data=files.sent(name.encode(), content, **fields), content_type=MULTIPART)


def errors(response) -> str:
    found = response.context["form"].errors
    return " ".join(str(message) for messages in found.values() for message in messages)


# --- tables ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", SEPARATORS)
def test_questions_in_every_spelling_become_the_same(estate, encoding, separator):
    client = estate.client("lead")
    path = uploads(estate)["questions"]
    content = files.table([["Id", "Fråga", "Röster"], ["1", SWEDISH, "12"]], encoding, separator)
    page = client.generic("POST", path, files.sent(b"a.csv", content), content_type=MULTIPART)
    assert page.status_code == 200
    (form,) = [form for form in forms_of(page.content.decode(), path) if "content" in form.fields]
    answer = client.post(form.action, {**form.filled(), "look": ""} | form.values())
    assert answer.status_code in {200, 302}
    values = {name: value for name, value in form.values().items() if name != "look"}
    assert client.post(form.action, values).status_code == 302
    brought = Question.objects.get(text=SWEDISH)
    assert brought.imported_likes == 12


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_people_in_every_spelling_become_the_same(estate, encoding):
    client = estate.client("lead")
    for number, separator in enumerate(SEPARATORS):
        content = files.table([PEOPLE, [f"x{number}", "Örjan Åkesson-Ärlig", "Vårdbiträde"]], encoding, separator)
        body = files.sent("personal på ön.csv".encode(), content)
        answer = client.generic("POST", uploads(estate)["people"], body, content_type=MULTIPART)
        assert answer.status_code == 302
        assert "Örjan Åkesson-Ärlig" in client.get(answer["Location"]).content.decode()
        batch = ImportBatch.objects.order_by("-made", "-pk").first()
        imports.confirm(batch, leavers=False, by=estate.world.person("lead"))
        person = Person.objects.get(key=f"x{number}")
        assert (person.name, str(person.title)) == ("Örjan Åkesson-Ärlig", "Vårdbiträde")


def test_what_is_no_table_is_refused_in_words_and_leaves_nothing(estate, lead):
    paths = uploads(estate)
    for what, content in NO_TABLE.items():
        for upload in ("questions", "people"):
            for name in ("tabell.csv", "tabell.xlsx"):
                response = send(lead, paths[upload], name, content)
                assert response.status_code == 422, f"{upload}: {what}"
                assert errors(response).strip(), f"{upload}: {what}"
                assert html.escape(errors(response)) in response.content.decode(), f"{upload}: {what} is not said"
    assert ImportBatch.objects.count() == 1, "only the one that was there before"


def test_a_table_with_the_wrong_ending_is_read_by_what_it_holds(estate, lead):
    rows = [PEOPLE, ["1", "Åsa", "Rektor"]]
    for name, content in (("tabell.xlsx", files.table(rows)), ("tabell.csv", files.workbook(rows))):
        assert send(lead, uploads(estate)["questions"], name, content).status_code == 200
        assert send(lead, uploads(estate)["people"], name, content).status_code == 302


def test_signs_that_no_text_has_are_taken_out_of_a_workbook(estate):
    """A workbook spells them as _x0000_; PostgreSQL refuses the first of them."""
    client = estate.client("lead")
    content = files.workbook([["Fråga"], ["Vad_x0000_ då_x0007_?"], ["_xD800_"]])
    path = uploads(estate)["questions"]
    page = client.generic("POST", path, files.sent(b"a.xlsx", content), content_type=MULTIPART)
    (form,) = [form for form in forms_of(page.content.decode(), path) if "content" in form.fields]
    values = {name: value for name, value in form.values().items() if name != "look"}
    assert client.post(form.action, values).status_code == 302
    assert Question.objects.filter(text="Vad då?").exists()


def test_a_workbook_that_would_fill_the_memory_is_refused(estate, lead):
    content = files.bomb(rows=4_500, signs=30_000)
    assert len(content) < MEGABYTE
    for upload in ("questions", "people"):
        tracemalloc.start()
        response = send(lead, uploads(estate)[upload], "bomb.xlsx", content)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert response.status_code == 422
        assert errors(response)
        assert peak < 60 * MEGABYTE, f"{peak / MEGABYTE:.0f} MB"


def test_a_long_file_of_questions_is_refused_before_it_is_read(estate, lead):
    tracemalloc.start()
    response = send(lead, uploads(estate)["questions"], "lång.csv", b"Question;b\n" + b"x;1\n" * (10 * MEGABYTE))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert response.status_code == 422
    assert errors(response) == sheets.TOO_LARGE
    assert peak < 170 * MEGABYTE, f"{peak / MEGABYTE:.0f} MB, of which the request itself is 120"


FORMULAS = ["=1+1", "+SUM(A1)", "-2+3", "@now", "=cmd|' /C calc'!A0", "＝1", "'=1", "''=1", "'tis", "-5", "− 5"]


def test_formulas_are_kept_as_text_and_leave_as_text(estate):
    """What looks like a formula is stored as it was written, leaves marked, and comes back as it was."""
    client = estate.client("lead")
    rows = [PEOPLE, *([f"f{number}", "Åsa", f"t{text}"] for number, text in enumerate(FORMULAS))]
    client.generic("POST", uploads(estate)["people"], files.sent(b"a.csv", files.table(rows)), content_type=MULTIPART)
    batch = ImportBatch.objects.order_by("-made", "-pk").first()
    imports.confirm(batch, leavers=False, by=estate.world.person("lead"))
    for number, text in enumerate(FORMULAS):
        Person.objects.filter(key=f"f{number}").update(title={"sv": text})
    content = client.get(address("organisations:people_export")).content
    for line in sheets.read_csv(content.decode("utf-8-sig")):
        assert all(cell[:1] not in "=+@＝" and not cell.startswith("-2") for cell in line if cell)
    answer = client.generic("POST", uploads(estate)["people"], files.sent(b"b.csv", content), content_type=MULTIPART)
    batch = ImportBatch.objects.get(pk=ImportBatch.objects.order_by("-made", "-pk").first().pk)
    assert answer.status_code == 302
    assert imports.size_of(batch) == 0, batch.counts
    assert export.people_csv().encode() == content


def test_questions_that_look_like_formulas_come_back_as_they_left(estate):
    client = estate.client("lead")
    asked = estate.world.activity(state="open", level="named")
    person = estate.world.person("staff")
    for number, text in enumerate(FORMULAS):
        questions.ask(asked, text=text, language="sv", post_key=f"{number:032x}", author=person)
    content = client.get(address("questions:export", activity=asked.pk)).content
    rows = sheets.read_rows(content)
    assert sorted(row[0] for row in rows[1:]) == sorted(FORMULAS)


# --- attachments -------------------------------------------------------------------------------------------------


def test_a_file_that_lies_about_its_type_is_refused(estate, lead, settings):
    lies = {
        **BAD,
        "sida.png": b"<!DOCTYPE html><script>alert(1)</script>",
        "beslut.csv": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF",
        "tabell.xlsx": files.table([PEOPLE]),
        "trasig.odt": files.damaged_pack(),
        "många.docx": files.many_names(30_000),
        "nollor.txt": b"a\x00b",
    }
    for name, content in lies.items():
        response = send(lead, uploads(estate)["attachment"], name, content, alt_sv="Skrivet med <möda>")
        assert response.status_code == 422, name
        assert errors(response), name
        assert "Skrivet med &lt;möda&gt;" in response.content.decode(), f"{name}: what was typed is gone"
    assert not Attachment.objects.exists()
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_table_that_is_attached_is_kept_to_the_byte(estate, lead, encoding):
    content = files.table([["Fråga"], [SWEDISH]], encoding)
    response = send(lead, uploads(estate)["attachment"], "tabell.csv", content)
    assert response.status_code == 302


NAMES = [
    b"../../../etc/passwd.csv",
    b"..\\..\\boot.csv",
    b"a\x00b.csv",
    b"C:\\x\\y.csv",
    b"/etc/cron.d/x.csv",
    b"<script>alert(1)</script>.csv",
    "\u202evsc.exe.csv".encode(),
    b"\xff\xfe.csv",
    b"a%00.csv",
    b"&#0;&#46;&#46;/x.csv",
    b"x" * 190 + b".csv",
    b"con.csv",
    "år & ö;a=b.csv".encode(),
    b".csv",
    b"..",
]


def test_no_name_of_a_file_leads_out_of_its_folder(estate, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    client = estate.client("lead")
    content = files.table([PEOPLE, ["1", "Åsa", "Rektor"]])
    paths = uploads(estate)
    for name in NAMES:
        body = files.sent(name, content)
        for upload in paths:
            answer = client.generic("POST", paths[upload], body, content_type=MULTIPART)
            assert answer.status_code in {200, 302, 422}, (upload, name)
            if answer.status_code == 422:
                assert errors(answer), (upload, name)
    kept = list(Attachment.objects.all())
    assert len(kept) >= len(NAMES) - 4
    for attachment in kept:
        assert attachment.name.isprintable()
        assert not set(attachment.name) & set("/\\")
        assert attachment.name.endswith((".csv", ".txt"))
        assert attachment.path.parent.parent == settings.MEDIA_ROOT
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == {attachment.path for attachment in kept}
    for path in (paths["people"], address("programmes:activity", activity=estate.activities["questions", "open"].pk)):
        assert "<script>alert(1)" not in client.get(path, follow=True).content.decode()


# --- far too large -------------------------------------------------------------------------------------------------


class Visit:
    """One request to the real application, its body sent piece by piece."""

    def __init__(self, path: str, client, body, *, announced: int | None = None, language: str = "sv", kind=MULTIPART):
        cookies = {name: found.value for name, found in client.cookies.items()}
        cookies |= {"csrftoken": "a" * 32, "language": language}
        headers = [
            (b"host", b"testserver"),
            (b"content-type", kind.encode()),
            (b"cookie", "; ".join(f"{name}={value}" for name, value in cookies.items()).encode()),
            *([(b"content-length", str(announced).encode())] if announced is not None else []),
        ]
        self.scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": headers,
            "http_version": "1.1",
            "scheme": "http",
            "server": ("testserver", 80),
            "client": ("127.0.0.1", 1),
        }
        self.body, self.over, self.taken, self.status, self.page = iter(body), False, 0, 0, b""

    async def receive(self):
        piece = next(self.body, None)
        if piece is None:
            if self.over:
                await asyncio.sleep(3600)  # the browser stays until it has its answer; then the listener is cancelled
            self.over = True
            return {"type": "http.request", "body": b"", "more_body": False}
        self.taken += len(piece)
        return {"type": "http.request", "body": piece, "more_body": True}

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self.page += message.get("body", b"")

    def made(self) -> Visit:
        """Make the visit and measure: `peak` is what it took of memory at most."""
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        try:
            async_to_sync(application)(self.scope, self.receive, self.send)
            self.peak = tracemalloc.get_traced_memory()[1] - before
        finally:
            tracemalloc.stop()
        return self


def large(megabytes: int, content: bytes = b"Question;b\n") -> list[bytes]:
    piece = b"x;1\n" * (MEGABYTE // 64)
    return [content, *[piece] * (megabytes * 16)]


@pytest.fixture
def served(transactional_db, settings, tmp_path):
    """An organisation in a database that the application's own threads share."""
    settings.MEDIA_ROOT = tmp_path
    made = make_estate("ankeby")
    with made.entered():
        yield made


def test_a_hundred_megabytes_are_refused_in_words(served, caplog):
    fields = {"csrfmiddlewaretoken": "a" * 32, "alt_sv": "Skrivet med möda"}
    length = sum(len(piece) for piece in files.pieces(b"stor.csv", large(100), **fields))
    said = {"questions": "Filen är för stor", "people": "Filen är större än 50", "attachment": "Filen är större än 50"}
    for upload, path in uploads(served).items():
        body = files.pieces(b"stor.csv", large(100), **fields)
        visit = Visit(path, served.client("lead"), body, announced=length).made()
        page = html.unescape(visit.page.decode()).replace("\xa0", " ")
        assert visit.status == 422, upload
        assert visit.taken == length, "a browser that cannot send all of it shows no answer"
        assert visit.peak < 12 * MEGABYTE, f"{visit.peak / MEGABYTE:.1f} MB"
        assert said[upload] in page
        assert upload != "attachment" or "Skrivet med möda" in page
    assert not Attachment.objects.exists()
    assert ImportBatch.objects.count() == 1
    path = address("questions:ask", activity=served.activities["questions", "open"].pk)
    text = [b"csrfmiddlewaretoken=" + b"a" * 32 + b"&text=", *[b"x" * 65536] * 1600]
    kind = "application/x-www-form-urlencoded"
    visit = Visit(path, served.client("staff"), text, announced=sum(map(len, text)), kind=kind).made()
    assert visit.status == 413
    assert "för stort" in visit.page.decode()
    assert not caplog.records, "what a visitor got wrong is nobody's business"
    assert visit.peak < 8 * MEGABYTE, f"{visit.peak / MEGABYTE:.1f} MB"


def test_more_than_any_request_may_be_is_thrown_away_as_it_comes(served):
    most = configured.REQUEST_MAX_BYTES // MEGABYTE + 20
    for language, word, length in (("sv", "för stort", most * MEGABYTE), ("en", "too large", None)):
        body = files.pieces(b"stor.csv", large(most), csrfmiddlewaretoken="a" * 32)
        path = uploads(served)["people"]
        visit = Visit(path, served.client("lead"), body, announced=length, language=language).made()
        assert visit.status == 413
        assert word in visit.page.decode()
        assert visit.peak < 8 * MEGABYTE, f"{visit.peak / MEGABYTE:.1f} MB"
        assert visit.taken > most * MEGABYTE
