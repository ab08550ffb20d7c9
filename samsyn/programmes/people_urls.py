"""Addresses of people, audiences, guests, letters, sheets and one's own data; part of the namespace `programmes`."""

from django.urls import path

from samsyn.programmes.views import audience, invitations, letters, own_data, people, sheet

_P, _A = "p/<rid:programme>/", "a/<rid:activity>/"
_GROUP, _GUEST = f"{_P}people/group/<rid:group>/", f"{_P}guests/<rid:person>/"

urlpatterns = [
    path(f"{_P}people/", people.people, name="people"),
    path(f"{_P}people/owner/", people.owner, name="owner"),
    path(f"{_P}people/appoint/", people.appoint, name="appoint"),
    path(f"{_P}people/role/<rid:role>/", people.role, name="role"),
    path(f"{_P}people/role/<rid:role>/end/", people.end_role, name="end_role"),
    path(f"{_P}people/partner/", people.add_partner, name="add_partner"),
    path(f"{_P}people/partner/<rid:partner>/", people.partner, name="partner"),
    path(f"{_P}people/partner/<rid:partner>/person/", people.partner_person, name="partner_person"),
    path(f"{_P}people/group/", people.add_group, name="add_group"),
    path(_GROUP, people.group, name="group"),
    path(f"{_GROUP}name/", people.group_name, name="group_name"),
    path(f"{_GROUP}<rid:person>/", people.group_change, name="group_change"),
    path(f"{_P}audience/", audience.of_programme, name="programme_audience"),
    path(f"{_P}audience/count/", audience.count_of_programme, name="programme_audience_count"),
    path(f"{_P}audience/people/", audience.people_of_programme, name="programme_audience_people"),
    path(f"{_A}audience/", audience.of_activity, name="activity_audience"),
    path(f"{_A}audience/count/", audience.count_of_activity, name="activity_audience_count"),
    path(f"{_A}audience/people/", audience.people_of_activity, name="activity_audience_people"),
    path(f"{_P}guests/", invitations.guests, name="guests"),
    path(f"{_P}guests/invite/", invitations.invite, name="invite"),
    path(f"{_P}guests/remind/", invitations.remind, name="remind"),
    path(_GUEST, invitations.guest, name="guest"),
    path(f"{_GUEST}letter/", invitations.letter, name="guest_letter"),
    path(f"{_GUEST}link/", invitations.renew, name="guest_renew"),
    path(f"{_GUEST}end/", invitations.end, name="guest_end"),
    path("invitation/<slug:secret>/", invitations.invitation, name="invitation"),
    path(f"{_A}letters/", letters.overview, name="letters"),
    path(f"{_A}letters/invitation/", letters.invitation, name="letter_invitation"),
    path(f"{_A}letters/reminder/", letters.reminder, name="letter_reminder"),
    path(f"{_A}letters/reply/", letters.reply, name="letter_reply"),
    path(f"{_A}letters/<rid:mailing>/", letters.log, name="letter_log"),
    path(f"{_A}sheet/", sheet.sheet, name="sheet"),
    path("me/data/", own_data.my_data, name="my_data"),
    path("me/data/file/", own_data.my_data_file, name="my_data_file"),
    path("erasure/", own_data.erasure_requests, name="erasure_requests"),
    path("erasure/<rid:erasure>/", own_data.erasure_request, name="erasure_request"),
]
