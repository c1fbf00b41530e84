"""The client's card: fields in place, people, the leads it came from one click away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from leaddesk.ui.cards.choice import TickChip
from leaddesk.ui.cards.client_people import PeopleTab
from leaddesk.ui.cards.details_tab import DetailsTab
from leaddesk.ui.cards.editing import FieldSaver, Holder
from leaddesk.ui.cards.field_view import FieldView
from leaddesk.ui.cards.fields import CLIENT_FIELD, CLIENT_FIELDS
from leaddesk.ui.cards.frame import CardFrame
from leaddesk.ui.cards.history_tab import HistoryTab
from leaddesk.ui.cards.lines import LinesView
from leaddesk.ui.cards.notes_tab import NotesTab
from leaddesk.ui.cards.outside import open_link
from leaddesk.ui.cards.points import PointsView
from leaddesk.ui.cards.saying import day_only
from leaddesk.ui.cards.tabs import CardTabs
from leaddesk.ui.cards.tasks_tab import TasksTab
from leaddesk.ui.cards.text import leading
from leaddesk.ui.cards.timeline import TimelineView
from leaddesk.ui.cards.told import lead_lines
from leaddesk.ui.widgets import Chip, EmptyState, Line, Meter, MutedLabel
from leaddesk.workflow.cards import ClientCard, Drafts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leaddesk.ui.in_turns import Steps
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.cards import ClientCardData
    from leaddesk.workflow.changes import Changes
    from leaddesk.workflow.entities import ContactPoint

HEAD = ("company",)
TABS_HEIGHT = 260


class ClientCardView(CardFrame):
    """Shows one client. `client_shown` carries its data each time it is read."""

    client_shown = Signal(object)

    def __init__(self, shell: Shell, *, in_turns: bool = False) -> None:
        super().__init__(shell.theme)
        self._shell = shell
        self.client_id: int | None = None
        self.card: ClientCardData | None = None
        self._stored: Mapping[str, str] = {}
        self.setAccessibleName("Client")
        self.begin(in_turns=in_turns)

    def build(self) -> Steps:
        """From top to bottom."""
        shell = self._shell
        self.title = FieldView(shell.theme, CLIENT_FIELD["company"], look="title")
        self.below = MutedLabel()
        self.status = Chip("client", "ok")
        self.percent = MutedLabel(wrap=False)
        self.meter = Meter()
        self.missing = MutedLabel()
        self.saver = FieldSaver(shell, self)
        yield
        self.points = PointsView(shell, self.saver)
        self.details = DetailsTab(shell, [f for f in CLIENT_FIELDS if f.key not in HEAD], self.saver)
        yield
        self.people = PeopleTab(shell)
        self.leads = LinesView(shell.theme, "Leads this client came from")
        self.tasks = TasksTab(shell)
        self.notes = NotesTab(shell)
        self.together = TickChip("with the leads’ own history")
        self.timeline = TimelineView(shell, self.together)
        self.history = HistoryTab(shell)
        yield
        self.tabs = CardTabs(TABS_HEIGHT)
        self.empty = EmptyState("No client on the screen", "Choose one in the list.")
        self.saver.mind([self.title, *self.details.views.values()])
        self._fill_tabs()
        self.arrange((self._make_head(), self.points, Line()), self.tabs, self.empty)
        yield
        self._again = QTimer(self, singleShot=True, interval=60)
        self._again.timeout.connect(self.reload)
        self.together.toggled.connect(self.reload)
        self.leads.acted.connect(lambda line: shell.lead_requested.emit(line.ref))
        self.points.dial_requested.connect(self._dial)
        self.points.marked.connect(self._again.start)
        shell.bridge.changed.connect(self._changed)
        shell.actions.on("edit", self, self.title.edit)
        shell.actions.on("save_note", self, self._note)

    def _make_head(self) -> QHBoxLayout:
        who = QVBoxLayout()
        who.setSpacing(0)
        who.addWidget(self.title)
        self.below.setContentsMargins(3, 0, 3, 0)
        who.addWidget(self.below)
        chips = QHBoxLayout()
        chips.addStretch()
        chips.addWidget(self.status)
        meter = QHBoxLayout()
        meter.addStretch()
        self.meter.setFixedWidth(110)
        meter.addWidget(self.percent)
        meter.addWidget(self.meter)
        side = QVBoxLayout()
        side.setSpacing(5)
        side.addLayout(chips)
        side.addLayout(meter)
        side.addWidget(self.missing)
        side.addStretch()
        head = QHBoxLayout()
        head.setContentsMargins(15, 12, 18, 4)
        head.addLayout(who, 1)
        head.addLayout(side, 1)
        return head

    def _fill_tabs(self) -> None:
        for name, tab in (
            ("Card", self.details),
            ("People", self.people),
            ("Leads", self.leads),
            ("Tasks", self.tasks),
            ("Timeline", self.timeline),
            ("Notes", self.notes),
            ("History", self.history),
        ):
            self.tabs.addTab(tab, name)

    # Showing

    def show_client(self, client_id: int | None) -> None:
        """Show this client, or none."""
        if client_id != self.client_id:
            self.saver.close_all()
            self.client_id = client_id
        if client_id is None:
            self.card = None
            self.saver.turn_to(None, {})
            self.show_inside(whole=False)
            return
        self.reload()

    def reload(self) -> None:
        """Read the card again."""
        if self.client_id is not None:
            question = ClientCard(self.client_id, with_leads=self.together.isChecked())
            self._shell.lanes.ask(self, question, self._show, key="card", failed=self._missed)

    def _missed(self, error: Exception) -> None:
        words = getattr(error, "words", "")
        if not words:
            self._shell.messages.bug(error)
            return
        self.client_id, self.card = None, None
        self.saver.turn_to(None, {})
        self.empty.say("This card cannot be shown", words)
        self.show_inside(whole=False)

    def _show(self, card: ClientCardData) -> None:
        client, shell = card.client, self._shell
        if client.id != self.client_id:
            return
        first = self.card is None or self.card.client.id != client.id
        self.card = card
        self.saver.turn_to(Holder("client", client.id, client.title), self._stored)
        now, zone = shell.clock.now(), shell.zone()
        self.title.show_value(client.company, client.company or client.title)
        since = f"client since {day_only(client.created_at, now, zone)}" if client.created_at else ""
        owner = "you" if client.owner_id == shell.user.id else card.owner or "nobody"
        self.below.setText(" · ".join(filter(None, (client.name, since, f"owner: {owner}"))))
        self.percent.setText(f"Card {card.completeness.percent}%")
        self.meter.show_percent(card.completeness.percent)
        self.missing.setText(card.completeness.words)
        self.missing.setAlignment(leading(self.layoutDirection(), trailing=True) | Qt.AlignmentFlag.AlignTop)
        self.points.show_points(card.points, None, card.suppressed, client_id=client.id)
        self.details.show_values(client, {})
        self.details.show_extras({})
        self.people.show_people(client.id, card.people)
        self.leads.show_lines(lead_lines(card.leads, now, zone))
        self.tasks.show_tasks(card.tasks, client_id=client.id)
        self.notes.show_notes(card.notes, None, client_id=client.id)
        self.timeline.show_rows(card.timeline)
        self.history.belong(client_id=client.id)
        open_tasks = sum(task.is_open for task in card.tasks)
        for tab, name, number in (
            (self.people, "People", len(card.people)),
            (self.leads, "Leads", len(card.leads)),
            (self.tasks, "Tasks", open_tasks),
        ):
            self.tabs.setTabText(self.tabs.indexOf(tab), f"{name} {number}" if number else name)
        self.show_inside(whole=True)
        if first:
            shell.lanes.ask(self, Drafts(), lambda found: self._drafts_came(client.id, found), key="drafts")
        self.client_shown.emit(card)

    def _drafts_came(self, client_id: int, stored: Mapping[str, str]) -> None:
        """What was left unsaved stands in its fields again."""
        self._stored = stored
        if self.client_id == client_id:
            self.tasks.restore(stored)
            self.people.restore(stored)
        holder = self.saver.holder
        if holder is not None and holder.id == client_id:
            self.saver.turn_to(holder, stored)
            self.saver.restore()

    def _changed(self, changes: Changes) -> None:
        if self.client_id is None or self.card is None:
            return
        mine = {lead.id for lead in self.card.leads}
        if changes.many or self.client_id in changes.clients or mine & changes.leads:
            self._again.start()

    def _note(self) -> None:
        if self.tabs.currentWidget() is not self.notes:
            self.tabs.setCurrentWidget(self.notes)
            self.notes.edit.setFocus()
        else:
            self.notes.save()

    def _dial(self, point: ContactPoint) -> None:
        link = self._shell.settings.text("dial.pattern").replace("{number}", point.key or point.value)
        if not open_link(self._shell, link):
            self._shell.messages.refused(
                f"Nothing on this machine answers to {link}. Choose another dial link in Settings."
            )
