"""The table of docs/performance.md out of what `leaddesk bench --out FILE` wrote; of several files, side by side."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

HEADS = ("p50 ms", "p95 ms", "bare", "×", "cold p50", "statements")


def cells(one: dict[str, Any] | None) -> list[str]:
    if one is None:
        return ["–"] * len(HEADS)
    cold = one["cold"]
    ratio = f"{one['ratio']:.1f}"
    return [
        _ms(one["p50_ms"]), _ms(one["p95_ms"]), _ms(one["limit_ms"]), ratio if one["ok"] else f"**{ratio}**",
        _ms(cold["p50_ms"]) if cold else "–", str(one["statements"] or "–"),
    ]  # fmt: skip


def _ms(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("files", nargs="+", type=Path)
    runs = [json.loads(file.read_text(encoding="utf-8")) for file in asked.parse_args().files]
    titles = {key: one["title"] for run in runs for key, one in run["actions"].items()}
    for run in runs:
        print(
            f"- {run['leads']:,} leads, {run['calls']:,} calls, {run['engine']}, {run['cores']} cores, Python {run['python']}"
        )
    print("\n| action | " + " | ".join(HEADS * len(runs)) + " |")
    print("|---|" + "---:|" * len(HEADS) * len(runs))
    for key, title in titles.items():
        row = [cell for run in runs for cell in cells(run["actions"].get(key))]
        print(f"| {title} | {' | '.join(row)} |")
    for run in runs:
        if run["memory"]:
            print(f"\nWindow: {run['memory']['mb']} MiB.")


if __name__ == "__main__":
    main()
