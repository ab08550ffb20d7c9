"""Writes about guests: inviting, another day or other activities, new links, ending, and coming in by the link."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samsyn.accounts.models import User
from samsyn.audit.actions import record
from samsyn.core import tenancy
from samsyn.core.clock import today
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.ids import new_id
from samsyn.jobs.mail.actions import remind, send
from samsyn.jobs.models import Letter
from samsyn.organisations.models import Person
from samsyn.programmes import invitation_links, invitation_mail, queries_people, rules, rules_people
from samsyn.programmes.actions_people import give_account, narrowing_refused, outsider, widened
from samsyn.programmes.models import Activity, Invitation, Part, Programme, Role

_LINK_STANDS_HERE = "…"  # what the queue keeps in place of the link


class SignInNeededError(NotAllowedError):
    """The account of this address is more than a guest here: its owner signs in as usual first."""


def invite_guest(
    programme: Programme,
    *,
    name: str,
    email: str,
    activities: Collection[Activity],
    until: dt.date,
    by: Person,
    language: str = "sv",
) -> Invitation:
    """Invite somebody from outside to some activities until a day. The link comes from `invitation_links.link_of`.

    Inviting the same address again adds the activities and sets the new day; the earlier link is replaced.
    Raises RefusedError for one's own people, for those with another role here, and for a day that has passed.
    """
    _authorise(by, programme)
    _check(programme, activities, until)
    with transaction.atomic():
        person = outsider(name=name, email=email, language=language, by=by)
        role = Role.objects.filter(programme=programme, person=person).exclude(name=Role.Name.GUEST).first()
        if role is not None:
            raise RefusedError(
                format_lazy(
                    _("{name} already has the role {role} here. Name them in the activity’s audience instead."),
                    name=person.name,
                    role=Role.Name(role.name).label,
                ),
                "email",
            )
        _set_until(programme, person, until)
        _name_in(activities, person)
        Invitation.objects.filter(programme=programme, person=person).update(revoked=True)
        invitation = _add_invitation(programme, person, until, by)
    widened(programme)
    return invitation


def change_guest(
    programme: Programme, person: Person, *, activities: Collection[Activity], until: dt.date, by: Person
) -> None:
    """Give a guest another last day and other activities; the link stays as it is.

    Raises RefusedError where an activity would lose the guest after somebody has contributed.
    """
    _authorise(by, programme)
    _check(programme, activities, until)
    chosen = {activity.pk for activity in activities}
    parts = Part.objects.filter(activity__programme=programme, person=person).select_related("activity")
    dropped = [part for part in parts if part.activity_id not in chosen]
    for part in dropped:
        if part.activity is not None and rules_people.narrowing_is_fixed(part.activity):
            raise RefusedError(narrowing_refused(part.activity), "activities")
    with transaction.atomic():
        _set_until(programme, person, until)
        Part.objects.filter(pk__in=[part.pk for part in dropped]).delete()
        _name_in(activities, person)
        Invitation.objects.filter(programme=programme, person=person, revoked=False).update(until=until)
        record("guest.changed", person, by=by)
    widened(programme)


def renew_link(invitation: Invitation, *, by: Person) -> Invitation:
    """Make a new link; the old one leads nowhere any more."""
    _authorise(by, invitation.programme)
    if not rules_people.still_holds(invitation):
        raise RefusedError(_("This invitation has ended. Invite the guest again."))
    with transaction.atomic():
        invitation.revoked = True
        invitation.save(update_fields=["revoked"])
        return _add_invitation(invitation.programme, invitation.person, invitation.until, by)


def end_guest(programme: Programme, person: Person, *, by: Person) -> None:
    """End a guest's part at once: the link leads nowhere, and nothing of the programme is seen any more."""
    _authorise(by, programme)
    with transaction.atomic():
        Role.objects.filter(programme=programme, person=person, name=Role.Name.GUEST).delete()
        Invitation.objects.filter(programme=programme, person=person).update(revoked=True)
        record("guest.ended", person, by=by)


def note_opened(invitation: Invitation) -> None:
    """The link was followed. Not an act of the guest's: mail filters follow links too, so no audit row."""
    if invitation.opened is None:
        Invitation.objects.filter(pk=invitation.pk, opened=None).update(opened=today())


def enter_by_invitation(invitation: Invitation, *, signed_in: User | None) -> User:
    """Take up an invitation, and say which account is to be signed in.

    Raises RefusedError where the link no longer leads in, SignInNeededError where the guest must sign in first.
    """
    person = invitation.person
    holds = Role.objects.filter(
        programme=invitation.programme_id, person=person, name=Role.Name.GUEST, until__gte=today()
    )
    if not rules_people.still_holds(invitation) or person.erased or not holds.exists():
        raise RefusedError(_("This invitation has ended."))
    with transaction.atomic():
        user = queries_people.account_of(person)
        if user is not None and user != signed_in and not rules_people.link_signs_in(invitation, user):
            raise SignInNeededError(_("There is already an account for this address. Sign in with it first."))
        if person.user is None:
            user = give_account(person)
        assert user is not None
        if invitation.accepted is None:
            invitation.accepted = today()
            invitation.save(update_fields=["accepted"])
            record("invitation.accepted", invitation, by=person)
    return user


def _authorise(by: Person, programme: Programme) -> None:
    if not rules.can_plan(by, programme):
        raise NotAllowedError(_("You may not do this."))


def _check(programme: Programme, activities: Collection[Activity], until: dt.date) -> None:
    if until < today():
        raise RefusedError(_("The day has already passed. Choose a later one."), "until")
    if not activities:
        raise RefusedError(_("Choose at least one activity that the guest is invited to."), "activities")
    if any(activity.programme_id != programme.pk for activity in activities):
        raise RefusedError(_("The activity belongs to another programme."), "activities")


def _set_until(programme: Programme, person: Person, until: dt.date) -> None:
    Role.objects.update_or_create(
        programme=programme,
        person=person,
        name=Role.Name.GUEST,
        defaults={"until": until},
        create_defaults={"until": until, "organisation_id": tenancy.active_id()},
    )


def _name_in(activities: Collection[Activity], person: Person) -> None:
    named = set(Part.objects.filter(activity__in=activities, person=person).values_list("activity_id", flat=True))
    Part.objects.bulk_create(
        Part(organisation_id=tenancy.active_id(), activity=activity, person=person)
        for activity in activities
        if activity.pk not in named
    )


def _add_invitation(programme: Programme, person: Person, until: dt.date, by: Person) -> Invitation:
    pk = new_id()
    invitation = Invitation.objects.create(
        pk=pk,
        organisation_id=tenancy.active_id(),
        programme=programme,
        person=person,
        invited_by=by,
        digest=invitation_links.digest_of(invitation_links.secret_for(pk)),
        made=today(),
        until=until,
    )
    record("guest.invited", invitation, by=by)
    return invitation


# --- letters ----------------------------------------------------------------------------------------------------


def send_invitation(invitation: Invitation, *, by: Person, onward: str = "") -> None:
    """Send the guest the letter with the link. Raises RefusedError where it cannot be sent, or has been."""
    _authorise(by, invitation.programme)
    if not rules_people.still_holds(invitation):
        raise RefusedError(_("This invitation has ended. Invite the guest again."))
    subject, body = invitation_mail.words(invitation, link=_LINK_STANDS_HERE)
    send(
        queries_people.LETTER,
        invitation.pk,
        [invitation.person],
        subject,
        body,
        by,
        reply_to=invitation.invited_by or by,
        onward=onward,
    )


def remind_guests(programme: Programme, *, by: Person) -> int:
    """Remind the guests who have not come in yet, and nobody else. Returns how many."""
    _authorise(by, programme)
    silent = queries_people.silent_guests(programme)
    for invitation in silent:
        person = invitation.person
        time = (
            1
            + Letter.objects.filter(
                purpose__startswith=f"{queries_people.LETTER}.", about_id=invitation.pk, state=Letter.State.SENT
            ).count()
        )
        subject, body = invitation_mail.words(invitation, link=_LINK_STANDS_HERE, reminder=True)
        remind(
            queries_people.LETTER,
            invitation.pk,
            [person],
            {person.pk},
            subject,
            body,
            by,
            time=time,
            reply_to=invitation.invited_by or by,
        )
    return len(silent)
