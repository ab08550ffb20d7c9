"""Writes that come from those who use the place: faults on a page, and wishes to be forgotten."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samsyn.audit.actions import record
from samsyn.core import tenancy
from samsyn.core.clock import today
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.organisations.actions import erase_person
from samsyn.organisations.models import Person
from samsyn.organisations.rules import Actor, may_change
from samsyn.programmes.models import ErasureRequest, FaultReport


def report_fault(*, page: str, text: str, email: str, language: str) -> FaultReport:
    """Note that something on a page did not work. Anyone may; no organisation is known, so there is no audit row."""
    return FaultReport.objects.create(page=page, text=text, email=email, language=language, day=today())


def settle_fault(report: FaultReport, *, state: str, shown: LangText) -> None:
    """Say how a fault stands. What is settled keeps no address. The caller has seen to it that an operator asks."""
    if state == FaultReport.State.KNOWN and not shown:
        raise RefusedError(_("Write what the accessibility page says about it."), "shown")
    report.state, report.shown = state, shown
    if state == FaultReport.State.MENDED:
        report.email = ""
    report.save(update_fields=["state", "shown", "email"])


def ask_for_erasure(person: Person, *, words: str) -> ErasureRequest:
    """Ask to be forgotten. Raises RefusedError where an earlier request has not been answered."""
    if ErasureRequest.objects.filter(person=person, state=ErasureRequest.State.OPEN).exists():
        raise RefusedError(_("You have already asked. The answer comes on this page."))
    with transaction.atomic():
        request = ErasureRequest.objects.create(
            organisation_id=tenancy.active_id(), person=person, day=today(), words=words
        )
        record("erasure.asked", request, by=person)
    return request


def answer_erasure(request: ErasureRequest, *, state: str, answer: str, by: Actor) -> None:
    """Erase the person for ever, or say why not. Raises RefusedError for a refusal without a reason."""
    if not may_change(by):
        raise NotAllowedError(_("You may not do this."))
    if request.state != ErasureRequest.State.OPEN:
        raise RefusedError(_("This request has already been answered."))
    if state == ErasureRequest.State.DECLINED and not answer:
        raise RefusedError(_("Write why, so that the person can see it."), "answer")
    with transaction.atomic():
        request.state, request.handled = state, today()
        request.answer = answer if state == ErasureRequest.State.DECLINED else ""
        request.words = request.words if state == ErasureRequest.State.DECLINED else ""
        request.save(update_fields=["state", "handled", "answer", "words"])
        record(f"erasure.{state}", request, by=by)
        if state == ErasureRequest.State.DONE:
            erase_person(request.person, by=by)
