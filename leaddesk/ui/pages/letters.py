"""Letters: what waits, what left, what failed and why, what came back; and the templates they are made from."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from leaddesk.ui.columns import ColumnMemory, users_memory
from leaddesk.ui.filters import TextChip
from leaddesk.ui.in_turns import Page, Steps
from leaddesk.ui.letters.answer_view import AnswerView
from leaddesk.ui.letters.doing import Doing
from leaddesk.ui.letters.letter_view import OFFERED, PRIMARY, LetterView
from leaddesk.ui.letters.list_pane import ListPane
from leaddesk.ui.letters.lists import ANSWER_COLUMNS, ANSWERS, LETTERS, TAB, TABS
from leaddesk.ui.letters.standing import Standing
from leaddesk.ui.letters.templates_tab import TemplatesTab
from leaddesk.ui.widgets import Heading, Panel, PlainButton
from leaddesk.ui.widgets_split import Split
from leaddesk.workflow.outbox import OutboxNow, OutboxStanding
from leaddesk.workflow.replies import Replies, ReplyRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.changes import Changes

SECOND_MS = 1_000
REST_MS = 120
"""A letter is read once the moving through the list rests for so long."""
SIDE_WIDTH = 440
TEMPLATES = "templates"
MANY = {
    "outbox": ("Send now", "Take out"),
    "drafts": ("Send",),
    "failed": ("Send again",),
    "uncertain": ("Send again",),
}
"""What is done with many letters at once, by tab."""


class LettersPage(Page):
    """Tabs over a table; beside it the letter or answer the table is at."""

    title = "Letters"

    def __init__(self, shell: Shell, memory: ColumnMemory | None = None, *, in_turns: bool = False) -> None:
        """`memory` is the user's unless a test gives its own."""
        super().__init__()
        self.shell = shell
        self._memory = memory or users_memory()
        self._missed = True
        self._counts: dict[str, int] = {}
        self.begin(in_turns=in_turns)

    def build(self) -> Steps:
        """The bar, the lists, what stands beside them."""
        shell = self.shell
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setAccessibleName("Which letters")
        self.keys = [*TAB, TEMPLATES]
        for key in self.keys:
            self.tabs.addTab(TAB[key].title if key in TAB else "Templates")
        self.search = TextChip("Search in letters", 200)
        self.collect = PlainButton("Read the mailbox", shell.actions.keys("letter_collect"))
        self.standing = Standing(shell)
        yield
        self.letters = ListPane(shell, "letters", LETTERS, TABS[0], self._memory)
        self.answers = ListPane(shell, "answers", ANSWER_COLUMNS, ANSWERS, self._memory)
        yield
        self.letter = LetterView(shell)
        yield
        self.answer = AnswerView(shell)
        yield
        self.doing = Doing(shell, self)
        for words, keys, run in (
            ("Send", "take_from_note", self.doing.send),
            ("Send now", "take_from_note", self.doing.hurry),
            ("Send again", "take_from_note", self.doing.send_again),
            ("Take out", "letter_out", self.doing.take_out),
        ):
            self.letters.many.offer(words, shell.actions.keys(keys), partial(self._with_chosen, run))
        self._lay_out()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._second = QTimer(self, interval=SECOND_MS)
        self._second.timeout.connect(self._tick)
        self._wire()

    @property
    def tab(self) -> str:
        """The key of the tab in front."""
        return self.keys[max(0, self.tabs.currentIndex())]

    @property
    def pane(self) -> ListPane:
        """The list in front."""
        return self.answers if self.tab == ANSWERS.key else self.letters

    def _lay_out(self) -> None:
        self.bar = Panel()
        head = QHBoxLayout()
        head.setContentsMargins(12, 4, 9, 4)
        head.setSpacing(16)
        head.addWidget(Heading("Letters", wrap=False))
        head.addWidget(self.tabs, 1)
        head.addWidget(self.collect)
        head.addWidget(self.search)
        self.bar.body.addLayout(head)
        self.bar.body.addWidget(self.standing)
        self.lists, self.beside, self.whole = QStackedWidget(), QStackedWidget(), QStackedWidget()
        self.templates = TemplatesTab(self.shell)
        self.list_panel = Panel()
        self.list_panel.setMinimumWidth(320)
        for pane in (self.letters, self.answers):
            self.lists.addWidget(pane)
        self.list_panel.body.addWidget(self.lists)
        for view in (self.letter, self.answer):
            view.setMinimumWidth(SIDE_WIDTH)
            self.beside.addWidget(view)
        self.split = Split()
        self.split.addWidget(self.list_panel)
        self.split.addWidget(self.beside)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        self.split.setSizes(self._memory.sizes("letters") or [800, 520])
        self.whole.addWidget(self.split)
        self.whole.addWidget(self.templates)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 12, 12, 12)
        box.setSpacing(12)
        box.addWidget(self.bar)
        box.addWidget(self.whole, 1)

    def parts(self) -> tuple[QWidget, ...]:
        """The bar, the lists, the letter, the answer, the templates once they are there."""
        return (self.bar, self.list_panel, self.letter, self.answer, *self.templates.parts())

    def _wire(self) -> None:
        shell, on = self.shell, self.shell.actions.on
        wishes = {
            "edit": self._edit,
            "letter_answer": lambda: self._do("answer"),
            "letter_arrived": lambda: self._do("arrived"),
            "letter_collect": shell.postman.collect,
            "letter_copy": lambda: self._do("copy"),
            "letter_file": lambda: self._do("file"),
            "letter_lead": lambda: self._do("lead"),
            "letter_lost": lambda: self._do("lost"),
            "letter_mail": lambda: self._do("mail"),
            "letter_out": lambda: self._do("out"),
            "letter_pdf": lambda: self._do("pdf"),
            "save_note": self._save,
            "take_from_note": self._go,
        }
        for action, run in wishes.items():
            on(action, self, run)
        shell.actions.add_plain_keys(self, [a for a in wishes if not shell.actions.declared(a).anywhere])
        find = QShortcut(QKeySequence("/"), self.lists, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.search.setFocus)
        self._rest.timeout.connect(self._show_wanted)
        self.answer.wanted.connect(self._do)
        self.answers.row_chosen.connect(lambda _id: self._rest.start())
        self.answers.open_requested.connect(lambda _id: self.answer.questions.edits["1"].setFocus())
        self.collect.clicked.connect(shell.postman.collect)
        self.letter.shown.connect(self._tell_times)
        self.letter.wanted.connect(self._do)
        self.letters.model.fetched.connect(self._tell_time_beside)
        self.letters.open_requested.connect(lambda _id: self.letter.paper.body.setFocus())
        self.letters.row_chosen.connect(lambda _id: self._rest.start())
        for pane in (self.letters, self.answers):
            pane.text_typed.connect(self._type)
        self.search.chosen.connect(self._list)
        self.search.returnPressed.connect(self._focus_list)
        self.split.splitterMoved.connect(lambda: self._memory.save_sizes("letters", self.split.sizes()))
        self.standing.tab_requested.connect(self.show_tab)
        self.tabs.currentChanged.connect(self._other_tab)
        shell.bridge.changed.connect(self._changed)
        shell.postman.collected.connect(self._refresh)
        shell.postman.sent.connect(self._refresh)
        shell.settings_changed.connect(self._refresh)

    # Listing

    def activate(self) -> None:
        """The page is looked at."""
        self._second.start()
        self._turn()
        self._focus_list()

    def _focus_list(self) -> None:
        if self.tab != TEMPLATES:
            self.pane.table.setFocus()

    def show_tab(self, key: str) -> None:
        """Bring a tab to the front."""
        if key in self.keys:
            self.tabs.setCurrentIndex(self.keys.index(key))

    def _other_tab(self) -> None:
        self.letter.leave()
        self._turn()

    def _turn(self) -> None:
        self.standing.at_uncertain = self.tab == "uncertain"
        if self.tab == TEMPLATES:
            self.search.setEnabled(False)
            self.whole.setCurrentWidget(self.templates)
            self.templates.fill()
            self._ask_standing()
            return
        self.whole.setCurrentWidget(self.split)
        self.lists.setCurrentWidget(self.pane)
        self.beside.setCurrentWidget(self.answer if self.pane is self.answers else self.letter)
        self.search.setEnabled(True)
        self.letters.many.allow(MANY.get(self.tab, ()))
        self._list()
        self._ask_standing()

    def _list(self) -> None:
        self._missed = False
        if self.tab != TEMPLATES:
            self.pane.show_tab(TAB[self.tab], self.search.text())

    def _changed(self, changes: Changes) -> None:
        if changes.leads or changes.many:
            self._refresh()

    def _refresh(self) -> None:
        if not self.isVisible():
            return
        self._ask_standing()
        if self.tab != TEMPLATES:
            self.pane.refresh()

    def _ask_standing(self) -> None:
        self.shell.lanes.read(
            self, lambda desk: (desk.read(OutboxNow()), len(desk.read(Replies(limit=1_000)))), self._stand, key="now"
        )

    def _stand(self, found: tuple[OutboxStanding, int]) -> None:
        standing, answers = found
        self.standing.show_standing(standing)
        self.collect.setVisible(bool(self.shell.settings.text("letters.imap_host").strip()))
        for place, key in enumerate(self.keys):
            if key in TAB:
                tab = TAB[key]
                count = answers if tab is ANSWERS else sum(standing.counts.get(state, 0) for state in tab.states)
                self._counts[key] = count
                self.tabs.setTabText(place, f"{tab.title} {count:,}" if count else tab.title)

    def _tick(self) -> None:
        """Each second: what is said of times grows old."""
        if not self.isVisible():
            self._second.stop()
            return
        self.standing.tick()
        if self.tab == "outbox" and self.letters.model.rowCount():
            self._tell_times()

    def _tell_times(self) -> None:
        """In the list and beside it, at the same moment."""
        self.letters.model.refresh_times()
        self._tell_time_beside()

    def _tell_time_beside(self) -> None:
        self.letter.tick(self.letters.model.say.now)

    @property
    def is_resting(self) -> bool:
        """Whether a letter will be read once the moving rests."""
        return self._rest.isActive()

    def _show_wanted(self) -> None:
        """What stands beside the list: where the list is at, unless something is being typed there."""
        if self.tab == TEMPLATES:
            return
        row_id = self.pane.table.current_id()
        if self.pane is self.answers:
            row = self._answer_row()
            self.beside.setVisible(row is not None)
            if row is not None:
                self.answer.show_answer(row)
            return
        if self.letter.editing and not self.pane.table.hasFocus():
            self.letter.reload()
        elif row_id:
            self.letter.show_letter(row_id)
        self.beside.setVisible(bool(row_id) or self.letter.editing)

    def _answer_row(self) -> ReplyRow | None:
        row = self.answers.table.currentIndex().row()
        found = self.answers.model.row_at(row) if row >= 0 else None
        if found is None:
            if row >= 0:
                # Its row is still on its way.
                self._rest.start()
            return None
        return ReplyRow(found.reply, found.lead, found.subject, found.reason)

    def _type(self, text: str) -> None:
        self.search.setFocus()
        self.search.setText(self.search.text() + text)

    # Doing

    def _go(self) -> None:
        """Ctrl+Enter: save what is typed, else what is usually done next with the chosen letters."""
        if self.letter.editing or self.pane is self.answers:
            self._save()
            return
        letter = self.letter.letter
        if letter is None or self.tab == TEMPLATES:
            return
        todo = next((key for key in OFFERED[letter.state] if key in PRIMARY), "")
        if todo:
            self._do(todo)

    def _save(self) -> None:
        if self.pane is self.answers:
            self.answer.save()
        elif self.letter.editing:
            self.letter.save()

    def _edit(self) -> None:
        if self.pane is self.answers:
            self.answer.questions.edits["1"].setFocus()
        else:
            self.letter.edit()

    def _with_chosen(self, run: Callable[[tuple[int, ...]], None], _checked: bool = False) -> None:
        run(self.letters.table.chosen_ids())

    def _chosen(self) -> tuple[int, ...]:
        """The chosen rows if the letter shown is among them, else the letter shown."""
        ids, letter = self.letters.table.chosen_ids(), self.letter.letter
        return ids if letter is None or letter.id in ids else (letter.id,)

    def _do(self, what: str) -> None:
        """Do this with the letter on the screen; sending and taking out with all the chosen ones."""
        if self.tab == TEMPLATES:
            return
        if self.pane is self.answers:
            self._do_with_answer(what)
            return
        letter = self.letter.letter
        if letter is None or what not in OFFERED[letter.state] or self.letter.editing:
            return
        ids, doing, shell = self._chosen(), self.doing, self.shell
        deeds: dict[str, Callable[[], object]] = {
            "again": lambda: doing.send_again(ids),
            "answer": lambda: self._add_answer(letter.lead_id, letter.to_name or letter.to_address, letter.id),
            "arrived": lambda: doing.settle(letter.id, arrived=True),
            "copy": lambda: doing.copy(letter),
            "edit": self.letter.edit,
            "file": lambda: doing.save_file(letter),
            "lead": lambda: shell.lead_requested.emit(letter.lead_id),
            "lost": lambda: doing.settle(letter.id, arrived=False),
            "mail": lambda: doing.mail_program(letter),
            "now": lambda: doing.hurry(ids),
            "out": lambda: doing.take_out(ids),
            "pdf": lambda: doing.save_pdf(letter),
            "send": lambda: doing.send(ids),
        }
        deeds[what]()

    def _do_with_answer(self, what: str) -> None:
        row = self.answer.row
        if row is None:
            return
        if what == "lead":
            self.shell.lead_requested.emit(row.reply.lead_id)
        elif what == "answer":
            self._add_answer(row.reply.lead_id, row.lead, row.reply.letter_id)

    def _add_answer(self, lead_id: int, title: str, letter_id: int | None) -> None:
        from leaddesk.ui.letters.add_answer import AddAnswerDialog

        AddAnswerDialog(self.shell, lead_id, title, letter_id, self.window()).open()
