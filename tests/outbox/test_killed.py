"""kill -9 at fifty random points while letters are sent: everybody gets at most one, and none is lost."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from leaddesk.workflow.desk import Desk
from leaddesk.workflow.outbox import Outbox
from leaddesk.workflow.refusals import RefuseLeads, Wish
from leaddesk.workflow.sending import LEASE_S
from leaddesk.workflow.vocabulary import LetterState
from tests.mail_server import LoopbackSmtp
from tests.outbox.posting import set_up
from tests.workflow.making import add

LETTERS = 120
KILLS = 50
PATIENCE = 30

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="senders are forked, which this system cannot")


class Nursery:
    """Starts senders one after the other, each a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]", target: str) -> None:
        self._process = process
        self._target = target
        self._shift = 0

    def start(self, statement: int = 0) -> int:
        """The next sender's process id; its clock is past the lease of the one before."""
        self._shift += LEASE_S + 60
        assert self._process.stdin is not None
        self._process.stdin.write(f"{self._target}\t{self._shift}\t{statement}\n")
        self._process.stdin.flush()
        return int(self._line())

    def wait(self) -> None:
        assert self._line() == "ended\n"

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the nursery died"
        return line


@contextmanager
def nursery(target: str) -> Iterator[Nursery]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.outbox.nursery"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        yield Nursery(process, target)
    finally:
        process.communicate(timeout=PATIENCE)


def test_fifty_kills_send_nothing_twice_and_lose_nothing(desk: Desk, target: str | Path) -> None:
    dice = random.Random(37)
    with LoopbackSmtp() as server, nursery(str(target)) as senders:
        set_up(desk, server)
        leads = [add(desk, f"p{n}@klochkivska.example", name=f"Person {n}") for n in range(LETTERS)]
        desk.do(RefuseLeads(lead_ids=tuple(lead.id for lead in leads), wish=Wish(reason="price")))
        for _ in range(KILLS // 2):
            senders.start(statement=dice.randint(1, 60))
            senders.wait()
        for _ in range(KILLS // 2):
            until = len(server.commands) + dice.randint(1, 12)
            child = senders.start()
            server.wait_for_commands(until)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            senders.wait()
        senders.start()
        senders.wait()
        got = Counter(message.to for message in server.messages)
    rows = desk.read(Outbox(limit=1000))
    by_state = Counter(row.state for row in rows)
    assert set(by_state) <= {LetterState.SENT, LetterState.UNCERTAIN}
    assert by_state.total() == LETTERS
    assert by_state[LetterState.SENT] > by_state[LetterState.UNCERTAIN] > 0
    assert max(got.values()) == 1
    assert {row.to_address for row in rows if row.state is LetterState.SENT} <= set(got)
    uncertain = [row for row in rows if row.state is LetterState.UNCERTAIN]
    assert all("may have arrived or not" in row.error for row in uncertain)


def test_two_senders_at_the_same_moment_send_each_letter_once(desk: Desk, target: str | Path) -> None:
    with LoopbackSmtp() as server, nursery(str(target)) as one, nursery(str(target)) as other:
        set_up(desk, server, undo_seconds="0")
        for turn in range(8):
            leads = [add(desk, f"p{turn}.{n}@klochkivska.example") for n in range(4)]
            desk.do(RefuseLeads(lead_ids=tuple(lead.id for lead in leads), wish=Wish(reason="price")))
            for sender in (one, other):
                sender.start()
            for sender in (one, other):
                sender.wait()
        for _ in range(2):
            one.start()
            one.wait()
        got = Counter(message.to for message in server.messages)
    states = Counter(row.state for row in desk.read(Outbox(limit=1000)))
    assert states == {LetterState.SENT: 32}
    assert set(got.values()) == {1}
    assert len(got) == 32
