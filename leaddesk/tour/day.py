"""The day that is played: from a list to a client, a refusal and a return, and every step taken back."""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leaddesk.tour.duplicates import play_duplicates
from leaddesk.workflow.errors import Refused, Unavailable
from leaddesk.workflow.ports import SystemClock
from leaddesk.workflow.vocabulary import LetterState

if TYPE_CHECKING:
    from leaddesk.tour.mail import TourPost
    from leaddesk.tour.player import Player, TourClock
    from leaddesk.ui.main_window import MainWindow
    from leaddesk.workflow.desk import Desk

HOUR = 16
"""UTC. Nine in California, noon in New York, evening in Kyiv: on a weekday most lists are callable."""
LATER = timedelta(days=92)
TALK = timedelta(minutes=2, seconds=47)


def play_day(out: Path, file: Path | None) -> dict[str, Any]:
    """Open the window on a database of its own, play, and write `tour.json`."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"{out} cannot be written to: {error.strerror}. Name another folder.", field="out") from error
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="leaddesk-tour-", ignore_cleanup_errors=True) as folder:
        told = _play(out, file.absolute() if file else None, Path(folder))
    (out / "tour.json").write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return told


def weekday_afternoon() -> datetime:
    """The next Tuesday or later weekday, in the afternoon."""
    day = SystemClock().now().date() + timedelta(days=1)
    while day.weekday() not in (1, 2, 3):
        day += timedelta(days=1)
    return datetime.combine(day, time(HOUR, 0), UTC)


def _play(out: Path, file: Path | None, folder: Path) -> dict[str, Any]:
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    from leaddesk.tour.mail import TourPost
    from leaddesk.tour.player import Player, TourClock
    from leaddesk.ui.main_window import MainWindow
    from leaddesk.ui.shell import Shell
    from leaddesk.window import give_doors

    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "memory"))
    if QApplication.instance() is None:
        QApplication(["leaddesk"])
    clock = TourClock(weekday_afternoon())
    shell = Shell(clock)
    give_doors(shell)
    post = shell.post = TourPost()
    saved = folder / "letters"
    saved.mkdir()
    dialled: list[str] = []
    shell.open_link = lambda link: not dialled.append(link)  # type: ignore[func-returns-value] # append gives None
    shell.choose_file = lambda name: saved / name
    window = MainWindow(shell)
    window.resize(1440, 900)
    player = Player(window, out)
    day = _Day(player, window, clock, folder, dialled, post)
    try:
        window.show()
        trouble = day.play(file)
    finally:
        window.close()
        player.until(shell.lanes.idle, "closing")
        shell.postman.end()
        shell.lanes.stop()
        QApplication.closeAllWindows()
    told: dict[str, Any] = {"steps": player.steps, "ok": not trouble}
    return told | {"trouble": trouble} if trouble else told


class _Day:
    """The acts of the tour, in order."""

    def __init__(
        self, player: Player, window: MainWindow, clock: TourClock, folder: Path, dialled: list[str], post: TourPost
    ) -> None:
        self.player = player
        self.post = post
        self.window = window
        self.shell = window.shell
        self.clock = clock
        self.folder = folder
        self.dialled = dialled

    def play(self, file: Path | None) -> str:
        """Every act; gives what went wrong, "" if nothing did."""
        try:
            self._open()
            if file is None:
                self._demo()
            else:
                self._import(file)
            self._calls()
            self._convert()
            self._refuse()
            self._defer_and_return()
            self._undo()
            self._letters()
            play_duplicates(self.player)
            self._look_around()
        except Unavailable as trouble:
            self.player.picture("trouble")
            return trouble.words
        return "; ".join(repr(bug) for bug in self.shell.messages.bugs)

    def _open(self) -> None:
        from leaddesk.bootstrap import open_desk

        with self.player.step("empty start"):
            self.shell.open(lambda: _furnished(open_desk(self.folder / "tour.db", clock=self.clock)))
            self.player.until(lambda: self.shell.is_open, "opening")

    def _demo(self) -> None:
        with self.player.step("try the demo"):
            self.shell.demo_requested.emit()
            self.player.until(lambda: self.window.stack.currentWidget() is not self.window.start, "the demo")

    def _import(self, file: Path) -> None:
        from leaddesk.ui.dialogs.import_wizard import ImportWizard

        player = self.player
        with player.step("import, columns"):
            player.keys("Ctrl+I")
            wizard = next(w for w in self.window.findChildren(ImportWizard) if w.isVisible())
            player.write(str(file))
            player.keys("Return")
            player.until(lambda: wizard.stack.currentWidget() is wizard.columns, "reading the file")
            if wizard.columns.hint.text():
                # The numbers do not tell their country by themselves; whoever plays the tour would know.
                player.focus_on(wizard.columns.region)
                player.write("US")
                player.keys("Return")
        with player.step("import, words"):
            player.keys("Ctrl+Return")
            player.until(lambda: wizard.stack.currentWidget() in (wizard.words, wizard.what_if), "the dry run")
        with player.step("import, what would happen"):
            if wizard.stack.currentWidget() is wizard.words:
                player.keys("Ctrl+Return")
            player.until(lambda: wizard.stack.currentWidget() is wizard.what_if, "the dry run")
        with player.step("import, brought in"):
            player.keys("Ctrl+Return")
            player.until(lambda: wizard.stack.currentWidget() is wizard.result_step, "the import")
        with player.step("import, my day"):
            player.keys("Ctrl+Return")
            player.until(player.is_free, "closing the wizard")
            player.keys("Alt+1")

    def _calls(self) -> None:
        player, page = self.player, self._my_day()
        with player.step("next"):
            player.keys("F2")
            player.until(lambda: page.lead.card is not None, "the next lead")
        with player.step("dial", picture=False):
            player.keys("F5")
            player.expect(self.dialled, "F5 dials")
        self.clock.jump(TALK)
        player.turn(1100)
        with player.step("call"):
            player.focus_on(page.call.note)
            player.write("Price is fine if delivery is free. The director signs on Thursday.")
            player.keys("Escape", "5")
        with player.step("wrap-up"):
            before = page.lead.lead_id
            player.keys("Return")
            player.until(lambda: page.lead.lead_id not in (None, before), "the lead after the call")
        for name in ("no answer, two keys", "no answer again"):
            with player.step(name):
                before = page.lead.lead_id
                player.keys("1", "Return")
                player.until(partial(_moved_on, page, before), "the next lead")

    def _convert(self) -> None:
        from leaddesk.ui.dialogs.convert import ConvertDialog

        player, page = self.player, self._my_day()
        self.converted = page.lead.lead_id or 0
        with player.step("convert"):
            player.keys("6", "Return")
            player.dialog(ConvertDialog)
        with player.step("convert, done"):
            player.keys("Ctrl+Return")
            player.until(player.is_free, "the client card")
            player.until(lambda: page.lead.lead_id not in (None, self.converted), "the next lead")

    def _refuse(self) -> None:
        from leaddesk.ui.dialogs.refuse import RefuseDialog

        player, page = self.player, self._my_day()
        self.refused = page.lead.lead_id or 0
        with player.step("refuse with letter"):
            player.keys("8", "Return")
            dialog = player.dialog(RefuseDialog)
            player.keys("1")
            player.focus_on(dialog.form.words)
            player.write("Found it 12% cheaper and signed for two years.")
        with player.step("refuse, done"):
            player.keys("Ctrl+Return")
            player.until(player.is_free, "the refusal")
            player.until(lambda: page.lead.lead_id not in (None, self.refused), "the next lead")
        with player.step("letter in the outbox"):
            player.keys("Alt+5")
        with player.step("letter sent"):
            self.clock.jump(timedelta(minutes=2))
            self.shell.postman.look()
            player.until(lambda: self._letter_is(LetterState.SENT), "the letter's leaving")
            self.shell.letters_requested.emit("sent")
        player.keys("Alt+1")
        page.setFocus()

    def _defer_and_return(self) -> None:
        from leaddesk.ui.dialogs.defer import DeferDialog

        player, page = self.player, self._my_day()
        parked = page.lead.lead_id or 0
        with player.step("defer"):
            player.keys("Ctrl+D")
            player.dialog(DeferDialog)
            player.write("in 3 months")
        with player.step("defer, parked"):
            player.keys("Ctrl+Return")
            player.until(player.is_free, "parking")
            player.keys("Alt+4")
        with player.step("return"):
            self.clock.jump(LATER)
            self.shell.lanes.do(self.window, _return_due(), quiet=True)
            player.keys("Alt+1")
            page.show_lead(parked)
            player.until(lambda: page.lead.card.lead.came_back_at, "the parked lead's return")
            page.setFocus()

    def _undo(self) -> None:
        """The returned lead is called, and the call is taken back and given again."""
        player, page = self.player, self._my_day()
        with player.step("call after the return"):
            before = page.lead.lead_id
            player.keys("3", "Return")
            player.until(partial(_moved_on, page, before), "the lead after the returned one")
        for name, keys, kind in (("undo", "Ctrl+Z", "undo"), ("redo", "Ctrl+Shift+Z", "redo")):
            with player.step(name):
                player.keys(keys)
            newest = self.shell.lanes.desk.read(_newest())[0]
            player.expect(newest.kind == kind, f"{keys} does what it says, not “{newest.words}”")

    def _letters(self) -> None:
        """The refused lead answers its letter, and heads the queue."""
        player = self.player
        with player.step("letter answered"):
            self.post.answering = True
            self.shell.postman.collect()
            player.until(lambda: self._letter_is(LetterState.SENT, answered=True), "the answer")
            self.shell.letters_requested.emit("answers")
        with player.step("letter templates"):
            self.shell.letters_requested.emit("templates")
        with player.step("came back"):
            player.keys("Alt+1")
            self._my_day().show_lead(self.refused)
            player.until(lambda: self._my_day().lead.lead_id == self.refused, "who answered")
            self._my_day().setFocus()

    def _letter_is(self, state: LetterState, *, answered: bool = False) -> bool:
        from leaddesk.workflow.outbox import Outbox

        rows = self.shell.lanes.desk.read(Outbox(states=(state,), lead_id=self.refused))
        return any(row.answered_at is not None or not answered for row in rows)

    def _look_around(self) -> None:
        player = self.player
        for name, keys in (("leads", "Alt+2"), ("clients", "Alt+3"), ("settings", "Ctrl+,")):
            with player.step(name):
                player.keys(keys)
        with player.step("search"):
            player.keys("Alt+1", "Ctrl+F")
            player.write("son")
        player.keys("Escape")
        for name, keys in (("all commands", "Ctrl+K"), ("all keys", "F1")):
            with player.step(name):
                player.keys(keys)
            player.keys("Escape")
        with player.step("dark"):
            self.shell.theme.choose("dark")
            player.keys("Alt+1", "F2")
        self.shell.theme.choose("light")

    def _my_day(self) -> Any:
        from leaddesk.ui.pages.my_day import MyDayPage

        page = self.window.made_page("my_day")
        assert isinstance(page, MyDayPage)  # noqa: S101 - for the reader and the type checker
        return page


def _furnished(desk: Desk) -> Desk:
    """A floor with a name, and somebody who sits there."""
    from leaddesk.tour.mail import HOST
    from leaddesk.workflow.desk import Desk as NewDesk
    from leaddesk.workflow.settings import ChangeSetting
    from leaddesk.workflow.team import ChangeUser

    user = desk.do(ChangeUser(desk.user.id, {"name": "Anna Szabó", "phone": "+36 1 555 0134"})).value
    desk.do(ChangeSetting("letters.company", "Nordwind Headsets"))
    desk.do(ChangeSetting("letters.smtp_host", HOST))
    desk.do(ChangeSetting("letters.imap_host", HOST))
    desk.do(ChangeSetting("letters.from_address", "anna.szabo@nordwind.example"))
    desk.do(ChangeSetting("letters.offer", "headsets with replaceable cushions"))
    return NewDesk(desk.store, desk.clock, user)


def _moved_on(page: Any, before: int | None) -> bool:
    return page.lead.lead_id not in (None, before)


def _newest() -> Any:
    from leaddesk.workflow.undo import Journal

    return Journal(1)


def _return_due() -> Any:
    from leaddesk.workflow.parking import ReturnDueLeads

    return ReturnDueLeads(automatic=True)
