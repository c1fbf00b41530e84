"""The head of a lead's card: who this is, how warm, whether it may be called now, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from leaddesk.ui.cards.field_view import FieldView
from leaddesk.ui.cards.fields import LEAD_FIELD
from leaddesk.ui.cards.flow import WrappingFlow
from leaddesk.ui.cards.text import leading
from leaddesk.ui.widgets import Chip, Meter, MutedLabel
from leaddesk.ui.widgets_paint import isolated
from leaddesk.workflow.vocabulary import Status, Temperature

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.cards import LeadCardData

"""Keep “15:34 there” in its order inside a text that runs the other way."""
MARKS = {Qt.LayoutDirection.LeftToRight: "\u200e", Qt.LayoutDirection.RightToLeft: "\u200f"}
"""LEFT-TO-RIGHT MARK and RIGHT-TO-LEFT MARK: what a line that begins with one runs like."""
NARROW = 450
"""Pixels below which the chips go below the name; also where a long word or a long chip leaves no room for both."""
BETWEEN = 12
EMPTY = {"name": "Name?", "role": "role?", "company": "company?", "decides": "who decides?"}


class TemperatureChip(Chip):
    """The temperature; a click or Enter offers the others."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("Change the temperature")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Offer the others."""
        self._offer()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space offers the others."""
        if event.key() == Qt.Key.Key_Space:
            self._offer()
            return
        super().keyPressEvent(event)

    def _offer(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for temperature in reversed(Temperature):
            action = QAction(temperature.value.capitalize(), menu)
            action.triggered.connect(lambda _checked=False, t=temperature: self.chosen.emit(t.value))
            menu.addAction(action)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))


class LeadHeader(QWidget):
    """Name and company on the leading side, chips and completeness on the other."""

    temperature_chosen = Signal(str)

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        theme = shell.theme
        self.name = FieldView(theme, LEAD_FIELD["name"], look="title")
        self.role = FieldView(theme, LEAD_FIELD["role"], compact=True, look="mute")
        self.company = FieldView(theme, LEAD_FIELD["company"], compact=True, look="mute")
        self.decides = FieldView(theme, LEAD_FIELD["decides"], compact=True, look="mute")
        self.temperature = TemperatureChip()
        self.status = Chip()
        self.calling = Chip()
        self.percent = MutedLabel(wrap=False)
        self.meter = Meter()
        self.missing = MutedLabel()
        self.more = QToolButton()
        self.more.setText("⋯")
        self.more.setAccessibleName("More to do with this lead")
        self.more.setToolTip("More")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setProperty("look", "more")
        self.temperature.chosen.connect(self.temperature_chosen)
        self._arrange()

    @property
    def fields(self) -> tuple[FieldView, ...]:
        """What can be edited here, in order."""
        return (self.name, self.role, self.company, self.decides)

    def _arrange(self) -> None:
        who = QVBoxLayout()
        who.setSpacing(0)
        who.addWidget(self.name)
        below = QWidget()
        flow = WrappingFlow(below, spacing=4)
        for field in (self.role, self.company, self.decides):
            flow.addWidget(field)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        below.setSizePolicy(policy)
        who.addWidget(below)
        who.addStretch()
        chips = QHBoxLayout()
        chips.setSpacing(6)
        chips.addStretch()
        for chip in (self.temperature, self.status):
            chips.addWidget(chip)
        chips.addWidget(self.more)
        local = QHBoxLayout()
        local.addStretch()
        local.addWidget(self.calling)
        card = QHBoxLayout()
        card.setSpacing(6)
        card.addStretch()
        self.meter.setFixedWidth(110)
        card.addWidget(self.percent)
        card.addWidget(self.meter)
        facts = QVBoxLayout()
        facts.setSpacing(5)
        facts.addLayout(chips)
        facts.addLayout(local)
        facts.addLayout(card)
        facts.addWidget(self.missing)
        facts.addStretch()
        self._who, self._facts = who, facts
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(15, 12, 18, 4)
        self._row.setSpacing(BETWEEN)
        self._row.addLayout(who, 1)
        self._row.addLayout(facts, 1)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the wider of both sides: they stand below each other where there is no room for two."""
        least = super().minimumSizeHint()
        sides = max(self._who.minimumSize().width(), self._facts.minimumSize().width())
        margins = self._row.contentsMargins()
        return QSize(sides + margins.left() + margins.right(), least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other or below, by the room there is."""
        super().resizeEvent(event)
        self._settle()

    def _settle(self) -> None:
        margins = self._row.contentsMargins()
        sides = self._who.minimumSize().width() + self._facts.minimumSize().width()
        below = self.width() < max(NARROW, sides + margins.left() + margins.right() + BETWEEN)
        ways = QBoxLayout.Direction
        self._row.setDirection(ways.TopToBottom if below else ways.LeftToRight)
        self._row.setSpacing(4 if below else BETWEEN)

    def show_card(self, card: LeadCardData) -> None:
        """Show this lead."""
        lead = card.lead
        self.name.show_value(lead.name, lead.name or (lead.title if not lead.company else ""))
        self._show_part(self.role, lead.role, "role")
        self._show_part(self.company, lead.company, "company")
        decides = {True: "decides", False: "does not decide", None: EMPTY["decides"]}[lead.decides]
        self.decides.show_value(lead.decides, decides)
        self.temperature.show_chip(lead.temperature.value, lead.temperature.value)
        self.status.show_chip(lead.status.words, "ok" if lead.status is Status.CONVERTED else "")
        self.show_calling(card)
        whole = card.completeness
        self.percent.setText(f"Card {whole.percent}%")
        self.meter.show_percent(whole.percent)
        self.missing.setText(whole.words)
        self.missing.setAlignment(leading(self.layoutDirection(), trailing=True) | Qt.AlignmentFlag.AlignTop)
        self.missing.setToolTip(", ".join(whole.missing))
        self._settle()

    def _show_part(self, field: FieldView, value: str, key: str) -> None:
        """A part of the line below the name; the dot after it stands on the side of the next, whatever script it is."""
        words = value or EMPTY[key]
        mark = MARKS[self.layoutDirection()]
        field.show_value(value, f"{mark}{isolated(words)} ·")
        field.setAccessibleName(f"{field.field.title}: {words} ·")

    def show_calling(self, card: LeadCardData) -> None:
        """Their clock, and whether it allows a call."""
        state = card.calling
        kind = "ok" if state.open else "warm"
        self.calling.show_chip(isolated(state.words), kind)
