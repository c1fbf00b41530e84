import zoneinfo
from dataclasses import replace
from itertools import permutations

import pytest

from leaddesk.workflow.derived import derive
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.phones import parse_phone
from leaddesk.workflow.points import PointInput, new_point
from leaddesk.workflow.vocabulary import Channel
from leaddesk.workflow.zones import _countries, _regions, candidate_zones, clock, country_zones, is_zone, region_zones


def zones_of(text: str) -> tuple[str, ...]:
    return parse_phone(text).zones


def test_every_zone_named_in_the_tables_exists() -> None:
    named = {zone for zones in (*_countries().values(), *_regions().values()) for zone in zones}
    assert {zone for zone in named if not is_zone(zone)} == set()


def test_a_country_has_each_of_its_clocks_once() -> None:
    assert country_zones("UA")[0] == "Europe/Kyiv"
    assert country_zones("DE") == ("Europe/Berlin",)
    assert len({clock(zone) for zone in country_zones("US")}) == len(country_zones("US")) == 8


def test_regions_lie_within_the_clocks_of_their_country() -> None:
    outside = {"PR", "GU", "VI", "AS", "MP"}  # territories have codes of their own
    stray = {
        (country, name): zones
        for (country, name), zones in _regions().items()
        if name.upper() not in outside
        and not {clock(zone) for zone in zones} <= {clock(z) for z in country_zones(country)}
    }
    assert {
        key
        for key in stray
        if stray[key][0]
        not in {"America/Puerto_Rico", "Pacific/Guam", "America/St_Thomas", "Pacific/Pago_Pago", "Pacific/Saipan"}
    } == set()


@pytest.mark.parametrize(
    ("phones", "country", "region", "city", "explicit", "expected"),
    [
        (["+13125550101"], "US", "", "", None, ("America/Chicago",)),
        (["+13125550101"], None, "", "", None, ("America/Chicago",)),
        (["+13125550101"], "US", "California", "", None, ("America/Chicago", "America/Los_Angeles")),
        (["+18005550101"], "US", "CA", "", None, ("America/Los_Angeles",)),
        (["+18005550101"], "US", "", "Chicago", None, ("America/Chicago",)),
        (["+18005550101"], "US", "", "", "Pacific/Honolulu", ("Pacific/Honolulu",)),
        (["+380501234567"], "UA", "", "", None, ("Europe/Kyiv",)),
        (["+380501234567"], "HU", "", "", None, ("Europe/Budapest", "Europe/Kyiv")),
        (["+380501234567", "+36201234567"], "HU", "", "", None, ("Europe/Budapest", "Europe/Kyiv")),
        (["+79161234567"], "RU", "Свердловская область", "", None, ("Asia/Yekaterinburg",)),
        (["+79161234567"], "RU", "", "екатеринбург", None, ("Asia/Yekaterinburg",)),
        (["+61412345678"], "AU", "wa", "Perth", None, ("Australia/Eucla", "Australia/Perth")),
        (["+61412345678"], "AU", "", "Adelaide", None, ("Australia/Adelaide",)),
        ([], "HU", "", "", None, ("Europe/Budapest",)),
        ([], None, "California", "", None, ("America/Los_Angeles",)),
        ([], None, "CA", "", None, ()),
        ([], None, "", "", "Mars/Olympus", ()),
        (["not a number"], None, "", "", None, ()),
    ],
)
def test_candidates_come_from_phones_and_place(
    phones: list[str], country: str | None, region: str, city: str, explicit: str | None, expected: tuple[str, ...]
) -> None:
    assert candidate_zones([zones_of(text) for text in phones], country, region, city, explicit) == expected


@pytest.mark.parametrize(
    ("text", "zones"),
    [
        ("+213551234567", ("Africa/Algiers",)),
        ("+3725123456", ("Europe/Tallinn",)),
        ("+994501234567", ("Asia/Baku",)),
        ("+77012345678", ("Asia/Almaty",)),
        ("+74012991234", ("Europe/Kaliningrad",)),
    ],
)
def test_the_country_of_a_number_puts_borrowed_zones_right(text: str, zones: tuple[str, ...]) -> None:
    assert zones_of(text) == zones


def test_a_russian_mobile_may_be_anywhere_in_russia() -> None:
    assert set(zones_of("+79161234567")) == set(country_zones("RU"))


def test_an_ambiguous_city_counts_for_all_its_places() -> None:
    assert set(region_zones("US", "Washington")) == {"America/Los_Angeles", "America/New_York"}


def test_no_name_makes_is_zone_stumble() -> None:
    assert not any(
        is_zone(name) for name in ["", "/", "../x", "Nowhere", "a\0b", "Europe", "/etc/passwd", "Europe/Kyiv "]
    )
    assert is_zone("Europe/Kyiv")
    assert sum(is_zone(name) for name in zoneinfo.available_timezones()) > 400


def test_what_follows_of_a_lead_does_not_hang_on_the_order_its_numbers_are_read_in() -> None:
    """After a merge the number that stands second on the card may be the older row."""
    points = [
        replace(new_point(PointInput(Channel.PHONE, text), None, position), id=row_id)
        for position, (row_id, text) in enumerate([(9, "+380671230045"), (4, "+37253498812"), (7, "+15555555555")])
    ]
    lead = Lead(name="Olena")
    assert all(derive(lead, list(order), ()) == derive(lead, points, ()) for order in permutations(points))
    assert derive(lead, points, ())["zone_key"].startswith("UA|")
