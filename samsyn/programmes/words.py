"""An activity's state, days and reply in words: the same on the storyboard, on a card and at the foot of a page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from samsyn.core import clock
from samsyn.programmes.models import Activity
from samsyn.thread.models import Reply
from samsyn.ui.templatetags.ui import day


@dataclass(frozen=True)
class ReplyWords:
    """Where the reply stands, in a sentence. `late`: it should have come by now, and `short` says how long ago."""

    words: str
    late: bool = False
    short: str = ""


def days(first: dt.date, last: dt.date) -> str:
    """12 March; 12–14 March; 28 March – 3 April; with the year where it is not this year's."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{date_format(first, 'j')}–{day(last)}"
    return f"{day(first)} – {day(last)}"


def state_words(activity: Activity) -> str:
    """What state the activity is in, and since or until when."""
    today = clock.today()
    match activity.state:
        case Activity.State.OPEN if activity.ends == today:
            return _("Open until tonight")
        case Activity.State.OPEN if activity.ends > today:
            return _("Open until %(day)s") % {"day": day(activity.ends)}
        case Activity.State.OPEN:
            return _("Open, should have closed %(day)s") % {"day": day(activity.ends)}
        case Activity.State.CLOSED:
            return (
                _("Closed %(day)s") % {"day": day(activity.closed)}
                if activity.closed
                else pgettext("activity", "Closed")
            )
        case Activity.State.PUBLISHED:
            return (
                _("Published %(day)s") % {"day": day(activity.published)}
                if activity.published
                else pgettext("activity", "Published")
            )
        case _draft if activity.starts < today:
            return _("Should have opened %(day)s") % {"day": day(activity.starts)}
        case _draft if activity.starts == today:
            return _("Opens today")
    return _("Opens %(day)s") % {"day": day(activity.starts)}


def has_reply(activity: Activity) -> bool:
    """Whether our reply has been written. One query, and only for what has been published."""
    return activity.state == Activity.State.PUBLISHED and Reply.objects.filter(activity_id=activity.pk).exists()


def reply_words(activity: Activity, *, replied: bool | None = None) -> ReplyWords:
    """When people hear what came of it: the day, a day that has been moved beside the first one, or how late it is.

    `replied`: whether the reply is there, where the caller knows; else it is looked up.
    """
    if has_reply(activity) if replied is None else replied:
        return ReplyWords(_("Our reply has come"))
    if activity.state != Activity.State.DRAFT and activity.reply_by < clock.today():
        return _late(activity)
    parts = {"day": day(activity.reply_by), "first": day(activity.first_reply_by)}
    if activity.first_reply_by:
        return ReplyWords(_("Reply by %(day)s, first promised for %(first)s") % parts)
    return ReplyWords(_("Reply by %(day)s") % parts)


def _late(activity: Activity) -> ReplyWords:
    count = (clock.today() - activity.reply_by).days
    parts = {"count": count, "day": day(activity.reply_by), "first": day(activity.first_reply_by)}
    if activity.first_reply_by:
        words = ngettext(
            "The reply is %(count)d day late: promised for %(day)s, and first for %(first)s",
            "The reply is %(count)d days late: promised for %(day)s, and first for %(first)s",
            count,
        )
    else:
        words = ngettext(
            "The reply is %(count)d day late: promised for %(day)s",
            "The reply is %(count)d days late: promised for %(day)s",
            count,
        )
    short = ngettext("Reply %(count)d day late", "Reply %(count)d days late", count)
    return ReplyWords(words % parts, late=True, short=short % parts)
