"""Text laid out by hand, for rows that are painted and not made of widgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QTextCharFormat, QTextLayout, QTextOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from leaddesk.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text of one look. `token` names a colour of the theme."""

    text: str
    token: str = "ink"  # noqa: S105 - a colour, not a secret
    bold: bool = False
    underline: bool = False


@dataclass(slots=True)
class Laid:
    """A paragraph broken into lines. Sizes in pixels; `last_width` is that of its last line."""

    layout: QTextLayout
    height: float
    width: float
    last_width: float

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Paint it with its upper left corner there."""
        self.layout.draw(painter, QPointF(x, y))


def leading(direction: Qt.LayoutDirection, *, trailing: bool = False) -> Qt.AlignmentFlag:
    """The side where lines begin (or end), whichever way their words run: labels go by their words otherwise."""
    right = (direction is Qt.LayoutDirection.RightToLeft) is not trailing
    return (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignAbsolute


def lay_out(
    runs: Sequence[Run],
    width: float,
    font: QFont,
    theme: Theme,
    direction: Qt.LayoutDirection,
    *,
    max_lines: int = 0,
    token: str = "",
) -> Laid:
    """Break text at words into lines of at most `width`.

    Past `max_lines` (0: no end) it is cut after a whole word with an ellipsis. `token` overrides every colour.
    """
    text = "".join(run.text for run in runs).replace("\n", "\u2028")
    layout, lines = _broken(text, runs, width, font, theme, direction, token)
    if max_lines and lines > max_lines:
        end = layout.lineAt(max_lines - 1)
        cut = text[: end.textStart() + end.textLength()].rstrip()
        while cut:
            layout, lines = _broken(cut + "…", runs, width, font, theme, direction, token)
            if lines <= max_lines:
                break
            shorter = cut.rpartition(" ")[0].rstrip(" ,;:.")
            cut = shorter or cut[:-1]
    last = layout.lineAt(lines - 1)
    return Laid(
        layout,
        last.y() + last.height(),
        max(layout.lineAt(i).naturalTextWidth() for i in range(lines)),
        last.naturalTextWidth(),
    )


def _broken(
    text: str,
    runs: Sequence[Run],
    width: float,
    font: QFont,
    theme: Theme,
    direction: Qt.LayoutDirection,
    token: str,
) -> tuple[QTextLayout, int]:
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    # Each text reads its own way; it stands at the side where lines begin.
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setAlignment(leading(direction))
    layout.setTextOption(option)
    layout.setFormats(_formats(runs, len(text), theme, token))
    layout.beginLayout()
    lines, y = 0, 0.0
    while True:
        line = layout.createLine()
        if not line.isValid() and lines:
            break
        if not line.isValid():
            layout.endLayout()
            return _broken(" ", runs, width, font, theme, direction, token)
        line.setLineWidth(max(width, 8.0))
        line.setPosition(QPointF(0, y))
        y += line.height() * 1.12
        lines += 1
    layout.endLayout()
    return layout, lines


def _formats(runs: Sequence[Run], length: int, theme: Theme, token: str) -> list[QTextLayout.FormatRange]:
    found: list[QTextLayout.FormatRange] = []
    start = 0
    for run in runs:
        form = QTextCharFormat()
        form.setForeground(theme.token(token or run.token))
        if run.bold:
            form.setFontWeight(QFont.Weight.DemiBold)
        form.setFontUnderline(run.underline)
        piece = QTextLayout.FormatRange()
        piece.start = start
        piece.length = max(0, min(len(run.text), length - start))
        piece.format = form
        found.append(piece)
        start += len(run.text)
    if found:
        found[-1].length = max(0, length - found[-1].start)
    return found
