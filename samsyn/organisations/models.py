"""The organisation, its units as a tree over time, its people and their way through the units."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from samsyn.core.constraints import same_tenant, unique_in_tenant
from samsyn.core.ids import RandomIdField, encode_id
from samsyn.core.tenancy import TenantTable
from samsyn.core.texts import LangTextField
from samsyn.organisations.names import SortNameField

REMOVED = _("Removed person")


class Organisation(models.Model):
    """A tenant. A synthetic one belongs to a rehearsal and stays so for ever."""

    id = RandomIdField()
    slug = models.SlugField(max_length=40, unique=True)
    name = LangTextField()
    time_zone = models.CharField(max_length=40, default="Europe/Stockholm")
    language = models.CharField(max_length=2, default="sv")
    synthetic = models.BooleanField(default=False)
    simulated_day = models.DateField(null=True, blank=True)  # the day on which a rehearsal stands
    accessibility_contact = models.EmailField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(synthetic=True) | models.Q(simulated_day__isnull=True),
                name="organisations_only_rehearsals_simulate",
            )
        ]

    def __str__(self) -> str:
        return str(self.name)


class OrganisationRow(TenantTable):
    """A tenant's row in a part above `organisations/`."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class Unit(OrganisationRow):
    """A unit as it is now. How it came to be so stands in `UnitVersion`.

    `path` is the ids from the root to the unit itself, each followed by "/": a unit and all below it
    share its beginning.
    """

    key = models.CharField(max_length=60)
    name = LangTextField()
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=600, db_index=True)
    opened = models.DateField()
    closed = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="merged")

    class Meta:
        constraints = [
            unique_in_tenant("organisations_unit"),
            models.UniqueConstraint(fields=["organisation", "key"], name="organisations_unit_key"),
            *same_tenant("organisations_unit", "parent", "merged_into"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def level(self) -> int:
        """1 at the top."""
        return self.path.count("/")

    def path_below(self) -> str:
        """What the path of this unit must be, given its parent's."""
        return f"{self.parent.path if self.parent else ''}{encode_id(self.pk)}/"


class UnitVersion(OrganisationRow):
    """A unit's name and place between two days (`until` is the first day on which it no longer holds)."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="versions")
    name = LangTextField()
    parent = models.ForeignKey(Unit, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    change = models.CharField(max_length=20)  # opened, renamed, moved, merged, closed

    class Meta:
        constraints = [*same_tenant("organisations_unitversion", "unit", "parent")]

    def __str__(self) -> str:
        return f"{self.name} {self.since}"


class Person(OrganisationRow):
    """Someone in the organisation, or a guest of it (`external`). `key` is the organisation's own, from its import.

    `left` is the first day away. `administrator` lets a person look after people and units; programmes give it to
    their owners, leads and facilitators, since roles live above this part.
    """

    class Level(models.TextChoices):
        STAFF = "staff", _("staff")
        MANAGER = "manager", _("manager")
        SENIOR = "senior", _("manager of managers")
        TOP = "top", _("top management")

    key = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    sort_name = SortNameField()
    title = LangTextField()
    email = models.EmailField(blank=True, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="persons")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    manager = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="reports")
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.STAFF)
    attributes = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=2, default="sv")
    external = models.BooleanField(default=False)
    administrator = models.BooleanField(default=False)
    joined = models.DateField()
    left = models.DateField(null=True, blank=True)
    erased = models.BooleanField(default=False)  # a tombstone: the id stays for the record, the person is gone

    class Meta:
        constraints = [
            unique_in_tenant("organisations_person"),
            models.UniqueConstraint(fields=["organisation", "key"], name="organisations_person_key"),
            models.UniqueConstraint(fields=["organisation", "user"], name="organisations_person_user"),
            *same_tenant("organisations_person", "unit", "manager"),
        ]
        indexes = [
            models.Index(fields=["organisation", "left", "external"], name="organisations_person_active"),
            models.Index(fields=["organisation", "sort_name"], name="organisations_person_sorted"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @staticmethod
    def named(relation: str) -> tuple[str, str, str]:
        """For `only()`: what a list shows of a related person. A person is a wide row, and a page holds many."""
        return f"{relation}__name", f"{relation}__title", f"{relation}__erased"

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Person:
        """A tombstone has no name of its own: it is called the same in the language of every reader."""
        person: Person = super().from_db(*args, **kwargs)
        if person.__dict__.get("erased") and "name" in person.__dict__:
            person.name = REMOVED  # type: ignore[assignment]
        return person


class Placement(OrganisationRow):
    """A person's time in a unit (`until` is the first day elsewhere)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="placements")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="placements")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [*same_tenant("organisations_placement", "person", "unit")]
        indexes = [
            models.Index(fields=["unit", "since"], name="organisations_placement_since"),
            models.Index(fields=["unit", "until"], name="organisations_placement_until"),
        ]

    def __str__(self) -> str:
        return f"{self.since}"


class TeamCorrection(OrganisationRow):
    """A management team is derived: a manager and those who report to them. This puts one in, or leaves one out."""

    manager = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="team_corrections")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    included = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["manager", "person"], name="organisations_teamcorrection_once"),
            *same_tenant("organisations_teamcorrection", "manager", "person"),
        ]

    def __str__(self) -> str:
        return f"{self.included}"


class Erasure(OrganisationRow):
    """Someone who asked to be forgotten. A restored backup is erased again from this list."""

    person_id = models.BigIntegerField()
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.day}"


class ImportBatch(OrganisationRow):
    """A planned import of people and units. Its rows are deleted when it is done, or after a day; the counts stay."""

    class State(models.TextChoices):
        READING = "reading", _("being read")
        PLANNED = "planned", _("waits for your decision")
        APPLYING = "applying", _("under way")
        STOPPED = "stopped", _("stopped half-way")
        DONE = "done", _("done")

    made = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    file_name = models.CharField(max_length=120)
    header = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64)  # of the organisation as it was when the plan was made
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    leavers = models.BooleanField(default=False)  # whether those who are not in the file leave
    job_id = models.BigIntegerField(null=True)
    touched = models.DateTimeField(null=True)  # last sign of life while under way
    set_aside = models.JSONField(default=list)  # rows whose person or unit changed while the import ran

    class Meta:
        constraints = [
            unique_in_tenant("organisations_importbatch"),
            *same_tenant("organisations_importbatch", "made_by"),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportBlock(OrganisationRow):
    """Up to 500 rows of one part of an import: the file's own rows, or changes, of which `applied` have been made."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="blocks")
    part = models.CharField(max_length=10)
    position = models.PositiveIntegerField()
    rows = models.JSONField(default=list)
    applied = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "part", "position"], name="organisations_importblock_place"),
            *same_tenant("organisations_importblock", "batch"),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.position}"
