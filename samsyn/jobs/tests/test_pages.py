"""The page of a job."""

from __future__ import annotations

import pytest
from django.test import Client

from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.jobs.actions import start_job
from samsyn.jobs.models import Job
from samsyn.jobs.running import execute
from samsyn.jobs.tests.conftest import make_person
from samsyn.organisations.models import Organisation, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(starter: Person) -> Job:
    return start_job(
        LangText(sv="Räkna", en="Count"), "samsyn.jobs.tests.work.count", {"total": 3}, starter, onward="/x/"
    )


def sign_in(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def test_the_starter_follows_the_job_without_javascript(job, starter):
    client, here = sign_in(starter), address("jobs:job", job=job.pk)
    page = client.get(here).content.decode()
    assert "Räkna" in page
    assert f'href="{here}"' in page
    assert "http-equiv" not in page
    execute(job.pk)
    page = client.get(here).content.decode()
    assert 'href="/x/"' in page
    assert "hx-get" not in page
    assert "<form" not in page.split('id="job-state"')[1].split("</main>")[0]


def test_htmx_gets_only_the_part_that_changes(job, starter):
    client, here = sign_in(starter), address("jobs:job", job=job.pk)
    part = client.get(here, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'hx-trigger="every 2s"' in part


def test_the_starter_may_cancel(job, starter):
    client = sign_in(starter)
    answer = client.post(address("jobs:cancel", job=job.pk))
    assert answer["Location"] == address("jobs:job", job=job.pk)
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert client.get(address("jobs:cancel", job=job.pk)).status_code == 405


@pytest.mark.parametrize("name", ["jobs:job", "jobs:cancel"])
def test_who_may_see_it(job, organisation, name):
    colleague = make_person(organisation, "kollega", account=True)
    chief = make_person(organisation, "chef", account=True, administrator=True)
    elsewhere = Organisation.objects.create(slug="soder", name=LangText(sv="Söder"))
    stranger = make_person(elsewhere, "stranger", account=True, administrator=True)
    method = "get" if name == "jobs:job" else "post"

    def status(client: Client, path: str = "") -> int:
        return getattr(client, method)(path or address(name, job=job.pk)).status_code

    assert status(Client()) == 302
    assert status(sign_in(colleague)) == 404
    assert status(sign_in(stranger)) == 404
    assert status(sign_in(stranger), address(name, job=job.pk).replace("/norr/", "/soder/")) == 404
    assert status(sign_in(chief)) in {200, 302}


def test_a_page_takes_few_queries(job, starter, django_assert_max_num_queries):
    client = sign_in(starter)
    with django_assert_max_num_queries(8):
        client.get(address("jobs:job", job=job.pk))
