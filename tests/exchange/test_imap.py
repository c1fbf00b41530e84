"""A mailbox read over a real wire from a real server: every letter once, and nothing changed by looking."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from leaddesk.exchange.imap import BEGINNING_BYTES, WHOLE_BYTES, ImapMailbox, check, folder_name
from leaddesk.exchange.mail_reading import read_strictly
from leaddesk.workflow.errors import Unavailable
from leaddesk.workflow.mail import MailboxMark, Security, ServerSettings
from tests.mailbox_server import DATA, PASSWORD, MailboxServer, mailbox_server

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FOLDERS = iter(range(1, 1_000))


class Clock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture(scope="module")
def server() -> Iterator[MailboxServer]:
    with mailbox_server() as running:
        yield running


@pytest.fixture
def folder(server: MailboxServer) -> str:
    """A folder of the test's own."""
    name = f"Answers {next(FOLDERS)}"
    server.folder(name)
    return name


def letter(number: int, words: str = "The price.") -> bytes:
    return f"From: o@b.example\nSubject: {number}\nMessage-ID: <m{number}@b.example>\n\n{words}\n".encode()


def days_ago(days: float) -> float:
    return (NOW - timedelta(days=days)).timestamp()


def subjects(mailbox: ImapMailbox, mark: MailboxMark) -> tuple[list[str], MailboxMark]:
    """What is newer than the mark, and the mark after it."""
    found = []
    for after, message in mailbox.newer(mark):
        incoming = read_strictly(message)
        assert incoming is not None
        found.append(incoming.subject)
        mark = after
    return found, mark


def box(server: MailboxServer, folder: str, **options: int) -> ImapMailbox:
    return ImapMailbox(server.settings(), Clock(), folder=folder, **options)


# -- what is read ------------------------------------------------------------------------------------------------------


def test_every_letter_is_read_once_and_in_order(server: MailboxServer, folder: str) -> None:
    mailbox = box(server, folder)
    assert subjects(mailbox, MailboxMark()) == ([], MailboxMark())
    for number in range(1, 46):  # more than are asked for together
        server.deliver(letter(number), folder=folder, arrived=days_ago(1))
    found, mark = subjects(mailbox, MailboxMark())
    assert found == [str(number) for number in range(1, 46)]
    assert mark.validity > 0
    assert mark.uid == 45
    assert subjects(mailbox, mark) == ([], mark), "the last letter is not read again"
    server.deliver(letter(46), folder=folder, arrived=days_ago(100))
    assert subjects(mailbox, mark) == (["46"], replace(mark, uid=46)), "after the mark its age does not matter"


def test_a_letter_that_failed_is_read_again_from_the_mark_before_it(server: MailboxServer, folder: str) -> None:
    for number in (1, 2, 3):
        server.deliver(letter(number), folder=folder, arrived=days_ago(1))
    mailbox = box(server, folder)
    reading = mailbox.newer(MailboxMark())
    first, _ = next(reading)
    reading.close()  # type: ignore[attr-defined]
    assert subjects(mailbox, first)[0] == ["2", "3"]


def test_a_mailbox_never_read_is_read_from_two_weeks_ago(server: MailboxServer, folder: str) -> None:
    for days in (400, 16, 13, 1):
        server.deliver(letter(days), folder=folder, arrived=days_ago(days))
    assert subjects(box(server, folder), MailboxMark())[0] == ["13", "1"]
    assert subjects(box(server, folder, first_days=1_000), MailboxMark())[0] == ["400", "16", "13", "1"]


def test_a_mailbox_made_anew_is_not_read_from_its_beginning(server: MailboxServer, folder: str) -> None:
    server.deliver(letter(1), folder=folder, arrived=days_ago(400))
    server.deliver(letter(2), folder=folder, arrived=days_ago(2))
    mailbox = box(server, folder)
    _, mark = subjects(mailbox, MailboxMark())
    renumbered = replace(mark, validity=mark.validity - 1, uid=1_000)
    assert subjects(mailbox, renumbered) == (["2"], mark)
    server.make_anew(folder)
    server.deliver(letter(3), folder=folder, arrived=days_ago(1))
    found, after = subjects(mailbox, mark)
    assert after.validity != mark.validity
    assert found == ["2", "3"]


def test_nothing_is_changed_by_looking(server: MailboxServer, folder: str) -> None:
    server.deliver(letter(1), folder=folder, arrived=days_ago(1))
    before = sorted(path.name for path in server.folder(folder).glob("*/*leaddesk*"))
    assert server.flags(folder) == ["\\Recent"]
    assert subjects(box(server, folder), MailboxMark())[0] == ["1"]
    assert server.flags(folder) == ["\\Recent"], "not seen, and still new to the program it belongs to"
    assert sorted(path.name for path in server.folder(folder).glob("*/*leaddesk*")) == before
    assert list(server.folder(folder).glob("new/*leaddesk*"))


def test_of_a_large_letter_only_the_beginning_is_fetched(server: MailboxServer, folder: str) -> None:
    server.deliver(letter(1), folder=folder, arrived=days_ago(1))
    head = letter(2).replace(b"\n\n", b"\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n", 1)
    server.deliver(
        head + b"--b\nContent-Type: application/pdf\n\n" + b"JVBERi0x" * 9 * 100_000, folder=folder, arrived=days_ago(1)
    )
    server.deliver(letter(3), folder=folder, arrived=days_ago(1))
    found = [message for _, message in box(server, folder).newer(MailboxMark())]
    assert [len(message) <= BEGINNING_BYTES for message in found] == [True, True, True]
    large = read_strictly(found[1])
    assert large is not None
    assert (large.subject, large.text) == ("2", "The price.")
    assert WHOLE_BYTES < 9 * 8 * 100_000


@pytest.mark.parametrize("name", ["Ответы", "پاسخ‌ها", "A & B", 'Quoted "name" \\ here', "Válaszok/2026"])
def test_folders_of_any_name(server: MailboxServer, name: str) -> None:
    server.deliver(letter(1), folder=name.replace("/", "."), arrived=days_ago(1))
    assert subjects(box(server, name.replace("/", ".")), MailboxMark())[0] == ["1"]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("INBOX", "INBOX"),
        ("A & B", "A &- B"),
        ("Отправленные", "&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
    ],
)
def test_folder_names_as_imap_writes_them(name: str, written: str) -> None:
    """The last one is the RFC's own example."""
    assert folder_name(name) == written


# -- how it is reached -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("security", Security)
def test_each_way_of_keeping_the_wire_private(server: MailboxServer, folder: str, security: Security) -> None:
    server.deliver(letter(1), folder=folder)
    settings = server.settings(security, host="localhost" if security is not Security.NONE else "127.0.0.1")
    words = check(settings, Clock(), folder, context=server.context())
    assert words == f"The mailbox at {settings.host} can be read: one letter in {folder}."


def refused(settings: ServerSettings, folder: str = "INBOX", **options: object) -> str:
    """The words of the failure, which hold no password and have no exception behind them that might."""
    with pytest.raises(Unavailable) as failure:
        check(settings, Clock(), folder, **options)  # type: ignore[arg-type]
    words = failure.value.words
    assert settings.password not in words
    assert failure.value.__cause__ is None
    return words


def test_a_certificate_of_an_unknown_authority_is_refused(server: MailboxServer) -> None:
    for security in (Security.TLS, Security.STARTTLS):
        assert "could not prove that it is localhost" in refused(server.settings(security, host="localhost"))


def test_a_certificate_of_another_name_is_refused() -> None:
    elsewhere = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    elsewhere.load_cert_chain(DATA / "elsewhere.pem")
    with scripted(b"* OK ready", context=elsewhere) as settings:
        trusting = ssl.create_default_context(cafile=str(DATA / "authority.pem"))
        words = refused(replace(settings, host="localhost", security=Security.TLS), context=trusting)
    assert "could not prove that it is localhost: Hostname mismatch" in words


def test_a_wrong_password(server: MailboxServer) -> None:
    words = refused(server.settings(password="не тот"))
    assert "did not accept the password of sales@leaddesk.example" in words
    assert "Authentication failed" in words
    with pytest.raises(Unavailable, match="did not accept"):
        next(ImapMailbox(server.settings(password="wrong"), Clock()).newer(MailboxMark()))


def test_a_folder_that_is_not_there(server: MailboxServer) -> None:
    assert "There is no folder “Nowhere”" in refused(server.settings(), "Nowhere")


def test_no_password_goes_over_an_open_wire() -> None:
    far = ServerSettings(host="imap.leaddesk.invalid", port=143, security=Security.NONE, user="a", password=PASSWORD)
    assert "unencrypted" in refused(far)
    assert "user and a password" in refused(replace(far, user=""))
    assert "server and port" in refused(replace(far, host=" "))


def test_hosts_that_cannot_be_reached() -> None:
    far = ServerSettings(host="imap.leaddesk.invalid", port=993, security=Security.TLS, user="a", password=PASSWORD)
    assert "was not found" in refused(far)
    assert "was not found" in refused(replace(far, host="a" * 70 + ".invalid"))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        near = replace(far, host="127.0.0.1", port=silent.getsockname()[1])
        assert "Nothing answers at 127.0.0.1" in refused(near)


@contextmanager
def scripted(*replies: bytes, context: ssl.SSLContext | None = None) -> Iterator[ServerSettings]:
    """A server that says these lines, one for each it hears, and hangs up."""
    door = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        wire, _ = door.accept()
        if context:
            with wire, suppress(OSError):
                context.wrap_socket(wire, server_side=True).close()
            return
        with wire, wire.makefile("rb") as heard:
            for reply in replies:
                if not reply:
                    return
                wire.sendall(reply)
                tag = heard.readline().split(b" ")[0]
                if tag:
                    wire.sendall(tag + b" ")

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        port = door.getsockname()[1]
        yield ServerSettings(
            host="127.0.0.1", port=port, security=Security.NONE, user="anna", password=PASSWORD, timeout_s=5
        )
    finally:
        door.close()
        thread.join()


GREETING = (b"* OK ready\r\n* CAPABILITY IMAP4rev1\r\n", b"OK done\r\n")


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        ((b"220 mail.example ESMTP\r\n",), "is no mailbox"),
        ((b"",), "broke off"),
        ((b"* BYE overloaded\r\n",), "overloaded"),
    ],
)
def test_servers_that_are_none(replies: tuple[bytes, ...], words: str) -> None:
    with scripted(*replies) as settings:
        assert words in refused(settings)


def test_a_server_that_offers_no_encryption_gets_no_password() -> None:
    with scripted(
        b"* OK [CAPABILITY IMAP4rev1] ready\r\n* CAPABILITY IMAP4rev1\r\n", b"OK done\r\n", b"OK bye\r\n"
    ) as settings:
        assert "offers no encryption" in refused(replace(settings, security=Security.STARTTLS))


def test_waiting_can_be_broken_off(server: MailboxServer, folder: str) -> None:
    for number in (1, 2):
        server.deliver(letter(number, "x" * 3_000_000), folder=folder, arrived=days_ago(1))
    mailbox = box(server, folder)
    reading = mailbox.newer(MailboxMark())
    next(reading)
    mailbox.hang_up()
    with pytest.raises(Unavailable, match="broke off"):
        list(reading)
