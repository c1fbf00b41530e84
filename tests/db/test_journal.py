"""Undo and redo give back the very bytes, one row or thousands, across restarts; what stands on it is named."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text

from leaddesk.db.check import check
from leaddesk.db.mapping import TABLES
from leaddesk.db.store import DbStore
from leaddesk.db.tables import change, operation, search_doc
from leaddesk.workflow.derived import refresh
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Client, ContactPoint, Lead, LeadExtra, Note, Setting, Source, Task
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.ports import Work
from leaddesk.workflow.undo import History, Journal, NextUndo, Redo, Undo
from leaddesk.workflow.vocabulary import Channel, Status
from tests.db.commands import Do, Edit
from tests.engines import START, Opener, TestClock, sit_down

Dump = dict[str, list[tuple[Any, ...]]]


def dump(store: DbStore) -> Dump:
    """Every stored value of every journalled table, and what the search knows."""
    tables = [*(TABLES[kind] for kind in tuple(TABLES)), search_doc]
    with store.reader.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(table.c.id))]
            for table in tables
        }


def lead_with_all(work: Work) -> Lead:
    """A lead with one row of each kind that hangs on it."""
    source = work.add(Source(name="Fair"))
    lead = work.add(Lead(name='Анна "Quote" O\'Neil', company="Ромашка \\ ltd", tags=("a", "b"), source_id=source.id))
    work.add(LeadExtra(id=lead.id, fields={"Размер": 'XL\n\t"', "{}": "[]"}))
    work.add(ContactPoint(lead_id=lead.id, channel=Channel.PHONE, value="+380671234567", key="+380671234567"))
    work.add(Task(lead_id=lead.id, due_at=START, owner_id=work.user.id))
    work.add(Note(lead_id=lead.id, at=START, text="first\nsecond 😀"))
    return refresh(work, lead)


@pytest.fixture
def lead(desk: Desk) -> Lead:
    added: Lead = desk.do(Do(lead_with_all, "Lead added")).value
    return added


def edit(row_id: int = 1, **values: Any) -> Edit:
    return Edit(Lead, row_id, values)


def several(work: Work) -> None:
    """One of everything in one transaction: added, changed twice, added and removed, changed and removed."""
    lead = work.get(Lead, 1)
    lead = work.change(lead, name="Second", score=7)
    work.change(lead, name="Third")
    gone = work.add(Note(lead_id=1, at=START, text="not for long"))
    work.remove(work.change(gone, text="still not"))
    task = work.find(Task, lead_id=1)[0]
    work.remove(work.change(task, title="to be removed"))
    kept = work.add(Note(lead_id=1, at=START, text="stays"))
    work.change(kept, text="stays, changed")
    client = work.add(Client(name="Client"))
    work.change(work.get(Lead, 1), status=Status.CONVERTED, client_id=client.id)
    work.change(work.find(ContactPoint, lead_id=1)[0], client_id=client.id)


def bulk_add(work: Work) -> None:
    leads = work.add_many([Lead(name=f"Lead {n}", score=n) for n in range(3000)])
    points = [ContactPoint(lead_id=lead.id, channel=Channel.EMAIL, value=f"{lead.id}@x.ua") for lead in leads]
    work.add_many(points)
    work.put_many([LeadExtra(id=lead.id, fields={"n": str(lead.id)}) for lead in leads[:50]])


def bulk_change(work: Work) -> None:
    ids = [lead.id for lead in work.find(Lead)]
    work.change_many(Lead, ids, owner_id=work.user.id, temperature="hot", city="Київ")


def one_then_many(work: Work) -> None:
    work.change(work.get(Lead, 1), role="buyer", city="Odesa")
    work.change_many(Lead, [1], city="Lviv")


def many_then_one(work: Work) -> None:
    known = work.get(Lead, 1)
    work.change_many(Lead, [1], city="Lviv", role="owner")
    work.change(known, website="acme.example")
    work.change(work.get(Lead, 1), city="Kyiv")


def many_twice(work: Work) -> None:
    work.change_many(Lead, [1], city="Lviv")
    work.change_many(Lead, [1], city="Kyiv", role="buyer")
    work.change_many(Lead, [1], city="Odesa")


WISHES: dict[str, Callable[[Work], Any]] = {
    "add": lambda work: work.add(Lead(name="Another")),
    "change": lambda work: work.change(work.get(Lead, 1), name="Changed", decides=True, retry_at=START),
    "remove": lambda work: work.remove(work.find(Note, lead_id=1)[0]),
    "several": several,
    "setting": lambda work: work.add(Setting(key="look.theme", value='"dark"')),
    "bulk add": bulk_add,
    "bulk change": bulk_change,
    "one, then many": one_then_many,
    "many, then one": many_then_one,
    "many twice": many_twice,
}


@pytest.mark.parametrize("wish", WISHES)
def test_undo_gives_back_the_very_bytes_and_redo_too(
    desk: Desk, lead: Lead, opened: Opener, clock: TestClock, wish: str
) -> None:
    if wish == "bulk change":
        desk.do(Do(bulk_add))
    before = dump(desk.store)
    clock.forward(hours=1)
    done = desk.do(Do(WISHES[wish], wish))
    after = dump(desk.store)
    assert after != before
    assert done.can_undo
    clock.forward(hours=1)
    # Each step at a desk of its own: nothing is remembered but what is stored.
    for step, state in ((Undo(), before), (Redo(), after), (Undo(), before), (Redo(), after)):
        here = sit_down(opened(), clock)
        here.do(step)
        assert dump(here.store) == state
    assert check(desk.store) == []


def test_bulk_is_journalled_and_undone_by_statements_not_rows(desk: Desk, statements: Callable[..., Any]) -> None:
    desk.do(Do(bulk_add))
    for command in (Do(bulk_change), Undo(), Redo()):
        with statements(desk.store) as seen:
            desk.do(command)
        assert len(seen) < 60, seen.texts


def test_a_simple_command_costs_few_statements(desk: Desk, lead: Lead, statements: Callable[..., Any]) -> None:
    with statements(desk.store) as seen:
        desk.do(edit(score=5))
    kinds = [statement.split()[0] for statement in seen.texts]
    assert len(kinds) <= 6, seen.texts
    assert kinds.count("SELECT") <= 3
    assert (kinds.count("UPDATE"), kinds.count("INSERT")) == (1, 2)


# What stands in the way


def test_the_same_field_changed_later_blocks_and_is_named(
    desk: Desk, operator_desk: Desk, lead: Lead, clock: TestClock
) -> None:
    first = desk.do(edit(name="Mine"))
    operator_desk.do(edit(name="Hers"))
    before = dump(desk.store)
    with pytest.raises(Refused, match=r"“Lead 1: name” by Anna Operator .*Undo that first"):
        desk.do(Undo(first.operation))
    assert dump(desk.store) == before
    operator_desk.do(Undo())
    desk.do(Undo(first.operation))
    assert desk.store.read(NextUndo(), desk.user, clock.now())[1] == "Lead 1: name"


def test_what_hangs_on_an_added_card_blocks_its_undo(desk: Desk, operator_desk: Desk) -> None:
    added = desk.do(Do(lambda work: work.add(Lead(name="New")), "New lead"))
    operator_desk.do(Do(lambda work: work.add(Note(lead_id=added.value.id, at=START, text="called")), "Note"))
    with pytest.raises(Refused, match="“Note” by Anna Operator"):
        desk.do(Undo())
    operator_desk.do(Undo())
    desk.do(Undo())
    with pytest.raises(Refused, match="no lead"):
        desk.do(edit(added.value.id, name="x"))


def test_other_fields_changed_later_stay_and_the_row_gets_a_fresh_version(
    desk: Desk, operator_desk: Desk, lead: Lead
) -> None:
    first = desk.do(edit(name="Mine", role="buyer"))
    hers = operator_desk.do(edit(city="Lviv"))
    desk.do(Undo(first.operation))
    now = desk.do(Do(lambda work: work.get(Lead, 1))).value
    assert (now.name, now.role, now.city) == (lead.name, lead.role, "Lviv")
    assert now.version not in (lead.version, first.operation, hers.operation)
    desk.do(Redo())
    now = desk.do(Do(lambda work: work.get(Lead, 1))).value
    assert (now.name, now.role, now.city) == ("Mine", "buyer", "Lviv")
    assert check(desk.store) == []


def test_redo_is_refused_when_the_card_moved_on(desk: Desk, operator_desk: Desk, lead: Lead) -> None:
    desk.do(edit(name="Mine"))
    desk.do(Undo())
    operator_desk.do(edit(name="Hers"))
    before = dump(desk.store)
    with pytest.raises(Refused, match="cannot be redone"):
        desk.do(Redo())
    assert dump(desk.store) == before


def test_somebody_elses_work_is_undone_only_by_who_leads(desk: Desk, operator_desk: Desk, lead: Lead) -> None:
    mine = desk.do(edit(name="Mine"))
    with pytest.raises(Refused, match="they or a team lead"):
        operator_desk.do(Undo(mine.operation))
    hers = operator_desk.do(edit(city="Lviv"))
    assert desk.do(Undo(hers.operation)).words == "Undone: Lead 1: city"


def test_a_source_others_came_to_use_stays(desk: Desk, operator_desk: Desk) -> None:
    made = desk.do(Do(lead_with_all))
    source_id = made.value.source_id
    operator_desk.do(Do(lambda work: work.add(Lead(name="Other", source_id=source_id))))
    desk.do(Undo())
    assert [row[0] for row in dump(desk.store)["source"]] == [source_id]
    assert len(dump(desk.store)["lead"]) == 1
    desk.do(Redo())
    assert len(dump(desk.store)["lead"]) == 2
    assert check(desk.store) == []


# The stack


def test_redo_follows_undo_in_order_and_ends_with_new_work(desk: Desk, lead: Lead) -> None:
    states = [dump(desk.store)]
    for name in ("One", "Two", "Three"):
        desk.do(edit(budget=name))
        states.append(dump(desk.store))
    for state in reversed(states[:-1]):
        desk.do(Undo())
        assert dump(desk.store) == state
    for state in states[1:3]:
        desk.do(Redo())
        assert dump(desk.store) == state
    desk.do(edit(city="Lviv"))
    with pytest.raises(Refused, match="nothing to redo"):
        desk.do(Redo())
    desk.do(Undo())
    desk.do(Redo())
    with pytest.raises(Refused, match="nothing to redo"):
        desk.do(Redo())


def test_what_is_undone_is_not_undone_twice(desk: Desk, lead: Lead) -> None:
    done = desk.do(edit(name="One"))
    desk.do(Undo())
    with pytest.raises(Refused, match="undone already"):
        desk.do(Undo(done.operation))
    desk.do(Undo())
    with pytest.raises(Refused, match="nothing to undo"):
        desk.do(Undo())


def test_nothing_done_is_nothing_to_undo(desk: Desk, lead: Lead) -> None:
    same = desk.do(edit(name=lead.name))
    assert (same.operation, same.can_undo, bool(same.changes)) == (0, False, False)
    assert desk.read(NextUndo()) == ("Lead added", "")


def test_changing_back_within_one_command_leaves_no_trace(desk: Desk, lead: Lead) -> None:
    first = desk.do(edit(city="Lviv"))

    def there_and_back(work: Work) -> None:
        work.change(work.change(work.get(Lead, 1), name="X"), name=lead.name)

    desk.do(Do(there_and_back))
    desk.do(Undo(first.operation))
    desk.do(Redo())
    assert desk.do(Do(lambda work: work.get(Lead, 1))).value.city == "Lviv"


def test_undo_clears_what_the_search_knew(desk: Desk, lead: Lead) -> None:
    before = dump(desk.store)["search_doc"]
    desk.do(edit(name="Zanzibar"))
    assert "zanzibar" in dump(desk.store)["search_doc"][0][1]
    desk.do(Undo())
    assert dump(desk.store)["search_doc"] == before


def test_a_phone_moved_to_another_card_is_found_there_only(desk: Desk, lead: Lead) -> None:
    other = desk.do(Do(lambda work: work.add(Lead(name="Other")))).value
    before = dump(desk.store)["search_doc"]
    desk.do(Do(lambda work: work.change(work.find(ContactPoint, lead_id=1)[0], lead_id=other.id)))
    texts = {row[0]: row[1] for row in dump(desk.store)["search_doc"]}
    assert "380671234567" in texts[other.id * 2]
    assert "380671234567" not in texts[lead.id * 2]
    desk.do(Undo())
    assert dump(desk.store)["search_doc"] == before


def test_bulk_changes_reach_the_search(desk: Desk, lead: Lead) -> None:
    desk.do(Do(lambda work: work.change_many(Lead, [1], city="Zanzibar")))
    assert "zanzibar" in dump(desk.store)["search_doc"][0][1]


def test_the_card_tells_its_history(desk: Desk, operator_desk: Desk, lead: Lead, clock: TestClock) -> None:
    clock.forward(minutes=5)
    operator_desk.do(edit(name="New name", score=9))
    newest, first = desk.read(History(lead_id=1))
    assert (newest.operation.user_name, newest.operation.at) == ("Anna Operator", clock.now())
    assert {(f.field, f.before, f.after) for f in newest.fields} == {
        ("name", lead.name, "New name"),
        ("score", 0, 9),
    }
    assert first.operation.words == "Lead added"
    assert [line.id for line in desk.read(Journal())] == [newest.operation.id, first.operation.id]


# Transactions


def test_refused_half_way_leaves_nothing(desk: Desk, lead: Lead) -> None:
    before = dump(desk.store)

    def half(work: Work) -> None:
        several(work)
        bulk_add(work)
        work.save_draft("here", "typed")
        work.take_lease(1, START)
        raise Refused("no")

    with pytest.raises(Refused, match=r"^no$"):
        desk.do(Do(half))
    assert dump(desk.store) == before
    with desk.store.reader.connect() as connection:
        for name in ("draft", "lease"):
            assert connection.scalar(text(f"SELECT count(*) FROM {name}")) == 0  # noqa: S608 - two names above
        assert len(connection.execute(select(operation)).all()) == 1
        assert {row.operation_id for row in connection.execute(select(change))} == {1}


def test_a_bug_half_way_leaves_nothing(desk: Desk, lead: Lead) -> None:
    before = dump(desk.store)

    def broken(work: Work) -> None:
        several(work)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        desk.do(Do(broken))
    assert dump(desk.store) == before
    desk.do(edit(name="goes on"))


def test_a_reference_to_nothing_is_refused(desk: Desk, lead: Lead) -> None:
    before = dump(desk.store)
    with pytest.raises(Refused):
        desk.do(Do(lambda work: work.add(Note(lead_id=99, at=START, text="of nobody"))))
    assert dump(desk.store) == before


def test_undo_puts_back_rows_that_point_at_one_another(desk: Desk, lead: Lead) -> None:
    before = dump(desk.store)

    def clear(work: Work) -> None:
        for kind in (LeadExtra, ContactPoint, Task, Note):
            for row in work.find(kind):
                work.remove(row)
        work.remove(work.get(Lead, 1))
        work.remove(work.find(Source)[0])

    desk.do(Do(clear))
    assert dump(desk.store)["lead"] == dump(desk.store)["search_doc"] == []
    desk.do(Undo())
    assert dump(desk.store) == before


def test_two_desks_on_one_database(desk: Desk, opened: Opener, clock: TestClock, lead: Lead) -> None:
    other = sit_down(opened(), clock, "anna")
    for turn in range(5):
        desk.do(edit(score=turn + 1))
        other.do(edit(city=f"City {turn}"))
    assert desk.read(NextUndo())[0] == "Lead 1: score"
    now = other.do(Do(lambda work: work.get(Lead, 1))).value
    assert (now.score, now.city) == (5, "City 4")
    with desk.store.reader.connect() as connection:
        ids = list(connection.scalars(select(operation.c.id).order_by(operation.c.id)))
    assert len(ids) == len(set(ids)) == 11


def test_ids_are_never_used_twice(desk: Desk, lead: Lead) -> None:
    first = desk.do(Do(lambda work: work.add(Lead(name="A")))).value
    desk.do(Undo())
    second = desk.do(Do(lambda work: work.add(Lead(name="B")))).value
    desk.do(Undo())
    third = desk.do(Do(lambda work: work.add_many([Lead(name="C")]))).value[0]
    assert first.id < second.id < third.id


def test_history_calls_sources_and_owners_by_name(desk: Desk) -> None:
    lead = desk.do(AddLead(values={"name": "Olena"}, source="Exhibition", owner_id=desk.user.id)).value
    [made] = desk.read(History(lead_id=lead.id))
    named = {field.field: field.names for field in made.fields if field.names}
    assert named == {"source_id": ("", "Exhibition"), "owner_id": ("", desk.user.name)}
