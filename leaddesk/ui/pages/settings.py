"""Settings: made from their declarations, beside the lists that settings speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from leaddesk.ui.in_turns import Page, Steps
from leaddesk.ui.pages.settings_fields import SettingField
from leaddesk.ui.pages.settings_letters import PasswordField, beside
from leaddesk.ui.pages.settings_lists import DoNotCall, OutcomesList
from leaddesk.ui.pages.settings_reasons import ReasonsEditor
from leaddesk.ui.pages.settings_users import UsersList
from leaddesk.ui.widgets import Heading, Line, MutedLabel, Panel
from leaddesk.workflow.settings import DECLARED
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell

NAV_WIDTH = 200
NAV_HEIGHT = 32
TEXT_WIDTH = 760
"""Longer lines are hard to read."""


class SettingsPage(Page):
    """Groups at the start, the chosen one beside them."""

    title = "Settings"

    def __init__(self, shell: Shell, *, in_turns: bool = False) -> None:
        """One field per declared setting."""
        super().__init__()
        self._shell = shell
        self.fields: dict[str, SettingField] = {}
        self.beside: list[QWidget] = []
        self._areas: list[QScrollArea] = []
        self._whys: list[MutedLabel] = []
        self.begin(in_turns=in_turns)

    def build(self) -> Steps:
        """Group by group."""
        shell = self._shell
        self.groups = QListWidget()
        self.groups.setAccessibleName("Groups of settings")
        self.groups.setProperty("look", "nav")
        self.stack = QStackedWidget()
        for group in dict.fromkeys(declared.group for declared in DECLARED):
            self._add(group, self._group(group))
            yield
        self.outcomes, self.users, self.suppressed = OutcomesList(shell), UsersList(shell), DoNotCall(shell)
        yield
        self._add("Outcomes", self.outcomes)
        self.reasons = ReasonsEditor(shell)
        self._add("Reasons", self.reasons, ReasonsEditor.WIDTH)
        yield
        self._add("Users", self.users)
        self._add("Do not call", self.suppressed)
        self.groups.currentRowChanged.connect(self._show_group)
        self.groups.setCurrentRow(0)
        self._lay_out()
        self.setFocusProxy(self.groups)
        shell.settings_changed.connect(self._refresh)
        shell.user_changed.connect(self._permit)
        self.users.user_saved.connect(shell.know_user)
        self._permit()

    def parts(self) -> tuple[QWidget, ...]:
        """The list of groups, and each of them."""
        return (self._nav, *self._areas)

    def activate(self) -> None:
        """The lists may have changed while the page was hidden."""
        self._refresh()
        self.users.look()
        self.suppressed.look()
        for widget in self.beside:
            if isinstance(widget, PasswordField):
                widget.look()

    def show_group(self, name: str) -> None:
        """Open one group by its name."""
        found = self.groups.findItems(name, Qt.MatchFlag.MatchExactly)
        if found:
            self.groups.setCurrentItem(found[0])

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 12, 12, 12)
        row.setSpacing(12)
        self._nav = nav = Panel()
        nav.setFixedWidth(NAV_WIDTH)
        nav.body.setContentsMargins(8, 12, 8, 8)
        head = Heading("Settings")
        head.setContentsMargins(8, 0, 8, 8)
        nav.body.addWidget(head)
        nav.body.addWidget(self.groups)
        row.addWidget(nav)
        row.addWidget(self.stack, 1)

    def _add(self, name: str, inner: QWidget, width: int = TEXT_WIDTH) -> None:
        item = QListWidgetItem(name, self.groups)
        item.setSizeHint(QSize(0, NAV_HEIGHT))
        inner.setMaximumWidth(width)
        inner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        holder = QWidget()
        holder.setProperty("look", "scrolled")
        row = QHBoxLayout(holder)
        row.setContentsMargins(20, 16, 20, 16)
        row.addWidget(inner, 1)
        row.addStretch(0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        # Each is a panel of its own, so that each can be dressed in its own turn.
        area.setProperty("look", "panel")
        area.setWidget(holder)
        area.viewport().setAutoFillBackground(False)
        self._areas.append(area)
        self.stack.addWidget(area)

    def _group(self, name: str) -> QWidget:
        group = QWidget()
        box = QVBoxLayout(group)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        box.addWidget(Heading(name))
        why = MutedLabel("Only a team lead may change these. Ask yours.")
        self._whys.append(why)
        box.addWidget(why)
        for declared in DECLARED:
            if declared.group == name:
                box.addWidget(Line())
                field = SettingField(self._shell, declared)
                self.fields[declared.key] = field
                box.addWidget(field)
        for widget in beside(self._shell, name):
            box.addWidget(Line())
            box.addWidget(widget)
            self.beside.append(widget)
        box.addStretch(1)
        return group

    def _permit(self) -> None:
        """What whoever sits here may change."""
        may = self._shell.user.role.covers(Role.TEAM_LEAD)
        for why in self._whys:
            why.setVisible(not may)
        for field in self.fields.values():
            field.allow(may=may)

    def _show_group(self, row: int) -> None:
        self.stack.setCurrentIndex(row)

    def _refresh(self) -> None:
        for field in self.fields.values():
            field.refresh()
        self.outcomes.refresh()
