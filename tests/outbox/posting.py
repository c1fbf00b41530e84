"""A floor with a mail server: settings, a keyring of the test's own, leads with addresses, and a postman."""

from collections.abc import Callable
from dataclasses import dataclass, field

from leaddesk.exchange.posting import Postman
from leaddesk.exchange.smtp import SmtpServer
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.letters import LetterById
from leaddesk.workflow.mail import MailServer, ServerSettings
from leaddesk.workflow.outbox import Outbox
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.settings import ChangeSetting
from leaddesk.workflow.vocabulary import LetterState
from tests.engines import TestClock
from tests.mail_server import LoopbackSmtp
from tests.workflow.making import add

FROM = "sales@nordwind.example"
MINUTE = 61


@dataclass
class Keyring:
    """The outside world's: passwords in memory."""

    kept: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def put(self, name: str, secret: str) -> None:
        self.kept[name] = secret


def set_up(desk: Desk, server: LoopbackSmtp, **more: str) -> None:
    """Have letters leave by this server."""
    wanted = {
        "smtp_host": server.host,
        "smtp_port": str(server.port),
        "smtp_security": "none",
        "from_address": FROM,
        "per_minute": "1000",
        **more,
    }
    for key, value in wanted.items():
        desk.do(ChangeSetting(f"letters.{key}", value))


def connecting(clock: TestClock, patience_s: int = 5) -> Callable[[ServerSettings], MailServer]:
    return lambda settings: SmtpServer(settings, clock, patience_s=patience_s)


def postman(desk: Desk, clock: TestClock) -> Postman:
    return Postman(desk, connecting(clock), Keyring())


def refuse(desk: Desk, address: str, *, reason: str = "price", **more: str) -> Letter:
    """A new lead with this address refuses; gives its letter."""
    lead = add(desk, address, name=more.pop("name", "Olena Hrytsenko"), language=more.pop("language", ""))
    letter = desk.do(RefuseLead(lead_id=lead.id, reason=reason, **more)).value.letter  # type: ignore[arg-type]
    assert letter is not None
    return letter


def stored(desk: Desk, letter: Letter) -> Letter:
    found = desk.read(LetterById(letter.id))
    assert found is not None
    return found


def states(desk: Desk) -> list[LetterState]:
    """Of every letter, oldest first."""
    return [row.state for row in reversed(desk.read(Outbox(limit=10_000)))]
