"""Letters: who gets one, once each, through a real mail server on this machine."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from samsyn.core.errors import RefusedError
from samsyn.core.texts import LangText
from samsyn.jobs import housekeeping
from samsyn.jobs.actions import cancel_job
from samsyn.jobs.errors import CancelledError
from samsyn.jobs.mail import delivery, purposes, queries
from samsyn.jobs.mail.actions import accept, decline, remind, send
from samsyn.jobs.mail.delivery import WAITS
from samsyn.jobs.mail.preview import preview
from samsyn.jobs.models import Job, Letter, Mailing, OptOut
from samsyn.jobs.progress import Progress
from samsyn.jobs.registry import real_now
from samsyn.jobs.running import execute
from samsyn.jobs.tests.conftest import make_person
from samsyn.jobs.tests.smtp import Server
from samsyn.organisations.models import Person

pytestmark = pytest.mark.django_db
SUBJECT = LangText(sv="Ni sa – vi gjorde", en="You said – we did")
BODY = LangText(
    sv="Hej {name}!\n\nLäs svaret: https://samsyn.example/o/norr/?a=1&b=2\nVi <hörs>.",
    en="Hello {name},\n\nRead the reply: https://samsyn.example/o/norr/?a=1&b=2",
)


@pytest.fixture
def server(settings):
    found = Server()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", found.port, 5
    settings.DEFAULT_FROM_EMAIL = "samsyn@norr.example"
    yield found
    found.shutdown()
    found.server_close()


def write(people, purpose="news", about=7, **values):
    return send(purpose, about, people, SUBJECT, BODY, values.pop("by", None), **values)


def run(job: Job) -> Job:
    execute(job.pk)
    job.refresh_from_db()
    return job


def later(mailing: Mailing) -> Job:
    """The job that tries again, run now."""
    mailing.refresh_from_db()
    return run(mailing.job)


def states(about=7) -> dict[str, str]:
    names = dict(Person.objects.values_list("pk", "key"))
    return {names[row.person_id]: row.state for row in Letter.objects.filter(about_id=about)}


def test_everyone_gets_one_letter_in_their_language(server, people):
    people[1].language = "en"
    people[1].save()
    job = run(write(people).job)
    assert (job.state, job.result, job.done, job.total) == ("done", {"sent": 4}, 4, 4)
    assert sorted(address for address, _ in server.letters) == sorted(person.email for person in people)
    swedish, english = server.to("anna@example.org")[0], server.to("bo@example.org")[0]
    assert (swedish["Subject"], english["Subject"]) == ("Ni sa – vi gjorde", "You said – we did")
    assert swedish["From"] == "samsyn@norr.example"
    assert swedish.get_body(["plain"]).get_content().startswith("Hej Anna!")
    assert "Region Norr" in swedish.get_body(["plain"]).get_content()


def test_the_html_part_is_simple_escaped_and_fetches_nothing(server, people):
    run(write(people[:1]).job)
    html = server.letters[0][1].get_body(["html"]).get_content()
    assert '<a href="https://samsyn.example/o/norr/?a=1&amp;b=2">' in html
    assert "Vi &lt;hörs&gt;." in html
    assert '<html lang="sv">' in html
    assert not re.search(r"<(img|link|script|style|iframe)|src=|style=|url\(", html)


def test_the_queue_holds_neither_addresses_nor_words(people):
    write(people)
    stored = str(list(DBTaskResult.objects.values())) + str(list(Job.objects.values("arguments")))
    assert "@" not in stored
    assert "Anna" not in stored


def test_nobody_gets_the_same_letter_twice(server, people):
    run(write(people[:2]).job)
    both = write(people)
    assert [row.reason for row in both.preview.left_out] == ["already", "already"]
    run(both.job)
    assert len(server.letters) == 4
    with pytest.raises(RefusedError):
        write(people)
    run(write(people, about=8).job)
    assert len(server.letters) == 8, "another matter, another letter"


def test_two_sendings_at_once_give_one_letter_each(server, people):
    first, second = write(people), write(people)
    run(first.job)
    run(second.job)
    assert len(server.letters) == 4


def test_the_preview_says_who_is_left_out_and_why(organisation, people):
    anna, bo, cilla, david = people
    bo.email = ""
    cilla.left = dt.date(2020, 2, 1)
    for person in (bo, cilla):
        person.save()
    decline(david.pk, "news")
    found = preview("news", 7, [*people, anna])
    assert [person.key for person in found.recipients] == ["anna"]
    assert [(row.person.key, row.reason) for row in found.left_out] == [
        ("bo", "no_address"),
        ("cilla", "left"),
        ("david", "opted_out"),
    ]
    assert [[person.key for person in group] for _words, group in found.by_reason] == [["bo"], ["cilla"], ["david"]]
    assert not Letter.objects.exists()
    assert "david" in [person.key for person in preview("invitation", 7, people).recipients], "essential"
    accept(david.pk)
    assert "david" in [person.key for person in preview("news", 7, people).recipients]


def test_one_failing_address_stops_no_other(server, people):
    server.answers["anna@example.org"] = ["550 no such person"]
    people[1].email = "bo\n@example.org"
    people[1].save()
    job = run(write(people).job)
    assert job.result == {"sent": 2, "failed": 2}
    assert states() == {"anna": "failed", "bo": "failed", "cilla": "sent", "david": "sent"}
    assert dict(queries.not_reached("news", 7))[people[0].pk] == "refused"
    assert queries.counts("news", 7) == {"sent": 2, "failed": 2}
    assert [person.key for person in preview("news", 7, people).recipients] == ["anna", "bo"], "may be tried again"


def test_what_is_put_off_is_tried_again_later_and_later(server, people):
    server.answers["anna@example.org"] = ["451 later", "451 later"]
    sending = write(people)
    first = run(sending.job)
    assert first.state == "done"
    assert "wait for the mail server" in first.message["en"]
    for time in range(2):
        sending.mailing.refresh_from_db()
        waiting = DBTaskResult.objects.get(pk=sending.mailing.job.task_id)
        assert abs(waiting.run_after - real_now() - WAITS[time]) < dt.timedelta(seconds=20)
        later(sending.mailing)
    assert set(states().values()) == {"sent"}
    assert Letter.objects.get(person_id=people[0].pk).attempts == 3
    assert len(server.letters) == 4


def test_a_server_that_is_away_is_not_asked_for_each_letter(server, people, settings):
    server.shutdown()
    server.server_close()
    sending = write(people)
    assert run(sending.job).result == {"queued": 4}
    for _ in WAITS:
        job = later(sending.mailing)
    assert job.result == {"failed": 4}
    assert {reason for _pk, reason in queries.not_reached("news", 7)} == {"unreachable"}


def test_a_letter_of_which_it_cannot_be_told_is_not_sent_again(server, people):
    server.hang_up_after = {"anna@example.org"}
    sending = write(people)
    run(sending.job)
    server.hang_up_after = set()
    later(sending.mailing)
    assert len(server.to("anna@example.org")) == 1
    assert states()["anna"] == "unsure"
    assert sorted(states().values()) == ["sent", "sent", "sent", "unsure"]
    assert [row.reason for row in preview("news", 7, people[:1]).left_out] == ["unsure"]


def test_a_worker_killed_while_a_letter_went_out_does_not_send_it_again(server, people):
    sending = write(people)
    run(sending.job)
    server.letters.clear()
    Letter.objects.filter(person_id=people[0].pk).update(state="sending")
    Letter.objects.filter(person_id=people[1].pk).update(state="queued")
    Job.objects.filter(pk=sending.job.pk).update(state="waiting")
    run(sending.job)
    assert [address for address, _ in server.letters] == ["bo@example.org"]
    assert states()["anna"] == "unsure"


def test_after_a_cancelled_sending_the_rest_can_be_written_to_again(server, people, monkeypatch):
    sending = write(people)
    steps = []

    def step(self, done, total, message=""):
        steps.append(done)
        if len(steps) == 3:
            raise CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "step", step)
        run(sending.job)
    assert len(server.letters) == 2
    assert Job.objects.get(pk=sending.job.pk).state == "cancelled"
    again = write(people)
    assert len(again.preview.recipients) == 2
    run(again.job)
    assert sorted(states().values()) == ["sent"] * 4
    assert len(server.letters) == 4


def test_cancelling_before_it_began_leaves_everybody_to_be_written_to(server, people, starter):
    sending = write(people, by=starter)
    cancel_job(sending.job, by=starter)
    assert len(preview("news", 7, people).recipients) == 4


def test_who_leaves_or_declines_while_letters_wait_gets_none(server, people):
    sending = write(people)
    people[0].left = dt.date(2021, 1, 1)
    people[0].save()
    decline(people[1].pk, "")
    run(sending.job)
    assert states() == {"anna": "failed", "bo": "failed", "cilla": "sent", "david": "sent"}


def test_only_the_silent_are_reminded_once_each_time(server, people):
    silent = {people[1].pk, people[2].pk}
    run(remind("news", 7, people, silent, SUBJECT, BODY, None).job)
    assert sorted(address for address, _ in server.letters) == ["bo@example.org", "cilla@example.org"]
    with pytest.raises(RefusedError):
        remind("news", 7, people, silent, SUBJECT, BODY, None)
    run(remind("news", 7, people, {people[2].pk}, SUBJECT, BODY, None, time=2).job)
    assert len(server.to("cilla@example.org")) == 2


def test_a_rehearsal_sends_nothing_out(server, organisation, people, settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    organisation.synthetic = True
    organisation.save()
    assert run(write(people).job).result == {"sent": 4}
    assert not server.letters
    written = b"".join(file.read_bytes() for file in (tmp_path / "mail").iterdir())
    assert written.count(b"\nTo: ") == 4


def test_an_organisation_that_goes_takes_its_letters_with_it(server, organisation, people):
    run(write(people).job)
    decline(people[0].pk, "")
    housekeeping.forget_organisation(organisation.pk)
    assert not any(model.across.exists() for model in (Job, Letter, Mailing, OptOut))


def test_letters_with_a_secret_are_written_as_they_leave(server, people):
    def compose(letter, person):
        return LangText(sv=f"Till {person.name}"), LangText(sv=f"Din länk: https://x.example/{person.key}-hemlig")

    purposes.register("link", "an invitation", essential=True, compose=compose)
    run(send("link", 1, people[:2], LangText(), LangText(), None).job)
    assert "anna-hemlig" in server.to("anna@example.org")[0].get_body(["plain"]).get_content()
    assert "hemlig" not in str(list(Mailing.objects.values())) + str(list(Letter.objects.values()))


def test_answers_reach_the_person_named(server, people):
    run(write(people[:1], reply_to=people[3]).job)
    assert server.letters[0][1]["Reply-To"] == "david@example.org"
    assert server.letters[0][1]["Auto-Submitted"] == "auto-generated"


def test_an_unknown_purpose_is_a_mistake_of_ours(people):
    with pytest.raises(LookupError):
        write(people, purpose="who-knows")


def test_letters_are_declined_with_the_link_alone(server, client, people, organisation):
    run(write(people[:1]).job)
    letter = server.letters[0][1]
    link = letter["List-Unsubscribe"].strip(" <>")
    assert link in letter.get_body(["plain"]).get_content()
    path = link.removeprefix("http://localhost:8000")
    page = client.get(path)
    assert page.status_code == 200
    assert not preview("news", 9, people[:1]).left_out
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 302
    assert preview("news", 9, people[:1]).left_out[0].reason == "opted_out"
    client.post(path, {"what": "none"})
    assert not preview("news", 9, people[:1]).left_out
    assert client.get(path[:-3] + "xx/").status_code == 404


def test_essential_letters_offer_no_way_to_decline(server, people):
    run(write(people[:1], purpose="invitation").job)
    assert server.letters[0][1]["List-Unsubscribe"] is None


def test_a_large_mailing_starts_in_a_few_queries(organisation, django_assert_max_num_queries):
    people = [make_person(organisation, f"p{number}") for number in range(60)]
    with django_assert_max_num_queries(16):
        write(people)


def test_a_large_mailing_goes_out_in_rounds_of_one_job_that_can_be_cancelled(server, people, starter, monkeypatch):
    monkeypatch.setattr(delivery, "A_ROUND", 3)
    sending = write(people, by=starter)
    first = run(sending.job)
    assert (first.state, first.done, first.total) == ("waiting", 3, 4)
    assert "rounds" in first.message["en"]
    assert len(server.letters) == 3
    waiting = DBTaskResult.objects.get(pk=first.task_id)
    assert abs(waiting.run_after - real_now() - delivery.BETWEEN_ROUNDS) < dt.timedelta(seconds=20)
    assert [row.reason for row in preview("news", 7, people).left_out] == ["already"] * 4
    second = run(sending.job)
    assert (second.state, second.result, second.done) == ("done", {"sent": 4}, 4)
    other = write(people, about=8, by=starter)
    run(other.job)
    cancel_job(other.job, by=starter)
    assert other.job.state == "cancelled"
    assert len(preview("news", 8, people).recipients) == 1


def test_of_a_discreet_mailing_nothing_is_left_that_says_whom_it_was_for(server, people, starter):
    sending = remind("news", 7, people, {people[1].pk}, SUBJECT, BODY, starter, discreet=True)
    job = run(sending.job)
    assert [address for address, _ in server.letters] == ["bo@example.org"]
    assert (job.done, job.total, job.result) == (0, 0, {}), "not even how many"
    assert not re.search(r"\d", str(job.message))
    assert not Letter.objects.exists()
    assert Mailing.objects.get().person_ids == []


def test_a_discreet_mailing_that_reached_nobody_can_be_made_again(server, people):
    server.shutdown()
    server.server_close()
    sending = remind("news", 7, people, {people[1].pk}, SUBJECT, BODY, None, discreet=True)
    run(sending.job)
    assert Letter.objects.exists(), "it is tried again"
    for _ in WAITS:
        later(sending.mailing)
    assert not Letter.objects.exists()
    assert not Mailing.objects.exists()


def test_what_a_cancelled_discreet_mailing_left_behind_is_taken_away(server, people, starter, monkeypatch):
    monkeypatch.setattr(delivery, "A_ROUND", 1)
    sending = remind("news", 7, people, {person.pk for person in people}, SUBJECT, BODY, starter, discreet=True)
    run(sending.job)
    cancel_job(sending.job, by=starter)
    assert Letter.objects.exists()
    before = remind("news", 8, people, {people[0].pk}, SUBJECT, BODY, starter, discreet=True)
    cancel_job(before.job, by=starter)
    housekeeping.tidy()
    assert not Letter.objects.exists()
    assert [mailing.person_ids for mailing in Mailing.objects.all()] == [[]]
