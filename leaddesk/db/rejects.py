"""Rows an import left out, as they are written down."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import insert

from leaddesk.db.intake_tables import import_reject
from leaddesk.db.mapping import storable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from leaddesk.workflow.intake import RejectedRow


def keep(connection: Connection, batch_id: int, rows: Sequence[RejectedRow]) -> None:
    """Write them beside their batch."""
    lines = [
        {
            "batch_id": batch_id,
            "row": row.number,
            "cells": _dumped(row.cells),
            "surplus": _dumped(row.surplus),
            "why": storable(row.why),
        }
        for row in rows
    ]
    if lines:
        connection.execute(insert(import_reject), lines)


def cells_of(text: str) -> tuple[str, ...]:
    """The cells of a row as they stood."""
    return tuple(json.loads(text)) if text else ()


def _dumped(cells: Sequence[str]) -> str:
    return json.dumps([storable(cell) for cell in cells], ensure_ascii=False) if cells else ""
