"""What comes back: answers onto the card and into the queue, bounces onto the address, STOP onto the suppressions."""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from leaddesk.exchange.mail_reading import read
from leaddesk.exchange.post_office import PostOffice
from leaddesk.workflow.cards import LeadCard, LeadCardData
from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.errors import Refused, Unavailable
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.mail import MailboxMark
from leaddesk.workflow.outbox import OutboxNow
from leaddesk.workflow.parking import BringBack
from leaddesk.workflow.queue import Queue
from leaddesk.workflow.replies import MailboxRead, NewestReply, Replies, SaveReply, TakeIn
from leaddesk.workflow.settings import ChangeSetting
from leaddesk.workflow.undo import Journal, Undo
from leaddesk.workflow.vocabulary import LetterKind, LetterState, PointState, Section, Status
from tests.engines import TestClock
from tests.mail_server import LoopbackSmtp, Step
from tests.mailbox_server import PASSWORD, USER, MailboxServer, mailbox_server
from tests.outbox.posting import FROM, MINUTE, Keyring, postman, refuse, set_up, stored
from tests.workflow.making import add, now_is, open_tasks

THEIRS = "olena@klochkivska.example"


@pytest.fixture
def sent(desk: Desk, clock: TestClock) -> Iterator[tuple[Letter, EmailMessage]]:
    """A farewell letter that arrived, as kept and as received."""
    with LoopbackSmtp() as server:
        set_up(desk, server, reply_to=FROM, plus_address="yes")
        letter = refuse(desk, THEIRS, language="en")
        clock.forward(seconds=MINUTE)
        assert postman(desk, clock).round().sent == 1
        yield stored(desk, letter), server.messages[0].parsed()


def answer(to: EmailMessage, text: str, **headers: str) -> bytes:
    """A mail program's reply."""
    message = EmailMessage(policy=SMTP)
    usual = {
        "From": f"Olena <{THEIRS}>",
        "To": str(to["From"]),
        "Subject": f"Re: {to['Subject']}",
        "Message-ID": f"<answer-{abs(hash(text))}@klochkivska.example>",
        "In-Reply-To": str(to["Message-ID"]),
        "Date": "Mon, 02 Mar 2026 10:00:00 +0000",
    }
    for name, value in {**usual, **headers}.items():
        if value:
            message[name] = value
    message.set_content(text)
    return message.as_bytes()


def take_in(desk: Desk, message: bytes, uid: int = 1) -> None:
    desk.do(TakeIn(incoming=read(message), mark=MailboxMark(1, uid)))


def card_of(desk: Desk, letter: Letter) -> LeadCardData:
    return desk.read(LeadCard(letter.lead_id))


def test_an_answer_brings_the_lead_to_the_head_of_came_back(
    desk: Desk, clock: TestClock, sent: tuple[Letter, EmailMessage]
) -> None:
    letter, received = sent
    other = add(desk, "+380674410098", name="Somebody New")
    take_in(desk, answer(received, "1. the price\n2. ten percent less\n3. in May\n\nOlena\n"))
    card = card_of(desk, letter)
    assert (card.lead.status, card.lead.came_back_why) == (Status.IN_PROGRESS, "Answered the farewell letter")
    assert stored(desk, letter).answered_at == clock.now()
    [row] = desk.read(Replies(lead_id=letter.lead_id))
    assert row.reply.answers == {"1": "the price", "2": "ten percent less", "3": "in May"}
    assert (row.reply.letter_id, row.reply.refusal_id, row.reply.from_address) == (letter.id, letter.refusal_id, THEIRS)
    assert [task.title for task in open_tasks(desk, card.lead)] == ["Answered the farewell letter"]
    told = [line for line in card.timeline if line.kind == "reply"]
    assert len(told) == 1
    assert "the price" in told[0].text
    [refusal] = card.refusals
    assert refusal.returned_at == clock.now()
    rows = desk.read(Queue()).rows
    assert [(r.lead_id, r.section) for r in rows[:1]] == [(letter.lead_id, Section.CAME_BACK)]
    assert other.id in [r.lead_id for r in rows]


def test_the_same_letter_read_twice_is_one_answer(desk: Desk, sent: tuple[Letter, EmailMessage]) -> None:
    letter, received = sent
    for uid in (1, 2):
        take_in(desk, answer(received, "1. the price\n"), uid)
    assert len(desk.read(Replies(lead_id=letter.lead_id))) == 1
    assert desk.read(MailboxRead()) == MailboxMark(1, 2)


@pytest.mark.parametrize(
    "headers",
    [
        {"In-Reply-To": "", "References": "<other@x.example> {id}"},
        {"In-Reply-To": "", "To": "{plus}"},
        {"In-Reply-To": "<unknown@x.example>", "To": "{plus}"},
    ],
)
def test_an_answer_is_known_by_references_or_the_plus_address(
    desk: Desk, sent: tuple[Letter, EmailMessage], headers: dict[str, str]
) -> None:
    letter, received = sent
    plus = received["Reply-To"].addresses[0].addr_spec
    assert plus == f"sales+{letter.message_id[1:21]}@nordwind.example"
    given = {name: value.format(id=letter.message_id, plus=plus) for name, value in headers.items()}
    take_in(desk, answer(received, "Let us talk in May.\n", **given))
    [row] = desk.read(Replies(lead_id=letter.lead_id))
    assert (row.reply.text.strip(), row.reply.answers) == ("Let us talk in May.", {})


def test_letters_that_are_not_ours_are_passed_over(desk: Desk, sent: tuple[Letter, EmailMessage]) -> None:
    letter, received = sent
    take_in(desk, answer(received, "Buy this", **{"In-Reply-To": "<spam@x.example>"}), 7)
    desk.do(TakeIn(incoming=None, mark=MailboxMark(1, 8)))
    assert desk.read(Replies()) == []
    assert now_is(desk, Lead(id=letter.lead_id)).status is Status.REFUSED
    assert desk.read(MailboxRead()).uid == 8
    assert [o.command for o in desk.read(Journal()) if o.command == "TakeIn"] == []


def test_nobody_wrote_an_out_of_office(desk: Desk, sent: tuple[Letter, EmailMessage]) -> None:
    letter, received = sent
    take_in(desk, answer(received, "I am away until May.", **{"Auto-Submitted": "auto-replied"}))
    assert now_is(desk, Lead(id=letter.lead_id)).status is Status.REFUSED
    assert desk.read(Replies()) == []


def test_stop_suppresses_the_address_and_leaves_the_lead_where_it_is(
    desk: Desk, clock: TestClock, sent: tuple[Letter, EmailMessage]
) -> None:
    letter, received = sent
    take_in(desk, answer(received, "STOP\n"))
    lead = now_is(desk, Lead(id=letter.lead_id))
    assert (lead.status, lead.no_mail) == (Status.REFUSED, True)
    again = add(desk, THEIRS)
    from leaddesk.workflow.refusals import RefuseLead

    assert (
        desk.do(RefuseLead(lead_id=again.id, reason="price")).value.why_no_letter
        == "no letter: the address is suppressed"
    )


DSN = """From: MAILER-DAEMON@mx.example
To: {sender}
Subject: Undelivered Mail Returned to Sender
Message-ID: <dsn-1@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {to}
Action: failed
Status: {status}
Diagnostic-Code: smtp; 550 {status} no

--b
Content-Type: text/rfc822-headers

Message-ID: {id}
From: {sender}
To: {to}

--b--
"""


@pytest.mark.parametrize(("status", "dead"), [("5.1.1", True), ("5.2.2", False), ("5.7.1", False)])
def test_a_bounce_marks_the_letter_and_a_dead_address(
    desk: Desk, sent: tuple[Letter, EmailMessage], status: str, dead: bool
) -> None:
    letter, _received = sent
    text = DSN.format(sender=FROM, to=THEIRS, id=letter.message_id, status=status).replace("\n", "\r\n")
    take_in(desk, text.encode())
    after = stored(desk, letter)
    assert (after.state, after.bounced_at is not None) == (LetterState.FAILED, True)
    assert status in after.error
    [point] = card_of(desk, letter).points
    assert (point.state is PointState.INVALID) == dead


def test_an_answer_of_a_client_goes_to_the_clients_owner(
    desk: Desk, operator_desk: Desk, sent: tuple[Letter, EmailMessage]
) -> None:
    letter, received = sent
    desk.do(BringBack(letter.lead_id))
    client = desk.do(ConvertLead(lead_id=letter.lead_id, values={"owner_id": operator_desk.user.id})).value
    take_in(desk, answer(received, "Good day!\n"))
    assert now_is(desk, Lead(id=letter.lead_id)).status is Status.CONVERTED
    [task] = [t for t in card_of(desk, letter).tasks if t.is_open]
    assert (task.client_id, task.owner_id) == (client.id, operator_desk.user.id)


def test_an_answer_cannot_be_undone_but_corrected(desk: Desk, sent: tuple[Letter, EmailMessage]) -> None:
    letter, received = sent
    take_in(desk, answer(received, "1. the price\n"))
    taken = next(o for o in desk.read(Journal()) if o.command == "TakeIn")
    with pytest.raises(Refused, match="has happened and cannot be undone"):
        desk.do(Undo(taken.id))
    [row] = desk.read(Replies())
    desk.do(
        SaveReply(lead_id=letter.lead_id, reply_id=row.reply.id, text="changed", answers={"1": "the service", "4": "x"})
    )
    [row] = desk.read(Replies())
    assert (row.reply.answers, row.reply.text.strip()) == ({"1": "the service"}, "1. the price")
    with pytest.raises(Refused, match="Write down what they answered"):
        desk.do(SaveReply(lead_id=letter.lead_id))


def test_what_was_told_on_the_phone_is_typed_in(desk: Desk, sent: tuple[Letter, EmailMessage]) -> None:
    letter, _received = sent
    reply = desk.do(SaveReply(lead_id=letter.lead_id, text="said in a call", answers={"3": "in spring"})).value
    assert (reply.letter_id, reply.refusal_id, reply.user_id) == (letter.id, letter.refusal_id, desk.user.id)
    assert stored(desk, letter).answered_at is not None
    with pytest.raises(Refused, match="somebody else"):
        desk.do(SaveReply(lead_id=add(desk, "x@y.example").id, letter_id=letter.id, text="not mine"))


# The real mailbox


@pytest.fixture
def mailbox() -> Iterator[MailboxServer]:
    with mailbox_server() as running:
        yield running


def read_from(desk: Desk, mailbox: MailboxServer) -> PostOffice:
    how = mailbox.settings()
    wanted = {"imap_host": how.host, "imap_port": str(how.port), "imap_security": str(how.security), "imap_user": USER}
    for key, value in wanted.items():
        desk.do(ChangeSetting(f"letters.{key}", value))
    return PostOffice(Keyring({f"imap:{USER}": PASSWORD}))


def test_a_reply_put_into_the_mailbox_comes_back_onto_the_lead(
    desk: Desk, clock: TestClock, sent: tuple[Letter, EmailMessage], mailbox: MailboxServer
) -> None:
    _letter, received = sent
    office = read_from(desk, mailbox)
    mailbox.deliver(answer(received, "Nothing of yours", **{"In-Reply-To": "<other@x.example>"}))
    mailbox.deliver(answer(received, "1) цена\n2) на 10% меньше\n3) весной\n"))
    assert office.collect(desk) == 1
    assert office.collect(desk) == 0
    [row] = desk.read(Replies())
    assert row.reply.answers == {"1": "цена", "2": "на 10% меньше", "3": "весной"}
    assert desk.read(Queue()).rows[0].section is Section.CAME_BACK
    assert all("Seen" not in flags for flags in mailbox.flags())
    standing = desk.read(OutboxNow())
    assert (standing.mailbox_at, standing.mailbox_why) == (clock.now(), "")


def test_a_mailbox_that_cannot_be_read_says_why_and_goes_on_later(
    desk: Desk, clock: TestClock, sent: tuple[Letter, EmailMessage], mailbox: MailboxServer
) -> None:
    letter, received = sent
    office = read_from(desk, mailbox)
    desk.do(ChangeSetting("letters.imap_folder", "No such folder"))
    with pytest.raises(Unavailable):
        office.collect(desk)
    assert "No such folder" in desk.read(OutboxNow()).mailbox_why
    desk.do(ChangeSetting("letters.imap_folder", "INBOX"))
    mailbox.deliver(answer(received, "1. price\n"))
    clock.forward(minutes=5)
    assert office.collect(desk) == 1
    assert desk.read(OutboxNow()).mailbox_why == ""
    mailbox.make_anew()
    mailbox.deliver(answer(received, "One more word, by the way.\n"))
    clock.forward(minutes=5)
    assert office.collect(desk) == 1
    assert len(desk.read(Replies(lead_id=letter.lead_id))) == 2


def test_no_mailbox_is_read_where_none_is_set(desk: Desk) -> None:
    assert PostOffice(Keyring()).collect(desk) == 0


def test_a_lost_reply_of_the_server_is_settled_by_the_answer(desk: Desk, clock: TestClock) -> None:
    """Somebody who answers has got the letter."""
    with LoopbackSmtp() as server:
        set_up(desk, server)
        letter = refuse(desk, THEIRS)
        server.on(Step.DOT, drop=True)
        clock.forward(seconds=MINUTE)
        postman(desk, clock).round()
        assert stored(desk, letter).state is LetterState.UNCERTAIN
        clock.forward(minutes=5)
        take_in(desk, answer(server.messages[0].parsed(), "1. price\n"))
        assert stored(desk, letter).state is LetterState.SENT
        assert clock.now() - (stored(desk, letter).sent_at or clock.now()) < timedelta(days=1)


def test_only_what_came_after_is_read_again_and_it_says_what_it_answers(
    desk: Desk, sent: tuple[Letter, EmailMessage]
) -> None:
    letter, received = sent
    assert desk.read(NewestReply()) == 0
    take_in(desk, answer(received, "1. the price\n"), 1)
    newest = desk.read(NewestReply())
    assert desk.read(Replies(after=newest)) == []
    take_in(desk, answer(received, "One more word.\n"), 2)
    [row] = desk.read(Replies(after=newest))
    assert (row.reply.text.strip(), row.kind, row.reply.letter_id) == ("One more word.", LetterKind.FAREWELL, letter.id)
    desk.do(SaveReply(lead_id=add(desk, "x@y.example").id, text="told"))
    assert desk.read(Replies())[0].kind is None
