"""The lead's card: everything known, edited where it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QMenu

from leaddesk.ui.cards.banners import Banners, KnownFoot
from leaddesk.ui.cards.details_tab import DetailsTab
from leaddesk.ui.cards.duplicates_tab import DuplicatesTab
from leaddesk.ui.cards.editing import FieldSaver, Holder
from leaddesk.ui.cards.facts import FactsGrid
from leaddesk.ui.cards.fields import LEAD_FIELDS
from leaddesk.ui.cards.frame import CardFrame
from leaddesk.ui.cards.header import LeadHeader
from leaddesk.ui.cards.history_tab import HistoryTab
from leaddesk.ui.cards.lines import Line, LinesView
from leaddesk.ui.cards.notes_tab import NotesTab
from leaddesk.ui.cards.points import PointsView
from leaddesk.ui.cards.tabs import CardTabs
from leaddesk.ui.cards.tasks_tab import TasksTab
from leaddesk.ui.cards.timeline import TimelineView
from leaddesk.ui.cards.told import letter_lines
from leaddesk.ui.widgets import EmptyState
from leaddesk.ui.widgets import Line as Rule
from leaddesk.workflow.cards import CardMatches, LeadCard
from leaddesk.workflow.leads import Disqualify, Qualify
from leaddesk.workflow.sources import Sources

if TYPE_CHECKING:
    from leaddesk.ui.cards.field_view import FieldView
    from leaddesk.ui.in_turns import Steps
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.cards import LeadCardData
    from leaddesk.workflow.changes import Changes
    from leaddesk.workflow.duplicates import Match
    from leaddesk.workflow.entities import Source

MINUTE_MS = 30_000
TABS_HEIGHT = 304
"""Pixels: what the highest page needs, and a foot of three lines."""
NOT_LEADS = ("Spam", "A competitor", "Wrong person", "Not in the market")


class LeadCardView(CardFrame):
    """Shows one lead. `lead_shown` carries its data each time it is read; `dial_requested` a number to call."""

    dial_requested = Signal(object)
    lead_shown = Signal(object)
    lead_missed = Signal(str)

    def __init__(self, shell: Shell, *, in_turns: bool = False) -> None:
        super().__init__(shell.theme)
        self._shell = shell
        self.lead_id: int | None = None
        self.card: LeadCardData | None = None
        self.setAccessibleName("Lead")
        self.begin(in_turns=in_turns)

    def build(self) -> Steps:
        """From top to bottom."""
        shell = self._shell
        self.banners = Banners(shell)
        self.known = KnownFoot()
        self.header = LeadHeader(shell)
        self.saver = FieldSaver(shell, self)
        self.points = PointsView(shell, self.saver)
        self.facts = FactsGrid(shell)
        yield
        self.timeline = TimelineView(shell)
        self.tasks = TasksTab(shell)
        self.notes = NotesTab(shell)
        self.letters = LinesView(shell.theme, "Letters")
        self.duplicates = DuplicatesTab(shell)
        yield
        self.details = DetailsTab(shell, LEAD_FIELDS, self.saver)
        self.history = HistoryTab(shell)
        yield
        self.tabs = CardTabs(TABS_HEIGHT)
        self.empty = EmptyState("No lead on the screen", "F2 draws the next one; or choose one in the queue.")
        self.saver.mind([*self.header.fields, *self.facts.fields, *self.details.views.values()])
        self._fill_tabs()
        head = (self.banners, self.header, self.points, self.facts, Rule())
        self.arrange(head, self.tabs, self.empty, self.known)
        yield
        self._again = QTimer(self, singleShot=True, interval=60)
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.start()
        self._wire()
        self._more_menu()

    def _fill_tabs(self) -> None:
        for title, tab in (
            ("Timeline", self.timeline),
            ("Tasks", self.tasks),
            ("Notes", self.notes),
            ("Letters", self.letters),
            ("Details", self.details),
            ("History", self.history),
            # Last: it comes after the card stands, and no tab is to move then.
            ("Duplicates", self.duplicates),
        ):
            self.tabs.addTab(tab, title)

    def _wire(self) -> None:
        shell = self._shell
        self._again.timeout.connect(self.reload)
        self._minute.timeout.connect(self._tick)
        self.known.duplicates_requested.connect(lambda: self.tabs.setCurrentWidget(self.duplicates))
        self.duplicates.acted.connect(self._open_match)
        self.header.temperature_chosen.connect(lambda value: self.saver.set_value("temperature", value))
        self.letters.acted.connect(self._save_letter)
        self.points.dial_requested.connect(self.dial_requested)
        self.points.marked.connect(self._again.start)
        self.saver.restored.connect(self._bring_into_sight)
        shell.bridge.changed.connect(self._changed)
        shell.actions.on("edit", self, self.header.name.edit)
        shell.actions.on("lead_real", self, lambda: self.banners.judge(real=True))
        shell.actions.on("lead_spam", self, lambda: self.banners.judge(real=False))
        shell.actions.on("save_note", self, self._note)

    def _more_menu(self) -> None:
        menu = QMenu(self.header.more)
        for action_id in ("convert", "refuse", "defer", "assign"):
            menu.addAction(self._shell.actions.qaction(action_id))
        menu.addSeparator()
        menu.addAction("Write down an answer").triggered.connect(self._answer)
        menu.addAction("Qualify").triggered.connect(self._qualify)
        worse = menu.addMenu("Not a lead")
        for why in NOT_LEADS:
            worse.addAction(why).triggered.connect(lambda _checked=False, w=why: self._disqualify(w))
        self.header.more.setMenu(menu)

    # Showing

    def show_lead(self, lead_id: int | None) -> None:
        """Show this lead, or none."""
        if lead_id == self.lead_id:
            self.reload()
            return
        self.saver.close_all()
        self.lead_id = lead_id
        if lead_id is None:
            self.card = None
            self.saver.turn_to(None, {})
            self.show_inside(whole=False)
            return
        self.reload()

    def reload(self) -> None:
        """Read the card again."""
        if self.lead_id is not None:
            self._shell.lanes.ask(
                self, LeadCard(self.lead_id, matches=False), self._show, key="card", failed=self._missed
            )

    def looks_soon(self) -> bool:
        """Whether something changed that it has yet to look at."""
        return self._again.isActive()

    def _missed(self, error: Exception) -> None:
        words = getattr(error, "words", "")
        if not words:
            self._shell.messages.bug(error)
            return
        self.lead_id, self.card = None, None
        self.saver.turn_to(None, {})
        self.empty.say("This card cannot be shown", words)
        self.show_inside(whole=False)
        self.lead_missed.emit(words)

    def _show(self, card: LeadCardData) -> None:
        if card.lead.id != self.lead_id and not self._led_on(card):
            return
        first = self.card is None or self.card.lead.id != card.lead.id
        if self.card is not None and not first:
            card = replace(card, matches=self.card.matches)
        self.card = card
        lead, shell = card.lead, self._shell
        self.saver.turn_to(Holder("lead", lead.id, lead.title), card.drafts)
        self.banners.show_card(card)
        self._show_known(card)
        self.header.show_card(card)
        self.points.show_points(card.points, card.dial, card.suppressed, lead_id=lead.id, stored=card.drafts)
        self.facts.show_card(card)
        self.timeline.show_rows(card.timeline)
        self.tasks.show_tasks(card.tasks, lead_id=lead.id, zone_key=lead.zone_key, stored=card.drafts)
        self.notes.show_notes(card.notes, card.drafts, lead_id=lead.id)
        now, zone = shell.clock.now(), shell.zone()
        can_save = shell.save_letter is not None
        self.letters.show_lines(letter_lines(card.letters, now, zone, can_save=can_save))
        self.details.show_values(lead, {"source_id": card.source})
        self.details.show_extras(card.extra.fields)
        self.details.show_originals(card.extra.original)
        self.history.belong(lead_id=lead.id)
        self._count_tabs(card)
        # Who else this may be takes longer to find than all the rest, and nobody waits for it.
        shell.lanes.ask(self, CardMatches(lead.id), self._show_matches, key="matches")
        self.show_inside(whole=True)
        if first:
            self.tabs.setCurrentIndex(0)
            self._scroll.verticalScrollBar().setValue(0)
            self.saver.restore()
            shell.lanes.ask(self, Sources(), self._offer_sources, key="sources")
        self.lead_shown.emit(card)

    def _show_matches(self, matches: tuple[Match, ...]) -> None:
        if self.card is None or matches == self.card.matches:
            return
        self.card = replace(self.card, matches=matches)
        self._show_known(self.card)
        self._count_tabs(self.card)

    def _show_known(self, card: LeadCardData) -> None:
        self.known.show_matches(card.matches, card.lead.client_id)
        self.make_room()
        self.duplicates.show_matches(card.matches, lead_id=card.lead.id)

    def _led_on(self, card: LeadCardData) -> bool:
        """Whether it is the card that the one asked for was merged into; from now on it is that one's that is shown."""
        gone = next((old for old in card.merged if old.id == self.lead_id), None)
        if gone is None:
            return False
        asked_for = self.card is None or self.card.lead.id != gone.id
        self.saver.close_all()
        self.lead_id = card.lead.id
        if asked_for:
            self._shell.messages.toast(f"{gone.name}, card #{gone.id}, was merged into this one")
        return True

    def _count_tabs(self, card: LeadCardData) -> None:
        open_tasks = sum(task.is_open for task in card.tasks)
        for tab, title, number in (
            (self.tasks, "Tasks", open_tasks),
            (self.notes, "Notes", len(card.notes)),
            (self.letters, "Letters", len(card.letters)),
            (self.duplicates, "Duplicates", len(card.matches)),
        ):
            place = self.tabs.indexOf(tab)
            self.tabs.setTabText(place, f"{title} {number}" if number else title)
        for tab, there in ((self.letters, card.letters), (self.duplicates, card.matches)):
            self.tabs.setTabVisible(self.tabs.indexOf(tab), bool(there))
        self.tabs.fit()

    def _offer_sources(self, sources: list[Source]) -> None:
        choices = [("", "none"), *((str(s.id), s.name) for s in sources)]
        views: list[FieldView] = [self.facts.source, self.details.views["source_id"]]
        for view in views:
            view.offer(choices)

    def _changed(self, changes: Changes) -> None:
        if self.lead_id is not None and (changes.many or changes.settings or self.lead_id in changes.leads):
            self._again.start()

    def _tick(self) -> None:
        if self.isVisible():
            self.reload()

    # Doing

    def _note(self) -> None:
        if self.tabs.currentWidget() is not self.notes:
            self.tabs.setCurrentWidget(self.notes)
            self.notes.edit.setFocus()
        else:
            self.notes.save()

    def _bring_into_sight(self, field: FieldView) -> None:
        if self.details.isAncestorOf(field):
            self.tabs.setCurrentWidget(self.details)
            # Where it stands is known once the editor has taken its room.
            QTimer.singleShot(0, field, lambda: self.details.ensureWidgetVisible(field))

    def _open_match(self, line: Line) -> None:
        if line.kind == "client":
            self._shell.client_requested.emit(line.ref)
        else:
            self._shell.lead_requested.emit(line.ref)

    def _save_letter(self, line: Line) -> None:
        from leaddesk.ui.dialogs.letter_saving import save_letter
        from leaddesk.ui.letters.doing import Doing

        letter = next((x for x in self.card.letters if x.id == line.ref), None) if self.card else None
        if letter is not None and self._shell.post is not None:
            Doing(self._shell, self).save_file(letter)
        elif letter is not None:
            save_letter(self._shell, letter, self)

    def _answer(self) -> None:
        from leaddesk.ui.letters.add_answer import AddAnswerDialog

        if self.card is not None:
            AddAnswerDialog(self._shell, self.card.lead.id, self.card.lead.title, parent=self.window()).open()

    def _qualify(self) -> None:
        if self.lead_id is not None:
            self._shell.lanes.do(self, Qualify(self.lead_id))

    def _disqualify(self, why: str) -> None:
        if self.lead_id is not None:
            self._shell.lanes.do(self, Disqualify(self.lead_id, why))
