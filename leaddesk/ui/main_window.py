"""The window: rail, top bar, page stack, status line, toasts; its layout and who grants which wish."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QChildEvent, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout

from leaddesk.ui.frame import Frame, memory
from leaddesk.ui.in_turns import Page, Steps, at_once
from leaddesk.ui.page_classes import import_pages, page_class

if TYPE_CHECKING:
    from leaddesk.ui.first_look import FirstLook
    from leaddesk.ui.pages.my_day import MyDayPage
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.cards import DayCounts
    from leaddesk.workflow.changes import Changes
    from leaddesk.workflow.queue_words import QueueRow

FILLED_BY_LEADS = ("my_day", "leads", "duplicates")
"""Pages that have nothing to show until there is a lead; the start page stands in for them."""

AHEAD_MS = 700
"""Between pages that are made before anybody has asked for them."""


class MainWindow(Frame):
    """Pages are made when first shown, in turns of the event loop; so is everything dressed anew in another look.

    `closed` comes when it has gone, `leads_seen` when the first leads of this start are on the screen.
    """

    closed = Signal()
    leads_seen = Signal()

    def __init__(self, shell: Shell | None = None) -> None:
        """With a shell the window stands at once; without, it is a frame until it is furnished.

        Pages come when the shell has opened its desk.
        """
        super().__init__()
        self.pages: dict[str, Page] = {}
        self._making: dict[str, Page] = {}
        self._wish: Callable[[Any], object] | None = None
        self.page = "my_day"
        self._closing = False
        self._leads = -1
        self._warm = self._warming = False
        self.first_look: FirstLook | None = None
        if shell is not None:
            at_once(self.furnish(shell))

    def furnish(self, shell: Shell) -> Steps:
        """Make what stands in the frame, and wire it. What it needs is imported here: the frame is seen without."""
        from leaddesk.ui.window_looks import WindowLooks

        self.shell = shell
        # The setting is in the database, which opens later: until then, as it was last time.
        shell.theme.choose(self.remembered_look)
        shell.theme.leave_to(self)
        self.stack = QStackedWidget()
        self._looks = WindowLooks(shell, self, self.pages, self.stack)
        yield from self._make_parts()
        self._lay_out()
        if self.first_look is not None:
            self.first_look.raise_()
        yield
        self._make_helpers()
        self._wire()
        self.rail.mark(self.page)
        self.is_furnished = True
        self.update()

    def _make_parts(self) -> Steps:
        from leaddesk.ui.rail import Rail
        from leaddesk.ui.start_page import StartPage
        from leaddesk.ui.status_line import StatusLine
        from leaddesk.ui.top_bar import TopBar

        yield
        self.rail = Rail(self.shell.theme, self.shell.actions)
        self.status = StatusLine(self.shell.actions)
        yield
        self.top = TopBar(self.shell)
        yield
        self.start = StartPage(self.shell)
        self.stack.addWidget(self.start)
        self._looks.also(self.start)

    def _make_helpers(self) -> None:
        from leaddesk.ui.field_undo import FieldUndo
        from leaddesk.ui.file_drop import FileDrop
        from leaddesk.ui.toasts import ToastArea
        from leaddesk.ui.watch import Watch
        from leaddesk.ui.window_dialogs import WindowDialogs
        from leaddesk.ui.window_undo import UndoRedo

        self.toasts = ToastArea(self, self.status)
        self._dialogs = WindowDialogs(self.shell, self)
        self.undo_redo = UndoRedo(self.shell, self.toasts, self)
        self._watch = Watch(self.shell, self)
        self._field_undo = FieldUndo(self)
        self._file_drop = FileDrop(self)
        self._ahead = QTimer(self, interval=AHEAD_MS)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.top)
        right.addWidget(self.stack, 1)
        right.addWidget(self.status)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.rail)
        whole.addLayout(right, 1)
        for part in (self.rail, self.top, self.start, self.status):
            self.shell.theme.dress(part)

    def _wire(self) -> None:
        """Who hears whom, sorted."""
        from leaddesk.ui.actions import PAGES, page_action

        shell, lanes, messages = self.shell, self.shell.lanes, self.shell.messages
        for key, _title, _icon in PAGES:
            shell.actions.on(page_action(key), self, partial(self.show_page, key))
        for action in shell.actions.all():
            if action.anywhere and not action.told_only:
                self.addAction(shell.actions.qaction(action.id))
        self._ahead.timeout.connect(self._make_ahead)
        self._file_drop.dropped.connect(self._dialogs.import_files)
        self._file_drop.refused.connect(messages.refused)
        lanes.waiting_changed.connect(self.top.show_waiting)
        messages.bug_posted.connect(self._dialogs.show_bug)
        messages.toast_posted.connect(self.toasts.show_toast)
        messages.unavailable_posted.connect(self._dialogs.show_unavailable)
        self.rail.page_requested.connect(self.show_page)
        shell.add_lead_requested.connect(self._dialogs.add_lead)
        shell.bridge.changed.connect(self._changed)
        shell.client_requested.connect(self._open_client)
        shell.demo_requested.connect(self.start.fill_demo)
        shell.duplicates_requested.connect(lambda: self._ask_page("duplicates", lambda _page: None))
        shell.export_requested.connect(lambda: self._ask_page("leads", lambda page: page.export()))
        shell.import_requested.connect(self._dialogs.import_files)
        shell.keys_requested.connect(self._dialogs.show_keys)
        shell.lead_requested.connect(self._open_lead)
        shell.leads_requested.connect(lambda wanted: self._ask_page("leads", lambda page: page.show_filter(wanted)))
        shell.letters_requested.connect(lambda tab: self._ask_page("letters", lambda page: page.show_tab(tab)))
        shell.next_requested.connect(self._next)
        shell.open_failed.connect(self._not_opened)
        shell.opened.connect(self._opened)
        shell.palette_requested.connect(self._dialogs.show_palette)
        shell.redo_requested.connect(self.undo_redo.redo)
        shell.reports_requested.connect(self._dialogs.show_reports)
        shell.search_requested.connect(self._search)
        shell.settings_changed.connect(self._remember_look)
        shell.settings_requested.connect(lambda name: self._ask_page("settings", lambda page: page.show_group(name)))
        shell.theme.changed.connect(self._looks.dress_anew)
        shell.undo_requested.connect(self.undo_redo.undo)
        shell.user_changed.connect(self._show_person)
        self.start.filled.connect(lambda: self.show_page(self.page))
        self.toasts.undo_requested.connect(self.undo_redo.undo)
        self.painted.connect(self.warm_up)
        self.top.search.done.connect(self._leave_search)
        self._watch.minute_passed.connect(self.look_again)

    # Pages

    def show_page(self, key: str, wish: Callable[[Any], object] | None = None) -> None:
        """Bring a page to the front, then have it do `wish`; the start page where there is nothing yet.

        A page that has yet to be made, or dressed, comes when it stands; till then the place is empty.
        """
        if wish is not None or key != self.page:
            self._wish = wish
        self.page = key
        self.rail.mark(key)
        if key != "my_day":
            self._drop_first_look()
        if not self.shell.is_open or not self._warm:
            return
        if self._leads <= 0 and key in FILLED_BY_LEADS:
            # Nobody knows yet how many leads there are (-1), or there are none.
            self._wish = None
            self.start.welcome() if self._leads == 0 else self.start.wait()
            self._show_start()
        elif self._is_ready(key):
            self._bring_forward()
            self._greet()
        else:
            self.start.wait()
            self._show_start()
            self.shell.turns.run(self, self._bring(key), key="page", first=True)

    def _show_start(self) -> None:
        self.stack.setCurrentWidget(self.start)
        self.start.setFocus()

    def _bring(self, key: str) -> Steps:
        yield from self._made(key)
        if key == self.page:
            self._bring_forward()
            yield
            self._greet()

    def _bring_forward(self) -> None:
        page = self.pages[self.page]
        if self.stack.currentWidget() is not page:
            self.stack.setCurrentWidget(page)
            page.setFocus()
        if self.first_look is not None:
            self.first_look.hand_over(cast("MyDayPage", page))
            self._drop_first_look()

    # The first look

    def show_first(self, user_id: int, rows: Sequence[QueueRow]) -> None:
        """Show the head of this user's queue until My day does."""
        from leaddesk.ui import theme
        from leaddesk.ui.first_look import FirstLook

        if "my_day" not in self.pages and self.page == "my_day":
            look = theme.current()
            look.choose(self.remembered_look)
            self.first_look = FirstLook(look, self, user_id, rows)
            self.first_look.painted.connect(self.leads_seen)

    def _drop_first_look(self) -> None:
        if self.first_look is not None:
            self.first_look.hide()
            self.first_look.deleteLater()
            self.first_look = None

    def _greet(self) -> None:
        page = self.pages[self.page]
        page.activate()
        wish, self._wish = self._wish, None
        if wish is not None:
            wish(page)

    def made_page(self, key: str) -> Page:
        """The page, made at once if it is not yet."""
        at_once(self._made(key))
        return self.pages[key]

    def _made(self, key: str) -> Steps:
        """Make a page, or go on with it, and dress it. It is one of `pages` once it stands."""
        if key not in self.pages:
            if key not in self._making:
                self._making[key] = page_class(key)(self.shell, in_turns=True)
                yield
            page = self._making[key]
            try:
                # Not `yield from`: whoever is replaced in favour of a later call would end the page's building.
                for _ in page.building:
                    yield
            except Exception:
                del self._making[key]
                raise
        if key not in self.pages:
            self.pages[key] = self._making.pop(key)
            self.stack.addWidget(self.pages[key])
        yield from self._looks.dressed(self.pages[key].parts())

    def _is_ready(self, key: str) -> bool:
        return key in self.pages and all(map(self.shell.theme.wears, self.pages[key].parts()))

    def _make_ahead(self) -> None:
        """While nothing is asked, make one more page, so that its first showing takes no time."""
        from leaddesk.ui.actions import PAGES

        if not self.shell.lanes.idle() or QApplication.activeModalWidget() is not None:
            return
        missing = [key for key, _title, _icon in PAGES if not self._is_ready(key)]
        if missing:
            self.shell.turns.run(self, self._made(missing[0]), key="ahead")
        else:
            self._ahead.stop()

    # Opening and looking again

    def _opened(self) -> None:
        if self.first_look is not None and self.first_look.user_id != self.shell.user.id:
            self._drop_first_look()
        self._show_person()
        self.top.next.setEnabled(True)
        self._watch.start()
        self.look_again()
        self.warm_up()

    def warm_up(self) -> None:
        """Import the first page's modules beside the opening of the database, the others' after it is shown."""
        if not self._warming:
            self._warming = True
            self.shell.lanes.warm(self, partial(import_pages, (self.page,)), self._warmed_up)

    def _warmed_up(self, _none: None) -> None:
        self._warm = True
        self.rail.show_icons()
        self.setWindowIcon(self.shell.theme.icon("phone-call", "accent"))
        self.show_page(self.page)

    def _show_person(self) -> None:
        self.status.show_person(self.shell.user.name, self.shell.user.role.value.replace("_", " "))

    def _remember_look(self) -> None:
        memory().setValue("look", self.shell.settings.text("look.theme"))

    def _not_opened(self, error: Exception) -> None:
        from leaddesk.workflow.errors import Refused, Unavailable

        self._drop_first_look()
        if isinstance(error, Refused | Unavailable):
            self.start.not_opened(error.words)
        else:
            self.start.not_opened("Something went wrong in LeadDesk while opening it.")
            self.shell.messages.bug(error)

    def look_again(self) -> None:
        """Counters, what undo would take back, and where the data is kept."""
        from leaddesk.workflow.cards import Today
        from leaddesk.workflow.undo import NextUndo
        from leaddesk.workflow.watching import WhereKept

        if not self.shell.is_open:
            return
        lanes = self.shell.lanes
        lanes.ask(self, Today(), self._show_counts, key="today")
        lanes.ask(self, NextUndo(), lambda words: self.top.show_undo(*words), key="undo")
        now, zone = self.shell.clock.now(), self.shell.zone()
        lanes.ask(self, WhereKept(), lambda kept: self.status.show_standing(kept, now, zone), key="kept")

    def _changed(self, _changes: Changes) -> None:
        self.look_again()
        self.undo_redo.look_at_offers()

    def _show_counts(self, counts: DayCounts) -> None:
        from leaddesk.ui.actions import OPENED_FROM, PAGES

        self.top.show_counts(counts)
        self.status.show_leads(counts.leads)
        known, self._leads = self._leads, counts.leads
        if ((known <= 0) != (counts.leads <= 0) or known < 0) and not self.start.is_filling():
            self.show_page(self.page)
        if known < 0:
            others = [key for key in (*(page for page, _title, _icon in PAGES), *OPENED_FROM) if key not in self.pages]
            self.shell.lanes.warm(self, partial(import_pages, others), lambda _none: self._ahead.start())

    # Wishes

    def _next(self) -> None:
        self._ask_page("my_day", lambda page: page.next_lead())

    def _open_lead(self, lead_id: int) -> None:
        self._ask_page("my_day", lambda page: page.show_lead(lead_id))

    def _open_client(self, client_id: int) -> None:
        self._ask_page("clients", lambda page: page.show_client(client_id))

    def _ask_page(self, key: str, wish: Callable[[Any], object]) -> None:
        if self.shell.is_open:
            self.show_page(key, wish)

    def _search(self) -> None:
        self.top.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top.search.selectAll()

    def _leave_search(self) -> None:
        if self.top.search.hasFocus():
            (self.stack.currentWidget() or self.stack).setFocus()

    # The frame itself

    def childEvent(self, event: QChildEvent) -> None:
        """What comes up over the window is dressed."""
        super().childEvent(event)
        if self.is_furnished and event.type() == QEvent.Type.ChildPolished:
            self._looks.dress_child(event.child())

    def closeEvent(self, event: QCloseEvent) -> None:
        """What is typed is written and the leads drawn are given back before the program ends."""
        self.remember_place()
        if not self.is_furnished:
            event.accept()
            self.closed.emit()
            return
        job = self.shell.lanes.busy_long()
        if job is not None and not self._closing:
            event.ignore()
            self._dialogs.ask_to_stop(self._stop_and_close)
            return
        if self.shell.is_open and not self._closing:
            from leaddesk.workflow.queue import ReleaseLeads

            self.shell.closing.emit()
            self.shell.lanes.do(self.shell, ReleaseLeads(), quiet=True)
        self._closing = True
        self._ahead.stop()
        self._watch.stop()
        event.accept()
        self.closed.emit()

    def _stop_and_close(self) -> None:
        job = self.shell.lanes.busy_long()
        if job is None:
            self.close()
            return
        job.ended.connect(self.close)
        job.cancel()
