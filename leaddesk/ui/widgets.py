"""The small widgets every screen is built of. They take their look from the stylesheet by the property `look`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from leaddesk.ui import theme as look
from leaddesk.ui.widgets_flow import FlowLayout
from leaddesk.ui.widgets_paint import chip_size, isolated, key_size, paint_chip, paint_key

__all__ = [
    "Chip",
    "EmptyState",
    "ErrorLabel",
    "FlowLayout",
    "Heading",
    "KeyButton",
    "KeyCap",
    "Line",
    "LineEdit",
    "Meter",
    "MutedLabel",
    "Panel",
    "PlainButton",
    "PrimaryButton",
    "RichWords",
    "SectionLabel",
    "SmallLabel",
    "Title",
    "Words",
    "leading",
    "restyle",
]


def leading(direction: Qt.LayoutDirection) -> Qt.AlignmentFlag:
    """The side where lines begin, whichever way their words run: Qt's labels and fields go by their words."""
    side = Qt.AlignmentFlag.AlignRight if direction == Qt.LayoutDirection.RightToLeft else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignAbsolute


_MIRRORS = (QEvent.Type.LayoutDirectionChange, QEvent.Type.ParentChange)


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property the stylesheet goes by, and have the widget painted accordingly."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


class Panel(QFrame):
    """A white rounded frame with a 1 px line. `body` is its layout, without margins."""

    def __init__(self, parent: QWidget | None = None, *, kind: str = "panel") -> None:
        """`kind` is panel, card or box (dashed)."""
        super().__init__(parent)
        self.setProperty("look", kind)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(1, 1, 1, 1)
        self.body.setSpacing(0)


class Line(QFrame):
    """A line of 1 px between parts of a panel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """As wide as its place."""
        super().__init__(parent)
        self.setProperty("look", "line")
        self.setFixedHeight(1)


class Words(QLabel):
    """A label of one look that wraps rather than cuts."""

    kind = ""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, wrap: bool = True) -> None:
        """Plain text always: what people type is never markup."""
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("look", self.kind)
        self.setWordWrap(wrap)
        self.setText(text)
        self._usual = self.alignment()
        self._mirror()

    def changeEvent(self, event: QEvent) -> None:
        """Words stand where lines begin."""
        super().changeEvent(event)
        if event.type() in _MIRRORS:
            self._mirror()

    def _mirror(self) -> None:
        if self.alignment() == self._usual:
            # Nobody has placed the words otherwise.
            self._usual = leading(self.layoutDirection()) | Qt.AlignmentFlag.AlignVCenter
            self.setAlignment(self._usual)


class RichWords(Words):
    """Words with marks in them, made by us; whatever people typed has been escaped."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        """`text` is HTML."""
        super().__init__("", parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setText(text)


class Title(Words):
    """The name at the head of a card."""

    kind = "title"


class Heading(Words):
    """The head of a panel."""

    kind = "heading"


class MutedLabel(Words):
    """Words of second rank."""

    kind = "mute"


class SmallLabel(Words):
    """Small words of second rank."""

    kind = "small"


class SectionLabel(Words):
    """The name of a section, in small capitals' place."""

    kind = "section"


class ErrorLabel(Words):
    """Why something was refused, in place. Hidden while empty."""

    kind = "error"

    def __init__(self, parent: QWidget | None = None) -> None:
        """Says nothing yet."""
        super().__init__("", parent)
        self.hide()

    def say(self, words: str) -> None:
        """Show these words, or nothing."""
        self.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words))


class Chip(QLabel):
    """A word on coloured ground: hot, warm, cold (each with its shape), ok, or grey."""

    def __init__(self, text: str = "", kind: str = "", parent: QWidget | None = None) -> None:
        """`kind` hot, warm, cold, ok or ""."""
        super().__init__(parent)
        self.kind = kind
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_chip(text, kind)

    def show_chip(self, text: str, kind: str = "") -> None:
        """Another word, or another kind."""
        self.kind = kind
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The word, its shape and rounded ends."""
        return chip_size(self.font(), self.text(), self.kind)

    def minimumSizeHint(self) -> QSize:
        """Nothing is cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """As delegates paint it."""
        painter = QPainter(self)
        painter.setFont(self.font())
        paint_chip(painter, self.rect(), self.text(), self.kind)


class KeyCap(QLabel):
    """A key as it looks on the keyboard."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        """`keys` as they are read, such as “Ctrl F”."""
        super().__init__(keys, parent)
        self.setProperty("look", "key")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Key {keys}")


class Meter(QWidget):
    """How full something is, 0 to 100."""

    def __init__(self, percent: int = 0, parent: QWidget | None = None) -> None:
        """A bar of 6 px; the number is to stand beside it in words."""
        super().__init__(parent)
        self._percent = 0
        self.setMinimumSize(64, 6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_percent(percent)

    def show_percent(self, percent: int) -> None:
        """Another number."""
        self._percent = max(0, min(100, percent))
        self.setAccessibleName(f"{self._percent} percent")
        self.update()

    def sizeHint(self) -> QSize:
        """Wide enough to tell tenths apart."""
        return QSize(100, 6)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """From where the script starts."""
        theme = look.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.token("line"))
        painter.drawRoundedRect(self.rect(), 3, 3)
        full = QRect(0, 0, round(self.width() * self._percent / 100), self.height())
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            full.moveRight(self.width())
        painter.setBrush(theme.token("ok" if self._percent >= 60 else "warm"))
        painter.drawRoundedRect(full, 3, 3)


class KeyButton(QPushButton):
    """A button with its keycap after the words."""

    def __init__(self, text: str, keys: str = "", parent: QWidget | None = None, *, kind: str = "") -> None:
        """`keys` as they are read, such as “F2”; `kind` primary, danger, flat or ""."""
        super().__init__(text, parent)
        self._keys = keys
        if kind:
            self.setProperty("look", kind)
        self.setAccessibleName(text.replace("&", ""))
        if keys:
            self.setAccessibleDescription(f"Key {keys}")

    def show_keys(self, keys: str) -> None:
        """Another keycap."""
        self._keys = keys
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Words, keycap and a gap."""
        hint = super().sizeHint()
        return (
            QSize(hint.width() + key_size(self.font(), self._keys).width() + 8, hint.height()) if self._keys else hint
        )

    def minimumSizeHint(self) -> QSize:
        """Nothing is cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The style paints the frame, we the words and the keycap, mirrored where script runs right to left."""
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        # Words run their own way, so that in a mirrored window the dots of “Export…” stay at its end.
        option.text = isolated(self.text())
        if not self._keys:
            painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
            return
        option.text, option.icon = "", QIcon()
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        primary = self.property("look") == "primary" and self.isEnabled()
        theme = look.current()
        font = theme.font(bold=self.property("look") == "primary")
        words, key = QFontMetrics(font).horizontalAdvance(self.text().replace("&", "")), key_size(font, self._keys)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        start = (self.width() - words - 8 - key.width()) // 2
        at_words = QRect(start, 0, words + 2, self.height())
        at_key = QRect(QPoint(start + words + 8, (self.height() - key.height()) // 2), key)
        if rtl:
            at_words = QStyle.visualRect(self.layoutDirection(), self.rect(), at_words)
            at_key = QStyle.visualRect(self.layoutDirection(), self.rect(), at_key)
        painter.setFont(font)
        painter.setPen(theme.token("accent_ink" if primary else "ink" if self.isEnabled() else "mute"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextHideMnemonic
        painter.drawText(at_words, int(flags), isolated(self.text()))
        paint_key(painter, at_key, self._keys, on_accent=primary)


class PrimaryButton(KeyButton):
    """The one thing to do next."""

    def __init__(self, text: str, keys: str = "", parent: QWidget | None = None) -> None:
        """`keys` as they are read."""
        super().__init__(text, keys, parent, kind="primary")


class PlainButton(KeyButton):
    """Any other thing to do."""

    def __init__(self, text: str, keys: str = "", parent: QWidget | None = None, *, kind: str = "") -> None:
        """`keys` as they are read; `kind` danger, flat or ""."""
        super().__init__(text, keys, parent, kind=kind)


class LineEdit(QLineEdit):
    """One line to type in, with a keycap at its end that says how to get there."""

    def __init__(self, placeholder: str = "", keys: str = "", parent: QWidget | None = None) -> None:
        """The placeholder is the accessible name until another is set."""
        super().__init__(parent)
        self._keys = keys
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self._make_room()

    def _make_room(self) -> None:
        """Text ends before the keycap; Qt's margins are left and right whichever way the line runs."""
        room = key_size(self.font(), self._keys).width() + 8 if self._keys else 0
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.setAlignment(leading(self.layoutDirection()) | Qt.AlignmentFlag.AlignVCenter)
        self.setTextMargins(room if mirrored else 0, 0, 0 if mirrored else room, 0)

    def changeEvent(self, event: QEvent) -> None:
        """Mirrored, or in another font."""
        super().changeEvent(event)
        if event.type() in (*_MIRRORS, QEvent.Type.FontChange):
            self._make_room()

    def wrong(self, is_wrong: bool) -> None:
        """Mark what is typed as refused, or not any more."""
        restyle(self, "wrong", is_wrong)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The keycap stands at the end of the line, whichever way it runs."""
        super().paintEvent(event)
        if not self._keys:
            return
        size = key_size(self.font(), self._keys)
        at = QRect(QPoint(self.width() - size.width() - 8, (self.height() - size.height()) // 2), size)
        paint_key(QPainter(self), QStyle.visualRect(self.layoutDirection(), self.rect(), at), self._keys)


class EmptyState(QWidget):
    """What to do first, where there is nothing to show."""

    def __init__(
        self,
        title: str,
        text: str = "",
        buttons: Sequence[tuple[str, Callable[[], object]]] = (),
        parent: QWidget | None = None,
    ) -> None:
        """The first button is the primary one."""
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 24, 24, 24)
        box.setSpacing(12)
        box.addStretch(2)
        self.title, self.text = Title(title), MutedLabel(text)
        for label in (self.title, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            box.addWidget(label)
        self.text.setVisible(bool(text))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        self.buttons: list[KeyButton] = []
        for number, (words, run) in enumerate(buttons):
            button = PlainButton(words) if number else PrimaryButton(words)
            button.clicked.connect(lambda _checked=False, run=run: run())
            self.buttons.append(button)
            row.addWidget(button)
        row.addStretch(1)
        box.addLayout(row)
        box.addStretch(3)

    def say(self, title: str, text: str = "") -> None:
        """Other words."""
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
