"""`letters read|answers|password|test`: what comes back, and how the mail server and the mailbox are reached."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from leaddesk.commandline.inputs import ID
from leaddesk.commandline.root import Command
from leaddesk.workflow.errors import Refused, Unavailable

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session
    from leaddesk.exchange.post_office import PostOffice
    from leaddesk.workflow.letter_entities import Reply

UNAVAILABLE = 3
"""The exit code of a round that reached no mail server, and of a test that failed."""
ALL = 1_000_000


@click.command("read", cls=Command)
@click.pass_obj
def read(session: Session) -> None:
    """Look into the mailbox: answers, bounces and wishes to be left alone go onto the cards. Nothing there is changed."""
    if not session.settings.text("letters.imap_host").strip():
        raise Refused(
            "No mailbox is set up. Enter it under Settings → Letters, or: leaddesk set letters.imap_host HOST",
            field="letters.imap_host",
        )
    found = office().collect(session.desk)
    session.answer({"answers": found}, f"{found} new answer{'s' if found != 1 else ''}")


@click.command("answers", cls=Command)
@click.option("--lead", "lead_id", type=ID, default=None, metavar="ID", help="Only this lead's.")
@click.option("--limit", default=50, type=click.IntRange(1, ALL), show_default=True)
@click.pass_obj
def answers(session: Session, lead_id: int | None, limit: int) -> None:
    """List what people answered, the newest first."""
    from leaddesk.workflow.replies import Replies

    rows = session.desk.read(Replies(lead_id, limit))
    zone = session.zone
    told = [
        {**reply_data(row.reply), "name": row.lead, "letter_subject": row.letter_subject, "reason": row.reason or None}
        for row in rows
    ]
    session.answer(
        {"answers": told, "total": len(told)},
        lambda: (
            "\n\n".join(
                f"{row.reply.at.astimezone(zone):%Y-%m-%d %H:%M}  {row.lead} (lead {row.reply.lead_id})"
                f"{f', refused: {row.reason}' if row.reason else ''}\n{said(row.reply)}"
                for row in rows
            )
            or "No answers yet."
        ),
    )


@click.command("password", cls=Command)
@click.argument("which", type=click.Choice(["smtp", "imap"]))
@click.option("--forget", is_flag=True, help="Take it out of the keyring.")
@click.pass_obj
def password(session: Session, which: str, *, forget: bool) -> None:
    """Keep the password of the mail server (smtp) or the mailbox (imap) in this machine's keyring.

    Asked for without showing it, or read from standard input when something is piped in; never an argument, which
    other programs could see.
    """
    from leaddesk.workflow.outbox import secret_name

    if not secret_name(session.settings, which):
        raise Refused(
            f"Say first whom to sign in as: leaddesk set letters.{which}_user NAME", field=f"letters.{which}_user"
        )
    secret = "" if forget else _secret()
    if not secret and not forget:
        raise Refused("There was no password. Pipe it in, or say --forget to take it out.", field="password")
    office().keep_password(session.desk, which, secret)
    words = "The keyring forgot the password." if forget else "The keyring keeps the password."
    session.answer({"which": which, "kept": not forget}, words)


def _secret() -> str:
    """What is typed, unseen, or the first line piped in: UTF-8, with the mark Windows puts before it taken off."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, default="", show_default=False, err=True))
    return sys.stdin.buffer.readline().decode("utf-8-sig").rstrip("\r\n")


@click.command("test", cls=Command)
@click.pass_obj
def test(session: Session) -> None:
    """Try the mail server, and the mailbox if one is set, without sending anything; exit code 3 if one fails."""
    from leaddesk.workflow.mail import Verdict
    from leaddesk.workflow.outbox import refuse_without_server

    refuse_without_server(session.settings)
    desk, post = session.desk, office()
    told = post.check_smtp(desk)
    smtp = {"ok": told.verdict is Verdict.SENT, "words": told.words, "reply": told.reply or None}
    imap: dict[str, Any] | None = None
    if session.settings.text("letters.imap_host").strip():
        try:
            imap = {"ok": True, "words": post.check_imap(desk)}
        except Unavailable as unavailable:
            imap = {"ok": False, "words": unavailable.words}
    fine = bool(smtp["ok"]) and (imap is None or imap["ok"])
    session.exit_code = 0 if fine else UNAVAILABLE
    lines = [f"Mail server: {smtp['words'] or 'ready'}", f"Mailbox: {imap['words'] if imap else 'none is set'}"]
    session.answer({"ok": fine, "smtp": smtp, "imap": imap}, "\n".join(lines))


def reply_data(one: Reply) -> dict[str, Any]:
    """An answer as JSON has it; `answers` are those to the numbered questions."""
    names = ("id", "lead_id", "letter_id", "refusal_id", "at", "from_address", "subject", "text", "answers")
    return {name: getattr(one, name) for name in names}


def said(one: Reply) -> str:
    """Their answers by number, else what they wrote."""
    return "\n".join(f"{number}. {words}" for number, words in one.answers.items()) or one.text.strip()


def office() -> PostOffice:
    """The world of mail, with this machine's keyring."""
    from leaddesk.exchange.post_office import PostOffice

    return PostOffice()
