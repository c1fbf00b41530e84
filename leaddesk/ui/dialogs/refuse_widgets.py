"""What is typed into and chosen from in the refuse dialog, mirrored where the screen runs from right to left."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QPlainTextEdit, QStyle, QStyleOptionComboBox, QStylePainter

from leaddesk.ui.cards.text import leading

SUBJECT_AROUND = 14
"""Pixels of padding and margin above and below the words."""


class WordsEdit(QPlainTextEdit):
    """Words to type in. Qt's own placeholder stands on the left whichever way the lines run; this one does not."""

    def __init__(self, placeholder: str = "") -> None:
        super().__init__()
        self._placeholder = placeholder
        self.setTabChangesFocus(True)

    def setPlaceholderText(self, text: str) -> None:
        """Say this while nothing is typed."""
        self._placeholder = text
        self.viewport().update()

    def placeholderText(self) -> str:
        """What is said while nothing is typed."""
        return self._placeholder

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, or what to type."""
        super().paintEvent(event)
        if self._placeholder and self.document().isEmpty():
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            margin = round(self.document().documentMargin())
            around = self.viewport().rect().adjusted(margin, margin, -margin, 0)
            flags = leading(self.layoutDirection()) | Qt.AlignmentFlag.AlignTop
            painter.drawText(around, int(flags) | int(Qt.TextFlag.TextWordWrap), self._placeholder)


class MirroredCombo(QComboBox):
    """A choice whose words stand where lines begin: styled by a sheet, Qt's own keeps them on the left."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Frame and arrow as the style has them, then the words."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        place = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        words = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, place.width())
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.drawText(place, int(leading(self.layoutDirection()) | Qt.AlignmentFlag.AlignVCenter), words)


class SubjectEdit(WordsEdit):
    """One line of text that is seen whole: a long name in it wraps. Enter and pasted line ends are no part of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._fit)

    def text(self) -> str:
        """What stands there, on one line."""
        return " ".join(self.toPlainText().split("\n"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is not for the subject."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """On one line, whatever was copied."""
        self.insertPlainText(" ".join(source.text().split()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower is higher."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        lines = max(1, round(self.document().size().height()))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + SUBJECT_AROUND)
