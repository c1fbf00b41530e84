"""What every page, card and dialog is handed: the way to ask and to do, what changed, how it looks, who sits here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimeZone, Signal

from leaddesk.ui import language
from leaddesk.ui import theme as look
from leaddesk.ui.actions import Actions
from leaddesk.ui.bridge import Bridge
from leaddesk.ui.folder_watch import FolderDoor, FolderWatch
from leaddesk.ui.in_turns import Turns
from leaddesk.ui.jobs import Lanes, Progress
from leaddesk.ui.messages import Messages
from leaddesk.ui.post import Post, PostDoor

if TYPE_CHECKING:
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from leaddesk.ui.dialogs.import_wizard_preview import ImportDoor
    from leaddesk.workflow.changes import Changes
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.entities import Outcome, User
    from leaddesk.workflow.export import FileForm, Kind
    from leaddesk.workflow.letter_entities import Letter
    from leaddesk.workflow.ports import Clock
    from leaddesk.workflow.settings import Settings

    ExportDoor = Callable[[Desk, Kind, Sequence[int], Path, Sequence[str], FileForm, Progress], int]
    """Writes these cards in this order, under these columns (none: all), and gives how many there were."""
    Snapshot = tuple[Settings, list[Outcome], User]
    """What every view needs at hand without asking."""


class Shell(QObject):
    """Everything on screen goes through it. Signals named *_requested are wishes; the main window grants them."""

    add_lead_requested = Signal()
    client_requested = Signal(int)
    demo_requested = Signal()
    duplicates_requested = Signal()
    export_requested = Signal()
    import_requested = Signal()
    keys_requested = Signal()
    lead_requested = Signal(int)
    leads_requested = Signal(object)
    letters_requested = Signal(str)
    next_requested = Signal()
    palette_requested = Signal()
    redo_requested = Signal()
    reports_requested = Signal()
    search_requested = Signal()
    settings_requested = Signal(str)
    undo_requested = Signal()

    closing = Signal()
    opened = Signal()
    open_failed = Signal(object)
    settings_changed = Signal()
    user_changed = Signal()

    def __init__(self, clock: Clock | None = None, parent: QObject | None = None) -> None:
        """Without a desk until `open`; views are made after `opened`.

        The doors to the world (files, letters, links, the demo) are given by whoever starts the program; where
        `open_link` or `choose_file` is None the machine's own is used.
        """
        super().__init__(parent)
        if clock is not None:
            self.clock = clock
        self.theme = look.current()
        self.messages = Messages(self)
        self.bridge = Bridge(self)
        self.lanes = Lanes(self.bridge, self.messages, self)
        self.turns = Turns(self)
        self.turns.began.connect(self.lanes.hold)
        self.turns.ended.connect(self.lanes.let_go)
        self.actions = Actions(self.messages, self)
        self.outcomes: list[Outcome] = []
        self.typed: dict[str, str] = {}
        self.fill_demo: Callable[[Desk, Progress], object] | None = None
        self.import_door: ImportDoor | None = None
        self.save_letter: Callable[[Letter, User, Path], object] | None = None
        self.save_table: Callable[[Path, Sequence[str], Iterable[Sequence[object]]], object] | None = None
        self.export_cards: ExportDoor | None = None
        self.mail_link: Callable[[Letter], tuple[str, bool]] | None = None
        self.post: PostDoor | None = None
        self.folder_door: FolderDoor | None = None
        self.open_link: Callable[[str], bool] | None = None
        self.choose_file: Callable[[str], Path | None] | None = None
        self.keep_safe: Callable[[Desk], object] | None = None
        self.log_file: Path | None = None
        self._open_desk: Callable[[], Desk] | None = None
        self.is_open = False
        self.bridge.changed.connect(self._changed)
        self.postman = Post(self, self)
        self.folder_watch = FolderWatch(self, self)

    @cached_property
    def clock(self) -> Clock:
        """The machine's, until a desk brings its own. Imported late, as all of the rules: the frame needs none."""
        from leaddesk.workflow.ports import SystemClock

        return SystemClock()

    @cached_property
    def user(self) -> User:
        """Nobody, until somebody sits down."""
        from leaddesk.workflow.entities import User

        return User(login="", name="")

    @cached_property
    def settings(self) -> Settings:
        """As they come, until a desk is open."""
        from leaddesk.workflow.settings import Settings

        return Settings()

    def open(self, open_desk: Callable[[], Desk]) -> None:
        """Open the database in the background; `opened` or `open_failed` follows."""
        self._open_desk = open_desk
        first: list[Snapshot] = []

        def work() -> Desk:
            desk = open_desk()
            first.append(_look(desk))
            return desk

        self.lanes.open(work, lambda desk: self._sit_down(desk, first[0]), self.open_failed.emit)

    def start_log(self) -> None:
        """Write warnings and bugs to a file from now on."""
        from leaddesk.ui.bug_report import log_file, start_log

        self.log_file = log_file()
        start_log(self.log_file)

    def open_again(self) -> None:
        """Try once more what has failed."""
        if self._open_desk is not None and not self.is_open:
            self.open(self._open_desk)

    def zone(self) -> ZoneInfo:
        """The zone times are shown in: the user's, else the machine's."""
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        machine = bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii", "replace")
        for name in (self.user.zone, machine):
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError):
                continue
        return ZoneInfo("UTC")

    def outcome(self, digit: int) -> Outcome | None:
        """The outcome under a digit."""
        return next((o for o in self.outcomes if o.digit == digit), None)

    def know_user(self, user: User) -> None:
        """Somebody is called otherwise, or may do more or less; if it is who sits here, that holds from now on."""
        if user.id == self.user.id and user != self.user:
            self.user = self.lanes.desk.user = user
            self.user_changed.emit()

    def _sit_down(self, desk: Desk, first: Snapshot) -> None:
        self.user, self.clock = desk.user, desk.clock
        self._take(first)
        self.is_open = True
        self.opened.emit()

    def _changed(self, changes: Changes) -> None:
        if (changes.settings or changes.many) and self.is_open:
            self.lanes.read(self, _look, self._take, key="snapshot")

    def _take(self, snapshot: Snapshot) -> None:
        before = (self.settings, self.outcomes)
        self.settings, self.outcomes, me = snapshot
        self.know_user(me)
        self.theme.choose(self.settings.text("look.theme"))
        language.choose(self.settings.text("look.language"))
        if before != (self.settings, self.outcomes):
            self.settings_changed.emit()


def _look(desk: Desk) -> Snapshot:
    """Read what every view needs at hand. In a lane's thread."""
    from leaddesk.workflow.outcomes import Outcomes
    from leaddesk.workflow.settings import SettingsNow
    from leaddesk.workflow.team import Users

    me = next((user for user in desk.read(Users()) if user.id == desk.user.id), desk.user)
    return desk.read(SettingsNow()), desk.read(Outcomes()), me
