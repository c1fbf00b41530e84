"""`duplicates`: the pairs as people and as programs read them."""

from pathlib import Path

from leaddesk.commandline.duplicates import SUGGEST
from leaddesk.workflow import duplicate_scoring
from tests.commandline.conftest import Line

CSV = (
    "Name,Company,City,Email\n"
    "Ivan Franko,Kameniar Press,Lviv,ivan@franko.example\n"
    "Ivan Fránko,Kameniar Press LLC,Lviv,ivan@other.example\n"
    "Lesia Ukrainka,Forest Song,Lutsk,lesia@forest.example\n"
)


def test_pairs_come_with_score_and_why(leaddesk: Line) -> None:
    Path("list.csv").write_text(CSV, encoding="utf-8")
    assert leaddesk("import", "list.csv").code == 0
    told = leaddesk("duplicates", "--json")
    assert told.code == 0
    assert set(told.json) >= {"pairs", "leads", "seconds", "total"}
    assert told.json["leads"] == 6
    (pair,) = told.json["pairs"]
    assert set(pair) == {"a", "b", "score", "why", "certain"}
    assert pair["a"] < pair["b"]
    assert pair["score"] >= SUGGEST
    assert "the same name: Ivan Franko" in pair["why"]
    assert "the same company: kameniar press" in pair["why"]


def test_they_are_listed_for_people(leaddesk: Line) -> None:
    Path("list.csv").write_text(CSV, encoding="utf-8")
    leaddesk("import", "list.csv")
    told = leaddesk("duplicates", "--limit", "5")
    assert "1 pairs among 6 leads" in told.out
    assert "the same company: kameniar press" in told.out
    assert leaddesk("duplicates", "--min", "2").code == 2


def test_pairs_are_suggested_from_the_score_that_the_search_means() -> None:
    assert duplicate_scoring.SUGGEST == SUGGEST
