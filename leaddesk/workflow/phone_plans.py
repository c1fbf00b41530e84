"""Plain telephone numbers, read by the numbering plans of `phonenumbers` without its general ways.

Most numbers of a list are digits, perhaps with blanks, dots, hyphens or brackets between them, and valid. For those the
library's own tables (what is dialled before a number, which patterns make it valid and of which type, how it is
written, where it is) are asked directly, each pattern compiled once. Whatever is not plain, or not valid, is left to
the library: `read_plainly` says None, and never anything that the library would not say.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from phonenumbers import PhoneMetadata
    from phonenumbers.phonemetadata import PhoneNumberDesc

_PLAIN = re.compile(r"\+?[\d ().-]{6,24}", re.ASCII)
_SIGNS = str.maketrans("", "", "+ ().-")
_GROUP = re.compile(r"\\\d")
_LONGEST = 15
"""Digits of the longest number there is, ITU-T E.164."""
_UNKNOWN, _FIXED, _MOBILE, _FIXED_OR_MOBILE = 99, 0, 1, 2
"""`phonenumbers.PhoneNumberType`."""
_BEFORE_LINES = (
    ("premium_rate", 4),
    ("toll_free", 3),
    ("shared_cost", 5),
    ("voip", 6),
    ("personal_number", 7),
    ("pager", 8),
    ("uan", 9),
    ("voicemail", 10),
)
"""Services, in the order in which the library tries them; lines of people come behind."""


class Plain(NamedTuple):
    """A valid number: `nsn` are its digits behind the country calling code, `kind` a `PhoneNumberType`.

    `zones` are as the library has them, () where it knows none.
    """

    code: int
    nsn: str
    display: str
    kind: int
    place: str
    zones: tuple[str, ...]


def read_plainly(text: str, region: str | None) -> Plain | None:
    """A valid number written in digits, as the library reads it; None for all that the library must look at itself.

    `region` (two capitals) is where a number without + belongs.
    """
    if not _PLAIN.fullmatch(text):
        return None
    digits = text.translate(_SIGNS)
    if text[0] == "+":
        home = _dialled(digits[:3])
        if home is None:
            return None
        nsn = _without_prefix(digits[len(home.code_digits) :], home)
    else:
        home = _home(region) if region else None
        if home is None or digits.startswith(home.code_digits) or (home.abroad and home.abroad(digits)):
            return None
        nsn = _without_prefix(digits, home)
    if not nsn or len(nsn) + len(home.code_digits) > _LONGEST or not nsn.strip("0"):
        return None
    return _placed(home, nsn)


def _placed(home: _Home, nsn: str) -> Plain | None:
    """The number with its region and type, the first region of the calling code that knows it."""
    code = home.code
    for region in home.regions:
        plan = _plan(region)
        if plan.leading and not plan.leading(nsn):
            continue
        kind = plan.kind(nsn)
        if kind == _UNKNOWN:
            if plan.leading or len(home.regions) == 1:
                return None
            continue
        zones = _zones_by_digits(home.code_digits + nsn if _is_geographical(kind, code) else home.code_digits)
        return Plain(code, nsn, _written(code, nsn), kind, region, zones)
    return None


@lru_cache(maxsize=2048)
def _dialled(start: str) -> _Home | None:
    """The first region of the calling code that a number begins with; None where that is no country's."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    if start.startswith("0"):
        return None
    codes = (int(start[:size]) for size in (1, 2, 3))
    code = next((code for code in codes if code in COUNTRY_CODE_TO_REGION_CODE), 0)
    return _home(_regions(code)[0]) if code and all(map(str.isalpha, _regions(code))) else None


@lru_cache(maxsize=512)
def _regions(code: int) -> tuple[str, ...]:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    return tuple(COUNTRY_CODE_TO_REGION_CODE[code])


class _Home(NamedTuple):
    """How numbers are dialled in a region. `trunk` finds what is dialled before them, where that is digits alone."""

    code: int
    code_digits: str
    abroad: Callable[[str], object] | None
    trunk: Callable[[str], re.Match[str] | None] | None
    trunk_is_plain: bool
    viable: Callable[[str], object]
    lengths: frozenset[int]
    regions: tuple[str, ...]


@lru_cache(maxsize=512)
def _home(region: str) -> _Home | None:
    from phonenumbers import PhoneMetadata

    meta = PhoneMetadata.metadata_for_region(region)
    general = meta and meta.general_desc
    if not meta or not general or not general.national_number_pattern or not meta.country_code:
        return None
    trunk = re.compile(meta.national_prefix_for_parsing) if meta.national_prefix_for_parsing else None
    return _Home(
        meta.country_code,
        str(meta.country_code),
        re.compile(meta.international_prefix).match if meta.international_prefix else None,
        trunk.match if trunk else None,
        bool(trunk and not trunk.groups and not meta.national_prefix_transform_rule),
        re.compile(general.national_number_pattern).fullmatch,
        frozenset(general.possible_length) - frozenset(general.possible_length_local_only),
        _regions(meta.country_code),
    )


def _without_prefix(digits: str, home: _Home) -> str | None:
    """The digits without what is dialled before them at home; None where that takes more than cutting."""
    trunk = home.trunk and home.trunk(digits)
    if not trunk:
        return digits
    if not home.trunk_is_plain:
        return None
    rest = digits[trunk.end() :]
    if home.viable(digits) and not home.viable(rest):
        return digits
    return rest if len(rest) in home.lengths else None


def _metadata(region: str) -> PhoneMetadata:
    """The library's tables of a region. Raises `LookupError` for one it does not know."""
    from phonenumbers import PhoneMetadata

    meta = PhoneMetadata.metadata_for_region(region)
    if meta is None:
        raise LookupError(region)
    return meta


class _Plan:
    """Which numbers of a region are valid, and what they are."""

    def __init__(self, region: str) -> None:
        self._meta = _metadata(region)
        self.leading = re.compile(self._meta.leading_digits).match if self._meta.leading_digits else None
        self._by_length: dict[int, tuple[tuple[int, Callable[[str], object]], ...]] = {}

    def kind(self, nsn: str) -> int:
        """A `PhoneNumberType`."""
        tests = self._by_length.get(len(nsn))
        if tests is None:
            tests = self._by_length[len(nsn)] = self._tests(len(nsn))
        if not tests or not tests[0][1](nsn):
            return _UNKNOWN
        for kind, fits in tests[1:]:
            if fits(nsn):
                return self._line(nsn) if kind == _FIXED else kind
        return _UNKNOWN

    def _line(self, nsn: str) -> int:
        meta = self._meta
        either = meta.same_mobile_and_fixed_line_pattern or any(fits(nsn) for fits in _tests(meta.mobile, len(nsn)))
        return _FIXED_OR_MOBILE if either else _FIXED

    def _tests(self, length: int) -> tuple[tuple[int, Callable[[str], object]], ...]:
        """What numbers so long are tried with: first whether there are any such, then each type."""
        meta = self._meta
        descs = [(_UNKNOWN, meta.general_desc), *((kind, getattr(meta, name)) for name, kind in _BEFORE_LINES)]
        descs.append((_FIXED, meta.fixed_line))
        if not meta.same_mobile_and_fixed_line_pattern:
            descs.append((_MOBILE, meta.mobile))
        found = tuple((kind, fits) for kind, desc in descs for fits in _tests(desc, length))
        return found if found and found[0][0] == _UNKNOWN else ()


def _tests(desc: PhoneNumberDesc | None, length: int) -> tuple[Callable[[str], object], ...]:
    """The test of a description for numbers so long; none where they cannot fit it."""
    if desc is None or not desc.national_number_pattern:
        return ()
    if desc.possible_length and length not in desc.possible_length:
        return ()
    return (_compiled(desc.national_number_pattern).fullmatch,)


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@lru_cache(maxsize=512)
def _plan(region: str) -> _Plan:
    return _Plan(region)


@lru_cache(maxsize=512)
def _is_geographical(kind: int, code: int) -> bool:
    from phonenumbers import is_number_type_geographical

    return bool(is_number_type_geographical(kind, code))


class _Format(NamedTuple):
    """One way to write a number: for those that start and are made like this; `parts` has a {} for each group."""

    fits_start: Callable[[str], object] | None
    pattern: re.Pattern[str]
    template: str
    parts: str


@lru_cache(maxsize=512)
def _formats(code: int) -> tuple[_Format, ...]:
    """How numbers of this calling code are written abroad: its first region says so for all of them."""
    meta = _metadata(_regions(code)[0])
    found = []
    for said in meta.intl_number_format or meta.number_format:
        start, template, pattern = said.leading_digits_pattern, said.format or "", _compiled(said.pattern or "")
        groups = [f"\\{number}" for number in range(1, pattern.groups + 1)]
        in_order = _GROUP.findall(template) == groups and "{" not in template
        parts = f"+{code} {_GROUP.sub('{}', template)}" if in_order else ""
        found.append(_Format(_compiled(start[-1]).match if start else None, pattern, template, parts))
    return tuple(found)


def _written(code: int, nsn: str) -> str:
    """The international spelling."""
    for fits_start, pattern, template, parts in _formats(code):
        if fits_start is not None and not fits_start(nsn):
            continue
        found = pattern.match(nsn)
        if found and parts and found.end() == len(nsn):
            return parts.format(*found.groups(""))
        if pattern.fullmatch(nsn):
            return f"+{code} {pattern.sub(template, nsn)}"
    return f"+{code} {nsn}"


def _zones_by_digits(digits: str) -> tuple[str, ...]:
    """Zones of the longest prefix that the library has."""
    known, longest = _zone_table()
    for size in range(min(longest, len(digits)), 0, -1):
        zones = known.get(digits[:size])
        if zones is not None:
            return zones
    return ()


@lru_cache(maxsize=1)
def _zone_table() -> tuple[dict[str, tuple[str, ...]], int]:
    from phonenumbers.tzdata import TIMEZONE_DATA, TIMEZONE_LONGEST_PREFIX

    return TIMEZONE_DATA, TIMEZONE_LONGEST_PREFIX
