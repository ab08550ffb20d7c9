"""The letters about an activity: what asks people to take part, what reminds them, what came of it; a late promise."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samsyn.core import clock
from samsyn.core.addresses import absolute, address
from samsyn.core.texts import LANGUAGES, LangText
from samsyn.jobs.mail.purposes import register
from samsyn.organisations.models import Person
from samsyn.programmes import anonymity
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.models import Activity
from samsyn.programmes.rules import leaves_no_trace
from samsyn.programmes.words import days
from samsyn.thread.models import Promise, Reply
from samsyn.ui.templatetags.ui import day

ASKING, REMINDING, TELLING = "activity", "activity.1", "reply"  # what a letter is for, in the send log
PROMISED = "promise"
Words = tuple[LangText, LangText]


def register_purposes() -> None:
    """Make the purposes known to the mail part; called when the app starts. All can be declined."""
    register(ASKING, gettext_lazy("what you are asked to take part in"))
    register(TELLING, gettext_lazy("what came of what you were asked about"))
    register(PROMISED, gettext_lazy("what you have promised"))


def asking(activity: Activity, by: Person, own: LangText) -> Words:
    """Subject and body of the letter that asks people to take part. `own`: some words of the one who sends it."""

    def body() -> list[str]:
        whom = {"person": by.name, "title": activity.title}
        return [
            _("%(person)s asks you to take part in “%(title)s”.") % whom,
            str(own),
            str(activity.purpose),
            _days(activity),
            _card(activity),
            _way_in(activity),
        ]

    return _written(lambda: _("Take part: %(title)s") % {"title": activity.title}, body)


def reminding(activity: Activity, own: LangText) -> Words:
    """Subject and body of the letter to those who have not taken part."""

    unseen = leaves_no_trace(activity)

    def body() -> list[str]:
        left = {"title": activity.title, "day": day(activity.ends)}
        return [
            _("You can take part in “%(title)s” until %(day)s.") % left,
            str(own),
            str(activity.purpose),
            _card(activity),
            _way_in(activity),
            _("This letter goes to those who have not voted. Nobody sees who they are.") if unseen else "",
            _("If you have taken part already, or do not want to, you need do nothing. No more reminders come."),
        ]

    return _written(lambda: _("Reminder: %(title)s") % {"title": activity.title}, body)


def telling(activity: Activity, reply: Reply, own: LangText) -> Words:
    """Subject and body of the letter that says what came of it: our reply, whole, and where the result is."""

    more_comes = reply.next_date is not None and reply.next_date > clock.today()

    def body() -> list[str]:
        signed = reply.signed_by
        return [
            _("You were asked about “%(title)s”. This is what came of it.") % {"title": activity.title},
            str(own),
            f"{_('What we heard')}:\n{reply.heard}",
            f"{_('What we do')}:\n{reply.doing}" if reply.doing else "",
            f"{_('What we do not do, and why')}:\n{reply.not_doing}" if reply.not_doing else "",
            _("You hear more on %(day)s.") % {"day": day(reply.next_date)} if more_comes else "",
            f"{signed.name}, {signed.title}" if signed.title else str(signed.name),
            _("The result and the reply:") + f"\n{_page(activity)}",
        ]

    return _written(lambda: _("What came of it: %(title)s") % {"title": activity.title}, body)


def late_promise(promise: Promise, by: Person) -> Words:
    """Subject and body of the letter that reminds somebody of what they have promised, when its day has passed."""

    def body() -> list[str]:
        told = {"person": by.name, "title": promise.item.title, "day": day(promise.item.due)}
        return [
            _("%(person)s reminds you of what you have promised: “%(title)s”. It was due on %(day)s.") % told,
            _("Say how it went: that it is done, that it takes longer, or that it will not be done, and why.")
            + f"\n{absolute(address('home:settle', item=promise.item_id))}",
            _("Those who asked can read what you write."),
        ]

    return _written(lambda: _("Late: %(title)s") % {"title": promise.item.title}, body)


def _written(subject: Callable[[], str], body: Callable[[], list[str]]) -> Words:
    subjects, bodies = {}, {}
    for lang in LANGUAGES:
        with translation.override(lang):
            subjects[lang] = subject()
            bodies[lang] = "\n\n".join([_("Hello {name},"), *filter(None, (block.strip() for block in body()))])
    return LangText(subjects), LangText(bodies)


def _days(activity: Activity) -> str:
    if kind_of(activity).by_hand:
        return _("When: %(days)s.") % {"days": days(activity.starts, activity.ends)}
    words = _("It is open until %(ends)s. You hear what came of it by %(reply)s.")
    return words % {"ends": day(activity.ends), "reply": day(activity.reply_by)}


def _card(activity: Activity) -> str:
    card = anonymity.describe(activity)
    return f"{card.headline}. {card.short}"


def _way_in(activity: Activity) -> str:
    """The same address for everybody: nobody's way in can be told from another's."""
    if kind_of(activity).by_hand:
        return _("Read about it here:") + f"\n{_page(activity)}"
    if activity.entry == Activity.Entry.CODE:
        link = absolute(reverse("join:enter", kwargs={"code": activity.code}))
        return _("Take part here, without an account:") + f"\n{link}"
    return _("Take part here. You sign in with your e-mail address:") + f"\n{_page(activity)}"


def _page(activity: Activity) -> str:
    return absolute(address("programmes:activity", activity=activity.pk))
