"""Telephone numbers: what people write in a cell, and what the desk needs to dial, match and place it.

`phonenumbers` is imported at the first number, not with this module: its tables cost start-up time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from leaddesk.workflow.phone_plans import Plain, read_plainly
from leaddesk.workflow.zones import fitting

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

FEWEST_DIGITS_OF_A_NUMBER = 7
"""Fewer digits than this beside a separator are an extension or a range end ("044 123-45-67/68"), not a second number."""

NORTH_AMERICA = 1
"""Country calling code shared by the US, Canada and the Caribbean."""
ARGENTINA = "54"

_LINE_TYPES = {
    0: "fixed",
    1: "mobile",
    2: "fixed_or_mobile",
    3: "toll_free",
    4: "premium",
    5: "shared_cost",
    6: "voip",
    7: "personal",
    8: "pager",
    9: "uan",
    10: "voicemail",
    99: "unknown",
}
"""`phonenumbers.PhoneNumberType` in the sales floor's words."""

_UNKNOWN = 99
"""The type of a number that cannot exist."""
MOST_REMEMBERED = 65536
_READ_AS: dict[str, Phone] = {}
"""Valid numbers read lately, by E.164: a card stores that, and reads it again whenever anything on it changes."""

_PLACE_OF_AREA: dict[int, str | None] = {}
"""Regions by North American area code: every valid number of one lies in the same."""
_ZONES_OF_CODE: dict[int, tuple[str, ...]] = {}
"""Zones of lines tied to no place, which follow from the calling code alone."""

_SEPARATOR = re.compile(
    r"""
    [\n\r\t|]+
    | (?<!,),(?![,\d]{0,2},)                 # one comma; two are a pause before an extension
    | ;(?!\s*[a-z-]+=)                       # not the parameters of a tel: address
    | /
    | \s+(?:or|and|oder|и|или|та|або|vagy|või|və)\s+
    | \s+(?=[+＋])                           # "+380… +380…"
    | (?<=\d{9})\s+(?=\d{9})                 # two unbroken numbers side by side
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UNBROKEN = re.compile(r"\+?[\d().-]+", re.ASCII)
"""A number without blanks or signs between numbers, as most are written."""
_NOT_DIGITS = {code: None for code in range(128) if not chr(code).isdecimal()}
_EXTENSION_WORD = re.compile(r"^\W*(?:e?xt|x\W*\d|доб|вн|int|anexo|#|~|nebenstelle|mell)", re.IGNORECASE)
_EXTENSION_END = re.compile(r"(?:ext\w*|доб|вн)\W*$", re.IGNORECASE)


@dataclass(frozen=True)
class Phone:
    """One number as read. `e164` is None when no number could be read at all; `valid` says it can exist in its country.

    `display` is the international spelling, `national` the one of the number's own country, extension included.
    """

    raw: str
    e164: str | None
    display: str
    valid: bool
    possible: bool
    line_type: str
    region: str | None
    zones: tuple[str, ...]
    extension: str

    @property
    def national(self) -> str:
        """How the number is written at home, "067 123 4567"; found out when asked for, since lists never show it."""
        return self.display if self.e164 is None else _at_home(self.e164, self.extension)


def phone_digits(text: str) -> str:
    """Digits to look for inside stored numbers, whatever the format typed.

    Prefixes that are dialled but not stored in E.164 are cut: 00, the trunk 0, and the 8 of eleven digits (8 916 …),
    so that a national spelling is found inside an international number.
    """
    digits = "".join(str(int(sign)) for sign in text if sign.isdecimal())
    if text.lstrip().startswith(("+", "＋")):
        return digits
    if len(digits) == 11 and digits.startswith("8"):
        return digits[1:]
    return digits.lstrip("0") or digits


def phone_key(text: str, region: str | None) -> str | None:
    """What two spellings of one number have in common; None when there is too little to match by.

    The extension is left out: people behind one switchboard are duplicates to be shown, never merged unasked.
    """
    phone = parse_phone(text, region)
    if phone.e164 is not None and phone.possible:
        return phone.e164
    digits = phone_digits(text)
    return digits if len(digits) >= FEWEST_DIGITS_OF_A_NUMBER else None


def split_phones(text: str) -> tuple[str, ...]:
    """The numbers of one cell in their order, each spelling once. A cell without digits comes back whole."""
    if _UNBROKEN.fullmatch(text):
        return (text,)
    pieces: list[str] = []
    start = 0
    for found in _SEPARATOR.finditer(text):
        before, after = text[start : found.start()], text[found.end() :].lstrip()
        if _is_another_number(before, after):
            pieces.append(before)
            start = found.end()
    pieces.append(text[start:])
    cleaned = (piece.strip(" \t\r\n,;|/") for piece in pieces)
    return tuple(dict.fromkeys(piece for piece in cleaned if piece))


def _is_another_number(before: str, after: str) -> bool:
    """Whether `after` opens a number of its own.

    Seven digits behind a full number are its extension, as libphonenumber reads "(800) 901-3355, 7246433".
    """
    following = _SEPARATOR.split(after, maxsplit=1)[0]
    if _EXTENSION_WORD.match(after) or _EXTENSION_END.search(before) or following.rstrip().endswith("#"):
        return False
    here, there = _count_digits(before), _count_digits(following)
    if min(here, there) < FEWEST_DIGITS_OF_A_NUMBER:
        return False
    return there > FEWEST_DIGITS_OF_A_NUMBER or here <= FEWEST_DIGITS_OF_A_NUMBER + 1


def _count_digits(text: str) -> int:
    return sum(sign.isdecimal() for sign in text)


def parse_phone(text: str, region: str | None = None) -> Phone:
    """Read one number; `region` (ISO 3166 two letters) is where a number without + belongs. Never raises."""
    known = _READ_AS.get(text)
    return known if known is not None and known.raw == text else _remembered(text, region)


@lru_cache(maxsize=MOST_REMEMBERED)
def _remembered(text: str, region: str | None) -> Phone:
    known = _READ_AS.get(text)
    if known is not None:
        return replace(known, raw=text)
    phone = _parsed(text, region)
    if phone.valid and phone.e164 and not phone.extension:
        if len(_READ_AS) >= MOST_REMEMBERED:
            _READ_AS.clear()
        _READ_AS[phone.e164] = phone
    return phone


def _parsed(text: str, region: str | None) -> Phone:
    home = region.upper() if region else None
    plain = read_plainly(text, home)
    return read_by_library(text, home) if plain is None else _by_plan(text, plain)


def _by_plan(text: str, plain: Plain) -> Phone:
    zones = plain.zones if plain.code == NORTH_AMERICA else fitting(plain.zones, plain.place)
    line_type = _LINE_TYPES[plain.kind]
    return Phone(text, f"+{plain.code}{plain.nsn}", plain.display, True, True, line_type, plain.place, zones, "")


def read_by_library(text: str, home: str | None) -> Phone:
    """Read one number of whatever kind; what `parse_phone` says of a plain one is the same, and said sooner."""
    import phonenumbers

    number = _read(text, home)
    kind = _UNKNOWN if number is None else phonenumbers.number_type(number)
    if kind == _UNKNOWN:
        number = _with_forgotten_plus(text, home) or number
        kind = _UNKNOWN if number is None else phonenumbers.number_type(number)
    if number is None:
        return Phone(text, None, text.strip(), False, False, "unknown", None, (), "")
    valid = kind != _UNKNOWN  # what `is_valid_number` finds out once more
    place = _place(number, kind)
    possible = valid or phonenumbers.is_possible_number(number)
    return Phone(
        raw=text,
        e164=f"+{number.country_code}{phonenumbers.national_significant_number(number)}",
        display=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL),
        valid=valid,
        possible=possible,
        line_type=_LINE_TYPES.get(kind, "unknown"),
        region=place if place and place.isalpha() else None,
        zones=_zones(number, place, kind) if possible else (),
        extension=number.extension or "",
    )


def _read(text: str, region: str | None) -> PhoneNumber | None:
    import phonenumbers

    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _with_forgotten_plus(text: str, region: str | None) -> PhoneNumber | None:
    """A foreign number written without its + ("380501234567" in a list from the US) or with 00 where no region helps.

    Taken only when valid as an international number. Without any region a bare number stays unread: guessing a
    country from digits alone would be wrong more often than right.
    """
    import phonenumbers

    bare = text.strip()
    digits = "".join(str(int(sign)) for sign in bare if sign.isdecimal())
    if digits.startswith("00"):
        digits = digits[2:]
    elif region is None or not (bare[:1].isdecimal() or bare.startswith("(")):
        return None
    if len(digits) < 10 or digits.startswith("0") or any(sign.isalpha() for sign in bare):
        return None
    number = _read("+" + digits, None)
    return number if number is not None and phonenumbers.is_valid_number(number) else None


def _place(number: PhoneNumber, kind: int) -> str | None:
    """The region of a number. Two dozen share +1 and are told apart by area codes, each tried in turn: remembered."""
    import phonenumbers

    if number.country_code != NORTH_AMERICA or kind == _UNKNOWN:
        return phonenumbers.region_code_for_number(number)
    area = (number.national_number or 0) // 10_000_000
    if area not in _PLACE_OF_AREA:
        _PLACE_OF_AREA[area] = phonenumbers.region_code_for_number(number)
    return _PLACE_OF_AREA[area]


def _zones(number: PhoneNumber, place: str | None, kind: int) -> tuple[str, ...]:
    """Zones by prefix for lines tied to a place, by country for mobiles and services, which may be anywhere in it.

    Ranges kept for fiction count as invalid and are placed by prefix, so that they have a clock. Outside North America,
    whose area codes are placed exactly, the number's country puts the library's stand-ins right.
    """
    import phonenumbers
    from phonenumbers import timezone

    code = number.country_code or 0
    if kind == _UNKNOWN or phonenumbers.is_number_type_geographical(kind, code):
        zones = timezone.time_zones_for_geographical_number(number)
    elif code in _ZONES_OF_CODE:
        zones = _ZONES_OF_CODE[code]
    else:
        zones = _ZONES_OF_CODE[code] = timezone.time_zones_for_number(number)
    if zones == ("Etc/Unknown",):
        return ()
    if code == NORTH_AMERICA:
        return tuple(zones)
    return fitting(zones, place or phonenumbers.region_code_for_country_code(code))


@lru_cache(maxsize=4096)
def _at_home(e164: str, extension: str) -> str:
    import phonenumbers

    number = phonenumbers.parse(e164)
    number.extension = extension or None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def national_digits(display: str) -> str:
    """The digits that people dial at home for a number in its international spelling; "" where they are the same.

    What the trunk prefix of a country is stands in resources/trunk_prefixes.txt, so that a million search texts are
    written without reading a million numbers. Only Argentina writes its mobiles in a way of their own.
    """
    code, _, rest = display.partition(" ext.")[0].removeprefix("+").partition(" ")
    subscriber = rest.translate(_NOT_DIGITS) if rest.isascii() else "".join(filter(str.isdecimal, rest))
    if code == ARGENTINA and subscriber.startswith("9"):
        home = parse_phone(f"+{code}{subscriber}").national
        return "".join(sign for sign in home if sign.isdecimal())
    return f"{_trunk_prefixes()[code]}{subscriber}" if subscriber and code in _trunk_prefixes() else ""


@lru_cache(maxsize=1)
def _trunk_prefixes() -> dict[str, str]:
    """What is dialled before a number inside its own country, by calling code; codes without one are left out."""
    from importlib.resources import files

    text = files("leaddesk").joinpath("resources", "trunk_prefixes.txt").read_text(encoding="utf-8")
    lines = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return {code: prefix for prefix, *codes in lines for code in codes}
