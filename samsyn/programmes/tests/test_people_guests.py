"""Guests: invited by a secret link, seeing what they are invited to and nothing else, until their day."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation
from django.utils.html import escape

from samsyn.accounts.models import User
from samsyn.audit.models import Entry
from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.ids import encode_id
from samsyn.core.keys import destroy_key
from samsyn.core.texts import LangText
from samsyn.jobs.models import Letter, Mailing
from samsyn.organisations.models import Person
from samsyn.programmes import actions_guests as actions
from samsyn.programmes import actions_people, anonymity, audiences, invitation_links, queries_people, standing
from samsyn.programmes.models import Invitation, Part, Role
from samsyn.programmes.tests.people_world import LATER, come_in, guest, path_of, set_day, stand_still, tongue  # noqa: F401
from samsyn.thread.actions import add_item
from tests.fixtures import DAY

AFTER = LATER + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


@pytest.fixture
def activity(world):
    return world.activity("steps", state="open")


# --- inviting ---------------------------------------------------------------------------------------------------


def test_a_guest_is_named_in_what_they_are_invited_to(world, activity):
    other = world.activity("steps", state="open")
    invitation = guest(world, activity)
    person = invitation.person
    assert standing.in_activity(person, activity) == {standing.GUEST, standing.PARTICIPANT}
    assert standing.in_activity(person, other) == standing.NOBODY
    assert person in audiences.people_of_activity(activity)
    assert person not in audiences.people_of_activity(other)
    with clock.simulated(AFTER):
        assert standing.in_activity(person, activity) == standing.NOBODY
        assert person not in audiences.people_of_activity(activity)


def test_only_the_digest_of_the_secret_is_stored(world, activity):
    invitation = guest(world, activity)
    secret = invitation_links.secret_for(invitation.pk)
    assert len(secret) == 43
    assert invitation_links.link_of(invitation).endswith(f"/invitation/{secret}/")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            assert secret not in str(cursor.fetchall())
    destroy_key("invitations")  # a database alone, without the key file, gives no links away
    assert invitation_links.link_of(invitation) == ""


@pytest.mark.parametrize("who", ["owner", "member", "staff", "guest"])
def test_only_those_who_plan_invite(world, activity, who):
    with pytest.raises(NotAllowedError):
        guest(world, activity, by=world.person(who))


def test_what_is_refused(world, activity, elsewhere):
    with pytest.raises(RefusedError, match="your own"):
        guest(world, activity, email="staff@ankeby.example")
    with pytest.raises(RefusedError, match="already has the role"):
        guest(world, activity, email="facilitator@ankeby.example")
    with pytest.raises(RefusedError, match="already passed"):
        guest(world, activity, until=DAY - dt.timedelta(days=1))
    with pytest.raises(RefusedError, match="at least one"):
        guest(world)
    assert not Person.objects.filter(name="Vera Forskare").exists()


def test_inviting_again_adds_and_replaces_the_link(world, activity):
    first = guest(world, activity)
    second_activity = world.activity("steps", state="open")
    second = guest(world, second_activity, until=LATER + dt.timedelta(days=5))
    first.refresh_from_db()
    assert first.revoked
    assert first.person == second.person
    assert queries_people.activities_of_guest(world.programme, second.person) in (
        [activity, second_activity],
        [second_activity, activity],
    )
    assert Role.objects.get(person=second.person).until == LATER + dt.timedelta(days=5)


def test_a_guest_may_be_taken_out_of_what_nobody_has_contributed_to(world, activity):
    other = world.activity("steps", state="open")
    invitation = guest(world, activity, other)
    change = {"until": LATER, "by": world.person("lead")}
    actions.change_guest(world.programme, invitation.person, activities=[activity], **change)
    assert queries_people.activities_of_guest(world.programme, invitation.person) == [activity]
    activity.contributed = True
    activity.save()
    with pytest.raises(RefusedError, match="already contributed"):
        actions.change_guest(world.programme, invitation.person, activities=[other], **change)


def test_ending_a_guest_ends_it_all(world, activity):
    invitation = guest(world, activity)
    actions.end_guest(world.programme, invitation.person, by=world.person("facilitator"))
    assert standing.in_activity(invitation.person, activity) == standing.NOBODY
    assert invitation.person not in audiences.people_of_activity(activity)
    assert Client().get(path_of(invitation)).status_code == 410
    assert [row.state for row in queries_people.guests_of(world.programme) if row.invitation] == ["ended"]


# --- coming in --------------------------------------------------------------------------------------------------


def test_opening_the_page_is_not_coming_in(world, activity):
    stand_still(world)
    invitation = guest(world, activity)
    answer = Client().get(path_of(invitation))
    assert answer.status_code == 200
    shown = answer.content.decode()
    with translation.override("sv"):
        card = anonymity.describe(activity)
    for words in ("Lead", "Frågestund", card.headline, card.short):
        assert escape(words) in shown, words
    assert "no-store" in answer["Cache-Control"]
    assert not User.objects.filter(email="vera@uni.example").exists()
    invitation.refresh_from_db()
    assert (invitation.opened, invitation.accepted) == (DAY, None)
    assert not Entry.objects.filter(verb="invitation.accepted").exists()


def test_the_button_signs_in_and_works_again_elsewhere(world, activity):
    stand_still(world)
    invitation = guest(world, activity)
    there = address("programmes:activity", activity=activity.pk)
    for _browser in range(2):
        client = Client()
        answer = client.post(path_of(invitation))
        assert (answer.status_code, answer.url) == (302, there)
        assert client.get(path_of(invitation)).content.decode().count(there) == 1
    invitation.refresh_from_db()
    assert invitation.accepted == DAY
    assert invitation.person.user.email == "vera@uni.example"
    assert not invitation.person.user.has_usable_password()
    assert Entry.objects.filter(verb="invitation.accepted", actor_id=invitation.person.pk).count() == 1
    assert [row.state for row in queries_people.guests_of(world.programme) if row.invitation] == ["joined"]


def test_the_guest_sees_that_and_nothing_else_until_the_day(world, activity):
    stand_still(world)
    other = world.activity("steps", state="open")
    draft = world.activity("steps")
    invitation = guest(world, activity, draft)
    item = add_item(programme_id=world.programme.pk, activity_id=other.pk, kind="step", visibility="programme")
    client = come_in(invitation)
    programme = {"programme": world.programme.pk}
    closed = [
        address("home:programme", **programme),
        address("home:said", **programme),
        address("home:item", item=item.pk),
        address("programmes:storyboard", **programme),
        address("programmes:people", **programme),
        address("programmes:guests", **programme),
        address("programmes:activity", activity=other.pk),
        address("programmes:sheet", activity=other.pk),
        address("programmes:activity", activity=draft.pk),
    ]
    assert {path: client.get(path).status_code for path in closed} == dict.fromkeys(closed, 404)
    seen = [address("programmes:activity", activity=activity.pk), address("programmes:sheet", activity=activity.pk)]
    assert all(client.get(path).status_code in {200, 302} for path in seen)
    set_day(world, AFTER)
    assert {path: client.get(path).status_code for path in seen} == dict.fromkeys(seen, 404)
    ended = Client().get(path_of(invitation))
    assert ended.status_code == 410
    assert Client().post(path_of(invitation)).status_code == 410


def test_a_new_link_stops_the_old_one(world, activity):
    stand_still(world)
    old = guest(world, activity)
    new = actions.renew_link(old, by=world.person("lead"))
    assert Client().get(path_of(old)).status_code == 410
    assert Client().get(path_of(new)).status_code == 200


def test_wrong_links_are_counted(world, activity, caplog):
    stand_still(world)
    invitation = guest(world, activity)
    wrong = address("programmes:invitation", secret="x" * 43)
    client = Client()
    assert {client.get(wrong).status_code for _ in range(20)} == {404}
    assert client.get(wrong).status_code == 429
    assert client.get(path_of(invitation)).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.7").get(path_of(invitation)).status_code == 200
    assert "xxx" not in caplog.text


def test_another_organisations_link_is_not_ours(world, activity, elsewhere):
    invitation = guest(world, activity)
    path = path_of(invitation).replace("/o/ankeby/", "/o/gaseborg/")
    assert Client().get(path).status_code == 404


# --- a link must open nothing but what it invites to ------------------------------------------------------------


def _tie(person, **values):
    person.user = User.objects.create_user(person.email, **values)
    person.save()


def test_the_link_never_signs_in_an_operator(world, activity):
    stand_still(world)
    User.objects.create_user("vera@uni.example", is_operator=True)
    client = come_in(guest(world, activity))
    assert "_auth_user_id" not in client.session


def test_the_link_never_signs_in_who_is_somebody_elsewhere(world, activity, elsewhere):
    stand_still(world)
    user = elsewhere.person("staff").user
    invitation = guest(world, activity, email=user.email)
    client = come_in(invitation)
    assert "_auth_user_id" not in client.session
    page = client.get(path_of(invitation)).content.decode()
    assert "/accounts/login/" in page
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(path_of(invitation)).status_code == 302
    invitation.person.refresh_from_db()
    assert invitation.person.user == user


def test_the_link_never_signs_in_who_has_another_part_here(world, activity):
    stand_still(world)
    invitation = guest(world, activity)
    _tie(invitation.person)
    assert "_auth_user_id" in come_in(invitation).session
    partner = actions_people.add_partner(world.programme, name="Byrån", until=LATER, by=world.person("lead"))
    actions_people.add_partner_person(
        partner,
        name="Vera",
        email="vera@uni.example",
        role="lead",
        until=LATER,
        language="sv",
        by=world.person("lead"),
    )
    assert "_auth_user_id" not in come_in(invitation).session


def test_one_who_is_signed_in_stays_who_they_are(world, activity):
    stand_still(world)
    invitation = guest(world, activity)
    client = world.client("lead")
    assert "lead@<wbr>ankeby.example" in client.get(path_of(invitation)).content.decode()
    client.post(path_of(invitation))
    assert client.session["_auth_user_id"] == str(world.person("lead").user.pk)
    invitation.refresh_from_db()
    assert (invitation.opened, invitation.accepted) == (None, None)


# --- letters ----------------------------------------------------------------------------------------------------


def deliver():
    from samsyn.jobs.mail.delivery import deliver as run

    class Silent:
        message = None

        def step(self, *_args):
            pass

    for mailing in Mailing.objects.all():
        run(Silent(), mailing.pk, 5)


def test_the_letter_holds_the_link_and_the_queue_does_not(world, activity, settings):
    invitation = guest(world, activity)
    actions.send_invitation(invitation, by=world.person("lead"))
    secret = invitation_links.secret_for(invitation.pk)
    assert secret not in str(list(Mailing.objects.values()))
    deliver()
    (letter,) = mail.outbox
    assert letter.to == ["vera@uni.example"]
    assert secret in letter.body
    assert "Vera Forskare" in letter.body
    assert letter.reply_to == ["lead@ankeby.example"]
    with pytest.raises(RefusedError, match="nobody to write to"):
        actions.send_invitation(invitation, by=world.person("lead"))


def test_a_rehearsals_letters_are_files(world, activity, settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    stand_still(world)
    actions.send_invitation(guest(world, activity), by=world.person("lead"))
    deliver()
    assert mail.outbox == []
    assert len(list(tmp_path.iterdir())) == 1


def test_only_the_silent_are_reminded(world, activity):
    by = world.person("lead")
    silent, joined, copied = (guest(world, activity, email=f"{n}@uni.example") for n in "abc")
    for invitation in (silent, joined):
        actions.send_invitation(invitation, by=by)
    deliver()
    actions.enter_by_invitation(joined, signed_in=None)
    mail.outbox.clear()
    assert queries_people.silent_guests(world.programme) == [silent]
    assert actions.remind_guests(world.programme, by=by) == 1
    deliver()
    assert [letter.to for letter in mail.outbox] == [["a@uni.example"]]
    assert invitation_links.secret_for(silent.pk) in mail.outbox[0].body
    assert actions.remind_guests(world.programme, by=by) == 1  # a second time, a month later
    deliver()
    assert len(mail.outbox) == 2
    assert not Letter.objects.filter(person_id=copied.person.pk).exists()


def test_no_letter_leaves_once_the_invitation_has_ended(world, activity):
    invitation = guest(world, activity)
    actions.send_invitation(invitation, by=world.person("lead"))
    actions.end_guest(world.programme, invitation.person, by=world.person("lead"))
    deliver()
    assert mail.outbox == []


# --- pages ------------------------------------------------------------------------------------------------------


def page(world, name, **parts):
    return address(f"programmes:{name}", programme=world.programme.pk, **parts)


def test_the_way_from_inviting_to_the_letter(world, activity, django_assert_max_num_queries):
    stand_still(world)
    client = world.client("facilitator")
    assert client.get(page(world, "guests")).status_code == 200
    data = {
        "name": "Vera Forskare",
        "email": "vera@uni.example",
        "language": "en",
        "activities": [encode_id(activity.pk)],
        "until": LATER.isoformat(),
    }
    wrong = client.post(page(world, "invite"), {**data, "email": "staff@ankeby.example"})
    assert wrong.status_code == 422
    assert "Vera Forskare" in wrong.content.decode()
    made = client.post(page(world, "invite"), data)
    assert made.status_code == 302
    shown = client.get(made.url).content.decode()
    secret = invitation_links.secret_for(Invitation.objects.get().pk)
    assert secret in shown
    assert "Hello Vera Forskare" in shown  # in the guest's language
    assert client.post(made.url).status_code == 302
    assert Letter.objects.count() + Mailing.objects.count() > 0
    with django_assert_max_num_queries(20):
        listed = client.get(page(world, "guests")).content.decode()
    assert "vera@uni.example" in listed
    assert secret not in listed


def test_changing_renewing_ending_on_the_pages(world, activity):
    stand_still(world)
    client = world.client("lead")
    person = guest(world, activity).person.pk
    there = page(world, "guest", person=person)
    assert client.get(there).status_code == 200
    change = {"activities": [encode_id(activity.pk)], "until": DAY.isoformat()}
    assert client.post(there, change).status_code == 302
    assert Role.objects.get(person=person).until == DAY
    assert client.post(page(world, "guest_renew", person=person)).status_code == 302
    assert Invitation.objects.filter(person=person).count() == 2
    assert client.get(page(world, "remind")).status_code == 200
    assert client.post(page(world, "guest_end", person=person)).status_code == 302
    assert not Role.objects.filter(person=person).exists()
    assert Part.objects.filter(person=person).count() == 1  # what the guest was in stays to be read
    assert client.get(there).status_code == 200
    assert client.get(page(world, "guest_letter", person=person)).status_code == 302


def test_pages_of_guests_are_for_those_who_plan(world, activity):
    stand_still(world)
    person = guest(world, activity).person.pk
    for name, parts in (("guests", {}), ("invite", {}), ("remind", {}), ("guest", {"person": person})):
        for who, status in (("owner", 403), ("staff", 403), ("guest", 404), (None, 302)):
            assert world.client(who).get(page(world, name, **parts)).status_code == status, (name, who)


def test_nothing_on_the_pages_has_script_or_style_of_its_own(world, activity):
    stand_still(world)
    invitation = guest(world, activity)
    for path in (page(world, "guests"), page(world, "invite"), path_of(invitation)):
        shown = world.client("lead").get(path).content.decode()
        assert not re.search(r"\sstyle=|\son\w+=|<script(?![^>]*src)", shown), path


def test_a_guest_by_role_alone_is_shown_and_can_be_ended(world, activity):
    stand_still(world)
    person = Person.objects.create(
        organisation=world.organisation, name="Ulf", email="ulf@uni.example", external=True, joined=DAY
    )
    Role.objects.create(
        organisation=world.organisation, programme=world.programme, person=person, name=Role.Name.GUEST, until=LATER
    )
    client = world.client("lead")
    assert "Ulf" in client.get(address("programmes:guests", programme=world.programme.pk)).content.decode()
    found = queries_people.guest_of(world.programme, person.pk)
    assert (found.state, found.until, found.invitation) == ("joined", LATER, None)
    page = client.get(address("programmes:guest", programme=world.programme.pk, person=person.pk)).content.decode()
    assert address("programmes:guest_end", programme=world.programme.pk, person=person.pk) in page
    assert address("programmes:guest_renew", programme=world.programme.pk, person=person.pk) not in page
    client.post(address("programmes:guest_end", programme=world.programme.pk, person=person.pk))
    assert queries_people.guest_of(world.programme, person.pk) is None


def test_one_is_invited_to_what_is_not_over_and_two_of_a_name_are_told_apart(world, activity):
    stand_still(world)
    closed = world.activity("steps", state="closed", title=LangText(sv="Stängd", en="Shut"))
    world.activity("steps", title=LangText(sv="Ensam", en="Alone"))
    client, frame = world.client("lead"), world.frame.name.pick("sv")[0]
    alone = client.get(page(world, "invite")).content.decode()
    assert encode_id(closed.pk) not in alone
    assert encode_id(activity.pk) in alone
    named = alone.count(frame)
    world.activity("steps", title=activity.title)
    assert client.get(page(world, "invite")).content.decode().count(frame) == named + 2


def test_a_link_lasts_until_the_reply_has_come(world, activity):
    stand_still(world)
    shown = world.client("lead").get(f"{page(world, 'invite')}?to={encode_id(activity.pk)}")
    assert shown.context["form"]["until"].initial == activity.reply_by
    made = {"name": "Vera", "email": "vera@uni.example", "language": "sv", "activities": [encode_id(activity.pk)]}
    assert world.client("lead").post(page(world, "invite"), made).status_code == 302
    assert Invitation.objects.get().until == activity.reply_by
