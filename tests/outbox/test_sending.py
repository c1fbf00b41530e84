"""Letters leave once, after their minute, and never to somebody who must not get one; every failure says why."""

import re
from datetime import timedelta

import pytest

from leaddesk.exchange.posting import LONGEST_AWAY_S
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letters import EditLetter
from leaddesk.workflow.mail import Attachment
from leaddesk.workflow.outbox import (
    OutboxNow,
    QueueLetters,
    SendAgain,
    SendNow,
    SettleUncertain,
    WithdrawLetters,
)
from leaddesk.workflow.refusals import RefuseLeads, Wish
from leaddesk.workflow.sending import LEASE_S, NextToSend, TakeOutbox, wait_after
from leaddesk.workflow.settings import ChangeSetting
from leaddesk.workflow.templates import SaveTemplate
from leaddesk.workflow.vocabulary import LetterState
from tests.engines import TestClock
from tests.mail_server import LoopbackSmtp, Step
from tests.outbox.posting import FROM, MINUTE, Keyring, postman, refuse, set_up, states, stored
from tests.workflow.making import add, now_is


def test_a_refusal_puts_its_letter_into_the_outbox_and_it_leaves_after_the_minute(
    desk: Desk, clock: TestClock, server: LoopbackSmtp
) -> None:
    set_up(desk, server)
    letter = refuse(desk, "olena@klochkivska.example", language="hu")
    assert letter.state is LetterState.QUEUED
    assert re.fullmatch(r"<[0-9a-f]{20}@nordwind\.example>", letter.message_id)
    early = postman(desk, clock).round()
    assert (early.sent, early.next_at) == (0, clock.now() + timedelta(seconds=60))
    assert server.messages == []
    clock.forward(seconds=MINUTE)
    assert postman(desk, clock).round().sent == 1
    [received] = server.messages
    message = received.parsed()
    assert (received.sender, received.to) == (FROM, "olena@klochkivska.example")
    assert message["Message-ID"] == letter.message_id
    assert message["From"].addresses[0].display_name == desk.user.name
    assert "unsubscribe" in message["List-Unsubscribe"]
    assert message["Content-Language"] == "hu"
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().split() == letter.body.split()
    assert 'lang="hu"' in html.get_content()
    after = stored(desk, letter)
    assert (after.state, after.sent_at, after.from_address) == (LetterState.SENT, clock.now(), FROM)
    assert now_is(desk, Lead(id=letter.lead_id)).touches == 1
    assert postman(desk, clock).round().sent == 0
    assert len(server.messages) == 1


def test_without_a_mail_server_letters_stay_drafts(desk: Desk, clock: TestClock) -> None:
    letter = refuse(desk, "olena@klochkivska.example")
    assert letter.state is LetterState.DRAFT
    assert not postman(desk, clock).round()
    with pytest.raises(Refused, match="No mail server is set up"):
        desk.do(QueueLetters(letter_ids=(letter.id,)))


def test_a_draft_from_before_is_sent_once_there_is_a_server(desk: Desk, clock: TestClock, server: LoopbackSmtp) -> None:
    letter = refuse(desk, "olena@klochkivska.example")
    set_up(desk, server, undo_seconds="0")
    assert postman(desk, clock).round().sent == 0
    desk.do(QueueLetters(letter_ids=(letter.id,)))
    assert postman(desk, clock).round().sent == 1
    with pytest.raises(Refused, match="it is sent"):
        desk.do(QueueLetters(letter_ids=(letter.id,)))


def test_a_letter_is_changed_while_it_waits_and_stays_as_it_left(
    desk: Desk, clock: TestClock, server: LoopbackSmtp
) -> None:
    set_up(desk, server)
    letter = refuse(desk, "olena@klochkivska.example")
    desk.do(EditLetter(letter_id=letter.id, subject="Goodbye for now", body="In my own words"))
    clock.forward(seconds=MINUTE)
    assert postman(desk, clock).round().sent == 1
    assert server.messages[0].parsed()["Subject"] == "Goodbye for now"
    text = "Subject: A new way\n\nAnother text\n\nSTOP"
    desk.do(SaveTemplate(key="farewell.price", language="en", text=text))
    assert stored(desk, letter).body == "In my own words"
    with pytest.raises(Refused, match="stays as it was"):
        desk.do(EditLetter(letter_id=letter.id, subject="Later", body="Too late"))
    again = refuse(desk, "second@klochkivska.example")
    assert (again.subject, again.template_version) == ("A new way", 1)


def test_a_temporary_error_waits_longer_each_time_and_is_given_up_at_last(
    desk: Desk, clock: TestClock, server: LoopbackSmtp
) -> None:
    set_up(desk, server, give_up_hours="1")
    letter = refuse(desk, "olena@klochkivska.example")
    server.on(Step.RCPT, "451 4.7.1 Greylisted, try again later")
    clock.forward(seconds=MINUTE)
    waited = []
    while (found := stored(desk, letter)).state is LetterState.QUEUED:
        assert found.send_after is not None
        waited.append((found.send_after - clock.now()) / timedelta(seconds=1))
        clock.moment = max(clock.moment, found.send_after)
        postman(desk, clock).round()
    assert waited[1:5] == [60, 120, 240, 480]
    assert [wait_after(n) for n in (1, 2, 30)] == [60, 120, 4 * 3600]
    assert found.state is LetterState.FAILED
    assert "Greylisted" in found.reply
    server.forgive()
    desk.do(SendAgain(letter_id=letter.id))
    clock.forward(seconds=MINUTE)
    assert postman(desk, clock).round().sent == 1
    assert stored(desk, letter).message_id == letter.message_id


def test_a_permanent_error_stops_and_says_why(desk: Desk, clock: TestClock, server: LoopbackSmtp) -> None:
    set_up(desk, server)
    gone, fine = refuse(desk, "gone@klochkivska.example"), refuse(desk, "fine@klochkivska.example")
    server.on(Step.RCPT, "550 5.1.1 No such user here", to="gone@klochkivska.example")
    clock.forward(seconds=MINUTE)
    done = postman(desk, clock).round()
    assert (done.failed, done.sent) == (1, 1)
    after = stored(desk, gone)
    assert (after.state, "No such user" in after.reply) == (LetterState.FAILED, True)
    assert after.error
    assert stored(desk, fine).state is LetterState.SENT


def test_a_refused_password_stops_the_outbox_and_fails_no_letter(desk: Desk, clock: TestClock) -> None:
    with LoopbackSmtp(user="sales", password="right", auth_without_tls=True) as server:
        set_up(desk, server, smtp_user="sales")
        letters = [refuse(desk, f"p{n}@klochkivska.example") for n in range(3)]
        clock.forward(seconds=MINUTE)
        ring = Keyring()
        sender = postman(desk, clock)
        sender._keyring = ring
        assert "no password" in sender.round().why
        ring.put("smtp:sales", "wrong")
        assert "password" in sender.round().why
        assert states(desk) == [LetterState.QUEUED] * 3
        standing = desk.read(OutboxNow())
        assert standing.paused_until is not None
        assert "wrong" not in standing.why
        assert sender.round().sent == 0
        ring.put("smtp:sales", "right")
        clock.forward(seconds=301)
        assert sender.round().sent == 3
        assert desk.read(OutboxNow()).paused_until is None
        assert stored(desk, letters[0]).error == ""


def test_an_outbox_that_was_offline_for_a_week_catches_up(desk: Desk, clock: TestClock, server: LoopbackSmtp) -> None:
    set_up(desk, server)
    letters = [refuse(desk, f"p{n}@klochkivska.example") for n in range(3)]
    sender = postman(desk, clock)
    server.on(Step.CONNECT, drop=True)
    for _ in range(12):
        clock.forward(hours=14)
        sender.round()
    assert all(stored(desk, letter).state is LetterState.QUEUED for letter in letters)
    assert all(stored(desk, letter).tries == 0 for letter in letters)
    paused = desk.read(OutboxNow()).paused_until
    assert paused is not None
    assert paused - clock.now() <= timedelta(seconds=LONGEST_AWAY_S)
    server.forgive()
    clock.forward(seconds=LONGEST_AWAY_S + 1)
    assert sender.round().sent == 3


def test_the_server_dies_at_letter_37_of_100_before_it_says_so(
    desk: Desk, clock: TestClock, server: LoopbackSmtp
) -> None:
    set_up(desk, server)
    for n in range(100):
        refuse(desk, f"p{n}@klochkivska.example")
    server.on(Step.DOT, drop=True, skip=36, times=1)
    server.on(Step.CONNECT, drop=True, skip=1)
    clock.forward(seconds=MINUTE)
    sender = postman(desk, clock)
    first = sender.round()
    assert (first.sent, first.uncertain) == (36, 1)
    assert states(desk)[35:38] == [LetterState.SENT, LetterState.UNCERTAIN, LetterState.QUEUED]
    server.forgive()
    for _ in range(3):
        clock.forward(hours=1)
        sender.round()
    assert sorted(states(desk)) == sorted([LetterState.SENT] * 99 + [LetterState.UNCERTAIN])
    assert len(server.messages) == 100
    assert len({m.to for m in server.messages}) == 100


def test_an_uncertain_letter_is_a_persons_decision(desk: Desk, clock: TestClock, server: LoopbackSmtp) -> None:
    set_up(desk, server)
    sure, again = refuse(desk, "sure@klochkivska.example"), refuse(desk, "again@klochkivska.example")
    server.on(Step.DOT, drop=True, times=2)
    clock.forward(seconds=MINUTE)
    assert postman(desk, clock).round().uncertain == 2
    clock.forward(days=3)
    assert postman(desk, clock).round().sent == 0
    with pytest.raises(Refused, match="has left already"):
        desk.do(WithdrawLetters(letter_ids=(sure.id,)))
    assert desk.do(SettleUncertain(letter_id=sure.id, arrived=True)).value.state is LetterState.SENT
    desk.do(SendAgain(letter_id=again.id))
    clock.forward(seconds=MINUTE)
    assert postman(desk, clock).round().sent == 1
    ids = [m.parsed()["Message-ID"] for m in server.messages if m.to == "again@klochkivska.example"]
    assert ids == [again.message_id] * 2


def test_only_one_sender_at_a_time(desk: Desk, clock: TestClock, server: LoopbackSmtp) -> None:
    set_up(desk, server)
    refuse(desk, "olena@klochkivska.example")
    clock.forward(seconds=MINUTE)
    assert desk.do(TakeOutbox(holder="another window")).value
    assert postman(desk, clock).round().why == "Another LeadDesk is sending."
    assert server.messages == []
    clock.forward(seconds=LEASE_S + 1)
    assert postman(desk, clock).round().sent == 1


def test_a_letter_a_dead_sender_was_sending_is_uncertain_for_the_next(
    desk: Desk, clock: TestClock, server: LoopbackSmtp
) -> None:
    from leaddesk.workflow.sending import BeginSending

    set_up(desk, server)
    letter = refuse(desk, "olena@klochkivska.example")
    clock.forward(seconds=MINUTE)
    assert desk.do(TakeOutbox(holder="dead")).value
    assert desk.do(BeginSending(letter_id=letter.id, holder="dead")).value
    assert not desk.do(BeginSending(letter_id=letter.id, holder="dead")).value
    clock.forward(seconds=LEASE_S + 1)
    assert postman(desk, clock).round().sent == 0
    after = stored(desk, letter)
    assert after.state is LetterState.UNCERTAIN
    assert "may have arrived or not" in after.error
    assert server.messages == []


def test_no_more_letters_a_minute_than_allowed(desk: Desk, clock: TestClock, server: LoopbackSmtp) -> None:
    set_up(desk, server, per_minute="2")
    for n in range(5):
        refuse(desk, f"p{n}@klochkivska.example")
    clock.forward(seconds=MINUTE)
    sender = postman(desk, clock)
    assert sender.round().sent == 2
    assert desk.read(NextToSend()).at == clock.now() + timedelta(seconds=60)
    clock.forward(seconds=59)
    assert sender.round().sent == 0
    clock.forward(seconds=1)
    assert sender.round().sent == 2


def test_who_says_send_now_does_not_wait_but_only_for_ones_own(
    desk: Desk, operator_desk: Desk, clock: TestClock, server: LoopbackSmtp
) -> None:
    set_up(desk, server)
    mine, theirs = refuse(desk, "mine@klochkivska.example"), refuse(operator_desk, "theirs@klochkivska.example")
    assert desk.do(SendNow()).value == 1
    assert postman(desk, clock).round().sent == 1
    assert stored(desk, mine).state is LetterState.SENT
    assert stored(desk, theirs).state is LetterState.QUEUED


def test_many_refuse_at_once_each_with_a_letter_in_their_language(
    desk: Desk, clock: TestClock, server: LoopbackSmtp
) -> None:
    set_up(desk, server)
    languages = ("en", "ru", "hu", "et", "az", "fa")
    leads = [add(desk, f"p{n}@klochkivska.example", language=language) for n, language in enumerate(languages)]
    silent = add(desk, "+380674410098")
    done = desk.do(
        RefuseLeads(lead_ids=(*(lead.id for lead in leads), silent.id), wish=Wish(reason="budget", greet=True))
    )
    assert [refused.letter.language if refused.letter else "" for refused in done.value.done] == [*languages, ""]
    clock.forward(seconds=MINUTE)
    assert postman(desk, clock).round().sent == 6
    assert [m.parsed()["Content-Language"] for m in server.messages] == list(languages)
    persian = server.messages[-1].parsed().get_body(("html",))
    assert persian is not None
    assert 'dir="rtl"' in persian.get_content()


def test_a_template_brings_its_files_along(desk: Desk, clock: TestClock, server: LoopbackSmtp) -> None:
    set_up(desk, server)
    prices = Attachment("Прайс 2026.pdf", "application/pdf", b"%PDF-1.7 prices" * 100)
    text = "Subject: Our prices\n\nDear {{ name }}, see the file.\n\nSTOP"
    desk.do(SaveTemplate(key="farewell.price", language="en", text=text, files=(prices,)))
    refuse(desk, "olena@klochkivska.example", language="en")
    clock.forward(seconds=MINUTE)
    assert postman(desk, clock).round().sent == 1
    [attached] = list(server.messages[0].parsed().iter_attachments())
    assert (attached.get_filename(), attached.get_content()) == (prices.name, prices.content)
    with pytest.raises(Refused, match="MB"):
        desk.do(
            SaveTemplate(key="offer", language="en", text=text, files=(Attachment("big", "a/b", bytes(11_000_000)),))
        )


def test_a_sender_without_an_address_is_told_so(desk: Desk, clock: TestClock, server: LoopbackSmtp) -> None:
    set_up(desk, server)
    letter = refuse(desk, "olena@klochkivska.example")
    desk.do(ChangeSetting("letters.from_address", ""))
    clock.forward(seconds=MINUTE)
    assert postman(desk, clock).round().failed == 1
    assert "no e-mail address to send from" in stored(desk, letter).error
