"""Pages about the people of a programme: roles, partners, groups."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.core.addresses import address
from samsyn.organisations.models import Person
from samsyn.programmes import actions_people as actions
from samsyn.programmes import audience_choice, queries_people, rules, rules_people
from samsyn.programmes.access import person_of, programme_view
from samsyn.programmes.forms_people import (
    AppointForm,
    GroupForm,
    MemberForm,
    OwnerForm,
    PartnerForm,
    PartnerPersonForm,
    RoleForm,
)
from samsyn.programmes.models import Group, Partner, Programme, Role
from samsyn.programmes.standing import FACILITATION, LEAD, ORGANISING, OWNER, Standing
from samsyn.programmes.views.form_page import do, form_page
from samsyn.ui.paging import page_of
from samsyn.ui.templatetags.ui import day

APPOINTING: Standing = frozenset({OWNER, LEAD})


def _people(programme: Programme) -> str:
    return address("programmes:people", programme=programme.pk)


def _by(request: HttpRequest) -> Person:
    person = person_of(request)
    assert person is not None
    return person


@programme_view(ORGANISING)
def people(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Everyone who runs the programme, who helps, and whom it is for."""
    roles = queries_people.roles_of(programme)
    parts = audience_choice.parts_of(programme)
    context = {
        "programme": programme,
        "owner": next(iter(roles[Role.Name.OWNER]), None),
        "sections": [
            (_("Programme leads"), roles[Role.Name.LEAD], _("Nobody leads the programme yet.")),
            (_("Facilitators"), roles[Role.Name.FACILITATOR], _("Nobody is a facilitator yet.")),
            (_("Working-group members"), roles[Role.Name.MEMBER], _("Nobody is in a working group yet.")),
        ],
        "guests": roles[Role.Name.GUEST],
        "partners": queries_people.partners_of(programme),
        "groups": queries_people.groups_of(programme),
        "audience": audience_choice.words_of(parts),
        "audience_size": audience_choice.people_now(programme).count(),
        "plans": rules.can_plan(_by(request), programme),
        "appoints": rules_people.can_appoint(_by(request), programme),
    }
    return render(request, "programmes/people.html", context)


# --- roles ------------------------------------------------------------------------------------------------------


@programme_view(APPOINTING)
def owner(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Another owner."""
    by = _by(request)
    return form_page(
        request,
        "programmes/people_form.html",
        OwnerForm(request.POST or None),
        act=lambda cleaned: actions.appoint_owner(programme, cleaned["person"], by=by),
        onward=_people(programme),
        said=_("The programme has a new owner."),
        programme=programme,
        heading=_("Another owner"),
        lead=_("The one who is owner now no longer is."),
        verb=_("Change the owner"),
    )


@programme_view(ORGANISING)
def appoint(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A role for one of the organisation's own."""
    by = _by(request)
    roles = rules_people.APPOINTED if rules_people.can_appoint(by, programme) else {Role.Name.MEMBER}
    return form_page(
        request,
        "programmes/people_form.html",
        AppointForm(request.POST or None, roles=roles, initial={"name": request.GET.get("as") or Role.Name.MEMBER}),
        act=lambda cleaned: actions.appoint(
            programme, cleaned["person"], name=cleaned["name"], until=cleaned["until"], by=by
        ),
        onward=_people(programme),
        said=_("Noted. It holds from now on."),
        programme=programme,
        heading=_("Give somebody a role"),
        lead=_("One of your own. People from a partner are added under the partner’s name."),
        verb=_("Give the role"),
    )


@programme_view(ORGANISING)
def role(request: HttpRequest, programme: Programme, role: int) -> HttpResponse:
    """How long somebody has a role; and its end."""
    found = get_object_or_404(
        Role.objects.select_related("person", "partner", "programme"),
        pk=role,
        programme=programme,
        name__in=rules_people.APPOINTED,
    )
    by = _by(request)
    limit = found.partner.until if found.partner else None
    return form_page(
        request,
        "programmes/people_role.html",
        RoleForm(request.POST or None, needed=found.person.external, initial={"until": found.until}),
        act=lambda cleaned: actions.change_role(found, until=cleaned["until"], by=by),
        onward=_people(programme),
        said=_("The new last day is noted."),
        programme=programme,
        role=found,
        lead=_("The partner itself takes part until %(day)s.") % {"day": day(limit)} if limit else "",
    )


@require_POST
@programme_view(ORGANISING)
def end_role(request: HttpRequest, programme: Programme, role: int) -> HttpResponse:
    """End a role at once."""
    found = get_object_or_404(
        Role.objects.select_related("person", "programme"),
        pk=role,
        programme=programme,
        name__in=rules_people.APPOINTED,
    )
    said = _("%(name)s is no longer %(role)s.") % {"name": found.person.name, "role": found.get_name_display()}
    by = _by(request)
    return do(request, lambda: actions.end_role(found, by=by), onward=_people(programme), said=said)


# --- partners ---------------------------------------------------------------------------------------------------


@programme_view(APPOINTING)
def add_partner(request: HttpRequest, programme: Programme) -> HttpResponse:
    """An organisation that helps."""
    by = _by(request)
    return form_page(
        request,
        "programmes/people_form.html",
        PartnerForm(request.POST or None),
        act=lambda cleaned: actions.add_partner(programme, **cleaned, by=by),
        onward=lambda partner: address("programmes:partner_person", programme=programme.pk, partner=partner.pk),
        said=_("The partner is noted. Now add the people who come from there."),
        programme=programme,
        heading=_("A partner that helps"),
        lead=_("An organisation from outside whose people lead or facilitate for a time."),
        verb=_("Add the partner"),
    )


@programme_view(APPOINTING)
def partner(request: HttpRequest, programme: Programme, partner: int) -> HttpResponse:
    """A partner's name and last day."""
    found = get_object_or_404(Partner.objects.select_related("programme"), pk=partner, programme=programme)
    by = _by(request)
    return form_page(
        request,
        "programmes/people_form.html",
        PartnerForm(request.POST or None, initial={"name": found.name, "until": found.until}),
        act=lambda cleaned: actions.change_partner(found, **cleaned, by=by),
        onward=_people(programme),
        said=_("The partner is changed."),
        programme=programme,
        heading=found.name,
        lead=_("To end it at once, choose a day that has passed."),
        verb=_("Save"),
    )


@programme_view(APPOINTING)
def partner_person(request: HttpRequest, programme: Programme, partner: int) -> HttpResponse:
    """Somebody from a partner."""
    found = get_object_or_404(Partner.objects.select_related("programme"), pk=partner, programme=programme)
    by = _by(request)
    initial = {"until": found.until, "role": Role.Name.FACILITATOR, "language": request.organisation.language}
    return form_page(
        request,
        "programmes/people_form.html",
        PartnerPersonForm(request.POST or None, initial=initial),
        act=lambda cleaned: actions.add_partner_person(found, **cleaned, by=by),
        onward=_people(programme),
        said=_("Noted. They can sign in with their e-mail address."),
        programme=programme,
        heading=_("Somebody from %(partner)s") % {"partner": found.name},
        lead=_("The partner itself takes part until %(day)s.") % {"day": day(found.until)},
        verb=_("Add"),
    )


# --- groups -----------------------------------------------------------------------------------------------------


@programme_view(FACILITATION)
def add_group(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A new group."""
    by = _by(request)
    return form_page(
        request,
        "programmes/people_form.html",
        GroupForm(request.POST or None),
        act=lambda cleaned: actions.add_group(programme, name=cleaned["name"], by=by),
        onward=lambda group: address("programmes:group", programme=programme.pk, group=group.pk),
        programme=programme,
        heading=_("A new group"),
        lead=_("A working group, or volunteers who were drawn. A group can be asked, and can be in an audience."),
        verb=_("Make the group"),
    )


@programme_view(FACILITATION)
def group(request: HttpRequest, programme: Programme, group: int) -> HttpResponse:
    """Who is in a group; somebody joins it."""
    found = get_object_or_404(Group.objects.select_related("programme"), pk=group, programme=programme)
    by = _by(request)
    members = queries_people.members_of(found)
    outside = Person.objects.filter(pk__in=audience_choice.outsiders(programme)).order_by("sort_name")
    return form_page(
        request,
        "programmes/people_group.html",
        MemberForm(request.POST or None),
        act=lambda cleaned: actions.put_in_group(found, [cleaned["person"]], by=by),
        onward=address("programmes:group", programme=programme.pk, group=found.pk),
        programme=programme,
        group=found,
        page=page_of(members, request.GET),
        outside=outside.exclude(pk__in=members.order_by().values("pk")).only("name"),
    )


@programme_view(FACILITATION)
def group_name(request: HttpRequest, programme: Programme, group: int) -> HttpResponse:
    """Another name for a group."""
    found = get_object_or_404(Group.objects.select_related("programme"), pk=group, programme=programme)
    by = _by(request)
    return form_page(
        request,
        "programmes/people_form.html",
        GroupForm(request.POST or None, initial={"name": found.name}),
        act=lambda cleaned: actions.rename_group(found, name=cleaned["name"], by=by),
        onward=address("programmes:group", programme=programme.pk, group=found.pk),
        programme=programme,
        heading=_("Another name for the group"),
        verb=_("Save"),
    )


@require_POST
@programme_view(FACILITATION)
def group_change(request: HttpRequest, programme: Programme, group: int, person: int) -> HttpResponse:
    """Somebody from outside joins the group, or anybody leaves it."""
    found = get_object_or_404(Group.objects.select_related("programme"), pk=group, programme=programme)
    by = _by(request)
    onward = address("programmes:group", programme=programme.pk, group=found.pk)
    if request.POST.get("do") == "join":
        outside = Person.objects.filter(pk__in=audience_choice.outsiders(programme))
        joining = get_object_or_404(outside, pk=person)
        return do(request, lambda: actions.put_in_group(found, [joining], by=by), onward=onward)
    leaving = get_object_or_404(queries_people.members_of(found), pk=person)
    said = _("%(name)s is no longer in the group.") % {"name": leaving.name}
    return do(request, lambda: actions.take_out_of_group(found, leaving, by=by), onward=onward, said=said)
