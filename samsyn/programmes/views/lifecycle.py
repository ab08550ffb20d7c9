"""The life of an activity: open, shown on the wall, closed, published with our reply, or with the day it comes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from samsyn.core.addresses import absolute, address
from samsyn.core.errors import RefusedError
from samsyn.programmes import actions, anonymity, audiences, codes, queries, words
from samsyn.programmes.access import activity_path, activity_view
from samsyn.programmes.forms_lifecycle import OpenForm, ReplyForm, ReplyLaterForm
from samsyn.programmes.kinds import kind_of, lacking
from samsyn.programmes.models import Activity
from samsyn.programmes.standing import FACILITATION, ORGANISING
from samsyn.programmes.views.common import acting, refuse, sent, show


@activity_view(FACILITATION, "draft", "closed")
def open_activity(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Say what cannot change afterwards; then open, and show the code on a screen where that is asked for."""
    form = OpenForm(activity, sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_activity(activity, by=acting(request), **form.cleaned_data)
        except RefusedError as refusal:
            refuse(form, refusal)
        else:
            if request.POST.get("then") == "wall":
                return redirect(address("programmes:wall", activity=activity.pk))
            messages.success(request, _("It is open. People can take part now."))
            return redirect(activity_path(activity))
    context = {
        "activity": activity,
        "programme": activity.programme,
        "form": form,
        "card": anonymity.describe(activity),
        "audience": audiences.describe(activity),
        "people": audiences.people_of_activity(activity).count(),
        "lack": lacking([activity]).get(activity.pk),
    }
    return show(request, "programmes/open.html", context)


@activity_view(ORGANISING, "open")
def wall(request: HttpRequest, activity: Activity) -> HttpResponse:
    """The way in, for a projector."""
    way_in = absolute(reverse("join:enter", kwargs={"code": activity.code}))
    context = {
        "activity": activity,
        "card": anonymity.describe(activity),
        "way_in": way_in,
        "address": absolute(reverse("join:code")).split("://", 1)[-1].rstrip("/"),
        "code": codes.spaced(activity.code or ""),
    }
    return show(request, "programmes/way_in.html", context)


@activity_view(FACILITATION, "open")
def close_activity(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Close, once asked."""
    if request.method == "POST":
        try:
            actions.close_activity(activity, by=acting(request))
        except RefusedError as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("It is closed. Publish the result when you can say what you do with it."))
        return redirect(activity_path(activity))
    return show(request, "programmes/close.html", {"activity": activity, "programme": activity.programme})


@activity_view(ORGANISING, "closed", "published")
def publish(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Publish the result with our reply, or write the reply to what was published without one; then offer to tell."""
    if request.method != "POST" and words.has_reply(activity):  # what somebody wrote meanwhile is not thrown away
        return redirect(activity_path(activity))
    person = acting(request)
    signers = list(queries.organisers(activity.programme))
    owners = queries.owners(activity.programme)
    initial = {"signed_by": next((p for p in (*owners, *signers) if p == person), owners[0] if owners else None)}
    form = ReplyForm(activity, sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        signed_by = values.pop("signed_by")
        try:
            actions.publish_activity(activity, actions.OurReply(**values), signed_by=signed_by, by=person)
        except RefusedError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The reply is published. Those who took part see it first on the result."))
            return redirect(address("programmes:letter_reply", activity=activity.pk))
    context = {
        "activity": activity,
        "programme": activity.programme,
        "form": form,
        "left": kind_of(activity).progress(activity).left,
    }
    return show(request, "programmes/publish.html", context)


@activity_view(ORGANISING, "closed")
def publish_later(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Publish the result now, and say on which day the reply comes."""
    form = ReplyLaterForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.publish_without_reply(activity, reply_by=form.cleaned_data["reply_by"], by=acting(request))
        except RefusedError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The result is published. Everyone sees on which day the reply comes."))
            return redirect(activity_path(activity))
    context = {
        "activity": activity,
        "programme": activity.programme,
        "form": form,
        "left": kind_of(activity).progress(activity).left,
    }
    return show(request, "programmes/publish_later.html", context)


@activity_view(ORGANISING, "open", "closed", "published")
def put_off(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Another day for the reply; the first one stays beside it."""
    if words.has_reply(activity):
        return redirect(activity_path(activity))
    form = ReplyLaterForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.put_off_reply(activity, reply_by=form.cleaned_data["reply_by"], by=acting(request))
        except RefusedError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The new day is shown, with the first one beside it."))
            return redirect(activity_path(activity))
    context = {"activity": activity, "programme": activity.programme, "form": form}
    return show(request, "programmes/put_off.html", context)
