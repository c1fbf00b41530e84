"""The outbox: what stands in it, what is due, and the letter as it goes out; answers and whose letter they answer."""

from __future__ import annotations

from base64 import b64decode
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from leaddesk.db.figure_indexes import ABOUT
from leaddesk.db.letter_tables import letter, mailbox, outbox, reply, stored_file
from leaddesk.db.mapping import at, from_ms, mapper, to_ms
from leaddesk.db.post import ONLY, DbPost
from leaddesk.db.prepared import said
from leaddesk.db.tables import app_user, lead, refusal, refusal_reason
from leaddesk.workflow.entities import User
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_entities import Letter, Reply
from leaddesk.workflow.letter_html import as_html
from leaddesk.workflow.mail import Attachment, Outgoing
from leaddesk.workflow.outbox import Outbox, OutboxNow, OutboxRow, OutboxStanding, can_send, sender_address
from leaddesk.workflow.replies import AnsweredLetter, MailboxRead, NewestReply, Replies, ReplyRow
from leaddesk.workflow.sending import NextLetter, NextToSend, OutgoingLetter
from leaddesk.workflow.templates import StoredFiles, StoredSizes
from leaddesk.workflow.undo import LeftLetter, LettersLeft
from leaddesk.workflow.vocabulary import LetterKind, LetterState, Role

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import ColumnElement, Row

    from leaddesk.db.answers.reading import Answers, Reading

_TITLE = func.coalesce(func.nullif(lead.c.name, ""), func.nullif(lead.c.company, ""), "")


def letters(reading: Reading, question: Outbox) -> list[OutboxRow]:
    """Newest first; an operator's own leads' and the pool's."""
    c = letter.c
    where: list[ColumnElement[bool]] = [reading.visible()]
    if question.states:
        where.append(c.state.in_([str(state) for state in question.states]))
    if question.lead_id is not None:
        where.append(c.lead_id == question.lead_id)
    if question.answered:
        where.append(c.answered_at.is_not(None))
    statement = (
        select(
            c.id, c.lead_id, _TITLE, c.to_address, c.subject, c.kind, c.template, c.language, c.state,
            c.created_at, c.send_after, c.sent_at, c.tries, c.error, c.reply, app_user.c.name, c.answered_at, c.bounced_at,
        )
        .select_from(letter.join(lead, lead.c.id == c.lead_id).outerjoin(app_user, app_user.c.id == c.user_id))
        .where(*where)
        .order_by(c.id.desc())
        .limit(question.limit)
    )  # fmt: skip
    return [_row(row) for row in reading.connection.execute(statement)]


def _row(row: Row[*tuple[Any, ...]]) -> OutboxRow:
    values: list[Any] = list(row)
    values[2] = values[2] or f"Lead #{values[1]}"
    values[5], values[8] = LetterKind(str(values[5])), LetterState(str(values[8]))
    created, send_after, sent = (at(values[n]) for n in (9, 10, 11))
    values[9:12] = [sent or send_after or created, send_after, sent]
    values[15] = values[15] or ""
    values[16], values[17] = at(values[16]), at(values[17])
    return OutboxRow(*values)


def standing(reading: Reading, _question: OutboxNow) -> OutboxStanding:
    """Counted over the letters this user may see."""
    narrow = reading.user.role is Role.OPERATOR
    seen = letter.outerjoin(lead, lead.c.id == letter.c.lead_id) if narrow else letter
    counts = (
        select(letter.c.state, func.count(), func.count(letter.c.answered_at))
        .select_from(seen)
        .with_hint(lead, ABOUT, "sqlite")
        .with_hint(letter, "INDEXED BY ix_letter_counted", "sqlite")
        .where(reading.visible())
        .group_by(letter.c.state)
    )
    found = reading.rows(counts)
    box = reading.connection.execute(select(outbox.c.paused_until, outbox.c.why).where(outbox.c.name == ONLY)).first()
    read = reading.connection.execute(select(mailbox.c.at, mailbox.c.why)).first()
    paused = from_ms(box[0]) if box and box[0] > reading.now_ms else None
    return OutboxStanding(
        {LetterState(state): count for state, count, _ in found},
        sum(answered for _, _, answered in found),
        can_send(reading.settings),
        paused,
        box[1] if box else "",
        at(read[0]) if read else None,
        read[1] if read else "",
    )


def next_to_send(reading: Reading, _question: NextToSend) -> NextLetter:
    """The one that has waited longest, unless the rate limit, a pause or the undo minute says later."""
    c = letter.c
    first = reading.connection.execute(
        select(c.id, c.send_after)
        .where(c.state == str(LetterState.QUEUED))
        .order_by(func.coalesce(c.send_after, 0), c.id)
        .limit(1)
    ).first()
    if first is None:
        return NextLetter()
    earliest = max(first[1] or 0, _paused(reading), _rate_allows(reading))
    if earliest > reading.now_ms:
        return NextLetter(0, from_ms(earliest))
    return NextLetter(first[0])


def _paused(reading: Reading) -> int:
    return reading.connection.scalar(select(outbox.c.paused_until).where(outbox.c.name == ONLY)) or 0


def _rate_allows(reading: Reading) -> int:
    """When the next letter may leave: no more in any minute than the setting allows."""
    most = reading.settings.number("letters.per_minute")
    minute_ago = to_ms(reading.now - timedelta(minutes=1))
    recent = list(
        reading.connection.scalars(
            select(letter.c.sent_at)
            .where(letter.c.sent_at.is_not(None), letter.c.sent_at > minute_ago)
            .order_by(letter.c.sent_at.desc())
            .limit(most)
        )
    )
    return int(recent[-1]) + 60_000 if len(recent) == most else 0


def outgoing(reading: Reading, question: OutgoingLetter) -> Outgoing:
    """The letter with its sender and files. Raises `Refused` where the sender has no address."""
    found = reading.one_of(Letter, question.letter_id)
    if found is None:
        raise Refused(f"There is no letter {question.letter_id}.", field="letter_id")
    user = (reading.one_of(User, found.user_id) if found.user_id else None) or reading.user
    settings = reading.settings
    sender = sender_address(settings, user.email)
    if not sender and question.to_send:
        raise Refused(f"{user.name} has no e-mail address to send from. Enter it in Settings.", field="from_address")
    token = found.message_id.strip("<>").partition("@")[0]
    reply_to = settings.text("letters.reply_to").strip()
    if reply_to and settings.flag("letters.plus_address") and token:
        local, _, host = reply_to.rpartition("@")
        reply_to = f"{local}+{token}@{host}"
    return Outgoing(
        message_id=found.message_id,
        sender_name=user.name,
        sender_address=sender,
        to_address=found.to_address,
        to_name=found.to_name,
        subject=found.subject,
        text=found.body,
        html=as_html(found.body, found.language),
        reply_to=reply_to if reply_to != sender else "",
        language=found.language,
        unsubscribe=_unsubscribe(settings.text("letters.unsubscribe").strip(), reply_to or sender, token)
        if question.to_send
        else "",
        attachments=_files(reading, found.attachments),
    )


def _unsubscribe(wanted: str, answers_to: str, token: str) -> str:
    if wanted.startswith("https://"):
        return wanted.replace("{token}", token)
    return f"mailto:{wanted or answers_to}?subject=unsubscribe%20{token}"


def _files(reading: Reading, wanted: dict[str, str]) -> tuple[Attachment, ...]:
    if not wanted:
        return ()
    f = stored_file.c
    rows = reading.rows(select(f.key, f.mime, f.content).where(f.key.in_(sorted(set(wanted.values())))))
    stored = {key: (mime, b64decode(content)) for key, mime, content in rows}
    missing = [name for name, key in wanted.items() if key not in stored]
    if missing:
        raise Refused(f"The file {missing[0]} is gone. Attach it anew.", field="attachments")
    return tuple(Attachment(name, *stored[key]) for name, key in wanted.items())


def stored_sizes(reading: Reading, question: StoredSizes) -> dict[str, int]:
    """Without reading the files."""
    if not question.keys:
        return {}
    f = stored_file.c
    return {str(key): size for key, size in reading.rows(select(f.key, f.size).where(f.key.in_(question.keys)))}


def answered_letter(reading: Reading, question: AnsweredLetter) -> Letter | None:
    """By Message-ID in the order given, else by the token: the left side of our Message-ID."""
    m = mapper(Letter)
    wanted = [one for one in question.refers_to if one]
    if wanted:
        found = reading.all_of(Letter, letter.c.message_id.in_(wanted[:50]))
        for message_id in wanted:
            for one in found:
                if one.message_id == message_id:
                    return one
    if question.token:
        low = f"<{question.token}@"
        where = (
            (m.table.c.message_id >= low)
            & (m.table.c.message_id < f"<{question.token}A")
            & (m.table.c.message_id != "")
        )
        for one in reading.all_of(Letter, where):
            if one.message_id.startswith(low):
                return one
    return None


def replies(reading: Reading, question: Replies) -> list[ReplyRow]:
    """Newest first, with what they answer."""
    m = mapper(Reply)
    where: list[ColumnElement[bool]] = [reading.visible()]
    if question.lead_id is not None:
        where.append(reply.c.lead_id == question.lead_id)
    if question.after:
        where.append(reply.c.id > question.after)
    statement = (
        select(*m.columns, _TITLE, letter.c.subject, refusal_reason.c.title, letter.c.kind)
        .select_from(
            reply.join(lead, lead.c.id == reply.c.lead_id)
            .outerjoin(letter, letter.c.id == reply.c.letter_id)
            .outerjoin(refusal, refusal.c.id == reply.c.refusal_id)
            .outerjoin(refusal_reason, refusal_reason.c.key == refusal.c.reason)
        )
        .where(*where)
        .order_by(reply.c.at.desc(), reply.c.id.desc())
        .limit(question.limit)
    )
    width = len(m.columns)
    return [
        ReplyRow(
            m.entity(row[:width]),
            title or f"Lead #{row[1]}",
            subject or "",
            reason or "",
            LetterKind(kind) if kind else None,
        )
        for row in reading.rows(statement)
        for title, subject, reason, kind in [row[width:]]
    ]


_LEFT = said(
    """SELECT DISTINCT l.id, l.refusal_id, l.to_name, l.to_address, l.sent_at
    FROM change AS mine CROSS JOIN letter AS l CROSS JOIN change AS later CROSS JOIN operation AS o
    WHERE mine.operation_id = :op AND mine.tbl || '' = 'letter' AND mine.cols <> 'lead_id,version'
      AND l.id = mine.row_id AND l.state IN ('sending', 'sent', 'uncertain')
      AND later.tbl = 'letter' AND later.row_id = mine.row_id AND later.operation_id > mine.operation_id
      AND o.id = later.operation_id AND o.command = 'BeginSending'
    ORDER BY l.id"""
)
"""CROSS JOIN and the expression keep SQLite to this order: it would rather read all that ever happened to letters.

A merge only takes letters over to another card: it can be undone whatever has left.
"""


def letters_left(reading: Reading, question: LettersLeft) -> list[LeftLetter]:
    """By the journal: the sender took them after the operation."""
    rows = _LEFT.rows(reading.connection, op=question.operation_id)
    return [LeftLetter(row[0], row[1], row[2] or row[3], at(row[4])) for row in rows]


def newest_reply(reading: Reading, _question: NewestReply) -> int:
    """By the key alone."""
    return reading.connection.scalar(select(func.max(reply.c.id))) or 0


ANSWERS: Answers = {
    LettersLeft: letters_left,
    Outbox: letters,
    OutboxNow: standing,
    NextToSend: next_to_send,
    OutgoingLetter: outgoing,
    AnsweredLetter: answered_letter,
    Replies: replies,
    NewestReply: newest_reply,
    StoredSizes: stored_sizes,
    StoredFiles: lambda reading, question: _files(reading, question.attachments),
    MailboxRead: lambda reading, _question: DbPost(reading.connection, reading.now).mark(),
}
