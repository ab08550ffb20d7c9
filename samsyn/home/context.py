"""What masthead and footer show on every page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from samsyn.core.addresses import address
from samsyn.programmes.access import person_of
from samsyn.programmes.queries_people import roles_in_words


def _link(label: str, url: str, path: str) -> SimpleNamespace:
    return SimpleNamespace(label=label, url=url, current=path == url)


def site(request: HttpRequest) -> dict[str, Any]:
    """Links, names and the strip of a rehearsal."""
    path = request.path
    found: dict[str, Any] = {"foot": [_link(_("Accessibility"), reverse("statement:accessibility"), path)]}
    organisation = getattr(request, "organisation", None)
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    person = None
    if organisation is None:
        found["links"] = [_link(_("My page"), reverse("site:start"), path)] if signed_in else []
    else:
        found |= {
            "organisation_name": str(organisation.name),
            "synthetic": organisation.synthetic,
            "synthetic_day": organisation.simulated_day,
        }
        person = person_of(request)
        if person is not None:
            today = address("home:today")
            found |= {
                "home_url": today,
                "links": [_link(_("Today"), today, path), _link(_("Search"), address("home:search"), path)],
                "person_name": person.name,
                "roles": SimpleLazyObject(lambda: roles_in_words(person)),  # asked for where somebody may be misled
            }
            if person.administrator:
                found["links"].append(_link(_("People and units"), address("organisations:people"), path))
        elif user is not None and getattr(user, "is_operator", False):
            found["links"] = [_link(_("People and units"), address("organisations:people"), path)]
        found["foot"].insert(0, _link(_("Follow my questions"), address("home:receipts"), path))
    if signed_in:
        found["person_links"] = [_link(_("My account"), reverse("account"), path)]
        if user.is_operator:  # type: ignore[union-attr]
            found["person_links"].insert(0, _link(_("The installation"), reverse("site:start"), path))
        if found.get("home_url"):
            found["person_links"].append(_link(_("What I have written"), address("home:mine"), path))
            found["person_links"].append(_link(_("What is stored about me"), address("programmes:my_data"), path))
            if person is not None and person.administrator:
                requests = _link(_("Requests to be erased"), address("programmes:erasure_requests"), path)
                found["person_links"].append(requests)
        found["sign_out_url"] = reverse("account_logout")
        found["sign_in_here"] = f"{reverse('account_login')}?{urlencode({'next': path})}"
        found.setdefault("person_name", user.email)  # type: ignore[union-attr]
    else:
        found["sign_in_url"] = reverse("account_login")
    return found
