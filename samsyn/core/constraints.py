"""Rows may only point at rows of their own organisation, and the database says so."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.constraints import BaseConstraint


class SameTenant(BaseConstraint):
    """(organisation, field) must exist as (organisation, id) in the table that `field` points at.

    The other table needs `unique_in_tenant`. An empty field is not checked (MATCH SIMPLE).
    """

    def __init__(self, *, field: str, name: str) -> None:
        self.field = field
        super().__init__(name=name)

    def _body(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        field: Any = model._meta.get_field(self.field)
        target = field.remote_field.model._meta.db_table
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({quote('organisation_id')}, {quote(field.column)}) "
            f"REFERENCES {quote(target)} ({quote('organisation_id')}, {quote('id')}) DEFERRABLE INITIALLY DEFERRED"
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """In SQLite part of the table itself; elsewhere added to it afterwards."""
        if schema_editor.connection.vendor == "sqlite":
            return self._body(model, schema_editor)
        return self.create_sql(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        """Put off to the end of the migration, when the key that it points at is there too; nothing to run now."""
        table = schema_editor.quote_name(model._meta.db_table)
        schema_editor.deferred_sql.append(f"ALTER TABLE {table} ADD {self._body(model, schema_editor)}")
        return ""

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Left to the database: forms already choose among the tenant's own rows."""

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        return "samsyn.core.constraints.SameTenant", (), {"field": self.field, "name": self.name}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameTenant) and (self.field, self.name) == (other.field, other.name)

    __hash__ = None  # type: ignore[assignment]


def unique_in_tenant(table: str) -> models.UniqueConstraint:
    """The key that `SameTenant` of other tables points at."""
    return models.UniqueConstraint(fields=["organisation_id", "id"], name=f"{table}_in_tenant")


def same_tenant(table: str, *fields: str) -> list[SameTenant]:
    """One `SameTenant` per field, named after the table."""
    return [SameTenant(field=field, name=f"{table}_{field}_tenant") for field in fields]
