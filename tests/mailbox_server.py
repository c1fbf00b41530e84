r"""A real IMAP server (Dovecot) of our own on loopback, for every test that reads a mailbox.

    with mailbox_server() as server:              # skips with the reason where there is no Dovecot
        server.deliver(b"From: …")                # as a mail server puts it into the mailbox
        server.deliver(b"…", folder="Ответы")     # folders are made as needed
        ... LeadDesk reads server.settings(), in this process or in a child ...
        assert server.flags() == ["\\Recent"]     # what another mail program sees

Nothing of the machine's own Dovecot is used or touched: configuration, sockets, passwords, letters and log live in one
folder, which goes at the end. As root, Dovecot's two accounts and "nobody" do the work, since it gives out no
mailboxes of root's; as anybody else it all runs as this person.
"""

from __future__ import annotations

import contextlib
import imaplib
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from leaddesk.exchange.imap import folder_name
from leaddesk.workflow.mail import Security, ServerSettings

DATA = Path(__file__).parent / "data" / "mail"
USER, PASSWORD = "sales@leaddesk.example", "пароль-s3cret"
_START_S = 20


@dataclass(frozen=True)
class Accounts:
    """Who does the work, who greets, and whose the letters are (None: ours)."""

    worker: str
    group: str
    greeter: str
    owner: tuple[int, int] | None


class NoServer(Exception):
    """No Dovecot can be had here; the words are the reason a test is skipped with."""


@dataclass
class MailboxServer:
    """A running Dovecot with one mailbox."""

    home: Path
    port: int
    tls_port: int
    owner: tuple[int, int] | None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def settings(
        self, security: Security = Security.NONE, *, host: str = "127.0.0.1", password: str = PASSWORD
    ) -> ServerSettings:
        """How LeadDesk reaches it. The certificate is good for "localhost" alone."""
        port = self.tls_port if security is Security.TLS else self.port
        return ServerSettings(host=host, port=port, security=security, user=USER, password=password, timeout_s=20)

    def context(self) -> ssl.SSLContext:
        """Trusts the authority that signed the server's certificate, and no other."""
        return ssl.create_default_context(cafile=str(DATA / "authority.pem"))

    def folder(self, name: str = "INBOX") -> Path:
        """The Maildir of a folder, made if it is not there."""
        box = self.home / "mail" / USER
        path = box if name == "INBOX" else box / f".{folder_name(name)}"
        for part in ("", "tmp", "new", "cur"):
            (path / part).mkdir(parents=True, exist_ok=True)
        self._give(self.home / "mail")
        return path

    def deliver(self, message: bytes, *, folder: str = "INBOX", arrived: float | None = None) -> None:
        """Put a letter into a folder as delivery does. `arrived` is when, in seconds since 1970; None is now."""
        box = self.folder(folder)
        name = f"{next(self._numbers):010d}.M1P1.leaddesk"
        draft = box / "tmp" / name
        draft.write_bytes(message.replace(b"\r\n", b"\n"))
        if arrived is not None:
            os.utime(draft, (arrived, arrived))
        self._give(draft)
        draft.rename(box / "new" / name)

    def make_anew(self, folder: str = "INBOX") -> None:
        """Lose the numbers of a folder, as after a restored backup: UIDVALIDITY and every UID change."""
        for name in ("dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"):
            (self.folder(folder) / name).unlink(missing_ok=True)

    @contextlib.contextmanager
    def other_program(self, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        """A second mail program that has the folder open, looking only."""
        wire = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        try:
            wire.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
            verdict, _ = wire.select(f'"{folder_name(folder)}"', readonly=True)
            assert verdict == "OK"
            yield wire
        finally:
            wire.logout()

    def flags(self, folder: str = "INBOX") -> list[str]:
        """The flags of every letter as another mail program sees them."""
        with self.other_program(folder) as wire:
            _, said = wire.fetch("1:*", "(FLAGS)")
        return [
            found[1].decode()
            for line in said
            if isinstance(line, bytes) and (found := re.search(rb"FLAGS \((.*?)\)", line))
        ]

    def log(self) -> str:
        """What the server wrote down."""
        path = self.home / "log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def _give(self, path: Path) -> None:
        if self.owner:
            for each in (path, *(path.rglob("*") if path.is_dir() else ())):
                os.chown(each, *self.owner)


@contextlib.contextmanager
def mailbox_server() -> Iterator[MailboxServer]:
    """Start a server and stop it at the end; skip the test with the reason where that cannot be."""
    try:
        program = _program()
        accounts = _accounts()
    except NoServer as reason:
        pytest.skip(str(reason))
    # Not below pytest's own folder: another account may not enter that, and a socket's path has to be short.
    home = Path(tempfile.mkdtemp(prefix="ld-imap-"))
    try:
        home.chmod(0o755)
        server = MailboxServer(home, *_free_ports(), accounts.owner)
        server.folder()
        (home / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n", encoding="utf-8")
        (home / "dovecot.conf").write_text(_configuration(server, accounts), encoding="utf-8")
        with _running(program, server):
            yield server
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _program() -> str:
    if sys.platform == "win32":
        raise NoServer("Dovecot does not run on Windows")
    program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
    if not program:
        raise NoServer("needs the IMAP server Dovecot (apt-get install dovecot-imapd)")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    if not said.startswith("2.3."):
        raise NoServer(
            f"needs Dovecot 2.3, whose configuration is known here; found {said.strip() or 'something else'}"
        )
    if not Path("/usr/lib/dovecot/imap").exists() and not Path("/usr/libexec/dovecot/imap").exists():
        raise NoServer("Dovecot is here without its IMAP part (apt-get install dovecot-imapd)")
    if not (DATA / "server.pem").exists():
        raise NoServer("needs the certificates in tests/data/mail")
    return program


def _accounts() -> Accounts:
    import grp
    import pwd

    try:
        if os.geteuid() != 0:
            me = pwd.getpwuid(os.geteuid()).pw_name
            return Accounts(me, grp.getgrgid(os.getegid()).gr_name, me, None)
        worker, greeter, nobody = (pwd.getpwnam(name) for name in ("dovecot", "dovenull", "nobody"))
        group = grp.getgrgid(worker.pw_gid).gr_name
    except KeyError as missing:
        raise NoServer(f"Dovecot needs accounts that are not here: {missing}") from None
    return Accounts(worker.pw_name, group, greeter.pw_name, (nobody.pw_uid, nobody.pw_gid))


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1])


def _configuration(server: MailboxServer, accounts: Accounts) -> str:
    home = server.home
    uid, gid = server.owner or (os.geteuid(), os.getegid())
    own_person = "" if server.owner else "chroot ="
    return f"""
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/run
instance_name = leaddesk-tests
log_path = {home}/log
default_internal_user = {accounts.worker}
default_internal_group = {accounts.group}
default_login_user = {accounts.greeter}
first_valid_uid = 1
shutdown_clients = yes
ssl = yes
ssl_cert = <{DATA}/server.pem
ssl_key = <{DATA}/server.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_username_format = %Lu
auth_failure_delay = 0
mail_location = maildir:{home}/mail/%u
mail_fsync = never
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {home}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
service imap-login {{
  {own_person}
  inet_listener imap {{
    port = {server.port}
  }}
  inet_listener imaps {{
    port = {server.tls_port}
    ssl = yes
  }}
}}
service anvil {{
  {own_person}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  {own_person}
}}
"""


@contextlib.contextmanager
def _running(program: str, server: MailboxServer) -> Iterator[None]:
    words = [program, "-F", "-c", str(server.home / "dovecot.conf")]
    with (server.home / "out").open("wb") as out:
        process = subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        _wait_until_it_answers(process, server)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_START_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_until_it_answers(process: subprocess.Popen[bytes], server: MailboxServer) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 1) as door:
            door.settimeout(_START_S)
            if door.recv(4) == b"* OK":
                return
        time.sleep(0.05)  # a process that starts cannot be waited for in any other way
    said = (server.home / "out").read_text(encoding="utf-8", errors="replace") + server.log()
    raise AssertionError(f"Dovecot did not start:\n{said[-2000:]}")
