"""A letter as it leaves: plain text and simple HTML without anything from elsewhere, and the way to decline."""

from __future__ import annotations

import re

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from samsyn.core.addresses import absolute, address
from samsyn.core.ids import decode_id, encode_id
from samsyn.core.texts import LANGUAGES, LangText
from samsyn.jobs.mail.purposes import Purpose
from samsyn.jobs.registry import Addressee, Surroundings

_SALT = "samsyn.jobs.letters"
_BLOCKS = re.compile(r"\n\s*\n")


def make(
    purpose: Purpose,
    person: Addressee,
    subject: LangText,
    body: LangText,
    *,
    surroundings: Surroundings,
    reply_to: str = "",
    calendar: tuple[str, str] | None = None,
) -> EmailMultiAlternatives:
    """The letter in the person's language, or in the other one where it is written in that alone.

    `calendar`: (method, text) of a calendar entry that goes with it.
    """
    language = person.language if person.language in LANGUAGES else surroundings.language
    with translation.override(language):
        words, lang = body.pick(language)
        words = words.replace("{name}", person.name).replace("\r\n", "\n").strip()
        title = " ".join(subject.pick(language)[0].split())
        stop = "" if purpose.essential else absolute(address("jobs:letters", token=token_for(person.pk, purpose.slug)))
        context = {
            "subject": title,
            "lang": language,
            "words_lang": "" if lang == language else lang,
            "blocks": [_linked(block) for block in _BLOCKS.split(words)],
            "organisation": str(surroundings.name),
            "synthetic": surroundings.synthetic,
            "stop": stop,
            "label": str(purpose.label),
        }
        text = render_to_string("jobs/mail/letter.txt", {**context, "words": mark_safe(words)})
        html = render_to_string("jobs/mail/letter.html", context)
        if surroundings.synthetic:
            title = _("Rehearsal: %(subject)s") % {"subject": title}
    headers = {"Auto-Submitted": "auto-generated"}
    if stop:
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    letter = EmailMultiAlternatives(
        title,
        text,
        settings.DEFAULT_FROM_EMAIL,
        [person.email],
        headers=headers,
        reply_to=[reply_to] if reply_to else None,
    )
    letter.attach_alternative(html, "text/html")
    if calendar is not None:
        method, entry = calendar
        # the last of the alternatives is what a calendar takes; as a file, for programs that know none of this
        letter.attach_alternative(entry, f"text/calendar; method={method}")
        letter.attach("calendar.ics", entry, "text/calendar")
    return letter


def _linked(block: str) -> SafeString:
    """A paragraph: escaped, addresses as links, lines kept."""
    return mark_safe(urlize(block, autoescape=True).replace("\n", "<br>\n"))


def token_for(person_id: int, purpose: str) -> str:
    """What a person needs to decline letters of a purpose without signing in."""
    return signing.Signer(salt=_SALT).sign(f"{encode_id(person_id)}.{purpose}")


def read_token(token: str) -> tuple[int, str] | None:
    """(person id, purpose) of a token; None where it is not ours."""
    try:
        person, _dot, purpose = signing.Signer(salt=_SALT).unsign(token).partition(".")
        return decode_id(person), purpose
    except (signing.BadSignature, ValueError):
        return None
