"""Guessing the country of a list's numbers."""

import csv

from leaddesk.workflow.regions import guess_region
from tests.shared_data import shared


def test_american_numbers_without_a_code_are_known_for_what_they_are() -> None:
    with shared("leads/zoho_leads.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [row["Mobile"] for row in csv.DictReader(file)][:200]
    assert guess_region(cells) == "US"


def test_numbers_that_fit_several_countries_are_the_floors_own_or_nobodys() -> None:
    cells = ["067 441 00 98", "050 312 44 55", "(057) 705-41-22", "0931234456"]
    assert guess_region(cells, asked_first="UA") == "UA"
    assert guess_region(cells) == ""


def test_numbers_with_codes_need_no_guess() -> None:
    assert guess_region(["+380674410098", "+36 1 555 0134", "+49 30 901820"]) == ""


def test_too_few_numbers_tell_nothing() -> None:
    assert guess_region(["660-485-0224"]) == ""


def test_rubbish_tells_nothing() -> None:
    assert guess_region(["abc", "12", "n/a", "0000", "555"]) == ""
