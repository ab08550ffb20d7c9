"""Persons in sessions: what is stored about one, taking one out, and what goes when the time for keeping is over."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from samsyn.core import clock
from samsyn.core.errors import RefusedError
from samsyn.gatherings import actions_inviting, letters, queries, rules
from samsyn.gatherings.models import Correction, Host, Invitee, Minutes, Session, SessionPart
from samsyn.jobs.duties import in_each_organisation
from samsyn.jobs.mail import actions as mail
from samsyn.jobs.registry import Surroundings
from samsyn.organisations.models import Person
from samsyn.programmes.kinds import PersonalData
from samsyn.programmes.models import Role
from samsyn.programmes.queries import organisers
from samsyn.programmes.standing import FACILITATION

State = Session.State
MORNING = dt.timedelta(hours=6, minutes=30)
_LATELY = dt.timedelta(days=3)


def personal_data(person: Person) -> list[PersonalData]:
    """Sessions that one is asked to, has come to, or runs."""
    invited = Invitee.objects.filter(person=person).select_related("session").order_by("session__starts", "id")
    hosting = Host.objects.filter(person=person).select_related("session").order_by("session__starts", "id")
    return [
        PersonalData(
            pgettext("gathering", "Sessions"),
            [
                {
                    pgettext("own data", "session"): row.session.title,
                    pgettext("own data", "day"): row.session.starts,
                    pgettext("own data", "answer"): row.get_answer_display(),
                    pgettext("own data", "came"): row.came if row.session.named else None,
                }
                for row in invited
            ],
        ),
        PersonalData(
            _("Sessions that you run"),
            [
                {pgettext("own data", "session"): row.session.title, pgettext("own data", "day"): row.session.starts}
                for row in hosting
            ],
        ),
    ]


def take_out(person: Person) -> None:
    """Take a person out of sessions. How many came stays. Twice does no harm."""
    Invitee.objects.filter(person=person).delete()
    Host.objects.filter(person=person).delete()
    SessionPart.objects.filter(person=person).delete()
    SessionPart.objects.filter(team_of=person).delete()
    Minutes.objects.filter(signed_by=person).update(signed_by=None)
    Correction.objects.filter(corrected_by=person).update(corrected_by=None)


def dispose_of_due() -> None:
    """Let names go where they have been kept for as long as was said."""
    in_each_organisation(_dispose)


def _dispose(_surroundings: Surroundings) -> None:
    today = clock.today()
    over = Session.objects.filter(disposed__isnull=True).exclude(state=State.RUNNING)
    for session in over.filter(starts__lt=clock.now() - dt.timedelta(days=30)).order_by("id"):
        if rules.is_due_for_disposal(session, today, clock.day_of(session.ended or session.starts)):
            actions_inviting.dispose_of(session)


def write_in_the_morning() -> None:
    """The morning after, those who ran a session are told what is left to do."""
    in_each_organisation(_write)


def _write(_surroundings: Surroundings) -> None:
    today = clock.start_of(clock.today())
    ended = Session.objects.filter(state=State.ENDED, ended__lt=today, ended__gte=today - _LATELY)
    for session in ended.select_related("programme").order_by("id"):
        write_to_runners(session)


def write_to_runners(session: Session) -> None:
    """One letter to each host; where there is none, to those who plan the programme."""
    people = queries.hosts_of(session)
    if not people:
        planners = Role.objects.filter(programme=session.programme_id, name__in=FACILITATION)
        people = list(organisers(session.programme).filter(pk__in=planners.values("person_id")))
    try:
        mail.send(letters.MORNING, session.pk, people, *letters.morning_words(session), None)
    except RefusedError:
        return  # everybody has got it, or nobody can
