"""The words of the sales floor, as types. The same words stand on the screen and in the database."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a lead is in its life; `lifecycle.py` says which move is legal."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    QUALIFIED = "qualified"
    CONVERTED = "converted"
    REFUSED = "refused"
    DEFERRED = "deferred"
    DISQUALIFIED = "disqualified"

    @property
    def words(self) -> str:
        """The status as people say it."""
        return self.value.replace("_", " ")


OPEN_STATUSES = (Status.NEW, Status.IN_PROGRESS, Status.QUALIFIED)
PARKED_STATUSES = (Status.DEFERRED, Status.REFUSED)
HELD_FROM = 50
"""Weight of the signs that a lead may not be real, of a hundred, from which it is kept out of the queue."""


class Temperature(StrEnum):
    """Readiness to buy. Hot goes first."""

    COLD = "cold"
    WARM = "warm"
    HOT = "hot"


class Role(StrEnum):
    """What a user may do; each role may do all that the ones before it may."""

    OPERATOR = "operator"
    TEAM_LEAD = "team_lead"
    ADMIN = "admin"

    def covers(self, needed: Role) -> bool:
        """Whether this role may do what `needed` may."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


class UserState(StrEnum):
    """`INVITED` users came as owner names in an imported file and have not signed in yet."""

    ACTIVE = "active"
    INVITED = "invited"
    LEFT = "left"


class SourceKind(StrEnum):
    """Seeds: word of mouth. Nets: inbound marketing. Spears: targeted outbound."""

    SEED = "seed"
    NET = "net"
    SPEAR = "spear"


class Channel(StrEnum):
    """A way to reach somebody."""

    PHONE = "phone"
    EMAIL = "email"
    TELEGRAM = "telegram"
    WHATSAPP = "whatsapp"
    VIBER = "viber"
    SKYPE = "skype"
    LINKEDIN = "linkedin"
    FACEBOOK = "facebook"
    OTHER = "other"


MESSENGERS = tuple(c for c in Channel if c not in (Channel.PHONE, Channel.EMAIL))


class PointState(StrEnum):
    """What is known of one phone or address."""

    UNKNOWN = "unknown"
    VALID = "valid"
    INVALID = "invalid"
    WRONG_PERSON = "wrong_person"

    @property
    def words(self) -> str:
        """The state as people say it."""
        return self.value.replace("_", " ")


class Reach(StrEnum):
    """Whether a lead can be called at all. `BARRED`: it asked not to be, or all its numbers are suppressed."""

    PHONE = "phone"
    NONE = "none"
    BARRED = "barred"


class TaskKind(StrEnum):
    """What is to be done. A promised callback is a `CALL` whose `promised` is set."""

    CALL = "call"
    LETTER = "letter"
    OFFER = "offer"
    PRICE_LIST = "price_list"
    MEETING = "meeting"
    OTHER = "other"

    @property
    def words(self) -> str:
        """The kind as people say it."""
        return self.value.replace("_", " ")


class PartOfDay(StrEnum):
    """Parts of the lead's own day; retries move from one to another. Limits are in `calling_hours.py`."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Section(StrEnum):
    """Why a lead is in the queue, in the order in which the queue offers them."""

    CALLBACK = "callback"
    CAME_BACK = "came_back"
    TASK = "task"
    NEW = "new"
    RETRY = "retry"
    LATER = "later"

    @property
    def words(self) -> str:
        """The heading over such rows."""
        return {
            Section.CALLBACK: "Promised callbacks",
            Section.CAME_BACK: "Came back",
            Section.TASK: "Tasks",
            Section.NEW: "New",
            Section.RETRY: "Try again",
            Section.LATER: "Later",
        }[self]


class RefusalKind(StrEnum):
    """How far a "no" goes: nobody answers us, nobody will talk now, or it is a plain no."""

    FULL = "full"
    NOT_NOW = "not_now"
    IGNORES = "ignores"

    @property
    def words(self) -> str:
        """The kind as people say it."""
        return {"full": "full refusal", "not_now": "won’t talk now", "ignores": "ignores us"}[self.value]


class LetterKind(StrEnum):
    """What a letter is for."""

    FAREWELL = "farewell"
    GREETING = "greeting"
    OFFER = "offer"
    COMEBACK = "comeback"


class LetterState(StrEnum):
    """A letter's life: draft → queued → sending → sent, failed or uncertain.

    `SENDING` is written down right before the text goes out, so whoever finds it after a crash knows that nobody
    knows: the letter becomes `UNCERTAIN` and only a person sends it again. `SAVED`: it left by another way (a file,
    the clipboard, a mail program). `WITHDRAWN`: taken out of the outbox, by hand or because its address is suppressed.
    """

    DRAFT = "draft"
    SAVED = "saved"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    WITHDRAWN = "withdrawn"

    @property
    def has_left(self) -> bool:
        """Whether it may be in somebody's mailbox by now."""
        return self in (LetterState.SENDING, LetterState.SENT, LetterState.UNCERTAIN)


UNSENT_STATES = (LetterState.DRAFT, LetterState.QUEUED, LetterState.FAILED)
"""Letters whose text may still be changed: nobody has them."""
