"""One's own data, wishes to be erased, and what erasing takes out of programmes."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from samsyn.audit.actions import record
from samsyn.audit.words import act_in_words
from samsyn.core.addresses import address
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.organisations.actions import erase_person
from samsyn.programmes import actions_people, actions_requests, erasing, own_data
from samsyn.programmes.models import ErasureRequest, GroupMember, Invitation, Part, Role, Ticket
from samsyn.programmes.tests.people_world import come_in, guest, stand_still, tongue  # noqa: F401
from samsyn.thread.actions import add_item, make_promise, write_reply


def test_everything_about_a_guest(world):
    activity = world.activity("steps", state="open")
    person = guest(world, activity).person
    group = actions_people.add_group(world.programme, name=LangText(sv="Lag"), by=world.person("lead"))
    actions_people.put_in_group(group, [person], by=world.person("lead"))
    found = own_data.as_json(person)
    assert found["You in the organisation"][0]["e-mail address"] == "vera@uni.example"
    assert found["Roles in programmes"][0]["role"] == "guest"
    assert found["Groups"] == [{"group": "Lag", "programme": "The programme"}]
    assert found["Invitations"][0]["invited by"] == "Lead"
    assert found["Activities that name you"] == [{"activity": "Question time"}]
    assert json.dumps(found)


def test_the_kinds_are_asked(world, monkeypatch):
    from samsyn.programmes.kinds import PersonalData, all_kinds

    kind = all_kinds()["steps"]
    monkeypatch.setattr(
        kind, "personal_data", lambda person: [PersonalData("Outcomes", [{"text": person.name, "none": None}])]
    )
    assert own_data.as_json(world.person("staff"))["Outcomes"] == [{"text": "Staff"}]


def test_a_vote_is_told_as_a_vote_never_how(world):
    activity = world.activity("questions", state="open")
    Ticket.objects.filter(person=world.person("staff")).update(spent=True)
    found = own_data.as_json(world.person("staff"))["Votes: that you voted, never how"]
    assert found == [{"activity": str(activity.title), "voted": "yes"}]


def test_what_one_answers_for_is_told_in_words(world):
    lead = world.person("lead")
    text = LangText(sv="En lista")
    said = add_item(programme_id=world.programme.pk, kind="steps.outcome", title=text)
    make_promise(said, title=text, text=text, owner=lead, due=dt.date(2030, 5, 6), visibility="programme", by=lead)
    (found,) = own_data.as_json(lead)["Promises and other things you answer for"]
    assert (found["what"], found["state"]) == ("promise", "not done yet")
    assert own_data.as_json(lead)["You in the organisation"][0]["language"] == "Swedish"


def test_the_page_and_the_file_are_ones_own(world, django_assert_max_num_queries):
    stand_still(world)
    client = world.client("staff")
    with django_assert_max_num_queries(34):
        page = client.get(address("programmes:my_data"))
    assert "staff@ankeby.example" in page.content.decode()
    file = client.get(address("programmes:my_data_file"))
    assert "staff@ankeby.example" in str(json.loads(file.content))
    assert "other@ankeby.example" not in file.content.decode()
    assert file["Content-Disposition"].startswith("attachment")
    assert world.client().get(address("programmes:my_data")).status_code == 302


def test_days_stand_in_words_on_the_page_and_as_numbers_in_the_file(world):
    text = LangText(sv="En lista")
    lead, client = world.person("lead"), world.client("lead")
    for words in ("En", "Två"):
        said = add_item(programme_id=world.programme.pk, kind="steps.outcome", title=LangText(sv=words))
        make_promise(said, title=text, text=text, owner=lead, due=dt.date(2030, 5, 6), visibility="programme", by=lead)
    page = client.get(address("programmes:my_data")).content.decode()
    assert ":</span> 6 maj 2030" in page
    assert not re.findall(r">[^<]*\d{4}-\d\d-\d\d", page[page.index("<main") : page.index("</main")])
    file = client.get(address("programmes:my_data_file")).content.decode()
    assert "2030-05-06" in file


def test_a_long_word_among_ones_own_data_may_break(world):
    """A row's words stand in a box that may be narrower than they are."""
    client = world.client("lead")
    page = client.get(address("programmes:my_data")).content.decode()
    assert '<li class="row"><p>' not in page


def test_a_guest_sees_their_own_data_too(world):
    stand_still(world)
    client = come_in(guest(world, world.activity("steps", state="open")))
    assert "vera@uni.example" in client.get(address("programmes:my_data")).content.decode()


def test_asking_and_being_answered(world):
    stand_still(world)
    client = world.client("staff")
    there = address("programmes:my_data")
    assert client.post(there, {"words": "Jag slutar"}).status_code == 302
    assert client.post(there, {"words": "igen"}).status_code == 422
    request = ErasureRequest.objects.get()
    lead = world.client("lead")  # looks after people here
    assert "Staff" in lead.get(address("programmes:erasure_requests")).content.decode()
    path = address("programmes:erasure_request", erasure=request.pk)
    assert "Jag slutar" in lead.get(path).content.decode()
    assert lead.post(path, {"state": "declined"}).status_code == 422
    assert lead.post(path, {"state": "declined", "answer": "Arkivlagen kräver det"}).status_code == 302
    assert "Arkivlagen" in client.get(there).content.decode()
    assert client.post(there, {"words": ""}).status_code == 302  # may ask again


def test_erasing_by_request_takes_the_person_out_of_programmes(world):
    person = world.person("member")
    lead = world.person("lead")
    activity = world.activity("questions", state="open", responsible=person)
    world.programme.contact = person
    world.programme.save()
    group = actions_people.add_group(world.programme, name=LangText(sv="Lag"), by=lead)
    actions_people.put_in_group(group, [person], by=lead)
    request = actions_requests.ask_for_erasure(person, words="snälla")
    actions_requests.answer_erasure(request, state="done", answer="", by=lead)
    person.refresh_from_db()
    request.refresh_from_db()
    assert person.erased
    assert (request.state, request.words) == ("done", "")
    for model in (Role, GroupMember, Invitation, Part, Ticket):
        assert not model.objects.filter(person=person).exists(), model
    world.programme.refresh_from_db()
    activity.refresh_from_db()
    assert (world.programme.contact, activity.responsible) == (None, None)
    erasing.take_out(person)  # twice does no harm
    with pytest.raises(RefusedError):
        actions_requests.answer_erasure(request, state="done", answer="", by=lead)


def test_an_erased_guests_link_leads_nowhere(world):
    stand_still(world)
    invitation = guest(world, world.activity("steps", state="open"))
    from samsyn.programmes.tests.people_world import path_of

    path = path_of(invitation)
    erase_person(invitation.person, by=world.person("lead"))
    assert world.client().get(path).status_code == 404


def test_only_those_who_look_after_people_answer(world):
    stand_still(world)
    request = actions_requests.ask_for_erasure(world.person("staff"), words="")
    with pytest.raises(NotAllowedError):
        actions_requests.answer_erasure(request, state="done", answer="", by=world.person("facilitator"))
    for who, status in (("staff", 403), ("facilitator", 403), ("lead", 200), (None, 302)):
        assert world.client(who).get(address("programmes:erasure_requests")).status_code == status, who


def test_states_and_acts_are_told_in_words_of_pages(world):
    lead = world.person("lead")
    activity, text = world.activity("steps"), LangText(sv="Svar")
    write_reply(
        programme_id=world.programme.pk,
        activity_id=activity.pk,
        level=activity.level,
        heard=text,
        doing=text,
        not_doing=LangText(),
        next_date=None,
        signed_by=lead,
        voice_ids=[],
        title=text,
        by=lead,
    )
    record("activity.published", activity, by=lead)
    with translation.override("sv"):
        found = own_data.as_json(lead)
    assert "läge" not in found["Löften och annat som du svarar för"][0]
    assert "publicerade en aktivitet" in [row["vad"] for row in found["Det du har gjort i systemet"]]


def test_every_verb_of_the_record_has_words():
    verbs = set()
    for path in Path(settings.PACKAGE_DIR).rglob("*actions*.py"):
        verbs |= set(re.findall(r'record(?:_in)?\((?:[\w.]+, )?"([\w.-]+)"', path.read_text("utf-8")))
    assert len(verbs) > 70
    kept = {verb: act_in_words(verb) for verb in verbs}
    assert not [verb for verb, words in kept.items() if words.startswith(("led ", "did something"))]
