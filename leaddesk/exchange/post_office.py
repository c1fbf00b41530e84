"""Everything about mail that needs the world, in one place for the window and the command line: send, read, check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.exchange.keyring_secrets import KeyringSecrets
from leaddesk.exchange.posting import Postman
from leaddesk.workflow.errors import Refused, Unavailable
from leaddesk.workflow.mail import Verdict
from leaddesk.workflow.outbox import imap_settings, secret_name, sender_address, smtp_settings
from leaddesk.workflow.replies import MailboxFailed, MailboxRead, TakeIn
from leaddesk.workflow.sending import OutgoingLetter
from leaddesk.workflow.settings import SettingsNow

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.mail import MailServer, Outgoing, Secrets, SendResult, ServerSettings
    from leaddesk.workflow.sending import Round


class PostOffice:
    """The world of mail for one process. Each method may be called from any thread, one at a time."""

    def __init__(self, keyring: Secrets | None = None) -> None:
        """The machine's own keyring unless a test gives another."""
        self.keyring: Secrets = keyring or KeyringSecrets()
        self._postmen: dict[int, Postman] = {}

    def send(self, desk: Desk, stopped: Callable[[], bool] = lambda: False) -> Round:
        """Send all that is due; see `Postman.round`."""
        if id(desk) not in self._postmen:
            self._postmen[id(desk)] = Postman(desk, lambda how: _server(how, desk), self.keyring)
        return self._postmen[id(desk)].round(stopped)

    def hang_up(self) -> None:
        """Break off a sending that waits for its server; the letter in hand gets the verdict of a broken wire."""
        for postman in list(self._postmen.values()):
            postman.hang_up()

    def collect(self, desk: Desk, stopped: Callable[[], bool] = lambda: False) -> int:
        """Read the mailbox as far as it is new; gives how many answers there were. None is read where none is set.

        Raises `Unavailable` in words where the mailbox cannot be read; the Letters page says so as well.
        """
        from leaddesk.exchange.imap import ImapMailbox
        from leaddesk.exchange.mail_reading import read

        settings = desk.read(SettingsNow())
        how = imap_settings(settings, self.keyring)
        if not how.host:
            return 0
        answers = 0
        box = ImapMailbox(how, desk.clock, folder=settings.text("letters.imap_folder"))
        try:
            mark = desk.read(MailboxRead())
            for now_at, message in box.newer(mark):
                answers += desk.do(TakeIn(incoming=read(message), mark=now_at)).value is not None
                mark = now_at
                if stopped():
                    break
        except Unavailable as failure:
            desk.do(MailboxFailed(failure.words))
            raise
        desk.do(MailboxFailed(""))
        return answers

    def check_smtp(self, desk: Desk) -> SendResult:
        """Whether the mail server takes us, for "Test connection"."""
        from leaddesk.exchange.smtp import check

        settings = desk.read(SettingsNow())
        how = smtp_settings(settings, self.keyring)
        return check(how, sender_address=sender_address(settings, desk.user.email))

    def check_imap(self, desk: Desk) -> str:
        """Words that the mailbox can be read. Raises `Unavailable` saying why not."""
        from leaddesk.exchange.imap import check

        settings = desk.read(SettingsNow())
        how = imap_settings(settings, self.keyring)
        return check(how, desk.clock, settings.text("letters.imap_folder"))

    def send_test(self, desk: Desk, letter: Outgoing) -> SendResult:
        """Send a letter to oneself at once; nothing is written down. Raises `Refused` where it was not taken."""
        server = _server(smtp_settings(desk.read(SettingsNow()), self.keyring), desk)
        try:
            result = server.send(letter, lambda: True)
        finally:
            server.close()
        if result.verdict is not Verdict.SENT:
            raise Refused(result.words)
        return result

    def has_password(self, desk: Desk, kind: str) -> bool:
        """Whether this machine knows the password of "smtp" or "imap"."""
        name = secret_name(desk.read(SettingsNow()), kind)
        return bool(name and self.keyring.get(name))

    def keep_password(self, desk: Desk, kind: str, password: str) -> None:
        """Keep a password in the keyring; "" forgets it. Raises `Refused` before anybody is named to sign in as."""
        name = secret_name(desk.read(SettingsNow()), kind)
        if not name:
            raise Refused("Say first whom to sign in as.", field=f"letters.{kind}_user")
        self.keyring.put(name, password)

    def save(self, desk: Desk, letter_id: int, file: Path) -> None:
        """Write a letter as .eml, whole with HTML and files. Raises `Refused`, or `OSError`."""
        from leaddesk.exchange.letters_eml import save_outgoing

        save_outgoing(file, desk.read(OutgoingLetter(letter_id, to_send=False)), desk.clock.now())

    def mailto(self, letter: Outgoing) -> tuple[str, bool]:
        """The link that opens it in the mail program, and whether all of it fitted."""
        from leaddesk.exchange.mail_message import fits_mailto, mailto_of

        return mailto_of(letter), fits_mailto(letter)


def _server(how: ServerSettings, desk: Desk) -> MailServer:
    from leaddesk.exchange.smtp import SmtpServer

    return SmtpServer(how, desk.clock)
