"""What a search for duplicates found: kept until the next one, and no history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert

from leaddesk.db.ids import chunks
from leaddesk.db.intake_tables import duplicate_pair, duplicate_search
from leaddesk.db.mapping import storable, to_ms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from leaddesk.workflow.duplicates import Pair

AT_ONCE = 20_000
THOUSANDTHS = 1000


def keep_pairs(connection: Connection, pairs: Sequence[Pair], leads: int, now: datetime, seconds: int) -> None:
    """Put these pairs in place of those of the last search, inside the caller's transaction."""
    connection.execute(delete(duplicate_pair))
    for some in chunks(pairs, AT_ONCE):
        connection.execute(insert(duplicate_pair), [_stored(pair) for pair in some])
    connection.execute(delete(duplicate_search))
    found = {"id": 1, "at": to_ms(now), "leads": leads, "pairs": len(pairs), "seconds": seconds}
    connection.execute(insert(duplicate_search), found)


def _stored(pair: Pair) -> dict[str, int | str]:
    return {
        "a": pair.a,
        "b": pair.b,
        "score": round(pair.score * THOUSANDTHS),
        "why": storable(json.dumps(pair.why, ensure_ascii=False)),
        "certain": int(pair.certain),
    }
