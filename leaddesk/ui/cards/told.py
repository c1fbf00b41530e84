"""What the lists of a card say: rows of data made into lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.ui.cards.changed import changed_lines
from leaddesk.ui.cards.lines import Line
from leaddesk.ui.cards.saying import day_and_time, due_words
from leaddesk.ui.cards.text import Run
from leaddesk.ui.letters.saying import chip_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from leaddesk.workflow.cards import TimelineRow
    from leaddesk.workflow.duplicates import Match
    from leaddesk.workflow.entities import ClientPerson, Lead, Note, Task
    from leaddesk.workflow.letter_entities import Letter
    from leaddesk.workflow.undo import HistoryRow

ICONS = {
    "call": "phone",
    "note": "note",
    "letter": "envelope-simple",
    "reply": "arrow-bend-up-left",
    "task": "check-square",
    "refusal": "prohibit",
    "event": "arrows-left-right",
}


def timeline_lines(rows: Iterable[TimelineRow], now: datetime, zone: ZoneInfo, me: str) -> list[Line]:
    """Everything that happened, newest first."""
    found = []
    for row in rows:
        first, dot, rest = row.title.partition(" · ")
        runs = [Run(first, bold=True), Run(dot + rest)] if row.kind != "event" else [Run(row.title)]
        if row.who and row.who != me:
            runs.append(Run(f" · {row.who}", "mute"))
        when = day_and_time(row.at, now, zone)
        found.append(Line(when, tuple(runs), ICONS.get(row.kind, "circle"), row.text, ref=row.ref, kind=row.kind))
    return found


def task_lines(tasks: Iterable[Task], now: datetime, zone: ZoneInfo) -> list[Line]:
    """What is open first, by due time, then what is over."""
    ordered = sorted(tasks, key=lambda t: (not t.is_open, t.due_at if t.is_open else now, -t.id))
    found = []
    for task in ordered:
        when = due_words(task.due_at, now, zone, exact=task.exact)
        late = task.is_open and task.due_at < now
        runs = [Run(task.title or task.kind.words.capitalize(), bold=task.is_open)]
        if task.promised:
            runs.append(Run(" · promised", "mute"))
        if late:
            runs.append(Run(" · overdue", "hot_text", bold=True))
        if not task.is_open:
            runs.append(Run(" · done" if task.done_at else " · dropped", "mute"))
        action = "Done" if task.is_open else ""
        icon = "square" if task.is_open else "check-square"
        found.append(Line(when, tuple(runs), icon, task.result, action, task.id, "task", faint=not task.is_open))
    return found


def note_lines(notes: Iterable[Note], now: datetime, zone: ZoneInfo) -> list[Line]:
    """Notes, newest first."""
    return [Line(day_and_time(n.at, now, zone), (Run(n.text),), "note", ref=n.id, kind="note") for n in notes]


def letter_lines(letters: Iterable[Letter], now: datetime, zone: ZoneInfo, *, can_save: bool) -> list[Line]:
    """Letters and what has become of them; each can be saved to a file."""
    found = []
    for letter in letters:
        when = day_and_time(letter.created_at, now, zone) if letter.created_at else ""
        state, kind = chip_of(letter.state, letter.answered_at)
        alarm = kind in ("hot", "warm")
        runs = (Run(letter.subject, bold=True), Run(f" · {state}", "hot_text" if alarm else "mute"))
        action = "Save as .eml" if can_save else ""
        found.append(Line(when, runs, "envelope-simple", f"to {letter.to_address}", action, letter.id, "letter"))
    return found


def match_lines(matches: Iterable[Match]) -> list[Line]:
    """Cards that share a number or an address."""
    return [
        Line(
            m.kind,
            (Run(m.title, bold=True), Run(f" · {m.status}" + (f" · {m.owner}" if m.owner else ""), "mute")),
            "copy",
            m.why,
            "Open",
            m.id,
            m.kind,
        )
        for m in matches
    ]


def history_lines(rows: Iterable[HistoryRow], now: datetime, zone: ZoneInfo) -> list[Line]:
    """The journal of one card: what was done, by whom, each field before and after."""
    found = []
    for row in rows:
        op = row.operation
        runs = [Run(op.words or op.command, bold=True), Run(f" · {op.user_name}", "mute")]
        if op.undone:
            runs.append(Run(" · undone", "mute"))
        action = "Undo" if op.kind == "do" and not op.undone else ""
        below = "\n".join(changed_lines(row.fields, zone))
        when = day_and_time(op.at, now, zone)
        found.append(Line(when, tuple(runs), "clock-counter-clockwise", below, action, op.id, "operation", op.undone))
    return found


def person_lines(people: Iterable[ClientPerson]) -> list[Line]:
    """The people at a client."""
    found = []
    for person in people:
        role = " · ".join(filter(None, (person.role, "decides" if person.decides else "")))
        reach = " · ".join(filter(None, (person.phone, person.email)))
        runs = (Run(person.name, bold=True), Run(f" · {role}" if role else "", "mute"))
        found.append(Line("", runs, "user", reach, "Edit", person.id, "person"))
    return found


def lead_lines(leads: Iterable[Lead], now: datetime, zone: ZoneInfo) -> list[Line]:
    """Leads that led to a client."""
    return [
        Line(
            day_and_time(lead.created_at, now, zone) if lead.created_at else "",
            (Run(lead.title, bold=True), Run(f" · {lead.status.words} · {lead.interest}".rstrip(" ·"), "mute")),
            "user",
            "",
            "Open",
            lead.id,
            "lead",
        )
        for lead in leads
    ]
