"""What every kind's pages say about an activity: its state, its reply, who can see what. `{% load programmes %}`."""

from __future__ import annotations

from typing import Any

from django import template

from samsyn.core.addresses import absolute, address
from samsyn.files.models import Attachment
from samsyn.files.queries import attachments_of
from samsyn.programmes import words
from samsyn.programmes.anonymity import AnonymityCard, describe
from samsyn.programmes.attachments import OWNER
from samsyn.programmes.kinds import ActivityKind, all_kinds
from samsyn.programmes.models import Activity
from samsyn.programmes.standing import INSIDE, Standing

register = template.Library()

register.filter("state_words", words.state_words)
register.filter("has_reply", words.has_reply)


@register.simple_tag
def reply_words(activity: Activity, replied: Any = None) -> words.ReplyWords:
    """Where the reply stands; `replied` spares a query where the page knows."""
    return words.reply_words(activity, replied=replied)


@register.simple_tag
def address_on_paper(name: str) -> str:
    """Where a page without a programme is found, written out in full."""
    return absolute(address(name))


@register.filter
def is_inside(standing: Standing | None) -> bool:
    """Whether the programme's own page is open to somebody: not to a guest, who sees only what they are invited to."""
    return bool(standing and standing & INSIDE)


@register.simple_tag
def anonymity_card(activity: Activity) -> AnonymityCard:
    """The anonymity card of an activity."""
    return describe(activity)


@register.filter
def kind_of(activity: Activity) -> ActivityKind | None:
    """The kind of an activity, for its name and icon."""
    return all_kinds().get(activity.kind)


@register.filter
def days(activity: Activity) -> str:
    """12–14 March."""
    return words.days(activity.starts, activity.ends)


@register.simple_tag
def activity_files(activity: Activity) -> list[Attachment]:
    """The files on an activity."""
    return attachments_of(OWNER, activity.pk)
