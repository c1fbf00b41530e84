"""One connection for many letters, signing in, private wires, and servers that are not what they should be."""

import contextlib
import socket
from dataclasses import replace

import pytest

from leaddesk.exchange.mail_message import message_of
from leaddesk.exchange.smtp import SmtpServer, check
from leaddesk.workflow.mail import Attachment, Security, ServerSettings, Verdict
from tests.exchange.letters_in_languages import letter_in
from tests.exchange.smtp_outbox import DATE, HUGE, LETTER, Noon, outbox, settings
from tests.mail_server import PASSWORD, LoopbackSmtp, Step, client_context


def test_one_connection_serves_many_letters(wires: contextlib.ExitStack) -> None:
    server = wires.enter_context(LoopbackSmtp())
    box = outbox(wires, server, most=3)
    assert [box.send().verdict for _ in range(7)] == [Verdict.SENT] * 7
    assert server.connections == 3
    assert len(box.written) == len(server.messages) == 7
    box.server.close()
    box.server.close()
    assert server.seen(Step.QUIT) == 3


@pytest.mark.parametrize("step", [Step.RSET, Step.MAIL, Step.RCPT])
@pytest.mark.parametrize("reply", ["", "421 4.4.2 Idle for too long"])
def test_a_kept_connection_gone_stale_is_renewed(wires: contextlib.ExitStack, step: Step, reply: str) -> None:
    server = wires.enter_context(LoopbackSmtp())
    box = outbox(wires, server)
    assert box.send().verdict is Verdict.SENT
    server.on(step, reply, drop=not reply, times=1)
    assert box.send(letter_in("hu")).verdict is Verdict.SENT
    assert server.connections == 2
    assert [letter.parsed()["content-language"] for letter in server.messages] == ["ru", "hu"]
    assert len(box.written) == 2


def test_after_the_text_was_begun_nothing_is_tried_again(wires: contextlib.ExitStack) -> None:
    server = wires.enter_context(LoopbackSmtp())
    box = outbox(wires, server)
    box.send()
    server.on(Step.DOT, drop=True, times=1)
    assert box.send(letter_in("hu")).verdict is Verdict.UNCERTAIN
    assert len(server.messages) == 2
    assert len(box.written) == 2


def test_one_refused_address_does_not_cost_the_connection(wires: contextlib.ExitStack) -> None:
    server = wires.enter_context(LoopbackSmtp())
    server.on(Step.RCPT, "550 5.1.1 No such user", to="gone@x.example")
    box = outbox(wires, server)
    letters = [LETTER, replace(LETTER, to_address="gone@x.example"), letter_in("fa")]
    assert [box.send(letter).verdict for letter in letters] == [Verdict.SENT, Verdict.NEVER, Verdict.SENT]
    assert server.connections == 1


@pytest.mark.parametrize("way", ["PLAIN", "LOGIN"])
@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_signing_in_over_a_private_wire(wires: contextlib.ExitStack, security: Security, way: str) -> None:
    server = wires.enter_context(
        LoopbackSmtp(
            starttls=security is Security.STARTTLS, smtps=security is Security.TLS, user="анна", mechanisms=(way,)
        )
    )
    box = outbox(wires, server, security=security, user="анна", password=PASSWORD)
    assert [box.send().verdict for _ in range(2)] == [Verdict.SENT] * 2
    assert {(letter.user, letter.encrypted) for letter in server.messages} == {("анна", True)}
    assert server.connections == 1


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_big_letter_over_a_private_wire(wires: contextlib.ExitStack, security: Security) -> None:
    server = wires.enter_context(LoopbackSmtp(starttls=security is Security.STARTTLS, smtps=security is Security.TLS))
    box = outbox(wires, server, security=security)
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
    wires: contextlib.ExitStack, way: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    server = wires.enter_context(LoopbackSmtp(starttls=True, user="anna", mechanisms=(way,)))
    caplog.set_level("DEBUG")
    box = outbox(wires, server, security=Security.STARTTLS, user="anna", password="wr0ng")
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
def test_what_refusing_to_sign_in_means(wires: contextlib.ExitStack, reply: str, verdict: Verdict) -> None:
    server = wires.enter_context(LoopbackSmtp(starttls=True, user="anna"))
    server.on(Step.AUTH, reply)
    result = outbox(wires, server, security=Security.STARTTLS, user="anna", password="s3cret").send()
    assert result.verdict is verdict
    assert result.reply.startswith(reply[:8])
    assert "s3cret" not in result.words + result.reply
    assert "AGFubmEAczNjcmV0" not in result.words + result.reply


def test_a_wire_that_breaks_while_signing_in_is_later(wires: contextlib.ExitStack) -> None:
    server = wires.enter_context(LoopbackSmtp(starttls=True, user="anna"))
    server.on(Step.AUTH, drop=True)
    result = outbox(wires, server, security=Security.STARTTLS, user="anna", password="s3cret").send()
    assert result.verdict is Verdict.LATER


def test_no_password_and_no_way_in(wires: contextlib.ExitStack) -> None:
    server = wires.enter_context(LoopbackSmtp(starttls=True, user="anna"))
    without = outbox(wires, server, security=Security.STARTTLS, user="anna").send()
    assert (without.verdict, server.connections) == (Verdict.HALT, 0)
    assert "no password for anna" in without.words
    nobody = outbox(wires, server, security=Security.STARTTLS).send()
    assert nobody.verdict is Verdict.HALT
    assert "wants a user and a password" in nobody.words
    other = wires.enter_context(LoopbackSmtp(starttls=True, user="anna", mechanisms=()))
    unknown = outbox(wires, other, security=Security.STARTTLS, user="anna", password="x").send()
    assert unknown.verdict is Verdict.HALT
    assert "offers no signing in" in unknown.words


def test_a_password_goes_into_the_open_on_this_machine_only(wires: contextlib.ExitStack) -> None:
    server = wires.enter_context(LoopbackSmtp(user="anna", auth_without_tls=True))
    assert outbox(wires, server, user="anna", password=PASSWORD).send().verdict is Verdict.SENT
    result = outbox(wires, server, host="mail.leaddesk.example", user="anna", password=PASSWORD).send()
    assert result.verdict is Verdict.HALT
    assert "unencrypted" in result.words


def test_a_server_that_will_not_encrypt_gets_nothing(wires: contextlib.ExitStack) -> None:
    plain = wires.enter_context(LoopbackSmtp())
    result = outbox(wires, plain, security=Security.STARTTLS).send()
    assert result.verdict is Verdict.HALT
    assert "no encryption" in result.words
    for reply, verdict in (("454 TLS not available", Verdict.LATER), ("502 Not here", Verdict.HALT)):
        able = wires.enter_context(LoopbackSmtp(starttls=True))
        able.on(Step.STARTTLS, reply)
        assert outbox(wires, able, security=Security.STARTTLS).send().verdict is verdict
        assert able.seen(Step.MAIL) == 0


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_server_must_prove_who_it_is(wires: contextlib.ExitStack, security: Security) -> None:
    kind = {"starttls": security is Security.STARTTLS, "smtps": security is Security.TLS}
    elsewhere = wires.enter_context(LoopbackSmtp(certificate="elsewhere", user="anna", **kind))
    ways = settings(elsewhere, security=security, user="anna", password=PASSWORD)
    named_otherwise = SmtpServer(ways, Noon(), context=client_context()).send(LETTER, lambda: True)
    assert named_otherwise.verdict is Verdict.HALT
    assert "could not prove" in named_otherwise.words
    right = wires.enter_context(LoopbackSmtp(user="anna", **kind))
    not_trusted = SmtpServer(replace(ways, port=right.port), Noon()).send(LETTER, lambda: True)
    assert not_trusted.verdict is Verdict.HALT
    assert elsewhere.seen(Step.AUTH) == right.seen(Step.AUTH) == 0


def test_the_wrong_kind_of_port(wires: contextlib.ExitStack) -> None:
    plain = wires.enter_context(LoopbackSmtp())
    result = outbox(wires, plain, security=Security.TLS).send()
    assert result.verdict is Verdict.HALT
    assert "does not speak TLS" in result.words
    private = wires.enter_context(LoopbackSmtp(smtps=True))
    result = outbox(wires, private, security=Security.STARTTLS, timeout_s=0.2).send()
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


def test_a_letter_too_large_is_not_even_begun(wires: contextlib.ExitStack) -> None:
    server = wires.enter_context(LoopbackSmtp(largest=1_000_000))
    box = outbox(wires, server)
    result = box.send(HUGE)
    assert result.verdict is Verdict.NEVER
    assert "no more than 1.0 MB" in result.words
    assert server.seen(Step.MAIL) == 0
    assert box.send().verdict is Verdict.SENT
    assert server.connections == 1


def test_addresses_in_any_script(wires: contextlib.ExitStack) -> None:
    cyrillic = replace(LETTER, to_address="олена@пример.рф")
    able = wires.enter_context(LoopbackSmtp(smtputf8=True))
    box = outbox(wires, able)
    assert [box.send(letter).verdict for letter in (cyrillic, LETTER)] == [Verdict.SENT, Verdict.SENT]
    assert able.messages[0].to == "олена@xn--e1afmkfd.xn--p1ai"
    assert "SMTPUTF8" in able.messages[0].options
    assert "SMTPUTF8" not in able.messages[1].options
    assert able.messages[1].content.isascii()
    server = wires.enter_context(LoopbackSmtp())
    box = outbox(wires, server)
    result = box.send(cyrillic)
    assert result.verdict is Verdict.NEVER
    assert "Latin letters" in result.words
    ours = box.send(replace(LETTER, sender_address="анна@leaddesk.example"))
    assert ours.verdict is Verdict.HALT
    assert server.seen(Step.MAIL) == 0


def test_the_connection_is_tested_without_a_letter(wires: contextlib.ExitStack) -> None:
    server = wires.enter_context(LoopbackSmtp(starttls=True, user="anna"))
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
