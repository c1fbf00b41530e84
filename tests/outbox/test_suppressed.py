"""Who must not be written to is not, whatever happened between queueing and sending; nor is anybody from a copy."""

import shutil
from pathlib import Path

import pytest

from leaddesk.db.backup import backup
from leaddesk.db.opening import open_store
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.outbox import (
    QueueLetters,
)
from leaddesk.workflow.parking import BringBack
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.replies import OptOut
from leaddesk.workflow.suppressions import Suppress
from leaddesk.workflow.vocabulary import LetterState
from tests.engines import TestClock, sit_down
from tests.mail_server import LoopbackSmtp, Step
from tests.outbox.posting import MINUTE, postman, refuse, set_up, stored
from tests.workflow.intake_files import bring
from tests.workflow.making import add

SPELLINGS = ("Olena.Hrytsenko@GMAIL.com", "olenahrytsenko@gmail.com", "olena.hrytsenko+sales@googlemail.com", "mailto:olenahrytsenko@gmail.com")  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_address_suppressed_while_its_letter_waits_gets_nothing(
    desk: Desk, clock: TestClock, server: LoopbackSmtp, spelling: str
) -> None:
    set_up(desk, server)
    letter = refuse(desk, "olena.hrytsenko@gmail.com")
    desk.do(Suppress(spelling))
    clock.forward(seconds=MINUTE)
    assert postman(desk, clock).round().withdrawn == 1
    assert server.messages == []
    after = stored(desk, letter)
    assert (after.state, after.error) == (LetterState.WITHDRAWN, "Not sent: the address is suppressed.")
    with pytest.raises(Refused, match="suppressed"):
        desk.do(QueueLetters(letter_ids=(letter.id,)))
    # Neither a return nor the same address on another card brings it back.
    desk.do(BringBack(letter.lead_id))
    clock.forward(days=1)
    assert postman(desk, clock).round().sent == 0
    other = add(desk, "o.l.e.n.a.hrytsenko@gmail.com")
    assert desk.do(RefuseLead(lead_id=other.id, reason="price")).value.letter is None
    assert server.messages == []


def test_an_address_suppressed_while_the_server_is_already_spoken_to_gets_nothing(
    desk: Desk, clock: TestClock, server: LoopbackSmtp
) -> None:
    """Between the recipient's acceptance and the text lies one more look."""
    set_up(desk, server)
    letter = refuse(desk, "olena@klochkivska.example")
    clock.forward(seconds=MINUTE)
    sender = postman(desk, clock)
    hand_over = sender._hand_over

    def late(connection: object, letter_id: int, outgoing: object) -> object:
        desk.do(Suppress("OLENA@Klochkivska.example"))
        return hand_over(connection, letter_id, outgoing)  # type: ignore[arg-type]

    sender._hand_over = late  # type: ignore[method-assign, assignment]
    assert sender.round().sent == 0
    assert server.seen(Step.RCPT) == 1
    assert server.seen(Step.DATA) == 0
    assert stored(desk, letter).state is LetterState.WITHDRAWN


def test_who_opted_out_gets_nothing(desk: Desk, clock: TestClock, server: LoopbackSmtp) -> None:
    set_up(desk, server)
    letter = refuse(desk, "olena@klochkivska.example")
    desk.do(OptOut(lead_id=letter.lead_id, letters=False))
    clock.forward(seconds=MINUTE)
    assert postman(desk, clock).round().withdrawn == 1
    assert server.messages == []


def test_a_copy_put_back_sends_nothing_that_left_from_the_original(
    template_file: Path, clock: TestClock, server: LoopbackSmtp, tmp_path: Path
) -> None:
    file_store = open_store(shutil.copy(template_file, tmp_path / "leads.db"), clock)
    desk = sit_down(file_store, clock)
    set_up(desk, server)
    letter = refuse(desk, "olena@klochkivska.example")
    copy = backup(file_store, tmp_path / "copy.db", clock).file
    clock.forward(seconds=MINUTE)
    assert postman(desk, clock).round().sent == 1
    restored = open_store(copy, clock, create=False)
    there = sit_down(restored, clock)
    assert stored(there, letter).state is LetterState.QUEUED
    for _ in range(2):
        assert postman(there, clock).round().sent == 0
        clock.forward(days=1)
    assert (stored(there, letter).state, "put back" in stored(there, letter).error) == (LetterState.UNCERTAIN, True)
    refuse(there, "another@klochkivska.example")
    clock.forward(seconds=MINUTE)
    assert postman(there, clock).round().sent == 1
    restored.close()
    file_store.close()
    assert [message.to for message in server.messages] == ["olena@klochkivska.example", "another@klochkivska.example"]


def test_neither_a_list_brought_in_again_nor_a_copy_put_back_frees_an_address(
    template_file: Path, clock: TestClock, server: LoopbackSmtp, tmp_path: Path
) -> None:
    file_store = open_store(shutil.copy(template_file, tmp_path / "leads.db"), clock)
    desk = sit_down(file_store, clock)
    set_up(desk, server)
    letter = refuse(desk, "olena.hrytsenko@gmail.com")
    desk.do(Suppress("olenahrytsenko@gmail.com"))
    clock.forward(seconds=MINUTE)
    assert postman(desk, clock).round().withdrawn == 1
    for way in ("update", "create"):
        bring(desk, tmp_path, "Name;E-mail\nOlena H.;Olena.Hrytsenko@googlemail.com\n", on_duplicate=way)
    restored = open_store(backup(file_store, tmp_path / "copy.db", clock).file, clock, create=False)
    for where in (desk, sit_down(restored, clock)):
        with pytest.raises(Refused, match="suppressed"):
            where.do(QueueLetters(letter_ids=(letter.id,)))
        where.do(BringBack(letter.lead_id))
        again = where.do(RefuseLead(lead_id=letter.lead_id, reason="price")).value
        assert (again.letter, again.why_no_letter) == (None, "no letter: the address is suppressed")
        clock.forward(days=1)
        assert postman(where, clock).round().sent == 0
    restored.close()
    file_store.close()
    assert server.messages == []
