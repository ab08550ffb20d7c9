"""What has changed, for those who organise a programme; what is new, for everybody else. Days only, newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.organisations.models import Person
from samsyn.programmes.kinds import Notice, all_kinds
from samsyn.programmes.models import Activity, News
from samsyn.programmes.standing import ORGANISING, PARTICIPANT, Standing, Visitor
from samsyn.thread import queries as thread
from samsyn.thread.models import Promise, Reply
from samsyn.ui.templatetags.ui import day as in_words

MOST = 8
DAYS, DAYS_OF_ORGANISERS = 14, 7  # who runs a programme looks in every week, and more happens to them
_TITLED = ("activity_id", "day", "item__title", *Person.named("signed_by"))


def gather(
    visitor: Visitor, activities: Sequence[Activity], standings: Mapping[int, Standing], seen: set[int]
) -> list[Notice]:
    """The newest that a person should know of. At most three queries, and those of the kinds.

    `standings`: what the person is to each programme, by id. `seen`: the programmes that have been told to them.
    """
    assert visitor.person is not None
    led = {pk for pk in seen if standings[pk] & ORGANISING}
    since = clock.today() - dt.timedelta(days=DAYS_OF_ORGANISERS if led else DAYS)
    near = {a.pk for a in activities if a.programme_id in led or PARTICIPANT in visitor.in_activity(a)}
    found = list(_news(seen, since))
    for kind in all_kinds().values():
        found += kind.news(visitor.person, since)
    replies = list(_replies(seen, since))
    found += [_reply(reply, near, activities) for reply in replies]
    together = {(reply.activity_id, reply.day) for reply in replies}
    found += [_published(a) for a in activities if a.pk in near and (a.pk, a.published) not in together and a.published]
    if led:
        found += [_promise(promise, since) for promise in thread.promises_changed(led, since)]
    found += [notice for a in activities if a.programme_id in led for notice in _life(a)]
    found = [notice for notice in found if notice.day >= since]
    return sorted(found, key=lambda notice: notice.day, reverse=True)[:MOST]


def _news(seen: set[int], since: dt.date) -> Iterator[Notice]:
    rows = News.objects.filter(programme_id__in=seen, day__gte=since).order_by("-day", "id")[:MOST]
    for news in rows.only("programme", "day", "title"):
        page = address("home:programme", programme=news.programme_id) + "#news"
        yield Notice(news.day, news.title, page, pgettext("a piece of", "News"))


def _replies(seen: set[int], since: dt.date) -> Sequence[Reply]:
    rows = Reply.objects.filter(item__programme_id__in=seen, day__gte=since).select_related("item", "signed_by")
    return rows.only(*_TITLED).order_by("-day", "id")[:MOST]


def _reply(reply: Reply, near: set[int], activities: Sequence[Activity]) -> Notice:
    """A reply; with the result, where both came on the same day. Who did not take part sees the reply alone."""
    first = any(activity.pk == reply.activity_id and activity.published == reply.day for activity in activities)
    words = _("The result and our reply are published") if first else _("Our reply")
    page = address("home:item", item=reply.item_id)
    if reply.activity_id in near:
        page = address("programmes:activity", activity=reply.activity_id)
    return Notice(reply.day, reply.item.title, page, f"{words} · {reply.signed_by.name}")


def _notice(activity: Activity, day: dt.date, what: str) -> Notice:
    return Notice(day, activity.title, address("programmes:activity", activity=activity.pk), what)


def _published(activity: Activity) -> Notice:
    assert activity.published is not None
    return _notice(activity, activity.published, _("The result is published, the reply comes later"))


def _life(activity: Activity) -> Iterator[Notice]:
    if activity.closed:
        yield _notice(activity, activity.closed, _("Closed"))
    if activity.opened:
        yield _notice(activity, activity.opened, _("Opened"))


def _promise(promise: Promise, since: dt.date) -> Notice:
    """The last that happened to a promise."""
    item, day = promise.item, promise.item.day
    if promise.settled and promise.settled >= since:
        day = promise.settled
        what = _("The promise is kept") if item.state == "kept" else _("The promise is withdrawn")
    elif promise.moved:  # type: ignore[attr-defined]
        day = clock.day_of(promise.moved)  # type: ignore[attr-defined]
        what = _("The promise is moved to %(day)s") % {"day": in_words(item.due)}
    else:
        what = _("New promise, by %(day)s") % {"day": in_words(item.due)}
    if item.owner is not None:
        what = f"{what} · {item.owner.name}"
    return Notice(day, item.title, address("home:item", item=item.pk), what)
