"""All addresses. What lies below /o/<organisation>/ is read within that organisation alone."""

from __future__ import annotations

from django.urls import include, path, register_converter

from samsyn.core.ids import IdConverter
from samsyn.home.views.front import set_language
from samsyn.programmes.kinds import all_kinds

register_converter(IdConverter, "rid")
handler400 = "samsyn.config.views.unreadable"

_kinds = [
    path(f"a/<rid:activity>/{kind.slug}/", include((kind.urlconf, kind.slug), namespace=kind.slug))
    for kind in all_kinds().values()
]

_organisation = [
    path("", include("samsyn.home.organisation_urls", namespace="home")),
    path("", include("samsyn.programmes.urls", namespace="programmes")),
    path("", include("samsyn.gatherings.urls", namespace="gatherings")),
    path("", include("samsyn.organisations.urls", namespace="organisations")),
    path("", include("samsyn.jobs.urls", namespace="jobs")),
    path("", include("samsyn.files.urls", namespace="files")),
    path("", include("samsyn.casestudy.urls", namespace="casestudy")),
    *_kinds,
]

urlpatterns = [
    path("", include("samsyn.home.urls", namespace="site")),
    path("language/", set_language, name="set_language"),
    path("", include("samsyn.programmes.site_urls", namespace="statement")),
    path("", include("samsyn.programmes.join_urls", namespace="join")),
    path("", include("samsyn.rehearsal.urls", namespace="rehearsal")),
    path("accounts/", include("samsyn.accounts.urls")),
    path("o/<slug:organisation>/", include(_organisation)),
]
