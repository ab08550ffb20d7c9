"""Step: anything that people do together by hand, with its outcome in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from samsyn.programmes.kinds import ActivityKind


class Steps(ActivityKind):
    slug = "steps"
    name = _("step")
    purpose = _("Something you do together by hand; what came out of it is written down here.")
    icon = "step"
    urlconf = "samsyn.activities.steps.urls"


kind = Steps()
