"""How the cost of each action grows with the leads: databases of growing size, one slope for each action.

A slope is that of the logarithms: 0 costs the same however many leads there are, 1 grows as they do.
"""

from __future__ import annotations

from dataclasses import replace
from math import log10
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leaddesk.benching.budgets import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from leaddesk.benching.bench import Wish

CALLS_EACH = 10
FLAT, LINEAR = 0.25, 1.2
"""The steepest slopes allowed: a logarithm's is 0.1 at these sizes, and noise makes something of nothing."""
STEADY = (Kind.INTERACTIVE, Kind.FIRST_ROWS, Kind.FIRST_PAINT, Kind.FIRST_LEADS)
"""Kinds that must cost the same however many leads there are."""


def slope(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The straight line through the logarithms, by least squares. 0 for fewer than two points."""
    points = [(log10(size), log10(cost)) for size, cost in zip(sizes, costs, strict=True) if size > 0 and cost > 0]
    if len(points) < 2:
        return 0.0
    middle = sum(x for x, _ in points) / len(points)
    high = sum(y for _, y in points) / len(points)
    spread = sum((x - middle) ** 2 for x, _ in points)
    return sum((x - middle) * (y - high) for x, y in points) / spread if spread else 0.0


def grown(sizes: Sequence[int], runs: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """By action, its cost at each size, its slope, and whether that is as flat as its kind asks."""
    found: dict[str, dict[str, Any]] = {}
    for key, one in runs[-1].items():
        there = [run.get(key) for run in runs]
        costs = [figures["p50_ms"] if figures else None for figures in there]
        limits = [figures["limit_ms"] if figures else None for figures in there]
        steep = _slope(sizes, costs)
        bare = _slope(sizes, limits)
        # No flatter than the same answer by the bare driver: where there are few leads, a word finds fewer than are shown.
        most = max(FLAT, round(bare, 3)) if one["kind"] in STEADY and not one.get("grows") else LINEAR
        found[key] = {
            "title": one["title"],
            "kind": one["kind"],
            "p50_ms": costs,
            "limit_ms": limits,
            "slope": round(steep, 3),
            "limit_slope": round(bare, 3),
            "most": most,
            "ok": round(steep, 3) <= most,
        }
    return found


def _slope(sizes: Sequence[int], costs: Sequence[float | None]) -> float:
    known = [(size, cost) for size, cost in zip(sizes, costs, strict=True) if cost is not None]
    return slope([size for size, _ in known], [cost for _, cost in known])


def bench_growth(
    sizes: Sequence[int], calls: int | None, wish: Wish, out: Path | None, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """Measure a made database of each size, one after another, so that there is never more than one of them.

    `calls` are those of the largest; the others have as many for each lead. `out` gets the picture.
    """
    from leaddesk.benching.bench import bench_made

    each = CALLS_EACH if calls is None else calls / sizes[-1]
    wish = replace(wish, plan=replace(wish.plan, cold=0))
    runs = [bench_made(size, int(size * each), wish, progress)["actions"] for size in sizes]
    found = grown(sizes, runs)
    if out is not None:
        from leaddesk.benching.picture import draw

        draw(out, sizes, found)
    over = [key for key, one in found.items() if not one["ok"]]
    return {"sizes": list(sizes), "growth": found, "picture": out, "over": over, "ok": not over}
