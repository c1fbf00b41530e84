"""Undo within the minute takes back all; once a letter has left, all but the letter."""

from datetime import timedelta

import pytest

from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.refusals import RefuseLead, RefuseLeads, Wish
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import LetterState, Status
from tests.engines import TestClock
from tests.mail_server import LoopbackSmtp, Step
from tests.outbox.posting import MINUTE, postman, refuse, set_up, states, stored
from tests.workflow.making import add, now_is


def test_undo_within_the_minute_takes_back_refusal_and_letter(
    desk: Desk, clock: TestClock, server: LoopbackSmtp
) -> None:
    set_up(desk, server)
    letter = refuse(desk, "olena@klochkivska.example")
    clock.forward(seconds=59)
    desk.do(Undo())
    clock.forward(seconds=600)
    assert postman(desk, clock).round().sent == 0
    assert server.messages == []
    assert now_is(desk, Lead(id=letter.lead_id)).status is Status.NEW
    assert states(desk) == []


def test_what_the_sender_did_cannot_be_undone(desk: Desk, clock: TestClock, server: LoopbackSmtp) -> None:
    from leaddesk.workflow.undo import Journal

    set_up(desk, server)
    letter = refuse(desk, "olena@klochkivska.example")
    clock.forward(seconds=MINUTE)
    postman(desk, clock).round()
    for operation in desk.read(Journal()):
        if operation.command in ("BeginSending", "RecordSending"):
            with pytest.raises(Refused, match="has happened and cannot be undone"):
                desk.do(Undo(operation.id))
    assert stored(desk, letter).state is LetterState.SENT


def test_after_sending_undo_says_what_it_still_can_and_does_it(
    desk: Desk, clock: TestClock, server: LoopbackSmtp
) -> None:
    from leaddesk.workflow.calls import LogCall
    from leaddesk.workflow.cards import LeadCard
    from leaddesk.workflow.refusals import Reasons
    from leaddesk.workflow.undo import HasLeft, Redo

    set_up(desk, server)
    lead = add(desk, "+380674410098", "olena@klochkivska.example")
    call = LogCall(lead_id=lead.id, outcome="refused", note="said no")
    done = desk.do(RefuseLead(lead_id=lead.id, reason="price", until=clock.now() + timedelta(days=90), call=call))
    clock.forward(seconds=MINUTE)
    postman(desk, clock).round()
    with pytest.raises(HasLeft, match=r"to Olena Hrytsenko has left at \d\d:01 .* bring the lead back") as refused:
        desk.do(Undo(done.operation))
    assert refused.value.rest
    assert now_is(desk, lead).status is Status.REFUSED
    undone = desk.do(Undo(done.operation, rest=True))
    assert "but for the letter" in undone.words
    card = desk.read(LeadCard(lead.id))
    assert (card.lead.status, card.lead.return_at, card.lead.touches) == (Status.NEW, None, 1)
    assert [letter.state for letter in card.letters] == [LetterState.SENT]
    assert [refusal.taken_back_at for refusal in card.refusals] == [clock.now()]
    assert {row.reason.key: row.used for row in desk.read(Reasons())}["price"] == 0
    with pytest.raises(Refused, match="cannot be redone"):
        desk.do(Redo())
    assert len(server.messages) == 1


def test_a_refusal_whose_letter_failed_is_undone_whole(desk: Desk, clock: TestClock, server: LoopbackSmtp) -> None:
    from leaddesk.workflow.undo import Redo

    set_up(desk, server)
    lead = add(desk, "olena@klochkivska.example")
    done = desk.do(RefuseLead(lead_id=lead.id, reason="price"))
    server.on(Step.RCPT, "550 5.1.1 No such user here")
    clock.forward(seconds=MINUTE)
    postman(desk, clock).round()
    assert states(desk) == [LetterState.FAILED]
    desk.do(Undo(done.operation))
    assert states(desk) == []
    assert now_is(desk, lead).status is Status.NEW
    desk.do(Redo())
    assert now_is(desk, lead).status is Status.REFUSED
    assert len(states(desk)) == 1


def test_of_many_refused_those_whose_letters_left_keep_them(desk: Desk, clock: TestClock, server: LoopbackSmtp) -> None:
    set_up(desk, server)
    leads = [add(desk, f"p{n}@klochkivska.example") for n in range(4)]
    done = desk.do(RefuseLeads(lead_ids=tuple(lead.id for lead in leads), wish=Wish(reason="price")))
    server.on(Step.CONNECT, drop=True, skip=1)
    server.on(Step.MAIL, drop=True, skip=2)
    clock.forward(seconds=MINUTE)
    postman(desk, clock).round()
    assert states(desk) == [LetterState.SENT] * 2 + [LetterState.QUEUED] * 2
    desk.do(Undo(done.operation, rest=True))
    assert states(desk) == [LetterState.SENT] * 2
    assert [now_is(desk, lead).status for lead in leads] == [Status.NEW] * 4
    server.forgive()
    clock.forward(days=1)
    assert postman(desk, clock).round().sent == 0
    assert len(server.messages) == 2
