"""Everything a person can do by key, declared once; menus, palette, the sheet of keys and tests are made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, SignalInstance
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from leaddesk.ui.messages import Messages


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. `run` names the signal of `Shell` it emits where no view takes it; "" where only a view can.

    `anywhere` actions answer to their keys in the whole window; the others (plain keys) only inside the page
    that adds them, so that typing is never taken for a command. `also` are keys of other habits, not shown.
    `told_only` keys are answered by the widget that has them, which knows when they mean something: they stand here
    for the sheet of keys and so that nothing else takes them.
    """

    id: str
    text: str
    shortcut: str = ""
    menu: str = "Go"
    run: str = ""
    icon: str = ""
    anywhere: bool = True
    also: tuple[str, ...] = ()
    told_only: bool = False


PAGES: tuple[tuple[str, str, str], ...] = (
    ("my_day", "My day", "sun"),
    ("leads", "Leads", "list"),
    ("clients", "Clients", "user"),
    ("parked", "Parked", "clock"),
    ("letters", "Letters", "envelope-simple"),
    ("settings", "Settings", "gear-six"),
)
"""Page key, title, icon, in the order of the rail; Alt+1… go by it. Settings stands at the rail's end."""

OPENED_FROM: dict[str, str] = {"duplicates": "leads"}
"""Pages that have no place in the rail: page key → the page they are opened from, which stays marked there."""


def page_action(key: str) -> str:
    """The action that opens a page."""
    keys = [page[0] for page in PAGES]
    return key if key == "settings" else f"page_{keys.index(key) + 1}"


DECLARED: tuple[Action, ...] = (
    Action("next", "Next lead", "F2", "Call", "next_requested", "arrow-right"),
    Action("dial", "Call the number", "F5", "Call", icon="phone"),
    *(
        Action(f"outcome_{digit}", f"Outcome {digit}", str(digit), "Call", anywhere=False)
        for digit in (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)
    ),
    Action("take", "Take the outcome", "Return", "Call", anywhere=False, icon="check", also=("Enter",)),
    Action(
        "take_from_note",
        "Take the outcome from within the note; send a letter",
        "Ctrl+Return",
        "Call",
        anywhere=False,
        also=("Ctrl+Enter",),
    ),
    Action("objection", "What to answer to an objection", "Ctrl+1", "Call", also=("Ctrl+2", "Ctrl+3"), told_only=True),
    Action("change_then", "Change what happens then", "Tab", "Call", told_only=True),
    Action("release", "Give the lead back", "", "Call"),
    Action("edit", "Edit the card", "Ctrl+E", "Lead", icon="pencil-simple"),
    Action("convert", "Convert to a client", "", "Lead", icon="handshake"),
    Action("refuse", "Write down a refusal", "", "Lead", icon="prohibit"),
    Action("defer", "Park until a day", "Ctrl+D", "Lead", icon="clock"),
    Action("assign", "Give to somebody", "Ctrl+R", "Lead", icon="users"),
    Action("lead_real", "A suspicious lead is real", "Ctrl+Shift+L", "Lead"),
    Action("lead_spam", "A suspicious lead is spam", "Ctrl+Shift+X", "Lead"),
    Action("bring_back", "Bring a parked lead back now", "Ctrl+B", "Lead", told_only=True),
    Action("row_below", "The next one of a list", "Ctrl+Down", "Lead", told_only=True),
    Action("row_above", "The one before in a list", "Ctrl+Up", "Lead", told_only=True),
    Action("duplicates", "Duplicates", "Ctrl+Shift+D", "Lead", "duplicates_requested", "copy"),
    Action("merge_pairs", "Merge cards that look alike", "M", "Lead", told_only=True),
    Action("two_people", "Two people, who look alike", "N", "Lead", told_only=True),
    Action("search_list", "Search in a list", "/", "Lead", told_only=True),
    Action("letter_out", "Take a letter out of the outbox", "Delete", "Letters", anywhere=False),
    Action("letter_arrived", "An uncertain letter arrived", "Alt+A", "Letters", anywhere=False),
    Action("letter_lost", "An uncertain letter did not arrive", "Alt+N", "Letters", anywhere=False),
    Action("letter_answer", "Write down an answer", "Ctrl+Shift+A", "Letters", anywhere=False),
    Action("letter_file", "Save the letter as .eml", "Ctrl+Shift+S", "Letters", anywhere=False),
    Action("letter_pdf", "Save the letter as PDF", "Ctrl+P", "Letters", anywhere=False),
    Action("letter_copy", "Copy the letter", "Ctrl+Shift+C", "Letters", anywhere=False),
    Action("letter_mail", "Open the letter in the mail program", "Ctrl+M", "Letters", anywhere=False),
    Action("letter_lead", "Open the letter’s lead", "Ctrl+O", "Letters", anywhere=False),
    Action("letter_collect", "Read the mailbox", "Ctrl+Shift+R", "Letters", anywhere=False),
    Action("add_lead", "Add a lead", "Ctrl+N", "File", "add_lead_requested", "plus"),
    Action("import", "Import a list", "Ctrl+I", "File", "import_requested", "upload-simple"),
    Action("export", "Export the list", "Ctrl+Shift+E", "File", "export_requested", "download-simple"),
    Action("demo", "Try the demo", "", "File", "demo_requested", "flask"),
    Action("save_note", "Save", "Ctrl+S", "Edit", icon="floppy-disk"),
    Action("undo", "Undo", "Ctrl+Z", "Edit", "undo_requested", "arrow-u-up-left"),
    Action("redo", "Redo", "Ctrl+Shift+Z", "Edit", "redo_requested", "arrow-u-up-right", also=("Ctrl+Y",)),
    Action("search", "Search", "Ctrl+F", "Go", "search_requested", "magnifying-glass"),
    Action("palette", "All commands", "Ctrl+K", "Go", "palette_requested", "command"),
    *(
        Action(f"page_{number}", title, f"Alt+{number}", "Go", icon=icon)
        for number, (_key, title, icon) in enumerate(PAGES[:-1], start=1)
    ),
    Action("settings", "Settings", "Ctrl+,", "Go", icon="gear-six", also=("Alt+8",)),
    Action("reports", "Reports…", "Ctrl+Shift+P", "Go", "reports_requested", "chart-bar"),
    Action("keys", "All keys", "F1", "Help", "keys_requested", "keyboard"),
)
MENUS = ("Call", "Lead", "Letters", "File", "Edit", "Go", "Help")


def shown_keys(shortcut: str) -> str:
    """A shortcut as it stands on a keycap of this system, such as “Ctrl F”."""
    native = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "Enter")
    return native.replace("+", " ") if native and not native.endswith("+") else native


class Actions(QObject):
    """The declared actions as `QAction`s, and who carries them out at the moment."""

    def __init__(self, messages: Messages, parent: QObject | None = None) -> None:
        """`parent` is the shell; its signals named by `Action.run` are emitted."""
        super().__init__(parent)
        self._messages = messages
        self._declared = {action.id: action for action in DECLARED}
        self._made: dict[str, QAction] = {}
        self._takers: dict[str, list[tuple[QWidget, Callable[[], object]]]] = {}
        for action in DECLARED:
            self._made[action.id] = self._make(action)

    def _make(self, action: Action) -> QAction:
        made = QAction(action.text, self)
        made.setObjectName(action.id)
        if not action.told_only:
            made.setShortcuts([QKeySequence(keys) for keys in (action.shortcut, *action.also) if keys])
        made.setShortcutContext(
            Qt.ShortcutContext.WindowShortcut if action.anywhere else Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        made.triggered.connect(lambda: self.trigger(action.id))
        return made

    def declared(self, action_id: str) -> Action:
        """The declaration. `KeyError` for an id that is none."""
        return self._declared[action_id]

    def qaction(self, action_id: str) -> QAction:
        """The action for menus and toolbars. `KeyError` for an id that is none."""
        return self._made[action_id]

    def keys(self, action_id: str) -> str:
        """Its keys as they stand on a keycap."""
        return shown_keys(self._declared[action_id].shortcut)

    def all(self) -> list[Action]:
        """Every declared action, in order."""
        return list(self._declared.values())

    def on(self, action_id: str, owner: QWidget, run: Callable[[], object]) -> None:
        """Have `owner` carry the action out whenever it is on the screen; the newest such owner does."""
        self._made[action_id]
        self._takers.setdefault(action_id, []).append((owner, run))

    def add_plain_keys(self, widget: QWidget, ids: Iterable[str]) -> None:
        """Let plain keys (digits, Enter) mean these actions inside `widget`, save where text is typed."""
        for action_id in ids:
            widget.addAction(self._made[action_id])

    def can(self, action_id: str) -> bool:
        """Whether somebody would carry it out at this moment."""
        return self._taker(action_id) is not None or bool(self._declared[action_id].run)

    def taken(self, action_id: str) -> bool:
        """Whether a view on the screen carries it out."""
        return self._taker(action_id) is not None

    def trigger(self, action_id: str) -> None:
        """Carry it out, as by its key."""
        taker = self._taker(action_id)
        declared = self._declared[action_id]
        if taker is not None:
            taker()
        elif declared.run and self.parent() is not None:
            signal: SignalInstance = getattr(self.parent(), declared.run)
            signal.emit()
        else:
            self._messages.refused(f"“{declared.text}”: open a lead first.")

    def _taker(self, action_id: str) -> Callable[[], object] | None:
        takers = [(o, run) for o, run in self._takers.get(action_id, ()) if isValid(o)]
        self._takers[action_id] = takers
        return next((run for owner, run in reversed(takers) if owner.isVisible()), None)
