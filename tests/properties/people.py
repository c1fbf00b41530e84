"""Random cards with everything on them that can be on a card, written down as rows, whatever led to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from leaddesk.workflow.derived import refresh
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import (
    Call,
    Client,
    ContactPoint,
    ImportBatch,
    Lead,
    LeadExtra,
    Note,
    Refusal,
    Source,
    Stay,
    Suppression,
    Task,
)
from leaddesk.workflow.intake_entities import NotSame, Redirect
from leaddesk.workflow.letter_entities import Letter, Reply
from leaddesk.workflow.ports import Work
from leaddesk.workflow.vocabulary import (
    OPEN_STATUSES,
    Channel,
    LetterState,
    PartOfDay,
    PointState,
    Status,
    TaskKind,
    Temperature,
)
from tests.db.commands import Do
from tests.engines import START

words = st.one_of(
    st.sampled_from(["", "", "Olena", "olena ", "Олена Гриценко", "O'Neill", "keep", "Klochkivska  Trade"]),
    st.text(max_size=12),
)
some_words = st.text(min_size=1, max_size=12)
past = st.integers(1, 200_000).map(lambda minutes: START - timedelta(minutes=minutes))
ahead = st.integers(1, 200_000).map(lambda minutes: START + timedelta(minutes=minutes))
maybe_past, maybe_ahead = st.none() | past, st.none() | ahead
NUMBERS = ("+380674410098", "+37253498812")
ADDRESSES = (
    ("olena@gmail.com", "o.lena@gmail.com"),
    ("olena@gmail.com", "olena+1@gmail.com"),
    ("a@b.example", "A@B.example"),
)
HANDLES = (("@olena", "@olena"), ("@olena", "@Olena"))
TEXTS = (
    *("name first_name last_name company role interest industry website budget").split(),
    *("country region city address postal_code language external_system external_id").split(),
)


def _phone(number: str, spelling: str) -> dict[str, Any]:
    return {"channel": Channel.PHONE, "key": number, "value": number, "raw": spelling or number}


points = st.builds(
    lambda what, rest: {**what, **rest},
    st.one_of(
        st.builds(_phone, st.sampled_from(NUMBERS), st.sampled_from(["", "057 705", "(067) 441 доб. 12"])),
        st.sampled_from(ADDRESSES).map(lambda a: {"channel": Channel.EMAIL, "key": a[0], "value": a[1], "raw": a[1]}),
        st.sampled_from(HANDLES).map(lambda h: {"channel": Channel.TELEGRAM, "key": h[0], "value": h[1]}),
        some_words.map(lambda raw: {"channel": Channel.PHONE, "value": raw, "raw": raw, "state": PointState.INVALID}),
    ),
    st.fixed_dictionaries(
        {"attempts": st.integers(0, 5), "answered": st.integers(0, 3), "last_tried_at": maybe_past},
        optional={
            "label": st.sampled_from(["work", "home", "Work"]),
            "preferred": st.booleans(),
            "state": st.sampled_from(list(PointState)),
        },
    ),
)
calls = st.fixed_dictionaries(
    {
        "outcome": st.sampled_from(["no_answer", "busy", "callback", "interested", "wrong_number", "gone"]),
        "started_at": past,
        "note": words,
        "point": st.none() | st.integers(0, 3),
    }
)
tasks = st.fixed_dictionaries(
    {"kind": st.sampled_from(list(TaskKind)), "title": words, "due_at": ahead, "done_at": maybe_past},
    optional={"dropped": st.booleans(), "promised": st.booleans()},
)
refusals = st.fixed_dictionaries(
    {"reason": st.sampled_from(["price", "other"]), "at": past, "words": words},
    optional={"suppressed": st.booleans(), "returned_at": past, "taken_back_at": past, "return_at": ahead},
)
letters = st.fixed_dictionaries(
    {"subject": words, "body": words, "state": st.sampled_from(list(LetterState)), "of_refusal": st.booleans()},
    optional={"reply": some_words},
)
fields = st.fixed_dictionaries(
    {name: words for name in TEXTS if name != "country"},
    optional={
        "country": st.sampled_from(["UA", "EE", "HU"]),
        "decides": st.sampled_from([None, True, False]),
        "preferred_channel": st.sampled_from([None, Channel.PHONE, Channel.EMAIL]),
        "preferred_part": st.sampled_from([None, PartOfDay.MORNING]),
        "temperature": st.sampled_from(list(Temperature)),
        "tags": st.sampled_from([(), ("vip",), ("vip", "fair")]),
        "no_call": st.booleans(),
        "no_mail": st.booleans(),
        "greet": st.booleans(),
        "suspicion_ok": st.booleans(),
        "attempts": st.integers(0, 6),
        "touches": st.integers(0, 9),
        "last_call_at": maybe_past,
        "created_at": past,
        "first_assigned_at": maybe_past,
        "parked_why": words,
        "source_id": st.sampled_from([None, 1, 2]),
        "owner_id": st.sampled_from([None, 1, 2]),
        "batch_id": st.sampled_from([None, 1]),
        "idle_ok": st.booleans(),
    },
)
plans = st.fixed_dictionaries({"retry_at": maybe_ahead, "came_back_at": maybe_past, "return_at": ahead})
cards = st.fixed_dictionaries(
    {
        "fields": fields,
        "status": st.sampled_from([*Status, *OPEN_STATUSES]),
        "plan": plans,
        "client": st.integers(1, 2),
        "points": st.lists(points, min_size=1, max_size=4),
        "calls": st.lists(calls, max_size=4),
        "notes": st.lists(words, max_size=2),
        "tasks": st.lists(tasks, max_size=2),
        "refusals": st.lists(refusals, max_size=2),
        "stays": st.integers(0, 1),
        "letters": st.lists(letters, max_size=2),
        "extra": st.dictionaries(
            st.sampled_from(["Colour", "Name", "Phone", "Shoe size"]) | some_words, words, max_size=3
        ),
        "original": st.dictionaries(st.sampled_from(["Phone", "Name"]), words, max_size=2),
        "leads_here": st.booleans(),
        "barred": st.booleans(),
    }
)


def write(desk: Desk, wanted: list[dict[str, Any]], *, apart: list[tuple[int, int]] | None = None) -> list[int]:
    """Have these cards on the floor; gives their ids. `apart` are places in the list of who was told from whom."""

    def all_of(work: Work) -> list[int]:
        for name in ("Web", "Fair"):
            work.add(Source(name=name))
        work.add(ImportBatch(file="leads.csv", at=START))
        for name in ("One", "Two"):
            work.add(Client(name=name))
        ids = [_write(work, number, card) for number, card in enumerate(wanted, 1)]
        for one, other in apart or ():
            a, b = sorted((ids[one], ids[other]))
            work.add(NotSame(a=a, b=b, at=START))
        for lead in work.find(Lead, id=ids):
            refresh(work, lead)
        return ids

    ids: list[int] = desk.do(Do(all_of, "a floor")).value
    return ids


def _write(work: Work, number: int, card: dict[str, Any]) -> int:
    lead = work.add(Lead(**card["fields"], **_standing(card)))
    # Extra fields that were all emptied leave an empty row.
    if card["extra"] or card["original"] or card["leads_here"]:
        work.add(LeadExtra(id=lead.id, fields=card["extra"], original=card["original"]))
    held = [work.add(ContactPoint(lead_id=lead.id, position=i, **point)) for i, point in enumerate(card["points"])]
    for call in card["calls"]:
        place = call["point"]
        contact = held[place].id if place is not None and place < len(held) else None
        said = {name: value for name, value in call.items() if name != "point"}
        work.add(Call(lead_id=lead.id, contact_id=contact, user_id=1, **said))
    for text in card["notes"]:
        work.add(Note(lead_id=lead.id, at=START, text=text))
    # A lead that left work has nothing planned.
    closed = lead.status in (Status.REFUSED, Status.DISQUALIFIED)
    for task in card["tasks"]:
        work.add(Task(lead_id=lead.id, **{**task, **({"dropped": True} if closed else {})}))
    refused = [work.add(Refusal(lead_id=lead.id, **refusal)) for refusal in card["refusals"]]
    for _ in range(card["stays"]):
        work.add(Stay(lead_id=lead.id, at=START, reason="price"))
    for i, letter in enumerate(card["letters"]):
        said = {name: letter[name] for name in ("subject", "body", "state")}
        of = refused[0].id if refused and letter["of_refusal"] else None
        row = work.add(Letter(lead_id=lead.id, refusal_id=of, message_id=f"<{number}.{i}@x>", **said))
        if "reply" in letter:
            work.add(Reply(lead_id=lead.id, letter_id=row.id, refusal_id=of, at=START, text=letter["reply"]))
    if card["leads_here"]:
        work.add(Redirect(id=1000 + number, lead_id=lead.id, name="an older card", at=START))
    if card["barred"]:
        for key in {p.key for p in held if p.key and p.channel is Channel.PHONE}:
            if not work.find(Suppression, channel=Channel.PHONE, key=key):
                work.add(Suppression(channel=Channel.PHONE, key=key, at=START))
    return lead.id


def _standing(card: dict[str, Any]) -> dict[str, Any]:
    """A status with what goes with it."""
    status, plan = card["status"], card["plan"]
    if status in OPEN_STATUSES:
        back = plan["came_back_at"]
        return {
            "status": status,
            "retry_at": plan["retry_at"],
            "came_back_at": back,
            "came_back_why": "b" if back else "",
        }
    if status is Status.CONVERTED:
        return {"status": status, "client_id": card["client"], "converted_at": START}
    return {"status": status, "return_at": None if status is Status.DISQUALIFIED else plan["return_at"]}
