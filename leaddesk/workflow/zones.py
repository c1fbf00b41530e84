"""Which clocks a person may live by: time zones of countries, of regions, and the ones telephone numbers give.

Zones whose clocks always agree are told apart by nobody on the phone, so that each is replaced by one name per country
(America/Detroit → America/New_York): shorter keys, fewer clocks to compare.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_COMPARED_FROM = datetime(2026, 11, 1, tzinfo=UTC)
_COMPARED_WEEKS = 106
"""Two clocks that agree through these two years are one clock."""

_STAND_INS = {("RU", "Europe/Bucharest"): "Europe/Kaliningrad"}
"""libphonenumber names a neighbour of like winter time for some places; where the country alone cannot put it right."""


@lru_cache(maxsize=512)
def zone_info(zone: str) -> ZoneInfo:
    """The clock of a zone. `ZoneInfo` keeps eight by itself and reads the others from their files each time.

    Raises what `ZoneInfo` raises for a zone there is not.
    """
    return ZoneInfo(zone)


@lru_cache(maxsize=2048)
def is_zone(name: str) -> bool:
    """Whether there is such a zone in the time zone database."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return "/" in name


@lru_cache(maxsize=2048)
def clock(zone: str) -> tuple[int, ...]:
    """What the zone's clock shows against UTC, in minutes, week by week: equal for zones that always agree."""
    place = ZoneInfo(zone)
    weeks = (_COMPARED_FROM + timedelta(weeks=week) for week in range(_COMPARED_WEEKS))
    offsets = (moment.astimezone(place).utcoffset() or timedelta() for moment in weeks)
    return tuple(int(offset.total_seconds()) // 60 for offset in offsets)


@lru_cache(maxsize=512)
def country_zones(country: str) -> tuple[str, ...]:
    """One zone for each clock of the country (ISO 3166 two letters), () for no known country.

    Which clocks agree is found here and not in the table: laws change it, and machines have older and newer data.
    """
    return _one_for_each_clock(zone for zone in _countries().get(country.upper(), ()) if is_zone(zone))


@lru_cache(maxsize=4096)
def region_zones(country: str, *texts: str) -> tuple[str, ...]:
    """Zones of the first of `texts` that is a known state, province or city, by code or name.

    Without a country only a name that one country alone has is believed; codes ("CA", "WA") mean too many things.
    """
    for text in texts:
        name = _folded(text)
        if not name:
            continue
        if country:
            found = _regions().get((country.upper(), name)) or _by_city(country, name)
        else:
            places = _countries_of_name().get(name, frozenset())
            found = _regions()[next(iter(places)), name] if len(places) == 1 else ()
        if found:
            return found
    return ()


@lru_cache(maxsize=4096)
def fitting(zones: tuple[str, ...], country: str) -> tuple[str, ...]:
    """The zones that the country has, under the country's own names; the country's zones when none fits.

    libphonenumber gives Europe/Paris for Algeria and Europe/Bucharest for Libya: the country knows better.
    """
    here = country_zones(country)
    if not here or not zones:
        return zones
    real = [_STAND_INS.get((country, zone), zone) for zone in zones]
    return narrowed(real, here) or here


def narrowed(zones: Iterable[str], place: Iterable[str]) -> tuple[str, ...]:
    """Those zones of `place` whose clock is among the clocks of `zones`."""
    clocks = {clock(zone) for zone in zones}
    return tuple(zone for zone in place if clock(zone) in clocks)


def merged(zones: Iterable[str]) -> tuple[str, ...]:
    """The zones in alphabetical order, one for each clock."""
    return tuple(sorted(_one_for_each_clock(zones)))


def _one_for_each_clock(zones: Iterable[str]) -> tuple[str, ...]:
    first: dict[tuple[int, ...], str] = {}
    for zone in zones:
        first.setdefault(clock(zone), zone)
    return tuple(first.values())


def candidate_zones(
    phones_zones: Iterable[Iterable[str]],
    country: str | None = None,
    region_text: str = "",
    city: str = "",
    explicit_zone: str | None = None,
) -> tuple[str, ...]:
    """Every zone the person may be in; () when nothing tells.

    A zone somebody entered wins alone. Else each phone's zones are narrowed by the region, or else by the country, as
    far as they agree; a phone from elsewhere keeps its own. When no phone agrees with the place, the place counts as
    well: a call must suit all of them.
    """
    return _candidates(tuple(map(tuple, phones_zones)), country or "", region_text, city, explicit_zone or "")


@lru_cache(maxsize=16384)
def _candidates(
    phones_zones: tuple[tuple[str, ...], ...], home: str, region_text: str, city: str, explicit_zone: str
) -> tuple[str, ...]:
    if explicit_zone and is_zone(explicit_zone):
        return (explicit_zone,)
    place = region_zones(home, region_text, city) or country_zones(home)
    known = [[zone for zone in zones if is_zone(zone)] for zones in phones_zones]
    fits = [narrowed(zones, place) for zones in known]
    chosen = [zone for fit, zones in zip(fits, known, strict=True) for zone in fit or zones]
    if not any(fits):
        chosen.extend(place)
    return merged(chosen)


def _by_city(country: str, name: str) -> tuple[str, ...]:
    """Zones are named by a city: "Adelaide" in Australia is Australia/Adelaide."""
    return tuple(zone for zone in country_zones(country) if _folded(zone.rpartition("/")[2].replace("_", " ")) == name)


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())


def _lines(name: str) -> list[str]:
    from importlib.resources import files

    text = files("leaddesk").joinpath("resources", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@lru_cache(maxsize=1)
def _countries() -> dict[str, tuple[str, ...]]:
    rows = (line.split() for line in _lines("country_zones.txt"))
    return {row[0]: tuple(row[1:]) for row in rows}


@lru_cache(maxsize=1)
def _regions() -> dict[tuple[str, str], tuple[str, ...]]:
    """Zones by country and folded code or name, a name that stands for two places having the zones of both."""
    regions: dict[tuple[str, str], tuple[str, ...]] = {}
    for line in _lines("region_zones.txt"):
        country, code, names, zones = line.split(";")
        for name in (code, *names.split("|")):
            if name:
                key = country, _folded(name)
                regions[key] = tuple(dict.fromkeys((*regions.get(key, ()), *zones.split())))
    return regions


@lru_cache(maxsize=1)
def _countries_of_name() -> dict[str, frozenset[str]]:
    places: dict[str, set[str]] = {}
    codes = {(line.split(";")[0], _folded(line.split(";")[1])) for line in _lines("region_zones.txt")}
    for country, name in _regions():
        if (country, name) not in codes:
            places.setdefault(name, set()).add(country)
    return {name: frozenset(countries) for name, countries in places.items()}
