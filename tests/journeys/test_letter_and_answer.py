"""They refuse, the letter leaves, they answer, they become a client: by keyboard, over a real mail server and mailbox."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from leaddesk.exchange.post_office import PostOffice
from leaddesk.ui.dialogs.convert import ConvertDialog
from leaddesk.ui.dialogs.refuse import RefuseDialog
from leaddesk.ui.post import Post
from leaddesk.workflow.cards import LeadCard
from leaddesk.workflow.changes import Changes
from leaddesk.workflow.letter_files import LETTER_LANGUAGES
from leaddesk.workflow.mail import Security
from leaddesk.workflow.replies import Replies
from leaddesk.workflow.settings import ChangeSetting
from leaddesk.workflow.vocabulary import LetterState, Section, Status
from tests.journeys.day import Day
from tests.mail_server import LoopbackSmtp
from tests.mailbox_server import PASSWORD, USER, MailboxServer, mailbox_server
from tests.outbox.posting import FROM, MINUTE, Keyring, set_up

PERSIAN = re.compile(r"[\u0600-\u06ff]")


@pytest.fixture
def server() -> Iterator[LoopbackSmtp]:
    with LoopbackSmtp() as running:
        yield running


@pytest.fixture
def post(day: Day, server: LoopbackSmtp) -> Iterator[Post]:
    """The window's own postman, over a real mail server."""
    set_up(day.beside, server, reply_to=FROM, plus_address="yes")
    day.shell.post = PostOffice(Keyring({f"imap:{USER}": PASSWORD}))
    day.shell.bridge.tell(Changes(settings=True))
    day.settle()
    day.shell.postman.start()
    yield day.shell.postman
    day.shell.postman.end()


@pytest.fixture
def mailbox(day: Day) -> Iterator[MailboxServer]:
    with mailbox_server() as running:
        how = running.settings(Security.NONE)
        for key, value in (
            ("host", how.host),
            ("port", str(how.port)),
            ("security", "none"),
            ("user", USER),
        ):
            day.beside.do(ChangeSetting(f"letters.imap_{key}", value))
        day.shell.bridge.tell(Changes(settings=True))
        day.settle()
        yield running


def arrives(day: Day, post: Post, server: LoopbackSmtp, count: int = 1) -> EmailMessage:
    """The minute passes; the letter is there."""
    day.clock.forward(seconds=MINUTE)
    post.look()
    day.wait(lambda: len(server.messages) >= count and post.idle())
    return server.messages[-1].parsed()


def test_refuse_change_the_reason_edit_send_answer_reopen_convert(
    day: Day, post: Post, server: LoopbackSmtp, mailbox: MailboxServer
) -> None:
    day.add_leads(3, interest="40 headsets", language="en")
    day.start()
    day.press("F2")
    lead = day.lead_id
    day.press("8", "Enter")
    dialog = day.dialog(RefuseDialog)
    day.press("1")
    assert dialog.reason == "price"
    day.press("4")
    assert dialog.reason == "competitor"
    assert "40 headsets" in dialog.letter.body.toPlainText()
    dialog.letter.body.setFocus()
    day.write("P.S. ")
    assert "P.S. " in dialog.letter.body.toPlainText()
    day.press("Ctrl+Enter")
    day.closed(RefuseDialog)

    card = day.beside.read(LeadCard(lead))
    assert (card.lead.status, [r.reason for r in card.refusals]) == (Status.REFUSED, ["competitor"])
    assert [letter.state for letter in card.letters] == [LetterState.QUEUED]
    assert server.messages == []
    received = arrives(day, post, server)
    assert received["To"].addresses[0].addr_spec == next(p.value for p in card.points if "@" in p.value)
    plain = received.get_body(("plain",))
    assert plain is not None
    assert "P.S. " in plain.get_content()

    answer = EmailMessage(policy=SMTP)
    answer["From"], answer["To"] = str(received["To"]), str(received["Reply-To"])
    answer["Subject"], answer["Message-ID"] = f"Re: {received['Subject']}", "<back@firm.example>"
    answer["In-Reply-To"] = received["Message-ID"]
    answer.set_content("1. the date\n2. delivery in a week\n3. next month\n")
    mailbox.deliver(answer.as_bytes())
    day.clock.forward(minutes=6)
    post.collect()
    day.wait(lambda: bool(day.beside.read(Replies())) and post.idle())
    assert day.beside.read(Replies())[0].reply.answers == {
        "1": "the date",
        "2": "delivery in a week",
        "3": "next month",
    }

    # What another thread wrote is noticed by the window's own watching.
    day.window.look_again()
    day.page.queue.refresh()
    day.settle()
    assert day.page.queue.model.section_of(lead) is Section.CAME_BACK
    assert [line for line in range(3) if day.page.queue.model.lead_id(day.page.queue.model.index(line)) == lead]
    day.press("F2")
    assert day.lead_id == lead
    day.press("6", "Enter")
    day.dialog(ConvertDialog)
    day.press("Ctrl+Enter")
    day.closed(ConvertDialog)
    card = day.beside.read(LeadCard(lead))
    assert card.lead.status is Status.CONVERTED
    assert [line.title for line in card.timeline if line.kind == "reply"] == ["Answered the farewell letter"]
    assert card.refusals[0].returned_at is not None


def test_undo_within_the_minute_takes_both_back_and_nothing_leaves(day: Day, post: Post, server: LoopbackSmtp) -> None:
    day.add_leads(1)
    day.start()
    day.press("F2")
    lead = day.lead_id
    day.press("8", "Enter")
    day.dialog(RefuseDialog)
    day.press("1", "Ctrl+Enter")
    day.closed(RefuseDialog)
    day.press("Ctrl+Z")
    card = day.beside.read(LeadCard(lead))
    assert (card.lead.status, card.letters, card.refusals) == (Status.NEW, (), ())
    day.clock.forward(seconds=MINUTE)
    post.look()
    day.wait(post.idle)
    assert server.messages == []


@pytest.mark.parametrize("language", LETTER_LANGUAGES)
def test_each_language_arrives_as_it_was_shown(day: Day, post: Post, server: LoopbackSmtp, language: str) -> None:
    day.add_leads(1, language=language, interest="40 headsets")
    day.start()
    day.press("F2", "8", "Enter")
    dialog = day.dialog(RefuseDialog)
    day.press("1")
    shown = dialog.letter.body.toPlainText()
    day.press("Ctrl+Enter")
    day.closed(RefuseDialog)
    message = arrives(day, post, server)
    raw = server.messages[0].content
    head = raw.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert b"\r\r" not in raw
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert [str(part.get_content_type()) for part in message.iter_parts()] == ["text/plain", "text/html"]
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n").strip() == shown.strip()
    assert f'lang="{language}"' in html.get_content()
    assert ('dir="rtl"' in html.get_content()) == (language == "fa")
    assert bool(PERSIAN.search(plain.get_content())) == (language == "fa")
    assert message["Content-Language"] == language
    assert message["List-Unsubscribe"].startswith("<mailto:sales+")
    assert re.fullmatch(r"<[0-9a-f]{20}@nordwind\.example>", message["Message-ID"])
    assert message["Reply-To"].addresses[0].username.startswith("sales+")
