"""How values are written: JSON by the contract (UTC with Z, money as text), tables for people."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def utc(moment: datetime | None) -> str | None:
    """An instant as ISO 8601 in UTC with Z; milliseconds only where there are any."""
    if moment is None:
        return None
    exact = "milliseconds" if moment.microsecond else "seconds"
    return moment.astimezone(UTC).isoformat(timespec=exact).replace("+00:00", "Z")


def plain(value: object) -> Any:
    """A value as JSON knows it. Raises `TypeError` for what has no plain form."""
    if isinstance(value, datetime):
        return utc(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal | PurePath):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in fields(value)}
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def as_json_text(data: dict[str, Any]) -> str:
    """One object on one line."""
    return json.dumps(data, ensure_ascii=False, default=plain)


def table_text(heads: Sequence[str], rows: Iterable[Sequence[object]], *, terminal: bool) -> str:
    """A table; on a terminal drawn by rich, which is worth its import only there."""
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if terminal:
        return _drawn(heads, cells)
    widths = [max(len(line[n]) for line in [list(heads), *cells]) for n in range(len(heads))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in [heads, *cells])
    return "\n".join(line.rstrip() for line in lines)


def _drawn(heads: Sequence[str], cells: list[list[str]]) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*heads, box=None, header_style="bold", pad_edge=False)
    for line in cells:
        table.add_row(*(Text(cell) for cell in line))
    console = Console()
    with console.capture() as captured:
        console.print(table)
    return captured.get()
