"""What this part tells `samsyn.jobs`: which organisations there are, who is asking, and who gets mail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from samsyn.jobs.registry import Addressee, Surroundings
from samsyn.organisations import access, rules
from samsyn.organisations.models import Organisation, Person


class People:
    """The directory of organisations and people."""

    def organisation_ids(self) -> Iterable[int]:
        """Every organisation."""
        return Organisation.objects.order_by("pk").values_list("pk", flat=True)

    def surroundings(self, organisation_id: int) -> Surroundings | None:
        """What holds while work is done for an organisation; None where it is gone."""
        found = Organisation.objects.filter(pk=organisation_id).first()
        if found is None:
            return None
        return Surroundings(
            organisation_id=found.pk,
            slug=found.slug,
            name=found.name,
            synthetic=found.synthetic,
            simulated_day=found.simulated_day,
            time_zone=found.time_zone,
            language=found.language,
        )

    def person_of(self, request: Any) -> Person | None:
        """The person who is asking, in the active organisation."""
        return access.person_of(request)

    def is_administrator(self, person: Any) -> bool:
        """Whether a person looks after people and units."""
        return rules.can_administer(person.user, person)

    def addressees(self, person_ids: Iterable[int]) -> Iterable[Addressee]:
        """People of the active organisation by id."""
        return Person.objects.filter(pk__in=list(person_ids))
