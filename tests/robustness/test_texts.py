"""Any text at all: what is stored is what was sent, tidied as documented, or it is refused in words."""

from __future__ import annotations

import csv
import io
from urllib.parse import urlencode

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from samsyn.activities.questions.models import Question
from samsyn.activities.questions.rules import LONGEST
from samsyn.core import sheets
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.ids import new_id
from samsyn.organisations.imports import reading
from tests.robustness.files import ENCODINGS

few = settings(
    derandomize=True,
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
EDGES = " \t\r\n\f\v\u00a0\ufeff"


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """An encoding and rows that it can hold."""
    encoding = draw(st.sampled_from(ENCODINGS))
    signs = st.characters(codec="utf-8" if encoding != "cp1252" else "cp1252")
    cell = st.text(signs, max_size=12) | st.sampled_from(["=1", "'=1", "-1", "åäö", "Ã¤", "a\nb", 'a"b', " x "])
    return encoding, draw(st.lists(st.lists(cell, min_size=2, max_size=2), min_size=1, max_size=6))


def written(header: list[str], rows: list[list[str]], encoding: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def said(refusal: RefusedError) -> None:
    """A refusal is in words."""
    assert str(refusal.message)


@given(tables())
@few
def test_a_table_is_read_as_it_was_written_or_refused(made):
    encoding, rows = made
    content = written(["Fråga", "Röster"], rows, encoding)
    try:
        found = sheets.read_rows(content)
    except RefusedError as refusal:
        said(refusal)
        return
    tidy = [[sheets.unmarked(cell.strip()) for cell in row] for row in rows]
    assert found[1:] == [row for row, before in zip(tidy, rows, strict=True) if any(cell.strip() for cell in before)]


@given(tables())
@few
def test_people_are_read_as_they_were_written_or_refused(made):
    encoding, rows = made
    try:
        found = reading.read(io.BytesIO(written(["Anställningsnummer", "Namn"], rows, encoding)))
    except RefusedError as refusal:
        said(refusal)
        return
    tidy = [[sheets.unmarked(cell.strip(EDGES)) for cell in row] for row in rows]
    assert [cells for _number, cells in found.rows] == [row for row in tidy if any(row)]


@given(st.text(max_size=40) | st.integers(LONGEST - 2, LONGEST + 2).map(lambda number: "å" * number))
@example("\x00")
@example("=1+1")
@example("a\r\nb")
@example("\u2028\u202e👩‍👩‍👧 z̸̡͓")
@few
@pytest.mark.django_db
def test_a_question_is_stored_as_it_was_asked_or_refused(estate, text):
    path = address("questions:ask", activity=estate.activities["questions", "open"].pk)
    client = estate.client("staff")
    sent = {"text": text, "post_key": f"{new_id():032x}"}
    before = set(Question.objects.values_list("pk", flat=True))
    with transaction.atomic():
        body = urlencode(sent, errors="surrogatepass")
        response = client.generic("POST", path, body, content_type="application/x-www-form-urlencoded")
        new = list(Question.objects.select_related("item").exclude(pk__in=before))
        transaction.set_rollback(True)
    if response.status_code == 200:
        (question,) = new
        assert question.text == text.strip()
        assert question.item.title == {"sv": text.strip()}
    else:
        assert response.status_code == 422
        assert not new
        assert response.context["form"].errors["text"]
