"""The search through all leads on real lists with a known truth, and what holds of its scores whatever the leads."""

import csv
import json
import string
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaddesk.bootstrap import open_desk
from leaddesk.exchange.importing import open_leads
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.duplicate_blocking import BLOCK, pairs_in
from leaddesk.workflow.duplicate_columns import (
    EXTRA,
    Gathering,
    Leads,
    name_parts,
    plain_address,
    plain_code,
    plain_company,
)
from leaddesk.workflow.duplicate_scoring import CERTAIN, KEPT, SUGGEST, Scoring
from leaddesk.workflow.duplicate_search import duplicates_among, search_duplicates
from leaddesk.workflow.duplicates import PairsFound
from leaddesk.workflow.entities import LeadExtra
from leaddesk.workflow.intake import Options, run_import
from tests.db.commands import Do
from tests.engines import TestClock
from tests.shared_data import shared


def brought_in(file: Path, folder: Path, drop: str = "") -> tuple[Desk, int]:
    """A desk at a database with the file's leads, and how many were made. `drop` is a column to leave out."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines)]
    left_out = [name for name in (drop,) if name]
    places = [place for place, name in enumerate(rows[0]) if name not in left_out]
    copy = folder / file.name
    with copy.open("w", encoding="utf-8", newline="") as written:
        csv.writer(written).writerows([row[place] for place in places] for row in rows)
    desk = open_desk(folder / "leads.db", clock=TestClock())
    opened = open_leads(copy)
    overrides = {"suburb": "city"} if "suburb" in rows[0] else {}
    result = run_import(desk, opened, Options(overrides=overrides))
    return desk, result.counts.created


def figures(
    found: PairsFound, least: float, people: dict[int, str], true: int, *, certain: bool
) -> tuple[float, float]:
    """Precision and recall of the pairs from a score on."""
    pairs = [pair for pair in found.pairs if pair.score >= least and (pair.certain or not certain)]
    right = sum(people[pair.a] == people[pair.b] for pair in pairs)
    return right / len(pairs), right / true


@pytest.mark.parametrize("drop", ["", "soc_sec_id"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_known_duplicates_are_found_with_the_same_thresholds_in_every_list(
    number: int, drop: str, tmp_path: Path
) -> None:
    file = shared(f"duplicates/febrl_dataset{number}.csv")
    with file.open(encoding="utf-8", newline="") as lines:
        truth = [row[0].split("-")[1] for row in list(csv.reader(lines))[1:]]
    desk, created = brought_in(file, tmp_path, drop)
    assert created >= len(truth) - 6, "rows without a name are left out, nobody else"
    found = search_duplicates(desk, lambda _done, _total: None)
    extras = desk.do(Do(lambda work: work.find(LeadExtra))).value
    people = {extra.id: extra.fields["rec_id"].split("-")[1] for extra in extras}
    desk.store.close()
    true = sum(count * (count - 1) // 2 for count in Counter(truth).values())
    precision, recall = figures(found, CERTAIN, people, true, certain=True)
    assert precision >= 0.999
    assert recall >= (0.9 if drop else 0.95), "without its best column a little less"
    precision, recall = figures(found, SUGGEST, people, true, certain=False)
    assert precision >= 0.9
    assert recall >= (0.98 if drop else 0.99)


def test_different_people_of_a_list_are_hardly_ever_paired(tmp_path: Path) -> None:
    desk, created = brought_in(shared("leads/zoho_leads.csv"), tmp_path)
    found = search_duplicates(desk, lambda _done, _total: None)
    desk.store.close()
    assert created == found.leads == 3900
    assert found.certain == 0
    assert found.total <= 10


# Scores


def gathered(rows: list[tuple[str, str, str, str]]) -> Leads:
    """Leads with a name, a company, a city and a birthday among the extra fields."""
    gathering = Gathering()
    for number, (name, company, city, born) in enumerate(rows, 1):
        gathering.add(number, name, "", (company, city, "", "", "", ""), {"born": born})
    return gathering.done()


WORDS = st.text(string.ascii_lowercase[:4], max_size=6)
NAMES = st.one_of(st.sampled_from(["Jon Smith", "John Smith", "Smith Jon", "J. Smith", "Олена Бойко"]), WORDS)
ROWS = st.lists(st.tuples(NAMES, WORDS, WORDS, st.text(string.digits, max_size=8)), min_size=2, max_size=12)


@given(ROWS)
def test_scores_are_symmetric_between_0_and_1_and_always_the_same(rows: list[tuple[str, str, str, str]]) -> None:
    leads = gathered(rows)
    a, b = (side.astype(np.int32) for side in np.triu_indices(len(leads), 1))
    weighed, turned = Scoring(leads).weigh(a, b), Scoring(gathered(rows)).weigh(b, a)
    assert np.array_equal(weighed.score, turned.score)
    assert np.array_equal(weighed.certain, turned.certain)
    assert ((weighed.score >= 0) & (weighed.score <= 1)).all()
    assert (weighed.score[weighed.certain] >= CERTAIN).all()


@given(ROWS)
def test_pairs_found_are_in_order_and_explained(rows: list[tuple[str, str, str, str]]) -> None:
    pairs = duplicates_among(gathered(rows))
    assert pairs == duplicates_among(gathered(rows))
    assert [pair.score for pair in pairs] == sorted((pair.score for pair in pairs), reverse=True)
    assert all(pair.a < pair.b and pair.score >= KEPT - 0.001 and pair.why for pair in pairs)
    assert len({(pair.a, pair.b) for pair in pairs}) == len(pairs)


def test_the_same_name_alone_is_never_certain() -> None:
    pairs = duplicates_among(gathered([("Zenobia Quillfeather", "", "", "")] * 2))
    assert [pair.certain for pair in pairs] in ([], [False])


def test_a_column_that_numbers_the_rows_says_nothing() -> None:
    gathering = Gathering()
    for number in range(30):
        gathering.add(number, f"Person {number}", "", ("",) * 6, {"row": f"{1000 + number}", "kind": "x", "born": "1"})
    gathering.add(30, "Person x", "", ("",) * 6, {"row": "2000", "kind": "x", "born": "2"})
    assert [name for name in gathering.done().columns if name.startswith(EXTRA)] == [EXTRA + "born"]


def test_a_name_on_every_card_makes_no_more_pairs_than_blocks_allow() -> None:
    rows = [("Jon Smith", f"Firm {number % 50}", "London", f"{number % 500:08d}") for number in range(2000)]
    leads = gathered(rows)
    each = BLOCK * len(leads) // 2
    assert sum(map(len, pairs_in(leads))) <= each * 12 < len(leads) * (len(leads) - 1) // 2
    assert all((pairs // len(leads) < pairs % len(leads)).all() for pairs in pairs_in(leads))


def test_names_companies_and_addresses_are_compared_without_what_lists_write_differently() -> None:
    assert name_parts("Smith, John", "") == name_parts("John Smith", "Smith") == ("john", "smith")
    assert name_parts("Denson", "Denson") == name_parts("Denson", "") == ("", "denson")
    assert plain_company("Bäcker & Söhne GmbH") == plain_company("BACKER SOHNE") == "backer sohne"
    assert plain_company("The Company Ltd.") == "the company ltd"
    assert plain_address("12, Main Street") == plain_address("12 Main St.") == "12 main st"
    assert plain_code("SW1A 1AA") == plain_code("sw1a-1aa") == "sw1a1aa"


def test_a_page_in_each_cell_is_cut_and_harmless() -> None:
    page = json.dumps({"a": "x" * 5000})
    leads = gathered([(page, page, page, page)] * 3)
    assert max(len(word) for column in leads.columns.values() for word in column.words) <= 80
    assert len(duplicates_among(leads)) <= 3
