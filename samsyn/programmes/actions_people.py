"""Writes about people: who has which role, partners, groups and audiences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samsyn.accounts.models import User
from samsyn.audit.actions import record
from samsyn.core import events, tenancy
from samsyn.core.clock import today
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.ids import encode_id, new_id
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes import audience_choice, rules, rules_people
from samsyn.programmes.actions import hand_out_tickets
from samsyn.programmes.models import Activity, Group, GroupMember, Partner, Programme, Role
from samsyn.programmes.recording import record_in


def _authorise(allowed: bool) -> None:
    if not allowed:
        raise NotAllowedError(_("You may not do this."))


# --- roles ------------------------------------------------------------------------------------------------------


def appoint(programme: Programme, person: Person, *, name: str, until: dt.date | None = None, by: Person) -> Role:
    """Make somebody lead, facilitator or working-group member until a day, or give them another day.

    Raises RefusedError for who has left, for a day that has passed, and for outsiders without an end.
    """
    if name not in rules_people.APPOINTED:
        raise ValueError(name)
    _authorise_role(programme, name, by)
    _check_person(person)
    _check_until(until, needed=person.external)
    with transaction.atomic():
        role, _made = Role.objects.update_or_create(
            programme=programme,
            person=person,
            name=name,
            defaults={"until": until},
            create_defaults={"until": until, "organisation_id": tenancy.active_id()},
        )
        record("role.given", role, by=by)
    return role


def appoint_owner(programme: Programme, person: Person, *, by: Person) -> Role:
    """Make somebody the owner in place of who is it now. The owner is always one of the organisation's own."""
    _authorise(rules_people.can_appoint(by, programme))
    _check_person(person)
    if person.external:
        raise RefusedError(_("The owner must be one of your own."), "person")
    with transaction.atomic():
        earlier = Role.objects.filter(programme=programme, name=Role.Name.OWNER).exclude(person=person)
        for role in earlier:
            record("role.ended", role, by=by)
        earlier.delete()
        role, made = Role.objects.get_or_create(
            programme=programme,
            person=person,
            name=Role.Name.OWNER,
            defaults={"organisation_id": tenancy.active_id()},
        )
        if made:
            record("role.given", role, by=by)
    return role


def change_role(role: Role, *, until: dt.date | None, by: Person) -> None:
    """Give a role another last day."""
    _authorise_role(role.programme, role.name, by)
    _check_until(until, needed=role.person.external, partner=role.partner)
    with transaction.atomic():
        role.until = until
        role.save(update_fields=["until"])
        record("role.changed", role, by=by)


def end_role(role: Role, *, by: Person) -> None:
    """End a role at once. The owner is replaced, never taken away; the last lead stays until there is another."""
    _authorise_role(role.programme, role.name, by)
    if role.name == Role.Name.LEAD and not _other_leads(role):
        raise RefusedError(_("Nobody else leads the programme. Appoint the next programme lead first."))
    with transaction.atomic():
        record("role.ended", role, by=by)
        role.delete()


def _other_leads(role: Role) -> bool:
    others = Role.objects.filter(programme=role.programme, name=Role.Name.LEAD).exclude(pk=role.pk)
    return any(_lasts(other) for other in others.select_related("partner"))


def _lasts(role: Role) -> bool:
    ends = [day for day in (role.until, role.partner.until if role.partner else None) if day]
    return all(day >= today() for day in ends)


def _authorise_role(programme: Programme, name: str, by: Person) -> None:
    if name == Role.Name.MEMBER:
        _authorise(rules.can_plan(by, programme) or rules_people.can_appoint(by, programme))
    else:
        _authorise(rules_people.can_appoint(by, programme))
    if name not in rules_people.APPOINTED:
        raise RefusedError(_("This role is ended in another way."))


def _check_person(person: Person) -> None:
    if person.erased or (person.left is not None and person.left <= today()):
        raise RefusedError(_("This person has left. Choose somebody else."), "person")


def _check_until(until: dt.date | None, *, needed: bool, partner: Partner | None = None) -> None:
    if until is None:
        if needed:
            raise RefusedError(_("Somebody from outside needs a last day."), "until")
        return
    if until < today():
        raise RefusedError(_("The day has already passed. Choose a later one."), "until")
    if partner is not None and until > partner.until:
        raise RefusedError(
            _("The partner itself takes part only until an earlier day. Choose that day or one before it."), "until"
        )


# --- partners ---------------------------------------------------------------------------------------------------


def add_partner(programme: Programme, *, name: str, until: dt.date, by: Person) -> Partner:
    """Note an organisation that helps, until a day."""
    _authorise(rules_people.can_appoint(by, programme))
    _check_until(until, needed=True)
    with transaction.atomic():
        partner = Partner.objects.create(
            organisation_id=tenancy.active_id(), programme=programme, name=name, until=until
        )
        record("partner.added", partner, by=by)
    return partner


def change_partner(partner: Partner, *, name: str, until: dt.date, by: Person) -> None:
    """Change a partner's name or last day. A day that has passed ends it, with the roles of all its people."""
    _authorise(rules_people.can_appoint(by, partner.programme))
    with transaction.atomic():
        partner.name, partner.until = name, until
        partner.save(update_fields=["name", "until"])
        record("partner.changed", partner, by=by)


def add_partner_person(
    partner: Partner, *, name: str, email: str, role: str, until: dt.date, language: str, by: Person
) -> Role:
    """Let somebody from a partner lead or facilitate until a day; they sign in with their e-mail address."""
    programme = partner.programme
    if role not in rules_people.APPOINTED:
        raise ValueError(role)
    _authorise(rules_people.can_appoint(by, programme))
    _check_until(until, needed=True, partner=partner)
    with transaction.atomic():
        person = outsider(name=name, email=email, language=language, by=by)
        if person.user is None:
            give_account(person)
        given, _made = Role.objects.update_or_create(
            programme=programme,
            person=person,
            name=role,
            defaults={"until": until, "partner": partner},
            create_defaults={"until": until, "partner": partner, "organisation_id": tenancy.active_id()},
        )
        record("role.given", given, by=by)
    return given


def outsider(*, name: str, email: str, language: str, by: Person) -> Person:
    """The person from outside with this address, made where there is none, within the caller's transaction.

    Raises RefusedError where the address belongs to one of the organisation's own.
    """
    found = Person.objects.filter(email__iexact=email, erased=False).order_by("external", "id").first()
    if found is None:
        found = Person.objects.filter(user__email__iexact=email, erased=False).first()
    if found is not None:
        if not found.external:
            raise RefusedError(
                format_lazy(_("{name} is one of your own. Search for the name instead."), name=found.name), "email"
            )
        return found
    pk = new_id()
    person = Person.objects.create(
        pk=pk,
        organisation_id=tenancy.active_id(),
        key=f"outside-{encode_id(pk)}",
        name=name,
        email=email.lower(),
        language=language,
        external=True,
        joined=today(),
    )
    record("person.added", person, by=by)
    return person


def give_account(person: Person) -> User:
    """Tie a person to the account of their address, made where there is none, within the caller's transaction.

    Raises RefusedError where that account is already somebody else here.
    """
    user = User.objects.filter(email=person.email.lower()).first()
    if user is None:
        user = User.objects.create_user(person.email)
    if Person.objects.filter(user=user).exclude(pk=person.pk).exists():
        raise RefusedError(_("The account of this address is already tied to somebody else here."), "email")
    person.user = user
    person.save(update_fields=["user"])
    return user


# --- groups -----------------------------------------------------------------------------------------------------


def add_group(programme: Programme, *, name: LangText, by: Person) -> Group:
    """Make a group: a working group, or volunteers who were drawn."""
    _authorise(rules.can_plan(by, programme))
    with transaction.atomic():
        group = Group.objects.create(organisation_id=tenancy.active_id(), programme=programme, name=name)
        record("group.added", group, by=by)
    return group


def rename_group(group: Group, *, name: LangText, by: Person) -> None:
    """Give a group another name."""
    _authorise(rules.can_plan(by, group.programme))
    with transaction.atomic():
        group.name = name
        group.save(update_fields=["name"])
        record("group.changed", group, by=by)


def put_in_group(group: Group, people: Iterable[Person], *, by: Person) -> None:
    """Put people in a group; who is there already stays. They take part in what the group takes part in."""
    _authorise(rules.can_plan(by, group.programme))
    people = list(people)
    for person in people:
        _check_person(person)
    with transaction.atomic():
        rows = [GroupMember(organisation_id=tenancy.active_id(), group=group, person=person) for person in people]
        GroupMember.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        record("group.joined", group, by=by)
    widened(group.programme)


def take_out_of_group(group: Group, person: Person, *, by: Person) -> None:
    """Take somebody out of a group."""
    _authorise(rules.can_plan(by, group.programme))
    with transaction.atomic():
        GroupMember.objects.filter(group=group, person=person).delete()
        record("group.left", group, by=by)


# --- audiences --------------------------------------------------------------------------------------------------


def set_audience(target: audience_choice.Target, *, everybody: bool, keys: Iterable[str], by: Person) -> None:
    """Say who a programme, or something in it, is for. `keys` are those of `audience_choice`.

    Raises RefusedError for an audience without people, and for one that leaves out people who have already been
    asked where somebody has contributed.
    """
    programme = audience_choice.programme_of(target)
    _authorise(rules.can_plan(by, programme))
    parts = audience_choice.parts_from(keys, target)
    if everybody:
        parts = audience_choice.with_guests_only(parts)
    wanted = audience_choice.people_if(target, everybody=everybody, parts=parts)
    if not wanted.exists():
        raise RefusedError(
            _("There is nobody in this audience. Choose a part that has people in it, or everybody."), "parts"
        )
    for activity in _fixed_by(target):
        if audience_choice.people_now(target).exclude(pk__in=wanted.values("pk")).exists():
            raise RefusedError(narrowing_refused(activity), "parts")
    with transaction.atomic():
        target.everybody = everybody
        target.save(update_fields=["everybody"])  # type: ignore[union-attr]
        audience_choice.replace_parts(target, parts)
        if isinstance(target, Activity):
            record_in(target, "audience.set", target, by=by)
        else:
            record("audience.set", target, by=by)
    widened(programme)
    if isinstance(target, Activity):
        events.changed(target.pk)


def narrowing_refused(activity: Activity) -> object:
    """Why nobody can be taken out of an audience any more, in words."""
    return format_lazy(
        _(
            "Somebody has already contributed to “{activity}”. Everyone who was asked may see what came of it, "
            "so nobody can be taken out. You can still add people."
        ),
        activity=activity.title,
    )


def _fixed_by(target: audience_choice.Target) -> list[Activity]:
    if isinstance(target, Activity):
        return [target] if rules_people.narrowing_is_fixed(target) else []
    if not isinstance(target, Programme):
        return []
    own = target.activities.filter(everybody=True, contributed=True).exclude(state=Activity.State.DRAFT)
    return list(own.order_by("position", "id")[:1])


def widened(programme: Programme) -> None:
    """Give those who have come into the audience of an open anonymous activity their ticket to vote."""
    for activity in programme.activities.filter(state=Activity.State.OPEN, entry=Activity.Entry.AUDIENCE):
        if rules.is_anonymous(activity):
            hand_out_tickets(activity)
