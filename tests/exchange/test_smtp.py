"""Letters handed to a real server that is told to misbehave, one stage at a time."""

import contextlib
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from leaddesk.exchange.mail_message import message_of
from leaddesk.exchange.smtp import SmtpServer, check
from leaddesk.workflow.mail import Attachment, Outgoing, Security, SendResult, ServerSettings, Verdict
from tests.exchange.letters_in_languages import INJECTIONS, LANGUAGES, WORDS, letter_in
from tests.mail_server import PASSWORD, LoopbackSmtp, Step, client_context

DATE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LETTER = letter_in("ru")
HUGE = replace(LETTER, attachments=(Attachment("all.pdf", "application/pdf", b"\x00\xff" * 6_000_000),))
"""16 MB: more than any loopback buffers, so that a sender notices when nobody reads on."""


class Noon:
    def now(self) -> datetime:
        return DATE


class Outbox:
    """What the sender's loop does about a letter: it writes down that it is on its way, and asks once."""

    def __init__(self, server: SmtpServer) -> None:
        self.server = server
        self.written: list[str] = []

    def send(self, letter: Outgoing = LETTER, *, go: bool = True) -> SendResult:
        def about_to_send() -> bool:
            self.written.append(letter.message_id)
            return go

        return self.server.send(letter, about_to_send)


@pytest.fixture
def opened() -> Iterator[contextlib.ExitStack]:
    with contextlib.ExitStack() as stack:
        yield stack


def settings(server: LoopbackSmtp, **values: Any) -> ServerSettings:
    usual = {"host": server.host, "port": server.port, "security": Security.NONE, "timeout_s": 20}
    return ServerSettings(**{**usual, **values})


def outbox(
    stack: contextlib.ExitStack, server: LoopbackSmtp, *, most: int = 50, patience_s: float = 20, **values: Any
) -> Outbox:
    smtp = SmtpServer(
        settings(server, **values),
        Noon(),
        context=client_context(),
        letters_per_connection=most,
        patience_s=patience_s,
    )
    stack.callback(smtp.close)
    return Outbox(smtp)


def test_the_dummy_reads_as_the_protocol_wants() -> None:
    from leaddesk.workflow.mail import MailServer

    server: MailServer = SmtpServer(ServerSettings(host="x.example", port=25, password="s3cret"), Noon())
    assert repr(server) == "SmtpServer(x.example:25)"
    server.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_right_bytes_arrive(opened: contextlib.ExitStack, language: str) -> None:
    server = opened.enter_context(LoopbackSmtp())
    letter = letter_in(language, attachments=(Attachment("prices.csv", "text/csv", b"..\r\n.\r\na;1\r\n"),))
    result = outbox(opened, server).send(letter)
    assert (result.verdict, result.reply) == (Verdict.SENT, "250 2.0.0 Taken")
    (received,) = server.messages
    assert (received.sender, received.to) == ("anna@leaddesk.example", "olena@klochkivska.example")
    assert received.content == message_of(letter, DATE)
    message = received.parsed()
    assert message["subject"] == WORDS[language][1]
    assert message["message-id"] == letter.message_id
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == WORDS[language][2]
    assert ('dir="rtl"' in html.get_content()) == (language == "fa")
    assert received.content.partition(b"\r\n\r\n")[0].isascii()


def test_injections_send_nothing(opened: contextlib.ExitStack) -> None:
    server = opened.enter_context(LoopbackSmtp())
    box = outbox(opened, server)
    assert len(INJECTIONS) >= 20
    results = [box.send(letter_in("en", **values)) for values in INJECTIONS]
    assert {result.verdict for result in results} == {Verdict.NEVER, Verdict.HALT}
    assert all("Correct" in result.words for result in results)
    assert box.written == []
    assert server.commands == []
    assert server.messages == []


REFUSALS = [
    # What the server says where, what we make of it, whether it was written down that the text is on its way.
    (Step.CONNECT, "421 4.3.2 Too busy", Verdict.LATER, False),
    (Step.CONNECT, "554 5.7.1 Go away", Verdict.HALT, False),
    (Step.CONNECT, "HTTP/1.1 400 Bad Request", Verdict.HALT, False),
    (Step.EHLO, "451 4.3.0 Later", Verdict.LATER, False),
    (Step.EHLO, "550 5.7.1 Not from there", Verdict.HALT, False),
    (Step.MAIL, "451 4.7.1 Later", Verdict.LATER, False),
    (Step.MAIL, "421 4.7.0 Too many", Verdict.LATER, False),
    (Step.MAIL, "553 5.7.1 Sender not owned by user", Verdict.HALT, False),
    (Step.MAIL, "530 5.7.0 Must issue a STARTTLS command first", Verdict.HALT, False),
    (Step.MAIL, "552 5.3.4 Message size exceeds fixed limit", Verdict.NEVER, False),
    (Step.RCPT, "450 4.2.0 Greylisted", Verdict.LATER, False),
    (Step.RCPT, "452 4.2.2 Mailbox full", Verdict.LATER, False),
    (Step.RCPT, "550 5.1.1 No such user", Verdict.NEVER, False),
    (Step.RCPT, "552 5.2.2 Mailbox quota exceeded", Verdict.NEVER, False),
    (Step.RCPT, "554 5.7.1 <o@x.example>: Relay access denied", Verdict.HALT, False),
    (Step.RCPT, "553 5.7.1 <a@x.example>: Sender address rejected: not owned by user", Verdict.HALT, False),
    (
        Step.RCPT,
        "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.example",
        Verdict.HALT,
        False,
    ),
    (Step.DATA, "451 4.3.0 Later", Verdict.LATER, True),
    (Step.DATA, "554 5.5.1 No valid recipients", Verdict.NEVER, True),
    (Step.DATA, "250 Fine", Verdict.LATER, True),
    (Step.DOT, "451 4.7.1 Later", Verdict.LATER, True),
    (Step.DOT, "421 4.3.2 Shutting down", Verdict.LATER, True),
    (Step.DOT, "552 5.3.4 Too much", Verdict.NEVER, True),
    (Step.DOT, "554 5.7.1 Looks like spam", Verdict.NEVER, True),
    (Step.DOT, "550 5.4.5 Daily user sending limit exceeded", Verdict.HALT, True),
    (Step.DOT, "354 Go on", Verdict.UNCERTAIN, True),
    (Step.DOT, "Fine!", Verdict.UNCERTAIN, True),
]


@pytest.mark.parametrize(
    ("step", "reply", "verdict", "written"), REFUSALS, ids=[f"{r[0]}-{r[1][:3]}-{r[2]}" for r in REFUSALS]
)
def test_what_a_reply_means(
    opened: contextlib.ExitStack, step: Step, reply: str, verdict: Verdict, written: bool
) -> None:
    server = opened.enter_context(LoopbackSmtp())
    server.on(step, reply)
    box = outbox(opened, server)
    result = box.send()
    assert result.verdict is verdict
    assert result.words
    if reply[:3].isdigit():
        assert result.reply == reply
    assert box.written == ([LETTER.message_id] if written else [])
    assert server.messages == []
    # Once the server is itself again, the same door takes the next letter.
    server.forgive()
    assert box.send(letter_in("hu")).verdict is Verdict.SENT
    assert [letter.parsed()["content-language"] for letter in server.messages] == ["hu"]


DROPS = [
    (Step.CONNECT, LETTER, Verdict.LATER, 0),
    (Step.EHLO, LETTER, Verdict.LATER, 0),
    (Step.MAIL, LETTER, Verdict.LATER, 0),
    (Step.RCPT, LETTER, Verdict.LATER, 0),
    (Step.DATA, LETTER, Verdict.LATER, 0),
    (Step.TEXT, HUGE, Verdict.LATER, 0),
    (Step.DOT, LETTER, Verdict.UNCERTAIN, 1),
]


@pytest.mark.parametrize(("step", "letter", "verdict", "arrived"), DROPS, ids=[drop[0] for drop in DROPS])
def test_what_a_broken_wire_means(
    opened: contextlib.ExitStack, step: Step, letter: Outgoing, verdict: Verdict, arrived: int
) -> None:
    server = opened.enter_context(LoopbackSmtp())
    server.on(step, drop=True)
    box = outbox(opened, server)
    result = box.send(letter)
    assert result.verdict is verdict
    assert result.words
    assert result.reply == ""
    assert len(server.messages) == arrived
    assert server.seen(step) == 1
    server.forgive()
    assert box.send(letter_in("hu")).verdict is Verdict.SENT
    assert len(server.messages) == arrived + 1


def test_a_small_text_cut_short_is_never_taken_for_sent(opened: contextlib.ExitStack) -> None:
    """The whole of it fits into buffers, so that nobody can tell what the server saw of it."""
    server = opened.enter_context(LoopbackSmtp())
    server.on(Step.TEXT, drop=True)
    assert outbox(opened, server).send().verdict in (Verdict.UNCERTAIN, Verdict.LATER)
    assert server.messages == []


def test_what_a_server_says_before_it_hangs_up_on_a_text_counts(opened: contextlib.ExitStack) -> None:
    server = opened.enter_context(LoopbackSmtp())
    server.on(Step.TEXT, "552 5.3.4 Too much", drop=True)
    result = outbox(opened, server).send(HUGE)
    heard = (Verdict.NEVER, "552 5.3.4 Too much")
    # Other systems throw away what was not yet read when the wire breaks.
    assert (result.verdict, result.reply) in ((heard,) if sys.platform == "linux" else (heard, (Verdict.LATER, "")))
    assert server.messages == []


@pytest.mark.parametrize("step", [Step.CONNECT, Step.EHLO, Step.RCPT, Step.DATA])
def test_a_silent_server_is_not_waited_for(opened: contextlib.ExitStack, step: Step) -> None:
    server = opened.enter_context(LoopbackSmtp())
    server.on(step, stall=True)
    result = outbox(opened, server, timeout_s=0.3).send()
    assert result.verdict is Verdict.LATER
    assert result.reply == ""
    assert "did not answer within" in result.words
    assert server.messages == []


def test_silence_after_the_text_is_uncertain(opened: contextlib.ExitStack) -> None:
    server = opened.enter_context(LoopbackSmtp())
    server.on(Step.DOT, stall=True)
    result = outbox(opened, server, patience_s=0.1).send()
    assert result.verdict is Verdict.UNCERTAIN
    assert "may have been sent or not" in result.words


def test_a_sender_that_waits_can_be_stopped(opened: contextlib.ExitStack) -> None:
    server = opened.enter_context(LoopbackSmtp())
    server.on(Step.DOT, stall=True)
    box = outbox(opened, server)
    results: list[SendResult] = []
    sender = threading.Thread(target=lambda: results.append(box.send()))
    sender.start()
    server.wait_for(Step.DOT)
    box.server.hang_up()
    sender.join(30)
    assert [result.verdict for result in results] == [Verdict.UNCERTAIN]


def test_a_letter_taken_back_is_not_sent(opened: contextlib.ExitStack) -> None:
    server = opened.enter_context(LoopbackSmtp())
    box = outbox(opened, server)
    assert box.send(go=False).verdict is Verdict.WITHDRAWN
    assert server.seen(Step.DATA) == 0
    assert server.seen(Step.RSET) == 1
    server.on(Step.RSET, drop=True, skip=1)
    assert box.send(go=False).verdict is Verdict.WITHDRAWN
    server.on(Step.RSET, drop=True)
    assert box.send(go=False).verdict is Verdict.WITHDRAWN
    server.forgive()
    assert box.send().verdict is Verdict.SENT
    assert len(server.messages) == 1


def test_what_we_cannot_write_down_is_not_sent(opened: contextlib.ExitStack) -> None:
    server = opened.enter_context(LoopbackSmtp())
    box = outbox(opened, server)

    def disk_full() -> bool:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        box.server.send(LETTER, disk_full)
    assert server.seen(Step.DATA) == 0
    assert box.send().verdict is Verdict.SENT


def test_one_connection_serves_many_letters(opened: contextlib.ExitStack) -> None:
    server = opened.enter_context(LoopbackSmtp())
    box = outbox(opened, server, most=3)
    assert [box.send().verdict for _ in range(7)] == [Verdict.SENT] * 7
    assert server.connections == 3
    assert len(box.written) == len(server.messages) == 7
    box.server.close()
    box.server.close()
    assert server.seen(Step.QUIT) == 3


@pytest.mark.parametrize("step", [Step.RSET, Step.MAIL, Step.RCPT])
@pytest.mark.parametrize("reply", ["", "421 4.4.2 Idle for too long"])
def test_a_kept_connection_gone_stale_is_renewed(opened: contextlib.ExitStack, step: Step, reply: str) -> None:
    server = opened.enter_context(LoopbackSmtp())
    box = outbox(opened, server)
    assert box.send().verdict is Verdict.SENT
    server.on(step, reply, drop=not reply, times=1)
    assert box.send(letter_in("hu")).verdict is Verdict.SENT
    assert server.connections == 2
    assert [letter.parsed()["content-language"] for letter in server.messages] == ["ru", "hu"]
    assert len(box.written) == 2


def test_after_the_text_was_begun_nothing_is_tried_again(opened: contextlib.ExitStack) -> None:
    server = opened.enter_context(LoopbackSmtp())
    box = outbox(opened, server)
    box.send()
    server.on(Step.DOT, drop=True, times=1)
    assert box.send(letter_in("hu")).verdict is Verdict.UNCERTAIN
    assert len(server.messages) == 2
    assert len(box.written) == 2


def test_one_refused_address_does_not_cost_the_connection(opened: contextlib.ExitStack) -> None:
    server = opened.enter_context(LoopbackSmtp())
    server.on(Step.RCPT, "550 5.1.1 No such user", to="gone@x.example")
    box = outbox(opened, server)
    letters = [LETTER, replace(LETTER, to_address="gone@x.example"), letter_in("fa")]
    assert [box.send(letter).verdict for letter in letters] == [Verdict.SENT, Verdict.NEVER, Verdict.SENT]
    assert server.connections == 1


@pytest.mark.parametrize("way", ["PLAIN", "LOGIN"])
@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_signing_in_over_a_private_wire(opened: contextlib.ExitStack, security: Security, way: str) -> None:
    server = opened.enter_context(
        LoopbackSmtp(
            starttls=security is Security.STARTTLS, smtps=security is Security.TLS, user="анна", mechanisms=(way,)
        )
    )
    box = outbox(opened, server, security=security, user="анна", password=PASSWORD)
    assert [box.send().verdict for _ in range(2)] == [Verdict.SENT] * 2
    assert {(letter.user, letter.encrypted) for letter in server.messages} == {("анна", True)}
    assert server.connections == 1


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_big_letter_over_a_private_wire(opened: contextlib.ExitStack, security: Security) -> None:
    server = opened.enter_context(LoopbackSmtp(starttls=security is Security.STARTTLS, smtps=security is Security.TLS))
    box = outbox(opened, server, security=security)
    big = replace(LETTER, attachments=(Attachment("all.pdf", "application/pdf", b"\x00\xff" * 200_000),))
    assert box.send(big).verdict is Verdict.SENT
    assert server.messages[0].content == message_of(big, DATE)
    server.on(Step.TEXT, drop=True)
    assert box.send(HUGE).verdict is Verdict.LATER
    server.forgive()
    server.on(Step.DOT, drop=True)
    assert box.send().verdict is Verdict.UNCERTAIN


@pytest.mark.parametrize("way", ["PLAIN", "LOGIN"])
def test_a_wrong_password_halts_and_is_tried_once(
    opened: contextlib.ExitStack, way: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    server = opened.enter_context(LoopbackSmtp(starttls=True, user="anna", mechanisms=(way,)))
    caplog.set_level("DEBUG")
    box = outbox(opened, server, security=Security.STARTTLS, user="anna", password="wr0ng")
    result = box.send()
    assert result.verdict is Verdict.HALT
    assert result.words == (
        "The mail server 127.0.0.1 did not accept the password of anna. Check it in Settings → Letters."
    )
    assert "wr0ng" not in repr((result, box.server, settings(server, password="wr0ng")))
    assert server.seen(Step.AUTH) == 1
    assert server.messages == []
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("mail.")]
    assert "wr0ng" not in "".join([*capfd.readouterr(), *ours])


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("454 4.7.0 Temporary authentication failure", Verdict.LATER),
        ("535 5.7.8 Bad credentials", Verdict.HALT),
        ("501 5.5.2 Cannot decode AGFubmEAczNjcmV0 that is s3cret", Verdict.HALT),
    ],
)
def test_what_refusing_to_sign_in_means(opened: contextlib.ExitStack, reply: str, verdict: Verdict) -> None:
    server = opened.enter_context(LoopbackSmtp(starttls=True, user="anna"))
    server.on(Step.AUTH, reply)
    result = outbox(opened, server, security=Security.STARTTLS, user="anna", password="s3cret").send()
    assert result.verdict is verdict
    assert result.reply.startswith(reply[:8])
    assert "s3cret" not in result.words + result.reply
    assert "AGFubmEAczNjcmV0" not in result.words + result.reply


def test_a_wire_that_breaks_while_signing_in_is_later(opened: contextlib.ExitStack) -> None:
    server = opened.enter_context(LoopbackSmtp(starttls=True, user="anna"))
    server.on(Step.AUTH, drop=True)
    result = outbox(opened, server, security=Security.STARTTLS, user="anna", password="s3cret").send()
    assert result.verdict is Verdict.LATER


def test_no_password_and_no_way_in(opened: contextlib.ExitStack) -> None:
    server = opened.enter_context(LoopbackSmtp(starttls=True, user="anna"))
    without = outbox(opened, server, security=Security.STARTTLS, user="anna").send()
    assert (without.verdict, server.connections) == (Verdict.HALT, 0)
    assert "no password for anna" in without.words
    nobody = outbox(opened, server, security=Security.STARTTLS).send()
    assert nobody.verdict is Verdict.HALT
    assert "wants a user and a password" in nobody.words
    other = opened.enter_context(LoopbackSmtp(starttls=True, user="anna", mechanisms=()))
    unknown = outbox(opened, other, security=Security.STARTTLS, user="anna", password="x").send()
    assert unknown.verdict is Verdict.HALT
    assert "offers no signing in" in unknown.words


def test_a_password_goes_into_the_open_on_this_machine_only(opened: contextlib.ExitStack) -> None:
    server = opened.enter_context(LoopbackSmtp(user="anna", auth_without_tls=True))
    assert outbox(opened, server, user="anna", password=PASSWORD).send().verdict is Verdict.SENT
    result = outbox(opened, server, host="mail.leaddesk.example", user="anna", password=PASSWORD).send()
    assert result.verdict is Verdict.HALT
    assert "unencrypted" in result.words


def test_a_server_that_will_not_encrypt_gets_nothing(opened: contextlib.ExitStack) -> None:
    plain = opened.enter_context(LoopbackSmtp())
    result = outbox(opened, plain, security=Security.STARTTLS).send()
    assert result.verdict is Verdict.HALT
    assert "no encryption" in result.words
    for reply, verdict in (("454 TLS not available", Verdict.LATER), ("502 Not here", Verdict.HALT)):
        able = opened.enter_context(LoopbackSmtp(starttls=True))
        able.on(Step.STARTTLS, reply)
        assert outbox(opened, able, security=Security.STARTTLS).send().verdict is verdict
        assert able.seen(Step.MAIL) == 0


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_server_must_prove_who_it_is(opened: contextlib.ExitStack, security: Security) -> None:
    kind = {"starttls": security is Security.STARTTLS, "smtps": security is Security.TLS}
    elsewhere = opened.enter_context(LoopbackSmtp(certificate="elsewhere", user="anna", **kind))
    ways = settings(elsewhere, security=security, user="anna", password=PASSWORD)
    named_otherwise = SmtpServer(ways, Noon(), context=client_context()).send(LETTER, lambda: True)
    assert named_otherwise.verdict is Verdict.HALT
    assert "could not prove" in named_otherwise.words
    right = opened.enter_context(LoopbackSmtp(user="anna", **kind))
    not_trusted = SmtpServer(replace(ways, port=right.port), Noon()).send(LETTER, lambda: True)
    assert not_trusted.verdict is Verdict.HALT
    assert elsewhere.seen(Step.AUTH) == right.seen(Step.AUTH) == 0


def test_the_wrong_kind_of_port(opened: contextlib.ExitStack) -> None:
    plain = opened.enter_context(LoopbackSmtp())
    result = outbox(opened, plain, security=Security.TLS).send()
    assert result.verdict is Verdict.HALT
    assert "does not speak TLS" in result.words
    private = opened.enter_context(LoopbackSmtp(smtps=True))
    result = outbox(opened, private, security=Security.STARTTLS, timeout_s=0.2).send()
    assert result.verdict is Verdict.LATER
    assert "did not answer" in result.words


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    nobody = ServerSettings(host="127.0.0.1", port=port, security=Security.NONE)
    result = SmtpServer(nobody, Noon()).send(LETTER, lambda: True)
    assert result.verdict is Verdict.LATER
    assert "Nothing answers" in result.words
    for host in ("no-such-host.invalid", "a" * 70 + ".example", "x..example"):
        result = SmtpServer(replace(nobody, host=host), Noon()).send(LETTER, lambda: True)
        assert result.verdict is Verdict.LATER
        assert "was not found" in result.words
    for odd in (replace(nobody, host=" "), replace(nobody, port=0), replace(nobody, port=70000)):
        result = SmtpServer(odd, Noon()).send(LETTER, lambda: True)
        assert result.verdict is Verdict.HALT
        assert "Enter its name and port" in result.words


def test_a_letter_too_large_is_not_even_begun(opened: contextlib.ExitStack) -> None:
    server = opened.enter_context(LoopbackSmtp(largest=1_000_000))
    box = outbox(opened, server)
    result = box.send(HUGE)
    assert result.verdict is Verdict.NEVER
    assert "no more than 1.0 MB" in result.words
    assert server.seen(Step.MAIL) == 0
    assert box.send().verdict is Verdict.SENT
    assert server.connections == 1


def test_addresses_in_any_script(opened: contextlib.ExitStack) -> None:
    cyrillic = replace(LETTER, to_address="олена@пример.рф")
    able = opened.enter_context(LoopbackSmtp(smtputf8=True))
    box = outbox(opened, able)
    assert [box.send(letter).verdict for letter in (cyrillic, LETTER)] == [Verdict.SENT, Verdict.SENT]
    assert able.messages[0].to == "олена@xn--e1afmkfd.xn--p1ai"
    assert "SMTPUTF8" in able.messages[0].options
    assert "SMTPUTF8" not in able.messages[1].options
    assert able.messages[1].content.isascii()
    server = opened.enter_context(LoopbackSmtp())
    box = outbox(opened, server)
    result = box.send(cyrillic)
    assert result.verdict is Verdict.NEVER
    assert "Latin letters" in result.words
    ours = box.send(replace(LETTER, sender_address="анна@leaddesk.example"))
    assert ours.verdict is Verdict.HALT
    assert server.seen(Step.MAIL) == 0


def test_the_connection_is_tested_without_a_letter(opened: contextlib.ExitStack) -> None:
    server = opened.enter_context(LoopbackSmtp(starttls=True, user="anna"))
    ways = settings(server, security=Security.STARTTLS, user="anna", password=PASSWORD)
    good = check(ways, context=client_context(), sender_address="anna@leaddesk.example")
    assert good.verdict is Verdict.SENT
    assert "takes your letters" in good.words
    assert server.commands[-3:] == [Step.MAIL, Step.RSET, Step.QUIT]
    assert check(replace(ways, password="wr0ng"), context=client_context()).verdict is Verdict.HALT
    assert check(ways).verdict is Verdict.HALT
    assert check(ways, context=client_context(), sender_address="anna\r\nRSET").verdict is Verdict.HALT
    server.on(Step.MAIL, "550 5.7.60 Client does not have permissions to send as this sender")
    assert check(ways, context=client_context(), sender_address="anna@x.example").verdict is Verdict.HALT
    server.stop()
    assert check(ways, context=client_context()).verdict is Verdict.LATER
    assert server.messages == []
