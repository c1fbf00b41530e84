"""The picture of the growth: leads and milliseconds by their logarithms, a line for each action."""

from __future__ import annotations

import os
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any

from leaddesk.benching.budgets import Kind
from leaddesk.workflow.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QPainter

WIDTH, PLOT_HEIGHT, LEFT, LEGEND, TOP = 1600, 560, 80, 560, 56
LINE_HEIGHT = 15
PANELS = (
    ("Somebody waits: flat", (Kind.INTERACTIVE, Kind.FIRST_ROWS, Kind.FIRST_PAINT, Kind.FIRST_LEADS)),
    ("Whole tables: by the leads", (Kind.ONE_CLICK, Kind.WHOLE_TABLE)),
    ("Reports", (Kind.REPORT_90, Kind.REPORT_ALL)),
    ("In bulk", (Kind.IN_BULK,)),
)


def draw(out: Path, sizes: Sequence[int], growth: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the picture, in the form its name says, a panel for each sort of waiting. Raises `Unavailable` if it cannot be written."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

    # Letters are only drawn where there is an application.
    app = QGuiApplication.instance() or QGuiApplication([])
    panels = [(title, {key: one for key, one in growth.items() if one["kind"] in kinds}) for title, kinds in PANELS]
    panels = [(title, lines) for title, lines in panels if lines]
    heights = [max(PLOT_HEIGHT, TOP + (len(lines) + 3) * LINE_HEIGHT) for _, lines in panels]
    image = QImage(WIDTH, max(1, sum(heights)), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    over = 0
    for (title, lines), height in zip(panels, heights, strict=True):
        painter.save()
        painter.translate(0, over)
        _Panel(sizes, lines).paint(painter, title)
        painter.restore()
        over += height
    painter.end()
    del app
    if not image.save(str(out)):
        raise Unavailable(f"The picture {out} cannot be written.")


class _Panel:
    """One plot with its legend, the steepest line first."""

    def __init__(self, sizes: Sequence[int], lines: Mapping[str, Mapping[str, Any]]) -> None:
        """Bounds are whole powers of ten."""
        self._sizes = sizes
        self._lines = sorted(lines.items(), key=lambda line: -line[1]["slope"])
        costs = [cost for _, one in self._lines for cost in one["p50_ms"] if cost]
        self._across = _decades(sizes)
        self._up = _decades(costs or [1])

    def _at(self, size: float, cost: float) -> QPointF:
        from PySide6.QtCore import QPointF

        (first, last), (low, high) = self._across, self._up
        across, up = (log10(size) - first) / (last - first), (log10(cost) - low) / (high - low)
        return QPointF(LEFT + across * (WIDTH - LEFT - LEGEND), PLOT_HEIGHT - 40 - up * (PLOT_HEIGHT - TOP - 40))

    def paint(self, painter: QPainter, title: str) -> None:
        """Title, grid, lines, legend."""
        from PySide6.QtCore import QPointF
        from PySide6.QtGui import QColor, QFont, QPen, QPolygonF

        painter.setFont(QFont("sans-serif", 13))
        painter.setPen(QColor("black"))
        painter.drawText(QPointF(LEFT, 32), f"{title} (p50 in ms by leads)")
        painter.setFont(QFont("sans-serif", 9))
        self._grid(painter)
        for place, (key, one) in enumerate(self._lines):
            colour = QColor.fromHsv(place * 360 // len(self._lines), 220, 80 + place % 3 * 40)
            painter.setPen(QPen(colour, 1.6))
            known = [self._at(size, cost) for size, cost in zip(self._sizes, one["p50_ms"], strict=True) if cost]
            painter.drawPolyline(QPolygonF(known))
            for point in known:
                painter.drawEllipse(point, 2.5, 2.5)
            mark = "" if one["ok"] else "  ← too steep"
            last = f"{one['p50_ms'][-1]:,.1f} ms" if one["p50_ms"][-1] else ""
            where = QPointF(WIDTH - LEGEND + 20, TOP + place * LINE_HEIGHT)
            painter.drawText(where, f"{one['slope']:+.2f}  {key}  {last}{mark}")

    def _grid(self, painter: QPainter) -> None:
        from PySide6.QtCore import QPointF
        from PySide6.QtGui import QColor, QPen

        (first, last), (low, high) = self._across, self._up
        for power in range(first, last + 1):
            foot = self._at(10.0**power, 10.0**low)
            painter.setPen(QPen(QColor("#dddddd"), 1))
            painter.drawLine(foot, self._at(10.0**power, 10.0**high))
            painter.setPen(QColor("#555555"))
            leads = f"{10**power:,}"
            # Under its line, but clear of the legend.
            begin = min(foot.x() - 20, WIDTH - LEGEND - painter.fontMetrics().horizontalAdvance(leads))
            painter.drawText(QPointF(begin, foot.y() + 18), leads)
        for power in range(low, high + 1):
            side = self._at(10.0**first, 10.0**power)
            painter.setPen(QPen(QColor("#dddddd"), 1))
            painter.drawLine(side, self._at(10.0**last, 10.0**power))
            painter.setPen(QColor("#555555"))
            painter.drawText(side + QPointF(-60, 4), f"{10.0**power:g}")


def _decades(values: Iterable[float]) -> tuple[int, int]:
    known = list(values)
    low, high = floor(log10(min(known))), ceil(log10(max(known)))
    return low, max(high, low + 1)
