"""What the Letters page says of a letter: its state, when it leaves or left, and why it did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.workflow.vocabulary import LetterState
from leaddesk.workflow.when import say_when

if TYPE_CHECKING:
    from datetime import datetime, timedelta, tzinfo

    from leaddesk.workflow.letter_entities import Letter

STATES = {
    LetterState.DRAFT: ("draft", "chip"),
    LetterState.WITHDRAWN: ("taken out", "chip"),
    LetterState.QUEUED: ("waiting", "accent"),
    LetterState.SENDING: ("leaving", "warm"),
    LetterState.SENT: ("sent", "ok"),
    LetterState.SAVED: ("left otherwise", "chip"),
    LetterState.FAILED: ("failed", "hot"),
    LetterState.UNCERTAIN: ("uncertain", "warm"),
}
"""A state as a chip says it, and the chip's colour family."""


def chip_of(state: LetterState, answered: datetime | None) -> tuple[str, str]:
    """Word and colour family."""
    return ("answered", "ok") if answered is not None and state is LetterState.SENT else STATES[state]


def span(left: timedelta) -> str:
    """How long it is still: "43 s", "5 min", "3 h"."""
    seconds = max(0, round(left.total_seconds()))
    if seconds < 100:
        return f"{seconds} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{round(seconds / 3600)} h"


def leaves(send_after: datetime | None, now: datetime, tries: int = 0, paused_until: datetime | None = None) -> str:
    """When a waiting letter leaves."""
    at = max(filter(None, (send_after, paused_until)), default=None)
    if at is None or at <= now:
        return "leaves now"
    return f"tried again in {span(at - now)}" if tries else f"leaves in {span(at - now)}"


def state_words(letter: Letter, now: datetime, zone: tzinfo, *, can_send: bool, paused_until: datetime | None) -> str:
    """The state of one letter in a sentence or two, with the reason where there is one."""
    state = letter.state
    if state is LetterState.QUEUED:
        when = leaves(letter.send_after, now, letter.tries, paused_until)
        why = f" {letter.error}" if letter.error else ""
        return f"{when[:1].upper()}{when[1:]}.{why}"
    if state is LetterState.SENT:
        return _sent(letter, now, zone)
    if state is LetterState.DRAFT:
        return letter.error or (
            "Not sent yet." if can_send else "Not sent: no mail server is set up. It can leave as a file."
        )
    if state is LetterState.UNCERTAIN:
        return f"{letter.error} Sent again, it may come twice."
    return {
        LetterState.SENDING: "The mail server is taking it at this moment.",
        LetterState.SAVED: "It left by another way than our outbox: a file, the clipboard, a mail program.",
        LetterState.WITHDRAWN: letter.error or "Taken out of the outbox. It can be put in again.",
        LetterState.FAILED: letter.error or "It could not be sent.",
    }[state]


def _sent(letter: Letter, now: datetime, zone: tzinfo) -> str:
    def when(moment: datetime) -> str:
        return say_when(moment.astimezone(zone), now.astimezone(zone))

    parts = [f"Sent {when(letter.sent_at)}" if letter.sent_at else "Sent"]
    if letter.from_address:
        parts[0] += f" from {letter.from_address}"
    if letter.answered_at:
        parts.append(f"Answered {when(letter.answered_at)}")
    return "".join(f"{part}. " for part in parts).strip()
