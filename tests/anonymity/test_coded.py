"""The level *coded* waits for the programme's secret: nothing offers it, and no activity can have it."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ValidationError

from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.programmes import actions
from samsyn.programmes.forms import ActivityForm
from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.models import Activity
from samsyn.programmes.playbooks import all_playbooks
from samsyn.programmes.starting import start_from_playbook
from tests.fixtures import DAY

KINDS = list(all_kinds())
CODED = Activity.Level.CODED


@pytest.mark.parametrize("slug", KINDS)
def test_no_kind_offers_it(slug):
    assert CODED not in all_kinds()[slug].levels


def test_a_kind_that_would_offer_it_stops_the_start(monkeypatch):
    monkeypatch.setattr(type(all_kinds()["questions"]), "levels", frozenset({"named", "coded"}))
    assert "samsyn.E006" in {found.id for found in run_checks()}


@pytest.mark.parametrize("slug", KINDS)
def test_no_form_offers_or_takes_it(world, slug):
    activity = world.activity(kind=slug)
    form = ActivityForm(activity)
    if "level" in form.fields:
        assert CODED not in dict(form.fields["level"].choices)
        with pytest.raises(ValidationError):
            form.fields["level"].clean(CODED)
    client, path = world.client("lead"), address("programmes:activity_edit", activity=activity.pk)
    assert 'value="coded"' not in client.get(path).content.decode()
    sent = {"title_sv": "Ny", "starts": "2026-03-12", "ends": "2026-03-19", "reply_by": "2026-04-02"}
    sent |= {"level": "coded", "entry": "audience", "lawful_basis": "public-task", "retention_days": "730"}
    client.post(path, sent)
    activity.refresh_from_db()
    assert activity.level != CODED


@pytest.mark.parametrize("slug", KINDS)
def test_no_action_makes_it(world, slug):
    with pytest.raises(RefusedError):
        world.activity(kind=slug, level=CODED)
    activity = world.activity(kind=slug)
    with pytest.raises(RefusedError):
        actions.change_activity(activity, by=world.person("lead"), level=CODED)
    assert Activity.objects.get(pk=activity.pk).level != CODED


def test_one_that_came_about_in_another_way_does_not_open(world):
    activity = world.activity()
    Activity.objects.filter(pk=activity.pk).update(level=CODED)
    activity.refresh_from_db()
    with pytest.raises(RefusedError):
        actions.open_activity(activity, by=world.person("lead"))
    assert Activity.objects.get(pk=activity.pk).state == "draft"


@pytest.mark.parametrize("playbook", all_playbooks(), ids=lambda playbook: playbook.slug)
def test_no_playbook_makes_it(world, playbook):
    start_from_playbook(playbook, title=playbook.name, starts=DAY, owner=world.person("owner"), by=world.person("lead"))
    assert not Activity.objects.filter(level=CODED).exists()
