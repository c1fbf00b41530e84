"""Random cards merged, undone and merged again: nothing of any is lost, and undo gives every row back to the byte."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaddesk.db.check import check
from leaddesk.db.store import DbStore
from leaddesk.workflow.cards import LeadCard
from leaddesk.workflow.desk import Command, Desk
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.merging import MergeCards, MergeMany, MergePreview
from leaddesk.workflow.undo import Redo, Undo
from tests.engines import TestClock, sit_down
from tests.properties.floor import (
    Dump,
    check_keys,
    check_search,
    difference,
    dump,
    fast_store,
    fresh_file,
    reach_of,
)
from tests.properties.people import TEXTS, cards, write

MOVING = ("call", "note", "task", "refusal", "stay", "letter", "reply")
OPEN = ("new", "in_progress", "qualified")
MODEST = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
LONG = settings(MODEST, max_examples=1000)

choices = st.dictionaries(
    st.sampled_from(["name", "company", "role", "interest", "city", "source", "owner"]),
    st.sampled_from(["keep", "lose"]),
    max_size=3,
)
marks = st.lists(st.sampled_from([(0, 1), (0, 2), (1, 2)]), max_size=2, unique=True)


class Floor:
    """A file of its own with some cards on it."""

    def __init__(self, wanted: list[dict[str, Any]], apart: list[tuple[int, int]]) -> None:
        self.path = fresh_file()
        self.store = fast_store(self.path)
        self.desk: Desk = sit_down(self.store, TestClock())
        self.ids = write(self.desk, wanted, apart=apart)
        self.before = dump(self.store)

    def close(self) -> None:
        self.store.close()
        shutil.rmtree(self.path.parent, ignore_errors=True)

    def hangs_together(self) -> None:
        """Nothing points at what is not there, and the search knows what there is."""
        check_keys(self.store)
        check_search(self.store)

    def whole(self) -> None:
        """Nothing is wrong, as somebody sees it who has just opened the file."""
        self.hangs_together()
        other = DbStore(self.path)
        assert check(other) == []
        other.close()

    def merge(self, command: Command[Any]) -> Dump | None:
        """Out, back and out again; None where it is refused, and then nothing was written."""
        try:
            self.desk.do(command)
        except Refused:
            assert difference(self.before, dump(self.store)) == []
            return None
        after = dump(self.store)
        self.hangs_together()
        self.desk.do(Undo())
        assert difference(self.before, dump(self.store)) == []
        self.hangs_together()
        self.desk.do(Redo())
        assert difference(after, dump(self.store)) == []
        self.whole()
        return after


def folded(text: str) -> str:
    return " ".join(text.casefold().split())


def bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c not in "()-+/" and not c.isspace())


def of(rows: Dump, table: str, lead_id: int) -> list[dict[str, Any]]:
    return [row for row in rows[table].values() if row["lead_id"] == lead_id]


def extra_of(rows: Dump, lead_id: int) -> list[str]:
    row = rows["lead_extra"].get(lead_id)
    texts = [json.loads(row[name]) for name in ("fields", "original") if row[name]] if row else []
    return [value for text in texts for value in text.values()]


def nothing_is_lost(before: Dump, after: Dump, keep: int, lose: list[int]) -> None:
    """Every phone, address, call, note, task, refusal, letter, answer and value of all is on the one card."""
    one = after["lead"][keep]
    said = {folded(str(v)) for v in (*one.values(), *extra_of(after, keep))}
    held = of(after, "contact_point", keep)
    spelt = {bare(p[name]) for p in held for name in ("value", "raw")} | {bare(v) for v in extra_of(after, keep)}
    for lead_id in (keep, *lose):
        lead = before["lead"][lead_id]
        missing = {name: lead[name] for name in TEXTS if lead[name] and folded(lead[name]) not in said}
        assert not missing
        for value in extra_of(before, lead_id):
            assert not value or folded(value) in said
        for table, column in (("source", "source_id"), ("app_user", "owner_id")):
            if lead[column] not in (None, one[column]):
                assert folded(before[table][lead[column]]["name"]) in said
        assert set(filter(None, lead["tags"].split("\n"))) <= set(one["tags"].split("\n"))
        assert one["no_call"] >= lead["no_call"]
        assert one["no_mail"] >= lead["no_mail"]
        for point in of(before, "contact_point", lead_id):
            assert any(p["channel"] == point["channel"] and p["key"] == point["key"] for p in held)
            assert {bare(point["value"]), bare(point["raw"])} <= spelt | {""}
        for table in MOVING:
            for row in of(before, table, lead_id):
                there = after[table][row["id"]]
                may = {"lead_id", "contact_id", "version", "client_id", "dropped", "result"}
                assert there["lead_id"] == keep
                assert {k: v for k, v in there.items() if k not in may} == {
                    k: v for k, v in row.items() if k not in may
                }
                if table == "call" and row["contact_id"]:
                    was, now = (rows["contact_point"][r["contact_id"]] for rows, r in ((before, row), (after, there)))
                    assert (now["lead_id"], now["channel"], now["key"]) == (keep, was["channel"], was["key"])
        assert after["redirect"].get(lead_id, {"lead_id": keep})["lead_id"] == keep
    leads = [before["lead"][i] for i in (keep, *lose)]
    assert one["touches"] == sum(lead["touches"] for lead in leads)
    assert one["created_at"] == min(lead["created_at"] for lead in leads)
    for name in ("attempts", "answered"):
        points = [p for i in (keep, *lose) for p in of(before, "contact_point", i)]
        assert sum(p[name] for p in held) == sum(p[name] for p in points)


def what_stands_is_right(before: Dump, after: Dump, keep: int, lose: list[int]) -> None:
    """The others are gone and lead here for ever; the card stands where it should, and is not forgotten."""
    one = after["lead"][keep]
    assert not set(lose) & set(after["lead"])
    assert {i for i in lose if after["redirect"][i]["lead_id"] == keep} == set(lose)
    led = {i: row["lead_id"] for i, row in before["redirect"].items()}
    assert {i: after["redirect"][i]["lead_id"] for i in led} == {i: keep if to in lose else to for i, to in led.items()}
    for mark in after["not_same"].values():
        assert mark["a"] < mark["b"]
        assert not {mark["a"], mark["b"]} & set(lose)
    assert one["reach"] == reach_of(one, after)
    statuses = {before["lead"][i]["status"] for i in (keep, *lose)}
    assert one["status"] in statuses | {"in_progress"}
    assert (one["status"] == "converted") == ("converted" in statuses) == (one["client_id"] is not None)
    waiting = [t for t in of(after, "task", keep) if t["done_at"] is None and not t["dropped"]]
    if one["status"] in OPEN:
        fresh = one["status"] == "new" and one["last_call_at"] is None
        assert fresh or one["retry_at"] or one["came_back_at"] or one["idle_ok"] or waiting
        assert one["return_at"] is None
    else:
        assert one["retry_at"] is one["came_back_at"] is None
    if one["status"] in ("refused", "disqualified"):
        assert not waiting


def merge_a_pair(wanted: list[dict[str, Any]], chosen: dict[str, str], apart: list[tuple[int, int]]) -> None:
    floor = Floor(wanted, apart)
    keep, lose, _ = floor.ids
    try:
        view = floor.desk.read(MergePreview(keep, lose, chosen))
        after = floor.merge(MergeCards(keep, lose, chosen))
        assert (after is None) == bool(view.refused)
        if after is None:
            clients = {floor.before["lead"][i]["client_id"] for i in (keep, lose)}
            assert len(clients - {None}) == 2
            return
        nothing_is_lost(floor.before, after, keep, [lose])
        what_stands_is_right(floor.before, after, keep, [lose])
        card = floor.desk.read(LeadCard(lose))
        assert card.lead.id == keep
        assert view.aside.items() <= card.extra.fields.items()
        for row in view.rows:
            if row.choosable and row.field not in ("source_id", "owner_id", "decides"):
                assert str(getattr(card.lead, row.field) or "") == row.value
    finally:
        floor.close()


def merge_all(wanted: list[dict[str, Any]], apart: list[tuple[int, int]]) -> None:
    floor = Floor(wanted, apart)
    a, b, c = floor.ids
    try:
        after = floor.merge(MergeMany(((a, b), (b, c))))
        if after is None:
            return
        gone = [i for i in floor.ids if i not in after["lead"]]
        for mark in floor.before["not_same"].values():
            led = {after["redirect"][i]["lead_id"] if i in gone else i for i in (mark["a"], mark["b"])}
            assert len(led) == 2
        for keep in set(floor.ids) - set(gone):
            lose = [i for i in gone if after["redirect"][i]["lead_id"] == keep]
            if lose:
                nothing_is_lost(floor.before, after, keep, lose)
                what_stands_is_right(floor.before, after, keep, lose)
    finally:
        floor.close()


three = st.lists(cards, min_size=3, max_size=3)


@MODEST
@given(three, choices, marks)
def test_nothing_of_a_pair_is_lost_and_undo_gives_every_byte_back(
    wanted: list[dict[str, Any]], chosen: dict[str, str], apart: list[tuple[int, int]]
) -> None:
    merge_a_pair(wanted, chosen, apart)


@MODEST
@given(three, marks)
def test_nothing_of_many_is_lost_and_undo_gives_every_byte_back(
    wanted: list[dict[str, Any]], apart: list[tuple[int, int]]
) -> None:
    merge_all(wanted, apart)


@pytest.mark.soak
@LONG
@given(three, choices, marks)
def test_a_thousand_pairs(wanted: list[dict[str, Any]], chosen: dict[str, str], apart: list[tuple[int, int]]) -> None:
    merge_a_pair(wanted, chosen, apart)


@pytest.mark.soak
@LONG
@given(three, marks)
def test_a_thousand_bulk_merges(wanted: list[dict[str, Any]], apart: list[tuple[int, int]]) -> None:
    merge_all(wanted, apart)
