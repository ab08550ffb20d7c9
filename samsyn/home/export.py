"""An organisation, or one programme, as open files: tables as CSV, texts as JSON, attachments as they are.

Rows lie by their random ids and have no time finer than the day. What people contributed leaves through the tables of
the kinds, under the rules of each activity's level; votes of anonymous activities do not leave.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db.models import Model

from samsyn.core import tenancy
from samsyn.core.ids import encode_id
from samsyn.core.sheets import write_csv
from samsyn.core.texts import LangText
from samsyn.files.models import Attachment
from samsyn.organisations.export import people_csv
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.models import Activity, Frame, Programme, Role
from samsyn.thread.models import Item, Link, Promise, Reply

_PROGRAMME = ("title", "playbook", "from_state", "to_state", "ambition", "decided", "open_matters", "not_discussed")
_ACTIVITY = ("kind", "state", "level", "entry", "title", "purpose", "instructions", "material", "lawful_basis")
_ACTIVITY_DAYS = ("starts", "ends", "reply_by", "opened", "closed", "published", "disposed", "retention_days")
_ITEM = ("kind", "state", "visibility", "level", "title", "day", "due")


def export(folder: Path, programmes: Iterable[Programme] | None = None) -> int:
    """Write the active organisation into a folder, or only some of its programmes. How many files there are."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if programmes is None:
        (folder / "people.csv").write_text(people_csv(), "utf-8")
    chosen = list(Programme.objects.order_by("id") if programmes is None else programmes)
    for programme in chosen:
        _programme(folder / f"programme-{encode_id(programme.pk)}", programme)
    return sum(1 for path in folder.rglob("*") if path.is_file())


def _programme(folder: Path, programme: Programme) -> None:
    folder.mkdir()
    facts = {name: getattr(programme, name) for name in (*_PROGRAMME, "starts", "ends")}
    roles = Role.objects.filter(programme=programme).select_related("person").order_by("id")
    facts["roles"] = [{"role": role.name, "name": role.person.name, "until": role.until} for role in roles]
    (folder / "programme.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1, default=str), "utf-8")
    frames = Frame.objects.filter(programme=programme).order_by("position", "id")
    _table(folder / "chapters.csv", ("position", "name", "purpose", "starts", "ends"), frames)
    activities = list(Activity.objects.filter(programme=programme).order_by("frame__position", "position", "id"))
    _table(folder / "activities.csv", (*_ACTIVITY, *_ACTIVITY_DAYS), activities)
    items = Item.objects.filter(programme_id=programme.pk).order_by("id")
    _table(folder / "items.csv", _ITEM, items.select_related("owner"), owner=lambda item: item.owner or "")
    links = Link.objects.filter(source__programme_id=programme.pk).order_by("source_id", "target_id")
    pairs = [[encode_id(link.source_id), encode_id(link.target_id)] for link in links]
    (folder / "links.csv").write_text(write_csv(["came_of", "id"], pairs), "utf-8")
    of_items = {"item__programme_id": programme.pk}
    promises = Promise.objects.filter(**of_items).select_related("item").order_by("id")
    _table(folder / "promises.csv", ("text", "note", "first_due", "settled"), promises, item=_item)
    replies = Reply.objects.filter(**of_items).select_related("signed_by", "published_by").order_by("id")
    shown = ("heard", "doing", "not_doing", "next_date", "signed_by", "published_by", "day")
    _table(folder / "replies.csv", shown, replies, item=_item)
    for activity in activities:
        _activity(folder / "activities" / encode_id(activity.pk), activity)


def _item(row: Any) -> str:
    return encode_id(row.item_id)


def _activity(folder: Path, activity: Activity) -> None:
    for table in kind_of(activity).tables(activity):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{table.name}.csv").write_text(write_csv(table.columns, table.rows), "utf-8")
    for attachment in Attachment.objects.filter(owner_id=activity.pk).order_by("id"):
        if attachment.path.is_file():
            (folder / "files").mkdir(parents=True, exist_ok=True)
            safe = attachment.name.replace("/", "_").replace("\\", "_").lstrip(".")
            shutil.copyfile(attachment.path, folder / "files" / f"{encode_id(attachment.pk)}-{safe}")


def _table(path: Path, names: Sequence[str], rows: Iterable[Model], **more: Any) -> None:
    """A table with the id first; texts in both languages have a column for each."""
    found = [(encode_id(row.pk), row) for row in rows]
    pairs = {name for name in names if any(isinstance(getattr(row, name), LangText) for _pk, row in found)}
    columns = ["id", *_columns(names, pairs), *more]
    written = [[pk, *_cells(row, names, pairs), *(str(make(row)) for make in more.values())] for pk, row in found]
    path.write_text(write_csv(columns, written), "utf-8")


def _columns(names: Sequence[str], pairs: set[str]) -> Iterator[str]:
    for name in names:
        yield from (f"{name}_sv", f"{name}_en") if name in pairs else (name,)


def _cells(row: Any, names: Sequence[str], pairs: set[str]) -> Iterator[object]:
    for name in names:
        value = getattr(row, name)
        if name in pairs:
            yield from (value.get("sv", ""), value.get("en", ""))
        else:
            yield "" if value is None else value


def programme_of(written: int) -> Programme | None:
    """A programme of the active organisation."""
    found: Programme | None = Programme.objects.filter(pk=written, organisation_id=tenancy.active_id()).first()
    return found
