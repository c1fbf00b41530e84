"""Columns as declared: what they say, what they sort by."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from leaddesk.ui.columns import CLIENTS, GROUP_KINDS, LEADS, Column, Say, usual
from leaddesk.ui.letters.lists import ANSWER_COLUMNS, LETTERS
from leaddesk.ui.letters.saying import chip_of
from leaddesk.ui.parked_columns import PARKED
from leaddesk.ui.table_view_delegate import PAD, RowDelegate
from leaddesk.ui.theme import current
from leaddesk.workflow.cards import ClientIds, LeadIds, LeadRow
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.vocabulary import PARKED_STATUSES, LetterState, Status, Temperature
from tests.engines import START

SAY = Say(UTC, START)
TABLES: dict[str, tuple[Column[Any], ...]] = {
    "leads": LEADS,
    "clients": CLIENTS,
    "parked": PARKED,
    "letters": LETTERS,
    "answers": ANSWER_COLUMNS,
}


def lead(**values: Any) -> LeadRow:
    usual_values: dict[str, Any] = {
        "id": 7, "name": "Olena", "company": "Trade", "phone": "+380", "email": "", "status": Status.NEW,
        "temperature": Temperature.HOT, "score": 81, "source": "Fair", "owner": "", "country": "UA", "city": "Kharkiv",
        "next_at": None, "last_call_at": None, "created_at": START, "changed_at": START, "attempts": 0, "touches": 0,
        "incomplete": False, "suspicious": False, "tags": (), "parked_why": "", "return_at": None,
    }  # fmt: skip
    return LeadRow(**{**usual_values, **values})


def column(key: str) -> Column[LeadRow]:
    return next(c for c in LEADS if c.key == key)


@pytest.mark.parametrize("name", TABLES)
def test_keys_are_unique_and_some_are_shown(name: str) -> None:
    keys = [c.key for c in TABLES[name]]
    assert len(set(keys)) == len(keys)
    assert usual(TABLES[name]).shown


@pytest.mark.parametrize("sort", sorted({c.sort for c in (*LEADS, *PARKED) if c.sort}))
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_leads_can_be_sorted_as_declared(desk: Desk, sort: str) -> None:
    assert len(desk.read(LeadIds(sort=sort))) == 0


@pytest.mark.parametrize("sort", sorted({c.sort for c in CLIENTS if c.sort}))
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_clients_can_be_sorted_as_declared(desk: Desk, sort: str) -> None:
    assert len(desk.read(ClientIds(sort=sort))) == 0


def test_a_new_lead_has_its_first_call_as_next_step_and_far_times_are_short() -> None:
    column_next = column("next")
    assert column_next.text(lead(), SAY) == "first call"
    assert column_next.text(lead(status=Status.IN_PROGRESS), SAY) == ""
    there = START.replace(hour=20, minute=5)
    assert column_next.text(lead(next_at=there), SAY) == "today 20:05"
    assert not column_next.text(lead(next_at=there.replace(year=START.year - 1)), SAY).endswith("20:05")


def test_chips_have_room_for_their_words(qtbot: QtBot) -> None:
    theme = current()
    delegate = RowDelegate(theme, theme)
    letters = [chip_of(state, answered)[0] for state in LetterState for answered in (None, START)]
    words: dict[str, tuple[tuple[Column[Any], ...], list[str]]] = {
        "group": (PARKED, list(GROUP_KINDS)),
        "letter": (PARKED, [state.value for state in LetterState] + ["answered", "came back"]),
        "status": (PARKED, [status.words for status in PARKED_STATUSES]),
        "state": (LETTERS, letters),
        "answers": (ANSWER_COLUMNS, ["3 of 3"]),
    }
    for key, (columns, said) in words.items():
        room = next(column.width for column in columns if column.key == key) - 2 * PAD
        assert {word for word in said if delegate.chip_width(word) > room} == set(), key


def test_readiness_has_a_shape_beside_its_word() -> None:
    said = [column("temperature").text(lead(temperature=t), SAY) for t in Temperature]
    assert said == ["● cold", "◆ warm", "▲ hot"]


@pytest.mark.parametrize(
    ("late", "words"),
    [
        ({"seconds": 40}, ""),
        ({"minutes": 4}, "4 min late"),
        ({"hours": 3}, "3 h late"),
        ({"days": 5}, "5 d late"),
        ({"hours": -2}, ""),
    ],
)
def test_late_is_said_in_words(late: dict[str, float], words: str) -> None:
    row = lead(next_at=START - timedelta(**late))
    assert column("next").sub(row, SAY) == words
    assert column("next").alarm(row, SAY) == bool(words)


def test_a_parked_lead_is_never_late_but_says_when_it_comes_back_and_why() -> None:
    row = lead(
        status=Status.DEFERRED, next_at=None, return_at=datetime(2026, 9, 1, 6, tzinfo=UTC), parked_why="no budget"
    )
    assert column("next").text(row, SAY) == "back Tue 1 Sep"
    assert column("next").sub(row, SAY) == "no budget"
    assert not column("next").alarm(row, SAY)
    assert column("next").text(lead(status=Status.REFUSED), SAY) == "stays away"


def test_a_lead_without_a_name_is_called_by_its_company_and_marked() -> None:
    row = lead(name="", incomplete=True)
    assert column("name").text(row, SAY) == "Trade"
    assert not column("name").sub(row, SAY)
    assert column("name").badge(row, SAY) == "incomplete"
    assert column("name").badge(lead(suspicious=True, incomplete=True), SAY) == "suspicious"
