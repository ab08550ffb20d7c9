"""Writing to the audience of an activity: asking, reminding the silent, telling what came of it. Each person once.

And reminding somebody of a late promise, once a day.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samsyn.core import clock, rows
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.jobs.mail.actions import Sending, remind, send
from samsyn.jobs.mail.preview import reachable
from samsyn.jobs.models import Letter, Mailing
from samsyn.organisations.models import Person
from samsyn.programmes import letters, queries_letters, rules
from samsyn.programmes.models import Activity, Programme
from samsyn.programmes.queries import reply_to
from samsyn.thread.models import Promise
from samsyn.thread.queries import is_late


def ask_audience(activity: Activity, *, by: Person, own: LangText | None = None, onward: str = "") -> Sending:
    """Ask those in the audience who have not been asked yet to take part. Raises RefusedError where nobody is left."""
    _authorise(rules.can_plan(by, activity.programme))
    _check_open(activity)
    subject, body = letters.asking(activity, by, own or LangText())
    people = queries_letters.addressees(activity, guests=False)
    return send(letters.ASKING, activity.pk, people, subject, body, by, reply_to=by, onward=onward)


def remind_silent(activity: Activity, *, by: Person, own: LangText | None = None, onward: str = "") -> Sending:
    """Remind those who have not taken part, and nobody else; each of them once.

    In an anonymous activity the unspent tickets say who that is. Nobody sees it, and there is one reminder.
    Raises RefusedError where nobody can tell who has taken part.
    """
    _authorise(rules.can_plan(by, activity.programme))
    _check_open(activity)
    subject, body = letters.reminding(activity, own or LangText())
    people = queries_letters.addressees(activity, guests=False)
    with transaction.atomic():
        rows.hold(activity, "state")  # two at once: one after the other
        silent = queries_letters.silence(activity)
        if not silent.known:
            raise RefusedError(silent.why)
        if silent.discreet and queries_letters.reminder_made(activity):
            raise RefusedError(_("A reminder has been sent. There is only one where it may not be seen who gets it."))
        more = {"reply_to": by, "onward": onward, "discreet": silent.discreet}
        return remind(letters.ASKING, activity.pk, people, set(silent.ids), subject, body, by, **more)


def tell_audience(activity: Activity, *, by: Person, own: LangText | None = None, onward: str = "") -> Sending:
    """Send our reply to those who were asked. Raises RefusedError where there is none, or nobody is left."""
    _authorise(rules.can_organise(by, activity.programme))
    reply = reply_to(activity)
    if reply is None:
        raise RefusedError(_("There is no reply to send yet."))
    subject, body = letters.telling(activity, reply, own or LangText())
    people = queries_letters.addressees(activity, guests=True)
    return send(letters.TELLING, activity.pk, people, subject, body, by, reply_to=by, onward=onward)


def remind_of_promise(promise: Promise, programme: Programme, *, by: Person, onward: str = "") -> Sending:
    """Remind somebody else of what they have promised and are late with. Raises RefusedError for a second one a day."""
    item = promise.item
    owner = item.owner
    _authorise(owner is not None and owner.pk != by.pk and rules.can_organise(by, programme))
    subject, body = letters.late_promise(promise, by)
    with transaction.atomic():
        rows.hold(item, "state", "due")  # two at once: one after the other
        if not is_late(promise):
            raise RefusedError(_("This promise is not late."))
        earlier = queries_letters.reminders_of([item.pk])
        if earlier.filter(day=clock.today()).exists():
            raise RefusedError(_("A reminder has already been sent today."))
        for left_out in reachable(letters.PROMISED, [owner]).left_out:
            told = {"name": left_out.person.name, "why": left_out.words}
            raise RefusedError(_("No reminder can be sent: %(name)s %(why)s.") % told)
        more = {"time": earlier.count() + 1, "reply_to": by, "onward": onward}
        return remind(letters.PROMISED, item.pk, [owner], {owner.pk}, subject, body, by, **more)


def forget_letters(activity: Activity) -> None:
    """Delete who got which letter about an activity, within the caller's transaction. That it was sent stays."""
    mailings = queries_letters.mailings_about(activity)
    Letter.objects.filter(mailing__in=mailings).delete()
    Mailing.objects.filter(pk__in=mailings.values("pk")).update(person_ids=[])


def _authorise(allowed: bool) -> None:
    if not allowed:
        raise NotAllowedError(_("You may not do this."))


def _check_open(activity: Activity) -> None:
    if activity.state != Activity.State.OPEN:
        raise RefusedError(_("This can be sent while the activity is open."))
