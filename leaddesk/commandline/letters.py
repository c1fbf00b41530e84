"""`letters …`: the outbox. Answers and servers are in `mail.py`, templates in `templates.py`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leaddesk.commandline.answers import utc
from leaddesk.commandline.inputs import ID
from leaddesk.commandline.mail import ALL, UNAVAILABLE, answers, office, password, read, reply_data, said, test
from leaddesk.commandline.root import Group
from leaddesk.commandline.templates import template
from leaddesk.workflow.errors import Refused, Unavailable
from leaddesk.workflow.vocabulary import LetterState

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session
    from leaddesk.workflow.letter_entities import Letter
    from leaddesk.workflow.outbox import OutboxRow, OutboxStanding

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("letters", cls=Group)
def letters() -> None:
    """List, show, send and save letters; read and list answers; set up the mail server."""


for _command in (read, answers, password, test, template):
    letters.add_command(_command)


@letters.command("list")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([one.value for one in LetterState]),
    help="Only letters so far.",
)
@click.option("--lead", "lead_id", type=ID, default=None, metavar="ID", help="Only this lead's.")
@click.option("--answered", is_flag=True, help="Only letters that were answered.")
@click.option("--limit", default=50, type=click.IntRange(1, ALL), show_default=True)
@click.pass_obj
def list_(session: Session, states: tuple[str, ...], lead_id: int | None, limit: int, *, answered: bool) -> None:
    """List letters, the newest first, and say how the outbox stands."""
    from leaddesk.workflow.outbox import Outbox

    wanted = tuple(LetterState(state) for state in states)
    rows = session.desk.read(Outbox(wanted, lead_id, limit, answered))
    standing = _standing(session)
    data = {
        "letters": [_row(row) for row in rows],
        "total": len(rows),
        **_counts(standing),
        "counts": {state.value: count for state, count in standing.counts.items()},
        "answered": standing.answered,
        "ready": standing.ready,
        "paused_until": standing.paused_until,
        "why": standing.why or None,
        "mailbox_at": standing.mailbox_at,
        "mailbox_why": standing.mailbox_why or None,
    }
    zone = session.zone

    def words() -> str:
        heads = ("id", "when", "to", "subject", "state", "")
        told = [
            (
                row.id,
                f"{row.at.astimezone(zone):%Y-%m-%d %H:%M}" if row.at else "",
                f"{row.lead} <{row.to_address}>",
                row.subject,
                _state(row),
                row.error,
            )
            for row in rows
        ]
        counted = ", ".join(f"{count} {state.value}" for state, count in standing.counts.items()) or "No letters yet"
        return "\n".join(filter(None, [session.table(heads, told) if told else "", counted, standing.why]))

    session.answer(data, words)


@letters.command("show")
@click.argument("letter_id", metavar="ID", type=ID)
@click.pass_obj
def show(session: Session, letter_id: int) -> None:
    """Show a whole letter: text, state, what the mail server said, and the answers to it."""
    from leaddesk.workflow.replies import Replies

    letter = letter_of(session, letter_id)
    replies = [row.reply for row in session.desk.read(Replies(letter.lead_id, ALL)) if row.reply.letter_id == letter.id]
    reason = _reason(session, letter)
    data = {
        **{name: getattr(letter, name) for name in letter.__dataclass_fields__},
        "attachments": list(letter.attachments),
        "letter": letter.id,
        "lead": letter.lead_id,
        "to": letter.to_address,
        "reason": reason,
        "answers": [reply_data(one) for one in replies],
        **_counts(_standing(session)),
    }

    def words() -> str:
        head = [
            f"Letter {letter.id} to {letter.to_name} <{letter.to_address}>, {letter.state.value}",
            f"Because: {reason}" if reason else "",
            f"Leaves: {utc(letter.send_after)}" if letter.send_after else "",
            f"Sent: {utc(letter.sent_at)}" if letter.sent_at else "",
            f"Trouble: {letter.error}" if letter.error else "",
            f"The server said: {letter.reply}" if letter.reply else "",
            f"Attached: {', '.join(letter.attachments)}" if letter.attachments else "",
            f"Subject: {letter.subject}",
        ]
        told = [f"Answered {utc(one.at)}:\n{said(one)}" for one in replies]
        return "\n\n".join(["\n".join(filter(None, head)), letter.body.rstrip("\n"), *told])

    session.answer(data, words)


@letters.command("send")
@click.pass_obj
def send(session: Session) -> None:
    """Send all that is due; your own letters do not wait for the rest of their undo minute.

    Exit code 3 if no mail server could be reached: the letters wait and are tried again.
    """
    from leaddesk.workflow.outbox import SendNow, refuse_without_server

    desk = session.desk
    refuse_without_server(session.settings)
    desk.do(SendNow())
    done = office().send(desk)
    standing = _standing(session)
    queued = standing.counts.get(LetterState.QUEUED, 0)
    why = done.why or (standing.why if standing.paused_until else "")
    stuck = bool(why and queued and not done.sent)
    data = {
        "sent": done.sent,
        "failed": done.failed,
        "queued": queued,
        "uncertain": done.uncertain,
        "withdrawn": done.withdrawn,
        "why": why or None,
        "next_at": done.next_at,
    }
    told = [f"{count} {name}" for name, count in data.items() if isinstance(count, int) and (count or name == "sent")]
    words = ", ".join(told).replace("queued", "waiting")
    again = f"Tried again from {utc(done.next_at)}." if queued and done.next_at else ""
    if stuck:
        session.exit_code = UNAVAILABLE
        if not session.as_json:
            click.echo("\n".join(filter(None, (words, why, again))), err=True)
            return
        data["error"] = why
    session.answer(data, "\n".join(filter(None, (words, why, again))))


@letters.command("save")
@click.argument("letter_id", metavar="ID", type=ID)
@click.argument("file", metavar="FILE.eml", type=FILE)
@click.pass_obj
def save(session: Session, letter_id: int, file: Path) -> None:
    """Write a letter to a file any mail program opens; it then counts as given away and is not sent from here."""
    letter = letter_of(session, letter_id)
    save_letter(session, letter, file)
    letter = letter_of(session, letter_id)
    data = {"letter": letter.id, "file": file, "state": letter.state, **_counts(_standing(session))}
    session.answer(data, f"Letter {letter.id} to {letter.to_address} saved as {file}")


def save_letter(session: Session, letter: Letter, file: Path) -> None:
    """Write it whole or not at all, then count it as given away. Raises `Refused` for a folder there is not."""
    from leaddesk.workflow.letters import LetterSaved

    check_folder(file)
    try:
        office().save(session.desk, letter.id, file)
    except OSError as error:
        raise Unavailable(f"{file} cannot be written: {error.strerror or error}.") from error
    session.desk.do(LetterSaved(letter.id))


def check_folder(file: Path, field: str = "file") -> None:
    """Raise `Refused` where there is no folder to write into."""
    if not file.absolute().parent.is_dir():
        raise Refused(f"There is no folder {file.absolute().parent}. Make it first.", field=field)


@letters.command("queue")
@click.argument("letter_ids", metavar="ID…", type=ID, nargs=-1)
@click.option("--drafts", is_flag=True, help="All drafts you may see, however many.")
@click.pass_obj
def queue(session: Session, letter_ids: tuple[int, ...], *, drafts: bool) -> None:
    """Put letters into the outbox; those that may not be sent are left out and named."""
    from leaddesk.workflow.outbox import Outbox, QueueLetters

    ids = letter_ids
    if drafts:
        rows = session.desk.read(Outbox((LetterState.DRAFT,), limit=ALL))
        ids += tuple(row.id for row in reversed(rows))
    elif not ids:
        raise click.UsageError("Name the letters, or say --drafts.")
    done = session.desk.do(QueueLetters(letter_ids=tuple(dict.fromkeys(ids))))
    left_out = [{"letter": letter_id, "why": why} for letter_id, why in done.value.left_out]
    data = {
        "queued": len(done.value.letters),
        "letters": [letter.id for letter in done.value.letters],
        "left_out": left_out,
    }
    session.done(done, data, "\n".join([done.words, *(f"Letter {one['letter']}: {one['why']}" for one in left_out)]))


@letters.command("take-out")
@click.argument("letter_ids", metavar="ID…", type=ID, nargs=-1, required=True)
@click.option("--to-draft", is_flag=True, help="Make them drafts again instead of putting them aside.")
@click.pass_obj
def take_out(session: Session, letter_ids: tuple[int, ...], *, to_draft: bool) -> None:
    """Take letters out of the outbox before they leave; they are kept."""
    from leaddesk.workflow.outbox import WithdrawLetters

    done = session.desk.do(WithdrawLetters(letter_ids=letter_ids, to_draft=to_draft))
    session.done(done, {"taken_out": done.value, "letters": letter_ids})


@letters.command("again")
@click.argument("letter_id", metavar="ID", type=ID)
@click.pass_obj
def again(session: Session, letter_id: int) -> None:
    """Send a failed or uncertain letter once more."""
    from leaddesk.workflow.outbox import SendAgain

    done = session.desk.do(SendAgain(letter_id=letter_id))
    session.done(done, {"letter": letter_id, "state": done.value.state, "send_after": done.value.send_after})


@letters.command("arrived")
@click.argument("letter_id", metavar="ID", type=ID)
@click.pass_obj
def arrived(session: Session, letter_id: int) -> None:
    """Say that an uncertain letter did arrive."""
    _settle(session, letter_id, arrived=True)


@letters.command("lost")
@click.argument("letter_id", metavar="ID", type=ID)
@click.pass_obj
def lost(session: Session, letter_id: int) -> None:
    """Say that an uncertain letter did not arrive; `letters again` sends it once more."""
    _settle(session, letter_id, arrived=False)


def _settle(session: Session, letter_id: int, *, arrived: bool) -> None:
    from leaddesk.workflow.outbox import SettleUncertain

    done = session.desk.do(SettleUncertain(letter_id=letter_id, arrived=arrived))
    session.done(done, {"letter": letter_id, "state": done.value.state})


def letter_of(session: Session, letter_id: int) -> Letter:
    """A letter of a lead this user may see. Raises `Refused` otherwise."""
    from leaddesk.workflow.cards import LeadCard
    from leaddesk.workflow.letters import LetterById

    found = session.desk.read(LetterById(letter_id))
    if found is None:
        raise Refused(f"There is no letter {letter_id}.", field="letter_id")
    session.desk.read(LeadCard(found.lead_id))
    return found


def _reason(session: Session, letter: Letter) -> str | None:
    from leaddesk.workflow.refusal_stories import RefusalStories

    stories = session.desk.read(RefusalStories(letter.lead_id)) if letter.refusal_id else []
    return next((story.reason for story in stories if story.refusal.id == letter.refusal_id), None)


def _row(row: OutboxRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


def _state(row: OutboxRow) -> str:
    marks = ("answered" if row.answered_at else "", "came back" if row.bounced_at else "")
    return ", ".join(filter(None, (row.state.value, *marks)))


def _standing(session: Session) -> OutboxStanding:
    from leaddesk.workflow.outbox import OutboxNow

    return session.desk.read(OutboxNow())


def _counts(standing: OutboxStanding) -> dict[str, int]:
    return {
        "sent": standing.counts.get(LetterState.SENT, 0),
        "failed": standing.counts.get(LetterState.FAILED, 0),
        "queued": standing.counts.get(LetterState.QUEUED, 0),
    }
