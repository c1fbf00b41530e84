"""The demo: the same for the same seed, believable, and standing exactly where commands would have left it."""

import csv
import re
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from leaddesk.db.answers.reading import Reading
from leaddesk.db.check import check
from leaddesk.demo import Made, fill
from leaddesk.demo.data import blocks, countries, words
from leaddesk.demo.numbers import Numbers, phone_point
from leaddesk.demo.scale import IN_HAND
from leaddesk.workflow.calling_hours import calling_state, hours_for, parse_zone_key
from leaddesk.workflow.calls import CallFacts, preview
from leaddesk.workflow.derived import derive
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Call, Client, ContactPoint, Lead, Outcome, Refusal, Source, Suppression, Task
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.outcomes import Said
from leaddesk.workflow.phones import parse_phone
from leaddesk.workflow.points import PointInput, new_point
from leaddesk.workflow.queue import Queue
from leaddesk.workflow.suspicion import FICTITIOUS, suspicions
from leaddesk.workflow.tax_numbers import check_tax_number
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Channel, Role, Section, SourceKind, Status
from tests.demo_floor import CALLS, CROWD, LEADS, dump, filled, store_of
from tests.engines import TestClock, sit_down
from tests.shared_data import shared


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
