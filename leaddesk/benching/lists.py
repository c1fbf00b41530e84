"""Lists: whose leads, in which order, through which chips; and a jump to any place in them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from leaddesk.benching import limits
from leaddesk.benching.action import Action, Measured, taking_turns
from leaddesk.benching.budgets import Kind
from leaddesk.ui.columns import LEADS
from leaddesk.workflow.cards import Filter, LeadIds, LeadRows
from leaddesk.workflow.vocabulary import HELD_FROM, Status, Temperature

if TYPE_CHECKING:
    from leaddesk.benching.action import Round
    from leaddesk.benching.driver import Row
    from leaddesk.benching.ground import Ground
    from leaddesk.ui.columns import Column
    from leaddesk.workflow.cards import LeadRow

BLOCK = 100
"""Rows a table fetches at once, and a screen of them."""
SORTED = tuple({column.sort: column for column in reversed(LEADS) if column.sort}.values())[::-1]
"""The columns by which the table of leads can be sorted, each order once."""

Chip = tuple[Filter, str, tuple[Any, ...]]
"""What a chip lets through: as the window asks for it, and as a condition of the bare driver with its values."""


def _own_ids(ground: Ground) -> Round:
    me = ground.operator.user.id
    least = limits.Ids.of(ground.bare, "changed_at", down=True, where="owner_id = ?", values=(me,))
    return taking_turns(
        "ids_own",
        lambda _n: ground.operator.read(LeadIds(Filter(owner_id=me))),
        lambda _n: least.read(),
        lambda ours, bare: ours == bare,
    )


def _all_by(column: Column[LeadRow], ground: Ground) -> Round:
    least = limits.Ids.of(ground.bare, limits.ORDERS[column.sort], down=column.down)
    return taking_turns(
        f"ids_by_{column.sort}",
        lambda _n: ground.desk.read(LeadIds(sort=column.sort, descending=column.down)),
        lambda _n: least.read(),
        lambda ours, bare: len(ours) == len(bare) and set(ours) == set(bare),
    )


def _first_by(column: Column[LeadRow], ground: Ground) -> Round:
    least = limits.Ids.of(ground.bare, limits.ORDERS[column.sort], down=column.down, limit=BLOCK)

    def ours(_number: int) -> list[LeadRow]:
        ids = ground.desk.read(LeadIds(sort=column.sort, descending=column.down, limit=BLOCK))
        return ground.desk.read(LeadRows(tuple(ids)))

    def bare(_number: int) -> list[Row]:
        return limits.block(ground.bare, least.read())

    return taking_turns(f"first_by_{column.sort}", ours, bare, lambda mine, rows: len(mine) == len(rows))


def _block(ground: Ground) -> Round:
    ids = ground.desk.read(LeadIds())
    starts = [ground.dice.randrange(max(1, len(ids) - BLOCK)) for _ in range(500)]

    def place(number: int) -> tuple[int, ...]:
        start = starts[number % len(starts)]
        return tuple(ids[start : start + BLOCK])

    return taking_turns(
        "block",
        lambda number: ground.desk.read(LeadRows(place(number))),
        lambda number: limits.block(ground.bare, place(number)),
        lambda ours, bare: {row.id for row in ours} == {row[0] for row in bare},
    )


def _chip_of(key: str, ground: Ground) -> Chip | None:
    """What a chip lets through, with a value that is there; None where there is none."""
    name, _, value = key.partition("_")
    me = ground.operator.user.id
    match name:
        case "status":
            return Filter(statuses=(Status(value),)), "status = ?", (value,)
        case "readiness":
            return Filter(temperatures=(Temperature(value),)), "temperature = ?", (value,)
        case "owner":
            return Filter(owner_id=me), "owner_id = ?", (me,)
        case "pool":
            return Filter(owner_id=0), "owner_id IS NULL", ()
        case "came":
            return _came(ground, int(value.partition("_")[0]))
        case "incomplete":
            return Filter(incomplete=True), "(name = '' OR reach = 'none')", ()
        case "suspicious":
            held = f"spam >= {HELD_FROM} AND suspicion_ok = 0 AND status <> 'disqualified'"
            return Filter(suspicious=True), held, ()
        case _:
            return {"source": _source, "tag": _tag, "batch": _batch}[name](ground)


def _source(ground: Ground) -> Chip | None:
    found = ground.bare.rows("SELECT id FROM source ORDER BY id LIMIT 1")
    return (Filter(source_id=found[0][0]), "source_id = ?", found[0]) if found else None


def _came(ground: Ground, days: int) -> Chip:
    day = ground.clock.now().date() - timedelta(days=days - 1)
    since = datetime.combine(day, time(0), UTC)
    return Filter(created_from=since), "created_at >= ?", (int(since.timestamp() * 1000),)


def _tag(ground: Ground) -> Chip:
    found = ground.bare.rows("SELECT tags FROM lead WHERE tags <> '' LIMIT 1")
    tag = found[0][0].split("\n")[0] if found else "vip"
    has = "instr(tags, ?) > 0" if ground.bare.sqlite else "strpos(tags, ?) > 0"
    return Filter(tag=tag), has, (tag,)


def _batch(ground: Ground) -> Chip | None:
    found = ground.bare.rows("SELECT max(batch_id) FROM lead WHERE batch_id IS NOT NULL")
    return (Filter(batch_id=found[0][0]), "batch_id = ?", found[0]) if found[0][0] else None


def _chip(key: str, ground: Ground) -> Round | None:
    chip = _chip_of(key, ground)
    if chip is None:
        return None
    wanted, where, values = chip
    least = limits.Ids.of(ground.bare, "changed_at", down=True, where=where, values=values)
    return taking_turns(
        f"chip_{key}",
        lambda _n: ground.desk.read(LeadIds(wanted)),
        lambda _n: least.read(),
        lambda ours, bare: ours == bare,
    )


CHIPS = {
    **{f"status_{status}": f"status {status.words}" for status in Status},
    **{f"readiness_{warmth}": f"readiness {warmth}" for warmth in Temperature},
    "owner": "one owner",
    "pool": "the pool",
    "source": "one source",
    **{f"came_{days}_days": f"came in the last {days} days" for days in (1, 7, 30, 90)},
    "tag": "a tag",
    "incomplete": "incomplete",
    "suspicious": "suspicious",
    "batch": "from one import",
}
"""The chips over the table, each with a value that lets something through."""


def _sorted_kind(column: Column[LeadRow]) -> Kind:
    """Columns on screen from the start are one click away; the others have to be shown first."""
    return Kind.ONE_CLICK if column.shown else Kind.WHOLE_TABLE


ACTIONS = (
    Action((Measured("ids_own", "Ids of the operator’s leads", Kind.INTERACTIVE, grows=True),), _own_ids),
    Action((Measured("block", "A block of 100 rows anywhere in the list", Kind.INTERACTIVE),), _block),
    *(
        Action(
            (Measured(f"first_by_{one.sort}", f"First rows by {one.title}", Kind.FIRST_ROWS),), partial(_first_by, one)
        )
        for one in SORTED
    ),
    *(
        Action(
            (Measured(f"ids_by_{one.sort}", f"Ids of all leads by {one.title}", _sorted_kind(one)),),
            partial(_all_by, one),
        )
        for one in SORTED
    ),
    *(
        Action(
            (
                Measured(
                    f"chip_{key}",
                    f"Ids through the chip: {words}",
                    Kind.WHOLE_TABLE if key == "tag" else Kind.ONE_CLICK,
                ),
            ),
            partial(_chip, key),
        )
        for key, words in CHIPS.items()
    ),
)
