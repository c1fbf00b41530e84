"""The window with its doors to the world: the only place that knows the window, the files and the demo together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from leaddesk.exchange.post_office import PostOffice
    from leaddesk.exchange.watched_folder import WatchedFolder
    from leaddesk.ui.dialogs.import_wizard_preview import Form, HowToRead, Told
    from leaddesk.ui.main_window import MainWindow
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.entities import User
    from leaddesk.workflow.export import FileForm, Kind
    from leaddesk.workflow.intake import LeadFile, RejectedRow
    from leaddesk.workflow.intake_ready import Readers
    from leaddesk.workflow.letter_entities import Letter
    from leaddesk.workflow.ports import Clock
    from leaddesk.workflow.queue_words import QueueRow
    from leaddesk.workflow.watched_folder import Brought

ROWS_AT_ONCE = 200
"""Rows of one transaction of an import in the window: some tens of milliseconds."""
DEMO_LEADS = 2000
DEMO_CALLS = 6000


class ImportDoor:
    """Opens lists for the wizard and writes the rows left out."""

    @property
    def fields(self) -> Sequence[str]:
        """The fields a column may go to."""
        from leaddesk.exchange.headers import FIELDS

        return tuple(FIELDS)

    def open(self, path: Path, how: HowToRead | None = None) -> LeadFile:
        """Open a list. Raises `Refused` for what is none."""
        from leaddesk.exchange.importing import open_leads

        if how is None:
            return open_leads(path)
        return open_leads(path, encoding=how.encoding, delimiter=how.delimiter, header=how.header, sheet=how.sheet)

    def paste(self, text: str, how: HowToRead | None = None) -> LeadFile:
        """Open rows copied in a spreadsheet. Raises `Refused` for what is no table."""
        from leaddesk.exchange.pasted_leads import paste_leads

        return paste_leads(text, header=how.header if how else None)

    def form(self, file: LeadFile) -> Form:
        """How a list was read."""
        from leaddesk.exchange.importing import OpenedFile
        from leaddesk.ui.dialogs.import_wizard_preview import Form

        if not isinstance(file, OpenedFile):
            return Form()
        table = file.table
        headed = table.headed if table.delimiter or table.sheets else None
        return Form(table.encoding, table.delimiter, table.sheet, table.sheets, headed, table.notes)

    def told(self, file: LeadFile) -> Mapping[str, Told]:
        """What a list's columns were taken for, and why."""
        from leaddesk.exchange.importing import OpenedFile
        from leaddesk.ui.dialogs.import_wizard_preview import Told

        guesses = file.guesses({}) if isinstance(file, OpenedFile) else ()
        laid_out = "a layout that is known"
        return {
            # Nobody has said anything here: a file whose layout is known says it of its columns itself.
            one.header: Told(one.field, one.confidence, laid_out if one.how == "you said so" else one.how, one.offer)
            for one in guesses
        }

    def readers(self) -> Readers:
        """Processes of their own for a long list; chunks so short that a call is logged between two of them."""
        from leaddesk.intake_pool import Pool

        return Pool(chunk=ROWS_AT_ONCE)

    def rejects_path(self, path: Path) -> Path:
        """Where the rows left out go; a file that is there already may be half mended, and stays."""
        from leaddesk.exchange.importing import rejects_path
        from leaddesk.exchange.watched_folder import free_path

        return free_path(rejects_path(path))

    def write_rejects(self, path: Path, columns: Sequence[str], rejects: Sequence[RejectedRow]) -> int:
        """Write the rows left out, with reasons; gives how many."""
        from leaddesk.exchange.importing import write_rejects

        return write_rejects(path, columns, rejects)


class FolderDoor:
    """The watched folder; another one once the settings name another."""

    def __init__(self) -> None:
        """None yet."""
        self._watched: WatchedFolder | None = None

    def look(self, desk: Desk, folder: Path, profile: str, stopped: Callable[[], bool]) -> list[Brought]:
        """Bring in what is ready. Raises `Refused` and `Unavailable`."""
        from leaddesk.exchange.watched_folder import WatchedFolder

        watched = self._watched
        if watched is None or (watched.folder, watched.profile) != (folder, profile):
            self.close()
            watched = self._watched = WatchedFolder(folder, profile)
        return watched.look(desk, stopped)

    def waiting(self) -> Sequence[str]:
        """Files seen that are not taken yet."""
        return self._watched.waiting if self._watched is not None else ()

    def close(self) -> None:
        """Let others watch."""
        if self._watched is not None:
            self._watched.close()
            self._watched = None


def save_letter(shell: Shell, letter: Letter, sender: User, path: Path) -> None:
    """Write a letter as .eml. Raises `Refused` for headers that cannot be, or `OSError`."""
    from leaddesk.exchange.letters_eml import save_eml

    save_eml(path, letter, sender.name, sender.email, shell.clock.now())


def save_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a table as .xlsx, .csv or .json; gives how many rows. Raises `Refused` or `Unavailable`."""
    from leaddesk.exchange.writers import write_table

    return write_table(path, columns, rows)


def export_cards(
    desk: Desk,
    kind: Kind,
    ids: Sequence[int],
    path: Path,
    columns: Sequence[str],
    form: FileForm,
    progress: Callable[[int, int], None],
) -> int:
    """Write these cards to a file; gives how many there were. Raises `Refused` or `Unavailable`."""
    from leaddesk.exchange.exporting import export_these

    return export_these(desk, kind, ids, path, columns, form, progress)


def mail_link(letter: Letter) -> tuple[str, bool]:
    """The letter as a link for the mail program, and whether all of its text is in it. Raises `Refused`."""
    from leaddesk.exchange.mail_message import fits_mailto, mailto_of
    from leaddesk.workflow.mail import Outgoing

    outgoing = Outgoing(
        message_id="",
        sender_name="",
        sender_address="",
        to_address=letter.to_address,
        to_name=letter.to_name,
        subject=letter.subject,
        text=letter.body,
        language=letter.language,
    )
    return mailto_of(outgoing), fits_mailto(outgoing)


def fill_demo(desk: Desk, progress: Callable[[int, int], None]) -> object:
    """Fill an empty desk with made-up people."""
    from leaddesk.demo import fill

    return fill(desk, leads=DEMO_LEADS, calls=DEMO_CALLS, seed=1, progress=progress)


def keep_safe(desk: Desk) -> None:
    """Make the day's backup, where there is none yet."""
    from leaddesk.db.backup import backup_if_due
    from leaddesk.db.store import DbStore

    if isinstance(desk.store, DbStore):
        backup_if_due(desk.store, desk.clock)


def post_office() -> PostOffice:
    """The world of mail. In a lane's thread."""
    from leaddesk.exchange.post_office import PostOffice

    return PostOffice()


def give_post(shell: Shell, post: PostOffice) -> None:
    """From now on letters leave and answers come in."""
    if shell.post is None:
        shell.post = post
    shell.postman.start()


def read_ahead() -> None:
    """Import what the first list needs while nobody waits for it. In a lane's thread."""
    import leaddesk.ui.dialogs.import_wizard  # noqa: F401 - so that the wizard stands at once


def give_doors(shell: Shell) -> None:
    """Give a shell its doors to the world."""
    # Mail takes time to import and is not needed before the database is open.
    shell.opened.connect(lambda: shell.lanes.warm(shell, post_office, partial(give_post, shell)))
    shell.opened.connect(lambda: shell.lanes.warm(shell, read_ahead, lambda _none: None))
    shell.keep_safe = keep_safe
    shell.folder_door = FolderDoor()
    shell.import_door = ImportDoor()
    shell.fill_demo = fill_demo
    shell.save_letter = partial(save_letter, shell)
    shell.save_table = save_table
    shell.export_cards = export_cards
    shell.mail_link = mail_link


def run(
    target: str | Path | None = None,
    login: str | None = None,
    *,
    clock: Clock | None = None,
    began: Callable[[MainWindow], object] = lambda _window: None,
) -> int:
    """Show the window until it is closed; gives the process's exit code.

    Without a `clock` the machine's counts. `began` gets the window before it is shown.
    """
    from leaddesk.ui import app

    def opened() -> Desk:
        from leaddesk.bootstrap import open_desk

        return open_desk(target, login, clock)

    def first_rows() -> tuple[int, Sequence[QueueRow]] | None:
        from leaddesk.bootstrap import read_first_page
        from leaddesk.workflow.ports import SystemClock

        return read_first_page(target, login, (clock or SystemClock()).now())

    return app.run(opened, give_doors, first_rows=first_rows, began=began, clock=clock)
