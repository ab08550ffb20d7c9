"""An audience as somebody chooses it on a page: keys such as `unit:…`, and the people they would come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Protocol

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from samsyn.core.ids import decode_id, encode_id
from samsyn.organisations.models import Person, Unit
from samsyn.programmes import audiences
from samsyn.programmes.models import Activity, Group, Part, Programme
from samsyn.ui.words import count_in_words


class Within(Protocol):
    """Something in a programme that has an audience: an activity, or what a part above registers."""

    pk: int
    organisation_id: int
    programme: Programme
    everybody: bool
    starts: Any


Target = Programme | Within
_parts: dict[type[Any], tuple[type[Any], str]] = {Programme: (Part, "programme"), Activity: (Part, "activity")}


def register(of: type[Model], part: type[Model], field: str) -> None:
    """Rows of `of` have an audience too: its parts are rows of `part`, which has the columns of `Part`."""
    _parts[of] = part, field


def programme_of(target: Target) -> Programme:
    """The programme itself, or that of what lies in it."""
    return target if isinstance(target, Programme) else target.programme


def parts_of(target: Target) -> list[Part]:
    """The parts as they are kept."""
    part, field = _parts[type(target)]
    rows = part.objects.filter(**{field: target})
    return list(rows.select_related("unit", "team_of", "group", "person").order_by("id"))


def beside_activities(programme: Programme, people: Iterable[int]) -> dict[int, list[Any]]:
    """What parts above have registered and names one of these people, by person; by day."""
    found: dict[int, list[Any]] = defaultdict(list)
    for part, field in (kept for of, kept in _parts.items() if of not in {Programme, Activity}):
        rows = part.objects.filter(**{f"{field}__programme": programme, "person__in": list(people)})
        for row in rows.select_related(field).order_by(f"{field}__starts", "id"):
            found[row.person_id].append(getattr(row, field))
    return found


def replace_parts(target: Target, parts: list[Part]) -> None:
    """Keep these parts and no others, within the caller's transaction."""
    part, field = _parts[type(target)]
    part.objects.filter(**{field: target}).delete()
    part.objects.bulk_create(parts, batch_size=500)


def key_of(part: Part) -> str:
    """How a part is called in a form."""
    if part.level:
        return f"level:{part.level}"
    for kind, pk in (("unit", part.unit_id), ("team", part.team_of_id), ("group", part.group_id)):
        if pk:
            return f"{kind}:{encode_id(pk)}"
    assert part.person_id is not None
    return f"person:{encode_id(part.person_id)}"


def parts_from(keys: Iterable[str], target: Target) -> list[Part]:
    """Unsaved parts for the keys of a form. What is no longer there, or may not be chosen here, is left out."""
    wanted: dict[str, list[Any]] = defaultdict(list)
    for key in dict.fromkeys(keys):
        kind, _colon, value = key.partition(":")
        with suppress(ValueError):
            wanted[kind].append(value if kind == "level" else decode_id(value))
    part, field = _parts[type(target)]
    owner: dict[str, Any] = {field: target, "organisation_id": target.organisation_id}
    parts = [part(**owner, level=level) for level in wanted["level"] if level in Person.Level.values]
    sources: list[tuple[str, str, QuerySet[Any]]] = [
        ("unit", "unit", Unit.objects.all()),
        ("team", "team_of", audiences.active_people()),
        ("group", "group", Group.objects.filter(programme=programme_of(target))),
        ("person", "person", people_to_name(target)),
    ]
    for kind, name, rows in sources:
        if wanted[kind]:
            found = rows.in_bulk(wanted[kind])
            parts += [part(**owner, **{name: found[pk]}) for pk in wanted[kind] if pk in found]
    return parts


def people_to_name(target: Target) -> QuerySet[Person]:
    """Whom a part may name: one's own, and within a programme those from outside who have a role in it."""
    if isinstance(target, Programme):
        return audiences.active_people()
    return Person.objects.filter(
        Q(pk__in=audiences.active_people().values("pk")) | Q(pk__in=outsiders(target.programme))
    )


def outsiders(programme: Programme) -> QuerySet[Any]:
    """Ids of those from outside the organisation who have a role in the programme."""
    return Person.objects.filter(external=True, erased=False, roles__programme=programme).values("pk")


def with_guests_only(parts: Iterable[Part]) -> list[Part]:
    """What is left of the parts where an activity is for everybody: the guests who are invited besides."""
    return [part for part in parts if part.person is not None and part.person.external]


def people_if(target: Target, *, everybody: bool, parts: Iterable[Part]) -> QuerySet[Person]:
    """Everyone the audience would hold."""
    if not isinstance(target, Programme):
        return audiences.people_of_choice(target.programme, everybody=everybody, parts=parts)
    if everybody:
        return audiences.active_people()
    return audiences.people_of_choice(target, everybody=False, parts=parts).filter(external=False)


def people_now(target: Target) -> QuerySet[Person]:
    """Everyone the audience holds."""
    if isinstance(target, Programme):
        return audiences.people_of_programme(target)
    return audiences.people_of_choice(target.programme, everybody=target.everybody, parts=parts_of(target))


def words_of(parts: Iterable[Part]) -> list[str]:
    """Parts in words."""
    return [word_of(part) for part in parts]


def in_words(activity: Within) -> str:
    """Who something is for. Single people are counted, never named: the words stand where many read them."""
    parts = parts_of(activity)
    if activity.everybody:
        parts = parts_of(activity.programme) if not activity.programme.everybody else []
        if not parts:
            return _("everybody in the organisation")
    named = sum(part.person is not None for part in parts)
    words = _levels_in_words({part.level for part in parts if part.level})
    words += [word_of(part) for part in parts if part.person is None and not part.level]
    if named:
        words.append(count_in_words("%(number)s person by name", "%(number)s people by name", named))
    return _(" and ").join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def word_of(part: Part) -> str:
    """A part in words."""
    if part.level:
        return level_words(part.level)
    if part.team_of is not None:
        return _("the management team of %(name)s") % {"name": part.team_of.name}
    return str(part.unit or part.group or part.person)


def _levels_in_words(levels: set[str]) -> list[str]:
    """Levels in words, from staff to the top; those who lead as one, where all of them are there."""
    if levels >= _ALL_WHO_LEAD:
        everyone = [pgettext("audience", "managers at every level")]
        return [level_words(Person.Level.STAFF), *everyone] if Person.Level.STAFF in levels else everyone
    return [level_words(level) for level in _LEVELS if level in levels]


def level_words(level: str) -> str:
    """A level as a part of an audience."""
    return _LEVELS[level]()


_LEVELS: dict[str, Callable[[], str]] = {
    Person.Level.STAFF: lambda: pgettext("audience", "staff without managers"),
    Person.Level.MANAGER: lambda: pgettext("audience", "managers"),
    Person.Level.SENIOR: lambda: pgettext("audience", "managers of managers"),
    Person.Level.TOP: lambda: pgettext("audience", "top management"),
}
_ALL_WHO_LEAD = {Person.Level.MANAGER, Person.Level.SENIOR, Person.Level.TOP}
