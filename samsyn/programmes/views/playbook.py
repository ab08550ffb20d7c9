"""What a playbook holds, for whoever wonders what such a programme is like."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from samsyn.core.access import public
from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.playbooks import LATER_KINDS, Step, all_playbooks, find_playbook


@public
def playbook(request: HttpRequest, playbook: str) -> HttpResponse:
    """Its chapters and steps: what people do in each, and what carries it."""
    found = find_playbook(playbook)
    if found is None:
        raise Http404
    context = {
        "playbook": found,
        "chapters": [(chapter, [(step, *_carried(step)) for step in chapter.activities]) for chapter in found.frames],
        "others": [other for other in all_playbooks() if other.slug != found.slug],
    }
    return render(request, "programmes/playbook.html", context)


def _carried(step: Step) -> tuple[object, object]:
    """The kind that carries a step now, and the one that will."""
    return all_kinds()[step.kind_today].name, LATER_KINDS.get(step.planned_kind)
