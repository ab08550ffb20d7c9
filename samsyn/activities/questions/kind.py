"""Question time: people ask and agree, somebody answers, and every question ends in one of four ways."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from samsyn.programmes.kinds import ActivityKind


class Questions(ActivityKind):
    slug = "questions"
    name = _("question time")
    purpose = _(
        "People ask and agree with each other's questions; those who answer say what they know, or promise by a date."
    )
    icon = "question"
    urlconf = "samsyn.activities.questions.urls"


kind = Questions()
