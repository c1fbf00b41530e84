"""Rows of the database ↔ the workflow's entities: which table, and how each field is written down.

There is no session and no identity map: entities are frozen values, so reading is one tuple and one
constructor call, and nothing can load lazily behind a screen's back.
"""

from __future__ import annotations

import json
import types
import typing
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import delete, insert, select, update

from leaddesk.db import intake_tables, letter_tables, tables
from leaddesk.db.prepared import Prepared, any_of, given
from leaddesk.workflow import entities, intake_entities, letter_entities, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Column, ColumnElement, Select, Table

R = TypeVar("R", bound=entities.Row)

TABLES: dict[type[entities.Row], Table] = {
    entities.User: tables.app_user,
    entities.Source: tables.source,
    entities.Client: tables.client,
    entities.ImportBatch: tables.import_batch,
    entities.Lead: tables.lead,
    entities.LeadExtra: tables.lead_extra,
    entities.ContactPoint: tables.contact_point,
    entities.Task: tables.task,
    entities.Call: tables.call,
    entities.Note: tables.note,
    entities.Refusal: tables.refusal,
    entities.Stay: tables.stay,
    letter_entities.Letter: letter_tables.letter,
    letter_entities.Reply: letter_tables.reply,
    letter_entities.LetterTemplate: letter_tables.letter_template,
    entities.ClientPerson: tables.client_person,
    entities.Suppression: tables.suppression,
    entities.Outcome: tables.outcome,
    entities.RefusalReason: tables.refusal_reason,
    entities.Setting: tables.setting,
    intake_entities.ImportProfile: intake_tables.import_profile,
    intake_entities.Redirect: intake_tables.redirect,
    intake_entities.NotSame: intake_tables.not_same,
}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """Whole milliseconds since 1970 UTC. Exact: no floating point on the way."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(stored: int) -> datetime:
    """The instant, aware, UTC."""
    return _EPOCH + stored * _MILLISECOND


def at(stored: int | None) -> datetime | None:
    """The instant, or None."""
    return None if stored is None else from_ms(stored)


def _same(value: Any) -> Any:
    return value


def storable(value: str) -> str:
    """Text both engines can keep: PostgreSQL has no NUL, UTF-8 no lone surrogates. Both become visible signs."""
    if "\x00" in value:
        value = value.replace("\x00", "\u2400")
    if value.isascii():
        return value
    return value.encode("utf-8", "replace").decode("utf-8")


def _lines(value: tuple[str, ...]) -> str:
    return storable("\n".join(value))


def _unlines(stored: str) -> tuple[str, ...]:
    return tuple(stored.split("\n")) if stored else ()


_written = json.JSONEncoder(ensure_ascii=False).encode


def _json(value: dict[str, Any]) -> str:
    if not value:
        return ""
    return _written({storable(k): storable(v) if isinstance(v, str) else v for k, v in value.items()})


def _unjson(stored: str) -> dict[str, Any]:
    return json.loads(stored) if stored else {}


def _optional(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)


_SIMPLE: dict[Any, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    int: (_same, _same),
    str: (storable, _same),
    bool: (int, bool),
    datetime: (to_ms, from_ms),
    Decimal: (str, Decimal),
}
_NAMES = {**vars(vocabulary), "datetime": datetime, "Decimal": Decimal}
"""What the entities' annotations may name."""


class _Words(dict[str, StrEnum]):
    """The members of an enumeration by their words: its own call takes ten times as long. `ValueError` for another."""

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__({member.value: member for member in kind})
        self._kind = kind

    def __missing__(self, word: str) -> StrEnum:
        return self._kind(word)


def _converters(hint: Any) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """How a field of this type is written and read."""
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        inner = next(part for part in typing.get_args(hint) if part is not type(None))
        pack, unpack = _converters(inner)
        return _optional(pack), unpack if unpack is _same else _optional(unpack)
    if origin is tuple:
        return _lines, _unlines
    if origin is dict:
        return _json, _unjson
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return str, _Words(hint).__getitem__
    return _SIMPLE[hint]


def _maker(kind: type[R], unpackers: Mapping[str, Callable[[Any], Any]]) -> Callable[[Sequence[Any]], R]:
    """What makes an entity of a row: a function written for its fields, as dataclasses write their own.

    It fills the slots by themselves, in half the time that `kind(…)` takes: a queue is a hundred leads, a card a
    hundred other rows.
    """
    known: dict[str, Any] = {"new": object.__new__, "kind": kind}
    lines = [f"def entity(row):\n {', '.join(f'v_{name}' for name in unpackers)}, = row\n made = new(kind)"]
    for name, unpack in unpackers.items():
        known[f"put_{name}"], known[f"read_{name}"] = getattr(kind, name).__set__, unpack
        lines.append(f" put_{name}(made, {f'v_{name}' if unpack is _same else f'read_{name}(v_{name})'})")
    exec("\n".join([*lines, " return made"]), known)  # noqa: S102 - nothing but names of our own fields
    entity: Callable[[Sequence[Any]], R] = known["entity"]
    return entity


def _copier(kind: type[R]) -> Callable[[R], R]:
    """What makes another entity of one, written for its fields as `_maker` does: `replace` takes ten times as long."""
    known: dict[str, Any] = {"new": object.__new__, "kind": kind}
    lines = ["def copy(row):\n made = new(kind)"]
    for field in fields(kind):
        known[f"put_{field.name}"] = getattr(kind, field.name).__set__
        lines.append(f" put_{field.name}(made, row.{field.name})")
    exec("\n".join([*lines, " return made"]), known)  # noqa: S102 - nothing but names of our own fields
    copy: Callable[[R], R] = known["copy"]
    return copy


OWNERS = ("id", "lead_id", "client_id", "a")
"""Columns that say which card a row is on, as far as a table has them; `a` is the first of two leads that are not one."""


class Mapper(typing.Generic[R]):
    """How one kind of entity is stored."""

    def __init__(self, kind: type[R]) -> None:
        """Learn the columns from the entity's own fields; a field without a column is a bug found here."""
        self.kind = kind
        self.table = TABLES[kind]
        hints = typing.get_type_hints(kind, localns=_NAMES)
        self.names = tuple(f.name for f in fields(kind))
        self.columns = [self.table.c[name] for name in self.names]
        self.packers = {name: _converters(hints[name])[0] for name in self.names}
        self._packed = [(name, pack) for name, pack in self.packers.items() if pack is not _same]
        self._values = attrgetter(*self.names)
        self._readers = {name: _converters(hints[name])[1] for name in self.names}
        self._copy = _copier(kind)
        self._owners = tuple(name for name in OWNERS if name in self.names)
        self.entity = _maker(kind, self._readers)
        """The entity for a tuple of this mapper's columns, in their order."""
        table, by_id = self.table, self.table.c.id == given("row_id")
        self.by_id = Prepared(lambda _: select(*self.columns).where(by_id))
        self.by_id_locked = Prepared(lambda _: select(*self.columns).where(by_id).with_for_update())
        self.delete = Prepared(lambda _: delete(table).where(by_id))
        self.insert = Prepared(lambda _: insert(table), self.names)
        numbered = [name for name in self.names if name != "id"]
        self.insert_numbered = Prepared(lambda _: insert(table).returning(table.c.id), numbered)
        self._updates: dict[tuple[str, ...], Prepared] = {}
        self._finds: dict[tuple[tuple[str, str], ...], Prepared] = {}
        self.has_version = "version" in self.names
        self.has_changed_at = "changed_at" in self.names

    def update(self, names: Iterable[str]) -> Prepared:
        """Sets these columns of the row `row_id` to the values `new_` + name."""
        key = tuple(names)
        found = self._updates.get(key)
        if found is None:
            values = {name: given(f"new_{name}") for name in key}
            statement = update(self.table).where(self.table.c.id == given("row_id")).values(values)
            found = self._updates[key] = Prepared(lambda _: statement)
        return found

    def find(self, equal: dict[str, Any], order: str = "id") -> tuple[Prepared, dict[str, Any]]:
        """Selects by equal columns, with its values; a list or tuple means "one of these", "-at" the newest first."""
        ways: list[tuple[str, str]] = [("", order)]
        values: dict[str, Any] = {}
        for name, value in equal.items():
            if value is None:
                ways.append((name, "null"))
            elif isinstance(value, bool):
                ways.append((name, "yes" if value else "no"))
            elif isinstance(value, list | tuple):
                ways.append((name, "many"))
                values[f"is_{name}"] = [self.packers[name](one) for one in value]
            else:
                ways.append((name, "one"))
                values[f"is_{name}"] = self.packers[name](value)
        key = tuple(ways)
        found = self._finds.get(key)
        if found is None:
            found = self._finds[key] = Prepared(lambda sqlite: self._finding(key, sqlite=sqlite))
        return found, values

    def _finding(self, ways: tuple[tuple[str, str], ...], *, sqlite: bool) -> Select[Any]:
        (_, order), *equal = ways
        column = self.table.c[order.lstrip("-")]
        where = [self._way(self.table.c[name], way, sqlite=sqlite) for name, way in equal]
        return select(*self.columns).where(*where).order_by(column.desc() if order.startswith("-") else column)

    @staticmethod
    def _way(column: Column[Any], way: str, *, sqlite: bool) -> ColumnElement[bool]:
        if way == "null":
            return column.is_(None)
        if way in ("yes", "no"):
            # In the statement's own words: an index of those that are not may be asked for.
            return column == int(way == "yes")
        if way == "many":
            return any_of(sqlite, column, f"is_{column.name}")
        return column == given(f"is_{column.name}")

    def stored(self, entity: R) -> dict[str, Any]:
        """All columns of an entity, as stored."""
        stored = dict(zip(self.names, self._values(entity), strict=True))
        for name, pack in self._packed:
            value = stored[name]
            if value is not None and value != "":
                stored[name] = pack(value)
        return stored

    def owned(self, entity: R) -> dict[str, Any]:
        """The columns that say whose an entity is."""
        return {name: getattr(entity, name) for name in self._owners}

    def changed(self, entity: R, stored: dict[str, Any]) -> R:
        """The entity as it is with these columns as stored."""
        made = self._copy(entity)
        for name, value in stored.items():
            object.__setattr__(made, name, self._readers[name](value))
        return made

    def packed(self, values: dict[str, Any]) -> dict[str, Any]:
        """Some columns, as stored. Raises `KeyError` for a field there is not."""
        return {name: self.packers[name](value) for name, value in values.items()}


_MAPPERS: dict[str, Mapper[Any]] = {}


def mapper(kind: type[R]) -> Mapper[R]:
    """The mapper of one kind of entity, made at first use."""
    found = _MAPPERS.get(kind.__name__)
    if found is None:
        found = _MAPPERS[kind.__name__] = Mapper(kind)
    return found
