"""A form field that finds one of the organisation's own people: type a name, choose among several where needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from samsyn.core.ids import decode_id, encode_id
from samsyn.organisations.models import Person
from samsyn.organisations.names import fold, sort_name
from samsyn.programmes.audiences import active_people

MOST_FOUND = 8
LONGEST = 240  # of what is looked for: names and addresses are shorter


def find_people(text: str, *, most: int = MOST_FOUND) -> list[Person]:
    """People of the organisation whose name or address holds every word of the text; whole names come first."""
    wanted = Q()
    findable = len(text) <= LONGEST and "\x00" not in text  # PostgreSQL takes no null byte
    for word in text.split() if findable else ():
        wanted &= Q(sort_name__contains=sort_name(word)) | Q(email__icontains=word)
    rows = active_people().filter(wanted).select_related("unit").order_by("sort_name", "id")
    found = list(rows[:most]) if wanted else []
    return [person for person in found if _is_whole(text, person)] or found


def _is_whole(text: str, person: Person) -> bool:
    return fold(text) in {fold(person.name), fold(person.email)}


def label_of(person: Person) -> str:
    """A person with title and unit, so that two of the same name can be told apart."""
    parts = [person.name, str(person.title), str(person.unit or "")]
    return " · ".join(part for part in parts if part)


class PersonInput(forms.Widget):
    """A line to type a name in; below it, where several are called so, a choice among them."""

    template_name = "programmes/forms/person.html"

    def __init__(self, suggestions: Callable[[], Sequence[Person]] | None = None) -> None:
        super().__init__()
        self.suggestions = suggestions
        self.found: list[Person] = []

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        return {"text": (data.get(name) or "").strip(), "pick": data.get(f"{name}_pick") or ""}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        if isinstance(value, Person):
            value = {"text": value.name, "pick": encode_id(value.pk)}
        value = value or {"text": "", "pick": ""}
        found = self.found
        if not found and value["pick"] and value["text"]:
            found = find_people(value["text"])
            found = found if len(found) > 1 or not all(_is_whole(value["text"], person) for person in found) else []
        choices = [{"id": encode_id(person.pk), "label": label_of(person)} for person in found]
        suggested = self.suggestions() if self.suggestions and not choices else ()
        context["widget"] |= {
            "text": value["text"],
            "pick": value["pick"],
            "choices": choices,
            "suggested": [{"name": person.name, "label": label_of(person)} for person in suggested],
        }
        return context


class PersonField(forms.Field):
    """One of the organisation's own people; None where nobody was named and that is allowed."""

    def __init__(self, *, suggestions: Callable[[], Sequence[Person]] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Write a name or an e-mail address."))
        super().__init__(widget=PersonInput(suggestions), **kwargs)

    def clean(self, value: dict[str, str]) -> Person | None:
        text = value["text"]
        if not text:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        found = find_people(text, most=MOST_FOUND + 1)
        picked = _read_id(value["pick"])
        for person in found:
            if person.pk == picked or (len(found) == 1 and _is_whole(text, person)):
                return person
        if not found:
            raise ValidationError(
                _("Nobody in the organisation is called “%(text)s”. Check the spelling, or write the e-mail address."),
                params={"text": Truncator(text).chars(60)},
            )
        if len(found) > MOST_FOUND:
            raise ValidationError(_("Many people match “%(text)s”. Write more of the name."), params={"text": text})
        assert isinstance(self.widget, PersonInput)
        self.widget.found = found
        if len(found) == 1:
            raise ValidationError(_("“%(text)s” is not a whole name. Is this who you mean?"), params={"text": text})
        raise ValidationError(_("Several people match “%(text)s”. Choose one of them."), params={"text": text})


def _read_id(text: str) -> int | None:
    try:
        return decode_id(text)
    except ValueError:
        return None
