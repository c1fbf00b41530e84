"""The demo: the same for the same seed, believable, and standing exactly where commands would have left it."""

import csv
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from leaddesk.bootstrap import open_desk
from leaddesk.db.answers.reading import Reading
from leaddesk.db.check import check
from leaddesk.db.store import DbStore
from leaddesk.db.tables import metadata
from leaddesk.demo import Made, fill
from leaddesk.demo.data import blocks, countries, words
from leaddesk.demo.numbers import Numbers, phone_point
from leaddesk.demo.people import People
from leaddesk.demo.scale import IN_HAND, Scale
from leaddesk.workflow.calling_hours import calling_state, hours_for, parse_zone_key
from leaddesk.workflow.calls import CallFacts, preview
from leaddesk.workflow.derived import derive
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Call, Client, ContactPoint, Lead, Outcome, Refusal, Source, Suppression, Task
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.outcomes import Said
from leaddesk.workflow.phones import parse_phone
from leaddesk.workflow.points import PointInput, new_point
from leaddesk.workflow.queue import Queue
from leaddesk.workflow.suspicion import FICTITIOUS, suspicions
from leaddesk.workflow.tax_numbers import check_tax_number
from leaddesk.workflow.undo import Journal, Undo
from leaddesk.workflow.vocabulary import Channel, Role, Section, SourceKind, Status
from tests.engines import TestClock, sit_down
from tests.shared_data import shared

LEADS, CALLS = 1200, 3600
CROWD = 2100


def filled(
    path: Path, seed: int = 1, leads: int = LEADS, calls: int = CALLS, in_hand: int = IN_HAND
) -> tuple[Desk, Made]:
    clock = TestClock()
    clock.forward(hours=1)  # Monday, half past one in Tehran and ten in London
    desk = open_desk(path, clock=clock)
    return desk, fill(desk, leads=leads, calls=calls, seed=seed, in_hand=in_hand)


def store_of(desk: Desk) -> DbStore:
    assert isinstance(desk.store, DbStore)
    return desk.store


@pytest.fixture(scope="module", params=[IN_HAND, 500], ids=["months", "years"])
def demo(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Any:
    """A small floor, and the same as if it were too many leads for the people on it."""
    leads, calls = (LEADS, CALLS) if request.param == IN_HAND else (CROWD, 6 * CROWD)
    desk, made = filled(tmp_path_factory.mktemp("demo") / "demo.db", leads=leads, calls=calls, in_hand=request.param)
    yield desk, made
    store_of(desk).close()


@pytest.fixture
def desk(demo: tuple[Desk, Made]) -> Desk:
    return demo[0]


@pytest.fixture
def rows(desk: Desk) -> Any:
    """Every row of a kind."""
    with store_of(desk).reader.connect() as connection:
        yield Reading(connection, desk.user, desk.clock.now()).all_of


def dump(desk: Desk) -> dict[str, list[Any]]:
    with store_of(desk).reader.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }


def test_the_counts_are_as_asked_and_as_told(demo: tuple[Desk, Made], rows: Any) -> None:
    made = demo[1]
    assert (made.leads, made.calls, made.users) in ((LEADS, CALLS, 8), (CROWD, 6 * CROWD, 8))
    assert len(rows(Lead)) == made.leads
    assert len(rows(Call)) == made.calls
    assert len(rows(Task)) == made.tasks
    assert len(rows(Client)) == made.clients > 20


@pytest.mark.parametrize(("leads", "calls"), [(1, 0), (1, 7), (3, 40), (50, 0), (50, 1000)])
def test_any_counts_can_be_asked_for(tmp_path: Path, leads: int, calls: int) -> None:
    desk, made = filled(tmp_path / "x.db", leads=leads, calls=calls)
    assert (made.leads, made.calls) == (leads, calls)
    assert check(store_of(desk)) == []
    store_of(desk).close()


def test_the_same_seed_makes_the_same_rows_and_another_one_others(tmp_path: Path) -> None:
    dumps = []
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        desk, _ = filled(tmp_path / f"{name}.db", seed, 150, 450)
        dumps.append(dump(desk))
        store_of(desk).close()
    assert dumps[0] == dumps[1]
    assert dumps[0]["lead"] != dumps[2]["lead"]


def test_the_file_is_whole(desk: Desk) -> None:
    assert check(store_of(desk)) == []


def test_what_follows_from_a_row_is_what_commands_store(rows: Any) -> None:
    points = defaultdict(list)
    for point in rows(ContactPoint):
        points[point.lead_id].append(point)
    suppressed = {s.key for s in rows(Suppression)}
    for lead in rows(Lead):
        derived = derive(lead, points[lead.id], suppressed)
        assert {name: getattr(lead, name) for name in derived} == derived, lead


def test_numbers_and_addresses_are_read_as_new_point_reads_them(rows: Any) -> None:
    for point in rows(ContactPoint):
        region = None if point.raw.startswith("+") or point.channel is not Channel.PHONE else "UA"
        read = new_point(PointInput(point.channel, point.raw), region)
        if read.state != "invalid":
            names = ("value", "key", "raw", "line_type", "zones")
            assert [getattr(point, n) for n in names] == [getattr(read, n) for n in names]


def test_calls_attempts_and_touches_agree(rows: Any) -> None:
    human = {o.key: o.human for o in rows(Outcome)}
    calls: dict[int, list[Call]] = defaultdict(list)
    for call in rows(Call):
        calls[call.lead_id].append(call)
    letters = Counter(letter.lead_id for letter in rows(Letter) if letter.state == "saved")
    points = {p.id: p for p in rows(ContactPoint)}
    dialled = Counter(call.contact_id for call in rows(Call))
    for lead in rows(Lead):
        made = sorted(calls[lead.id], key=lambda c: c.started_at)
        assert lead.touches == len(made) + letters[lead.id]
        assert lead.last_call_at == (made[-1].started_at if made else None)
        assert lead.created_at <= (made[0].started_at if made else lead.created_at)
        assert (lead.status is Status.NEW) == (not made)
        assert [c.attempt for c in made] == attempts(made, human)
        run = 0 if not made or human[made[-1].outcome] or lead.came_back_at else made[-1].attempt
        assert lead.attempts == run
        assert all(points[c.contact_id].lead_id == lead.id and points[c.contact_id].key == c.phone for c in made)
    assert all(points[i].attempts == count for i, count in dialled.items())


def attempts(made: list[Call], human: dict[str, bool]) -> list[int]:
    numbers, run = [], 0
    for call in made:
        run = 1 if run == 6 else run + 1
        numbers.append(run)
        run = 0 if human[call.outcome] else run
    return numbers


def test_leads_stand_where_the_last_outcome_leaves_them(desk: Desk, rows: Any) -> None:
    """The stored calls, given to the rule again, lead to the stored next step."""
    outcomes = {o.key: o for o in rows(Outcome)}
    last = {call.lead_id: call for call in sorted(rows(Call), key=lambda c: c.started_at)}
    looked = 0
    for lead in rows(Lead):
        if lead.status is not Status.IN_PROGRESS or lead.came_back_at:
            continue
        call = last[lead.id]
        if outcomes[call.outcome].next_step != "retry":
            continue
        facts = desk.read(CallFacts(lead.id))
        before = [c for c in facts.tried.calls if c.id != call.id]
        dialled = next(p for p in facts.points if p.id == call.contact_id)
        ended = call.started_at + timedelta(seconds=call.duration_s)
        then = replace(facts, tried=replace(facts.tried, calls=before), dialled=dialled, now=ended)
        effect = preview(then, outcomes[call.outcome], Said())
        assert (effect.status, effect.retry_at) == (lead.status, lead.retry_at)
        looked += 1
    assert looked > 50


def test_everything_happened_before_today_and_in_calling_hours(desk: Desk, rows: Any) -> None:
    midnight = desk.clock.now().replace(hour=0, minute=0)
    zones = {lead.id: parse_zone_key(lead.zone_key) for lead in rows(Lead)}
    for call in rows(Call):
        assert call.started_at < midnight
        country, places = zones[call.lead_id]
        if len(places) == 1:
            assert calling_state(places, hours_for(country), call.started_at).open
    assert max(lead.changed_at for lead in rows(Lead)) < midnight
    assert max(lead.created_at for lead in rows(Lead)) < midnight
    assert all(lead.return_at > midnight for lead in rows(Lead) if lead.return_at)
    span = max(c.started_at for c in rows(Call)) - min(c.started_at for c in rows(Call))
    assert span.days > 120


def test_clients_and_their_leads_know_each_other(rows: Any) -> None:
    converted = {lead.client_id for lead in rows(Lead) if lead.status is Status.CONVERTED}
    clients = rows(Client)
    assert converted == {client.id for client in clients}
    for client in clients:
        assert check_tax_number(client.country, client.tax_number, "tax").ok is not False
        assert client.tax_key == f"{client.country}{check_tax_number(client.country, client.tax_number, 'tax').compact}"
        assert client.legal_address
    lines = Counter(lead.client_id for lead in rows(Lead) if lead.client_id)
    assert set(lines.values()) == {1}
    made = {client.id: client.created_at for client in clients}
    assert all(lead.converted_at == made.get(lead.client_id) for lead in rows(Lead))


def test_refusals_have_reasons_words_and_letters(rows: Any) -> None:
    refusals = rows(Refusal)
    assert len({r.reason for r in refusals}) >= 6
    assert all(r.words or r.suppressed for r in refusals)
    refused = {lead.id for lead in rows(Lead) if lead.status is Status.REFUSED}
    assert refused <= {r.lead_id for r in refusals}
    back = [r for r in refusals if r.returned_at]
    assert all(r.lead_id not in refused for r in back)
    for letter in rows(Letter):
        assert letter.subject
        assert "{" not in letter.body


def test_everybody_finds_work_in_the_morning(desk: Desk) -> None:
    page = desk.read(Queue(2000))
    sections = Counter(row.section for row in page.rows)
    assert {Section.CALLBACK, Section.CAME_BACK, Section.TASK, Section.NEW, Section.RETRY, Section.LATER} <= set(
        sections
    )
    assert any(row.late for row in page.rows)
    for login, _, role, *_ in words()["people"]:
        clock = desk.clock
        assert isinstance(clock, TestClock)
        theirs = sit_down(store_of(desk), clock, login)
        assert theirs.read(Queue(500, later=False)).total > 20, login
        assert theirs.user.role is Role(role)


def test_statuses_sources_and_scripts_are_all_there(rows: Any) -> None:
    leads = rows(Lead)
    assert {lead.status for lead in leads} == set(Status)
    assert {source.kind for source in rows(Source)} == set(SourceKind)
    assert any(source.cost for source in rows(Source))
    text = " ".join(lead.name for lead in leads)
    for script in ("[А-Яа-яі]", "[آ-ی]", "[əğı]", "[őű]", "[õä]", "[łż]"):
        assert re.search(script, text), script
    assert 2 <= sum(lead.held_back for lead in leads) <= 30
    kept = [lead for lead in leads if lead.suspicion == (FICTITIOUS,)]
    assert kept
    assert not any(lead.held_back for lead in kept)
    pool = sum(lead.owner_id is None for lead in leads)
    assert LEADS // 20 < pool < LEADS // 2


def test_no_made_up_name_or_firm_looks_like_a_jokers() -> None:
    for country in countries().values():
        for word in (*country.men, *country.women, *(w for pair in country.last for w in pair)):
            for name in (word.own, word.latin):
                assert suspicions(f"Anna {name}", "", [], []) == (), name
        for stem in country.stems:
            for trade in country.trades:
                assert suspicions("", f"{stem.own} {trade.own}", [], []) == ()


def test_numbers_are_valid_different_and_ordinary() -> None:
    numbers = Numbers(Random(3))
    for country in countries():
        taken = [numbers.take(country) for _ in range(120)]
        given = [t for t in taken if t is not None]
        assert len({number for number, _ in given}) == len(given) == 120
        for number, block in given:
            phone = parse_phone(number)
            assert (phone.valid, phone.region) == (True, country)
            assert {sign.key for sign in suspicions("", "", [phone], [])} <= {FICTITIOUS}
            assert phone_point(number, block).value == phone.display


def test_numbers_kept_for_fiction_are_used_where_there_are_any() -> None:
    with shared("phones/fictitious_ranges.csv").open(encoding="utf-8", newline="") as file:
        kept = [re.compile(row["e164_regex"]) for row in csv.DictReader(file)]
    city_blocks = re.compile(r"^\+44(1914980|2896496|2920180)\d*$")  # Ofcom's for Tyneside, Northern Ireland, Cardiff
    for block in blocks():
        if block.country in ("US", "GB"):
            number = block.prefix + "7" * block.digits
            assert any(p.match(number) for p in kept) or city_blocks.match(number), number


def test_a_country_without_numbers_left_gives_none() -> None:
    numbers = Numbers(Random(1))
    room = sum(10**b.digits for b in blocks() if b.country == "DE")
    given = 0
    while numbers.take("DE"):
        given += 1
    assert room * 0.9 < given <= room
    assert "DE" not in numbers.countries_left()


def test_only_an_empty_database_is_filled_and_only_by_an_admin(demo: tuple[Desk, Made]) -> None:
    desk, _ = demo
    with pytest.raises(Refused, match="leads in this database already"):
        fill(desk, leads=5, calls=5, seed=1)
    clock = desk.clock
    assert isinstance(clock, TestClock)
    with pytest.raises(Refused, match=r"^Only an? admin"):
        fill(sit_down(store_of(desk), clock, "andrii"), leads=5, calls=5, seed=1)


def test_the_whole_demo_can_be_undone_and_filled_again(tmp_path: Path) -> None:
    desk, made = filled(tmp_path / "x.db", leads=60, calls=180)
    desk.do(Undo(made.operation))
    left = dump(desk)
    assert not any(left[name] for name in ("lead", "client", "call", "task", "contact_point", "refusal", "search_doc"))
    assert fill(desk, leads=10, calls=30, seed=2).leads == 10
    assert check(store_of(desk)) == []
    store_of(desk).close()


def test_a_crowd_is_nobodys_to_undo(tmp_path: Path) -> None:
    desk, made = filled(tmp_path / "x.db", leads=60, calls=180, in_hand=50)
    assert made.operation == 0
    with pytest.raises(Refused, match="There is nothing to undo"):
        desk.do(Undo())
    told = desk.read(Journal())
    assert [line.user_name for line in told] == ["LeadDesk"]
    with pytest.raises(Refused, match="has happened and cannot be undone"):
        desk.do(Undo(told[0].id))
    store_of(desk).close()


def test_a_crowd_that_does_not_get_in_leaves_nothing(tmp_path: Path) -> None:
    clock = TestClock()
    desk = open_desk(tmp_path / "x.db", clock=clock)
    before = dump(desk)

    def stop(done: int, _all: int) -> None:
        if done >= 2100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill(desk, leads=2100, calls=300, seed=1, in_hand=50, progress=stop)
    left = dump(desk)
    assert not any(left[name] for name in ("lead", "call", "search_doc", "source"))
    assert left["app_user"] == before["app_user"]
    assert check(store_of(desk)) == []
    assert fill(desk, leads=10, calls=30, seed=2).leads == 10
    store_of(desk).close()


KILLED = """
import os, sys
from leaddesk.bootstrap import open_desk
from leaddesk.demo import fill

if __name__ == "__main__":
    fill(open_desk(sys.argv[1]), leads=4100, calls=300, seed=1, in_hand=50, progress=lambda _done, _all: os._exit(9))
"""


def test_a_crowd_that_is_killed_leaves_a_whole_file_and_no_process(tmp_path: Path) -> None:
    script, path = tmp_path / "killed.py", tmp_path / "x.db"
    script.write_text(KILLED, encoding="utf-8")
    # The pipe of its words closes when the last of its processes is gone.
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    command = [sys.executable, script, path]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)
    assert done.returncode == 9
    desk = open_desk(path, clock=TestClock())
    assert check(store_of(desk)) == []
    assert fill(desk, leads=10, calls=30, seed=2).leads == 10
    store_of(desk).close()


def test_a_crowd_is_the_same_for_the_same_seed_and_spans_ten_years(tmp_path: Path) -> None:
    dumps = []
    for name in ("a", "b"):
        desk, _ = filled(tmp_path / f"{name}.db", 5, 2100, 9000, in_hand=100)
        dumps.append(dump(desk))
        store_of(desk).close()
    assert dumps[0] == dumps[1]
    place = list(metadata.tables["call"].c.keys()).index("started_at")
    moments = [row[place] for row in dumps[0]["call"]]
    assert 3000 < (max(moments) - min(moments)) / 86_400_000 < 3680


def test_the_counts_of_a_large_demo_are_very_unequal() -> None:
    counts = list(Scale(100_000, 1_000_000).counts(Random(1)))
    assert (len(counts), sum(counts)) == (100_000, 1_000_000)
    ordered = sorted(counts)
    assert ordered[10_000] == 0
    assert 5 <= ordered[50_000] <= 15
    assert ordered[-200] > 200
    assert ordered[-1] < 1000


def test_shares_never_give_the_same_number_or_address() -> None:
    keys = []
    for share in range(3):
        people = People(Random(share), share, 3, 0.5)
        keys += [point.key for _ in range(300) for point in people.person().points]
    assert len(keys) == len(set(keys))


def test_both_engines_take_a_crowd(store: DbStore, clock: TestClock) -> None:
    before = shape_of(store)
    made = fill(sit_down(store, clock), leads=60, calls=400, seed=1, in_hand=30)
    assert (made.leads, made.calls) == (60, 400)
    assert check(store) == []
    assert shape_of(store) == before
    if not store.is_sqlite:
        # Else each row is looked up to see whether an index alone may be read.
        seen = (
            "SELECT relpages > 0 AND relallvisible = relpages FROM pg_class WHERE relname IN ('lead', 'call', 'task')"
        )
        with store.reader.connect() as connection:
            assert list(connection.exec_driver_sql(seen).scalars()) == [True] * 3
    done = sit_down(store, clock).do(AddLead(values={"name": "Anna Nowak"}))
    assert done.value.id == 61


def shape_of(store: DbStore) -> list[tuple[Any, ...]]:
    """Every index and every reference, in the database's own words."""
    indexes = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY indexname"
    references = (
        "SELECT t.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN pg_class t "
        "ON t.oid = c.conrelid WHERE c.connamespace = current_schema()::regnamespace ORDER BY t.relname, c.conname"
    )
    on_file = "SELECT name, sql FROM sqlite_master ORDER BY name"
    asked = (on_file,) if store.is_sqlite else (indexes, references)
    with store.reader.connect() as connection:
        return [tuple(row) for one in asked for row in connection.exec_driver_sql(one)]


def test_both_engines_take_it(store: DbStore, clock: TestClock) -> None:
    made = fill(sit_down(store, clock), leads=40, calls=120, seed=1)
    assert (made.leads, made.calls) == (40, 120)
    assert check(store) == []
