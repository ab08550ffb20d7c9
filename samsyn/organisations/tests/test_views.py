from __future__ import annotations

import datetime as dt
import io
import re
from importlib import import_module

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from samsyn.accounts.models import User
from samsyn.core import tenancy
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.jobs.models import Job
from samsyn.jobs.progress import Unheard
from samsyn.jobs.running import run_waiting
from samsyn.organisations import actions
from samsyn.organisations.access import ADMINISTRATOR
from samsyn.organisations.imports import actions as imports
from samsyn.organisations.imports import apply_batch
from samsyn.organisations.models import ImportBatch, Organisation, Person, Unit
from samsyn.organisations.tests.people_files import HEADER, csv_bytes, municipality

BACKEND = "django.contrib.auth.backends.ModelBackend"
pytestmark = pytest.mark.django_db


def browser(user: User | None, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def admin(organisation) -> Person:
    person = actions.add_person(key="admin", name="Ada Min", unit=None, by=None, email="ada@x.se")
    person.user = User.objects.create_user("ada@x.se")
    person.administrator = True
    person.save()
    return person


@pytest.fixture
def client(admin) -> Client:
    return browser(admin.user)


@pytest.fixture
def peopled(admin) -> None:
    batch = imports.stage(io.BytesIO(csv_bytes(HEADER, municipality(120), encoding="utf-8")), "x.csv", by=None)
    imports.confirm(batch, leavers=False, by=None)


def upload(client: Client, rows, header=HEADER) -> str:
    file = SimpleUploadedFile("personal.csv", csv_bytes(header, rows))
    answer = client.post(address("organisations:imports"), {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def pages(admin: Person) -> list[str]:
    person, unit = Person.objects.get(key="100001"), Unit.objects.get(key="E00001")
    batch = imports.stage(io.BytesIO(csv_bytes(HEADER, municipality(130), encoding="utf-8")), "x.csv", by=None)
    done = ImportBatch.objects.get(state="done")
    plain = ["people", "person_add", "imports", "units", "unit_open"]
    of_person = ["person", "person_edit", "person_move", "person_end", "person_team", "person_erase"]
    of_unit = ["unit", "unit_rename", "unit_move", "unit_merge", "unit_close"]
    return [
        *(address(f"organisations:{name}") for name in plain),
        *(address(f"organisations:{name}", person=person.pk) for name in of_person),
        *(address(f"organisations:{name}", unit=unit.pk) for name in of_unit),
        address("organisations:import_preview", batch=batch.pk),
        address("organisations:import_result", batch=done.pk),
    ]


def test_every_address_carries_the_rule_of_administrators():
    assert get_resolver().url_patterns
    for pattern in import_module("samsyn.organisations.urls").urlpatterns:
        assert pattern.callback.access.roles == {ADMINISTRATOR}, pattern.name


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_opens_for_administrators_within_its_budget(admin, peopled, language):
    client = browser(admin.user, language)
    for path in pages(admin):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.get(path)
        assert answer.status_code == 200, path
        assert f'lang="{language}"' in answer.content.decode()
        assert len(queries) <= 20, (path, len(queries))


def test_nobody_else_gets_in(admin, peopled):
    staff = Person.objects.get(key="100005")
    staff.user = User.objects.create_user("staff@x.se")
    staff.save()
    other = Organisation.objects.create(slug="annan", name=LangText(sv="Annan"))
    with tenancy.scope(other.pk, "annan"):
        stranger = actions.add_person(key="1", name="Boss", unit=None, by=None)
        stranger.user = User.objects.create_user("boss@y.se")
        stranger.administrator = True
        stranger.save()
    for path in pages(admin):
        assert browser(staff.user).get(path).status_code == 403
        assert browser(stranger.user).get(path).status_code == 404
        assert browser(None).get(path).url.startswith("/accounts/login/")
        elsewhere = path.replace("/o/ankeby/", "/o/annan/")
        if re.search(r"/[2-9a-z]{13}/", elsewhere):
            assert browser(stranger.user).get(elsewhere).status_code == 404


def test_an_operator_without_a_person_gets_in(admin, peopled):
    operator = User.objects.create_user("op@x.se", is_operator=True)
    client = browser(operator)
    for path in pages(admin):
        assert client.get(path).status_code == 200
    client.post(address("organisations:unit_open"), {"name_sv": "Ny", "name_en": "", "key": "N", "day": "2026-03-12"})
    assert Unit.objects.filter(key="N").exists()


def test_a_file_is_looked_through_and_then_imported(client):
    path = upload(client, [*municipality(60), ["", "Utan", "Nummer"]])
    page = client.get(path).content.decode()
    assert "Nothing has been written yet" in page
    assert "the employment number is missing" in page
    assert "Import 62 changes" in page
    assert Person.objects.count() == 1
    units = client.get(path + "?part=units").content.decode()
    assert "Enhet för omsorg och lärande 1" in units
    answer = client.post(path + "confirm/", follow=True)
    assert "The import is done" in answer.content.decode()
    assert Person.objects.count() == 61
    page = client.get(address("organisations:people")).content.decode()
    assert "61 people" in page
    assert "Page 1 of 2" in page


def test_leavers_leave_only_if_the_box_is_ticked(client):
    client.post(upload(client, municipality(60)) + "confirm/")
    path = upload(client, municipality(59))
    assert "Yes, let these 2 leave today" in client.get(path).content.decode()  # the administrator is one of them
    rows = [*municipality(59), ["admin", "Ada", "Min"]]
    path = upload(client, rows)
    client.post(path + "confirm/", {"leavers": "on"})
    assert Person.objects.get(key="100059").left == dt.date(2026, 3, 12)


def test_a_change_in_between_shows_the_preview_again(client):
    path = upload(client, municipality(60))
    actions.add_person(key="100003", name="Redan här", unit=None, by=None)
    answer = client.post(path + "confirm/", follow=True)
    assert "changed since the file was read" in answer.content.decode()
    assert Person.objects.count() == 2


def test_a_large_import_leads_to_its_job(client):
    answer = client.post(upload(client, municipality(600)) + "confirm/")
    assert "/jobs/" in answer.url
    batch = ImportBatch.objects.get()
    page = client.get(address("organisations:import_result", batch=batch.pk)).content.decode()
    assert "under way" in page
    assert 'http-equiv="refresh"' in page


def test_the_page_of_a_large_import_tells_what_came_of_it(client):
    client.post(upload(client, municipality(1200)) + "confirm/")
    run_waiting()
    rows = [*municipality(1200)[:-1], ["", "Utan", "Nummer"]]
    rows[700][4] = "Rektor" if rows[700][4] != "Rektor" else "Handläggare"
    job = Job.objects.get()
    page = client.get(address("jobs:job", job=job.pk)).content.decode()
    assert "People: 1,200 added." in page
    assert "Go on" in page
    assert job.message["sv"].endswith("tillagda.")
    more = stage_and_apply(rows)
    assert "row was not in order. Go on to read what is wrong with it." in more
    assert "1 changed" in more
    assert "2 have left" in more


def stage_and_apply(rows) -> str:
    """What the job of an import says when it is done."""
    batch = imports.stage(io.BytesIO(csv_bytes(HEADER, rows, encoding="utf-8")), "x.csv", by=None)
    imports.confirm(batch, leavers=True, by=None, at_once=True)
    progress = Unheard()
    apply_batch(progress, batch=batch.pk)
    return progress.message["en"]


def test_what_has_been_imported_is_not_offered_again(client):
    rows = [*municipality(60), ["", "Utan", "Nummer"]]
    path = upload(client, rows)
    assert "You can import the rest now" in client.get(path).content.decode()
    client.post(path + "confirm/")
    page = client.get(upload(client, rows)).content.decode()
    assert "You can import the rest now" not in page
    assert "1 row is not in order and stands below. The rest of the file says what is already here." in page
    assert "To the button that imports" not in page


def test_a_file_that_changes_nothing_says_so_and_asks_for_no_decision(client):
    header, rows = ["anställningsnummer", "namn"], [["admin", "Ada Min"], ["1", "Ann Ek"], ["", "Utan"]]
    client.post(upload(client, rows, header) + "confirm/")
    page = client.get(upload(client, rows, header)).content.decode()
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["The file changes nothing"]
    assert "Look through the changes" not in page
    assert "the employment number is missing" in page
    assert "confirm/" not in page
    assert f'class="button" href="{address("organisations:people")}"' in page
    earlier = client.get(address("organisations:imports")).content.decode()
    assert re.findall(r'class="tag plain">(.*?)<', earlier) == ["changes nothing", "done"]


def test_those_who_are_not_in_a_file_that_changes_nothing_leave_only_where_the_box_is_ticked(client):
    rows = municipality(60)
    client.post(upload(client, rows) + "confirm/")
    path = upload(client, rows[:-1])
    page = client.get(path).content.decode()
    assert "The file changes nothing" in page
    assert "Go on" not in page
    unticked = client.post(path + "confirm/")
    assert unticked.status_code == 422
    assert "Tick the box if they have left" in unticked.content.decode()
    client.post(path + "confirm/", {"leavers": "on"})
    assert Person.objects.get(key=rows[-1][0]).left is not None


def test_what_came_of_the_rows_is_told_in_the_past_when_the_import_is_done(client):
    header = ["anställningsnummer", "namn", "e-post"]
    path = upload(client, [["1", "", ""], ["2", "Ann Ek", "ingen adress"]], header=header)
    page = client.post(path + "confirm/", follow=True).content.decode()
    assert "The row was left out." in page
    assert "The rest of the row was taken." in page
    assert "is left out" not in page


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "The file is empty"), (b"%PDF-1.4 x", "This is a PDF"), (b"a;b\r\n1;2", "No row with headings")],
)
def test_a_wrong_file_is_refused_at_its_field(client, content, words):
    answer = client.post(address("organisations:imports"), {"file": SimpleUploadedFile("people.csv", content)})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count(words) == 2  # in the summary and at the field
    assert "<title>Error:" in page


def test_a_file_above_the_limit_is_refused_in_words(client, settings):
    settings.FILE_UPLOAD_MAX_BYTES = 1000
    file = SimpleUploadedFile("people.csv", b"a;b\r\n" * 40_000)
    answer = client.post(address("organisations:imports"), {"file": file})
    assert answer.status_code == 422
    assert "larger than 50 MB" in answer.content.decode()


def test_people_are_found_by_name_and_unit(client, peopled):
    person = Person.objects.select_related("unit").get(key="100007")
    found = client.get(address("organisations:people"), {"text": person.key, "unit": person.unit.key})
    assert "1 person<" in found.content.decode()
    assert person.name in found.content.decode()
    assert "Nobody fits" in client.get(address("organisations:people"), {"text": "Qwerty"}).content.decode()
    answer = client.get(address("organisations:people"), {"unit": "Finns inte"})
    assert "There is no open unit" in answer.content.decode()


def test_a_person_is_added_changed_moved_and_ended(client, peopled):
    path = address("organisations:person_add")
    typed = {
        "name": "Åsa Ny", "key": "A1", "email": "asa@x.se", "title_sv": "Rektor", "title_en": "", "unit": "E00001",
        "joined": "2026-03-01", "manager": "100001", "level": "staff", "language": "sv",
        "attributes": "Yrke: Skola\nOrt: Norr",
    }  # fmt: skip
    wrong = client.post(path, typed | {"key": "100001", "manager": "x"})
    assert wrong.status_code == 422
    assert "Åsa Ny" in wrong.content.decode()
    assert client.post(path, typed).status_code == 302
    person = Person.objects.get(key="A1")
    assert person.attributes == {"Yrke": "Skola", "Ort": "Norr"}
    clash = client.post(path, typed)
    assert "Somebody else has this employment number" in clash.content.decode()
    here = {"person": person.pk}
    page = client.get(address("organisations:person_edit", **here)).content.decode()
    assert "Yrke: Skola" in page
    assert 'value="100001"' in page
    client.post(address("organisations:person_edit", **here), typed | {"name": "Åsa Nyare"})
    client.post(address("organisations:person_move", **here), {"unit": "E00002", "day": "2026-03-12"})
    client.post(address("organisations:person_end", **here), {"last_day": "2026-03-31"})
    person.refresh_from_db()
    assert (person.name, person.unit.key, person.left) == ("Åsa Nyare", "E00002", dt.date(2026, 4, 1))
    client.post(address("organisations:person_administrator", **here), {"on": "1"})
    client.post(address("organisations:person_erase", **here))
    person.refresh_from_db()
    assert person.erased
    assert client.get(address("organisations:person", **here)).status_code == 200
    assert client.get(address("organisations:person_edit", **here)).status_code == 404


def test_units_are_renamed_moved_merged_and_closed(client, peopled):
    one, two = Unit.objects.get(key="E00001"), Unit.objects.get(key="E00002")
    day = {"day": "2026-03-12"}
    client.post(address("organisations:unit_rename", unit=one.pk), {"name_sv": "Nytt", "name_en": "New", **day})
    client.post(address("organisations:unit_move", unit=one.pk), {"parent": "E00002", **day})
    loop = client.post(address("organisations:unit_move", unit=two.pk), {"parent": "E00001", **day})
    assert "below itself" in loop.content.decode()
    full = client.post(address("organisations:unit_close", unit=one.pk), day)
    assert "people in this unit" in full.content.decode()
    client.post(address("organisations:unit_merge", unit=one.pk), {"into": "E00002", **day})
    one.refresh_from_db()
    assert (one.name, one.merged_into) == ({"sv": "Nytt", "en": "New"}, two)
    page = client.get(address("organisations:unit", unit=one.pk)).content.decode()
    assert "Taken over by" in page


def test_a_team_is_corrected_on_its_page(client, peopled):
    boss, other = Person.objects.get(key="100001"), Person.objects.get(key="100002")
    path = address("organisations:person_team", person=boss.pk)
    assert client.post(path, {"person": other.key, "included": "in"}).status_code == 302
    assert "put in" in client.get(address("organisations:person", person=boss.pk)).content.decode()


def test_the_template_and_the_export_are_read_back(client, peopled):
    for name in ("import_template", "people_export"):
        answer = client.get(address(f"organisations:{name}"))
        assert answer.content.startswith(b"\xef\xbb\xbf")
        assert answer["Content-Disposition"].endswith('.csv"')
    path = client.post(address("organisations:imports"), {"file": SimpleUploadedFile("alla.csv", answer.content)}).url
    assert "nothing to import" in client.get(path).content.decode()


def test_a_deep_tree_is_cut_and_says_so(client, organisation):
    parent = None
    for number in range(160):
        top = actions.open_unit(key=f"T{number}", name=LangText(sv=f"Topp {number}"), parent=None, by=None)
        parent = parent or top
    actions.open_unit(key="L", name=LangText(sv="Längst ned"), parent=parent, by=None)
    page = client.get(address("organisations:units")).content.decode()
    assert "down to level 1" in page
    assert "Längst ned" not in page
    assert page.count("<ul") == page.count("</ul>")
    assert len(re.findall(r"<li\b", page)) == page.count("</li>")


def test_the_tree_nests_rightly(client, peopled):
    page = client.get(address("organisations:units")).content.decode()
    assert page.count("<ul") == page.count("</ul>")
    assert len(re.findall(r"<li\b", page)) == page.count("</li>")
    assert (
        "There were no units here on that day"
        in client.get(address("organisations:units"), {"day": "2020-01-01"}).content.decode()
    )
    assert "earlier day" in client.get(address("organisations:units"), {"day": "2030-01-01"}).content.decode()


def test_units_to_choose_among_stand_as_on_their_own_page(client):
    for name in ("Enhet 10", "Enhet 4", "Enhet 14"):
        actions.open_unit(key=name[6:], name=LangText(sv=name), parent=None, day=dt.date(2026, 3, 12), by=None)
    page = client.get(address("organisations:people")).content.decode()
    assert re.findall(r"Enhet \d+", page) == ["Enhet 4", "Enhet 10", "Enhet 14"]


def test_a_fault_that_many_rows_share_stands_once_with_their_number(client):
    header = ["anställningsnummer", "förnamn", "efternamn", "enhet", "överordnad enhet"]
    rows = [[str(number), "Ann", f"Ek {number}", f"Enhet {number}", "Saknad"] for number in range(100)]
    path = upload(client, [*rows, ["", "Utan", "Nummer", "Enhet 1", "Saknad"]], header=header)
    page = client.get(path + "?part=faults").content.decode()
    assert page.count("“Saknad” is neither in the file nor here") == 1
    assert re.search(r">10\d rows<", page), page
    assert "2, 3, 4, 5, 6 …" in page
    (warned,) = re.findall(r"(\d+) rows are not in order", page)
    assert re.findall(r"Not in order (\d+)", page) == [warned]
    assert "row 102" in page


def test_what_comes_of_a_row_is_said_alike_by_all_its_faults(client):
    """A row that is left out for one fault is not taken for another."""
    header = ["anställningsnummer", "namn", "e-post"]
    path = upload(client, [["1", "", "ingen adress"], ["2", "Ann Ek", "ingen adress"]], header=header)
    page = client.get(path + "?part=faults").content.decode()
    told = dict(re.findall(r">(row \d|\d rows)<.*?<p class=\"quiet\">([^<]*)</p>", page, re.S))
    assert page.count("The row is left out.") == 2
    assert page.count("The rest of the row is taken.") == 1
    assert told["row 3"] == "The rest of the row is taken."


def test_row_numbers_are_written_as_the_file_counts_them_and_several_rows_are_spoken_of_as_several(client):
    header = ["anställningsnummer", "namn", "chef", "nivå"]
    rows = [[f"A{number}", f"Ann Ek {number}", "", ""] for number in range(1200)]
    rows[0][2] = rows[1100][2] = "Saknad"
    path = upload(client, [*rows, ["A1", "Åke Al", "", ""], ["B", "", "", ""], ["C", "Bo", "", "kung"]], header=header)
    page = client.get(path + "?part=faults").content.decode()
    assert "3, 1202. The rows are left out." in page
    assert "2, 1102. The rest of the rows is taken." in page
    assert re.findall(r">(row \d+)<", page) == ["row 1203", "row 1204"]
    assert (page.count("The row is left out."), page.count("The rest of the row is taken.")) == (1, 1)
