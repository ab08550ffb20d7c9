"""Tags and filters of every page: marks, icons, two-language text, days, numbers, QR codes, form fields."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

import segno
from django import template
from django.forms import BaseForm, BaseFormSet, BoundField
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from samsyn.core import clock
from samsyn.core.texts import within_quotes
from samsyn.ui.forms import error_links
from samsyn.ui.icons import ICONS

register = template.Library()

_THIN_SPACE = "\u202f"
_FULL_A, _FULL_B = '<circle class="a" cx="15" cy="14" r="13"/>', '<circle class="b" cx="29" cy="14" r="13"/>'
_OPEN_A, _OPEN_B = '<circle class="a-open" cx="15" cy="14" r="12"/>', '<circle class="b-open" cx="29" cy="14" r="12"/>'
_MARKS = {
    "full": _FULL_A + _FULL_B + '<path class="o" d="M22 3.05a13 13 0 0 1 0 21.9a13 13 0 0 1 0-21.9z"/>',
    "half": _FULL_A + _OPEN_B,
    "open": _OPEN_A + _OPEN_B,
}


@register.simple_tag
def mark(state: str = "full", label: str = "", size: str = "") -> str:
    """Two overlapping circles: full (has happened), half (under way), open (not yet)."""
    try:
        drawing = _MARKS[state or "full"]
    except KeyError:
        raise template.TemplateSyntaxError(f"{{% mark %}} knows {', '.join(_MARKS)}, not {state!r}") from None
    return _drawing("mark", "0 0 44 28", 44, 28, drawing, label, size)


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> str:
    """A line icon; silent for screen readers unless it has a label."""
    try:
        drawing = ICONS[name]
    except KeyError:
        raise template.TemplateSyntaxError(f"{{% icon %}} has no icon {name!r}") from None
    return _drawing("icon", "0 0 24 24", 24, 24, drawing, label, size)


def _drawing(kind: str, box: str, width: int, height: int, inner: str, label: str, size: str) -> SafeString:
    named = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    css = f"{kind} {conditional_escape(size)}" if size else kind
    return mark_safe(f'<svg class="{css}" viewBox="{box}" width="{width}" height="{height}" {named}>{inner}</svg>')


@register.simple_tag
def text(value: Any) -> str:
    """A two-language text in the reader's language; marked with `lang` where only the other one is there."""
    words, lang = _picked(value)
    if lang:
        return format_html('<span lang="{}">{}</span>', lang, words)
    return conditional_escape(words)


@register.simple_tag
def paragraphs(value: Any) -> str:
    """The same, with a paragraph for each block of lines and a break for each line."""
    words, lang = _picked(value)
    opening = format_html('<p lang="{}">', lang) if lang else mark_safe("<p>")
    blocks = (block.strip() for block in re.split(r"\n\s*\n", words.replace("\r\n", "\n")))
    lines = ([(line,) for line in block.split("\n")] for block in blocks if block)
    broken = (format_html_join(mark_safe("<br>"), "{}", block) for block in lines)
    return format_html_join("\n", "{}{}</p>", ((opening, block) for block in broken))


@register.filter
def plain(value: Any) -> str:
    """A two-language text as bare words, for attributes and titles."""
    return _picked(value)[0]


@register.filter
def said(value: Any) -> str:
    """The same for what stands between quotation marks: those in it become single, so that no mark is doubled."""
    words, lang = _picked(value)
    return within_quotes(words, lang or _language())


@register.filter
def lang_of(value: Any) -> str:
    """The language in which a two-language text is shown here."""
    return _picked(value)[1] or _language()


@register.filter
def breakable(value: Any) -> str:
    """The words, where an e-mail address may go on to the next line after its @ instead of anywhere."""
    return mark_safe(conditional_escape(value or "").replace("@", "@<wbr>"))


def _picked(value: Any) -> tuple[str, str]:
    """(the words, their language where it is not the page's)."""
    if not value:
        return "", ""
    if not hasattr(value, "pick"):
        return str(value), ""
    wanted = _language()
    words, lang = value.pick(wanted)
    return words, "" if lang == wanted else lang


def _language() -> str:
    return (get_language() or "en")[:2]


@register.filter
def day(value: dt.date | None) -> str:
    """12 March; with the year unless it is this year's."""
    if not value:
        return ""
    date = _local(value).date() if isinstance(value, dt.datetime) else value
    return _day(date, "j F" if date.year == clock.today().year else "j F Y", get_language())


@lru_cache(maxsize=2048)
def _day(date: dt.date, pattern: str, _language: str | None) -> str:
    """A page shows the same few days again and again, always in the active language."""
    return date_format(date, pattern)


@register.filter
def moment(value: dt.datetime | None) -> str:
    """12 March, 14:05 / 12 mars kl. 14.05, in the active time zone."""
    if not value:
        return ""
    local = _local(value)
    return f"{day(local)} kl. {local:%H.%M}" if _language() == "sv" else f"{day(local)}, {local:%H:%M}"


@register.filter
def time_of_day(value: dt.datetime | dt.time | None) -> str:
    """14:05 / 14.05, in the active time zone."""
    if value is None:
        return ""
    local = _local(value) if isinstance(value, dt.datetime) else value
    return f"{local:%H.%M}" if _language() == "sv" else f"{local:%H:%M}"


@register.filter
def lasting(minutes: int) -> str:
    """How long so many minutes are: 45 min, 1 h, 5 h 6 min; the same in both languages."""
    hours, rest = divmod(minutes, 60)
    parts = (f"{hours}\xa0h" if hours else "", f"{rest}\xa0min" if rest or not hours else "")
    return " ".join(filter(None, parts))


@register.filter
def days_long(days: int) -> str:
    """How long so many days are: whole years as years, 2 years; else as days, 90 days."""
    years, rest = divmod(days, 365)
    if years and not rest:
        return ngettext("%(number)s year", "%(number)s years", years) % {"number": number(years)}
    return ngettext("%(number)s day", "%(number)s days", days) % {"number": number(days)}


def _local(value: dt.datetime) -> dt.datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


@register.filter
def number(value: float | Decimal | None, decimals: int | None = None) -> str:
    """2,500 / 2 500 (thin space), 1.5 / 1,5; a real minus sign."""
    if value is None or value == "":
        return ""
    pattern = "," if decimals is None else f",.{int(decimals)}f"
    written = format(value, pattern)
    if _language() == "sv":
        written = written.translate({ord(","): _THIN_SPACE, ord("."): ","})
    return written.replace("-", "\u2212")


@register.simple_tag
def qr(url: str, label: str = "") -> str:
    """A QR code of an address, dark on white in every theme."""
    size, path = _qr_path(str(url))
    name = label or _("QR code for %(address)s") % {"address": url}
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
        '<rect width="{0}" height="{0}" fill="#fff"/><path fill="#10171b" d="{2}"/></svg>',
        size,
        name,
        path,
    )


@lru_cache(maxsize=256)
def _qr_path(url: str) -> tuple[int, str]:
    border = 4
    rows = [list(row) for row in segno.make(url, error="m", micro=False).matrix]
    runs = []
    for y, row in enumerate(rows, border):
        for found in re.finditer(r"1+", "".join("1" if cell else "0" for cell in row)):
            start, length = found.start() + border, found.end() - found.start()
            runs.append(f"M{start} {y}h{length}v1h-{length}z")
    return len(rows) + 2 * border, "".join(runs)


@register.simple_tag
def field(bound: BoundField) -> str:
    """One form field: label, hint, error, input."""
    return bound.as_field_group()


@register.inclusion_tag("ui/forms/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet[Any] | list[BaseForm] | None) -> dict[str, Any]:
    """All that has to be put right, above the heading; each line leads to its field."""
    return {"links": [link for form in forms if form for link in error_links(form)]}
