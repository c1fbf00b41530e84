"""What the cells of a column look like: e-mails, phones, dates, people, companies; and phones put together from parts.

Looked at in a sample of some hundred rows, so patterns are cheap and lean to “no”: a share of cells speaks, not one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import pairwise
from typing import NamedTuple

from leaddesk.exchange.dates import DateOrder, parse_when
from leaddesk.exchange.values import means_empty, parse_status, parse_yes_no
from leaddesk.exchange.words import dictionary, plain

EMAIL = re.compile(r"(?:mailto:)?[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]{2,}", re.IGNORECASE)
_SEVERAL_EMAILS = re.compile(r"[\s,;]+")
_NAMED_EMAIL = re.compile(r"[^<>]*<[^\s@<>]+@[^\s@<>]+>")
_PHONE = re.compile(r"(?:tel:)?[+＋]?[\d()\s.\-–/]{7,24}(?:\s*(?:ext|x|доб|вн|#)\.?\s*\d{1,6})?", re.IGNORECASE)
_PHONE_MARK = re.compile(r"^(?:tel:)?\s*[+＋(]|^00\d|\d[\s()\-–]\d")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[a-z]{2,12}(?:/\S*)?", re.IGNORECASE)
_PAGES = {
    "linkedin": re.compile(r"linkedin\.com/", re.IGNORECASE),
    "facebook": re.compile(r"(?:facebook|fb)\.com/", re.IGNORECASE),
    "telegram": re.compile(r"(?:^|//|\.)(?:t\.me|telegram\.me)/", re.IGNORECASE),
    "whatsapp": re.compile(r"(?:wa\.me|whatsapp\.com)/", re.IGNORECASE),
}
_NUMBER = re.compile(r"[+-]?[\d\s.,']*\d(?:\s?[%€$£¥₽₴₸₼]|\s?[A-Z]{3})?|[€$£¥₽₴₸₼]\s?[\d\s.,']+")
_POSTAL = re.compile(
    r"\d{5}(?:-\d{4})?|\d{6}|\d{4}\s?[A-Z]{2}|\d{2}-\d{3}|\d{3}\s\d{2}|[A-Z]{1,2}-?\d{4,5}"
    r"|[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d|\d{5}-\d{3}|\d{3}-\d{4}"
)
_GUID = re.compile(
    r"\{?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\}?|00[QT03]\w{12}(?:\w{3})?", re.IGNORECASE
)
_WORD_OF_A_NAME = re.compile(r"[^\W\d_]+(?:['’ʼ\-.][^\W\d_]*)*\.?,?")
_LEGAL = re.compile(
    r"(?:^|[\s,.(\"«“])(?:llc|l\.l\.c|inc|ltd|limited|corp|corporation|plc|llp|gmbh|ag|kg|ohg|ug|e\.?k|s\.?r\.?l|s\.?p\.?a"
    r"|s\.?a\.?s?|s\.?a\.?r\.?l|s\.?l\.?u?|b\.?v|n\.?v|oy|oyj|ab|a/s|as|aps|asa|oü|osaühing|sia|uab|zrt|kft|nyrt|bt|rt"
    r"|mmc|qsc|asc|a\.?ş|şti|sp\.? z o\.?\s?o|s\.?\s?r\.?\s?o|a\.?s|d\.?o\.?o|d\.?d|spol|eood|ood|еоод|оод|ад"
    r"|ооо|оао|зао|пао|ао|ип|тов|тзов|прат|фоп|чп|пп|тоо|pty|co|group|holding|gmbh & co|bank|company|solutions"
    r"|technologies|systems|services|studio|industries|enterprises|компания|компанія|завод|группа|група|банк|холдинг"
    r"|شرکت|شركة|有限公司|株式会社|公司|주식회사)(?:$|[\s,.)\"»”&])",
    re.IGNORECASE,
)
_EPOCH_SECONDS = re.compile(r"1[3-9]\d{8}(?:\d{3})?")
_SAMPLE = 200


class PartColumns(NamedTuple):
    """Columns holding the rest of a phone column's numbers; None where the file has none."""

    code: int | None = None
    area: int | None = None
    extension: int | None = None


@dataclass(frozen=True)
class Values:
    """The filled cells of a column's sample; shares are of them, from 0 to 1."""

    cells: tuple[str, ...]
    rows: int

    @classmethod
    def of(cls, cells: Iterable[str]) -> Values:
        """Take up to 200 cells, without those that say nothing is known."""
        texts = [text.strip() for _, text in zip(range(_SAMPLE), cells, strict=False)]
        return cls(tuple(text for text in texts if not means_empty(text)), len(texts))

    def share(self, kind: str) -> float:
        """Cells that are of this kind, a key of `KINDS`."""
        if kind not in self._shares:
            test = KINDS[kind]
            hits = sum(count for cell, count in self._counted.items() if test(cell))
            self._shares[kind] = hits / len(self.cells) if self.cells else 0.0
        return self._shares[kind]

    def count(self, kind: str) -> int:
        """Cells of the kind."""
        return round(self.share(kind) * len(self.cells))

    @cached_property
    def _shares(self) -> dict[str, float]:
        return {}

    @cached_property
    def _counted(self) -> Counter[str]:
        return Counter(self.cells)

    @cached_property
    def distinct(self) -> float:
        """Different cells among the filled."""
        return len(self._counted) / len(self.cells) if self.cells else 0.0

    @cached_property
    def rising(self) -> bool:
        """Whether they are whole numbers counting up, as ids are."""
        numbers = [int(cell) for cell in self.cells if cell.isascii() and cell.isdigit() and len(cell) < 16]
        if len(numbers) < max(3, len(self.cells)):
            return False
        steps = [later - earlier for earlier, later in pairwise(numbers)]
        return all(step > 0 for step in steps) and max(steps) <= 1000 * max(1, min(steps))


def is_email(cell: str) -> bool:
    """One address or several."""
    if "@" not in cell:
        return False
    pieces = [piece for piece in _SEVERAL_EMAILS.split(cell) if piece]
    return all(EMAIL.fullmatch(piece) for piece in pieces) or bool(_NAMED_EMAIL.fullmatch(cell))


def is_phone(cell: str) -> bool:
    """Written as only numbers of phones are: with a plus, brackets, or digits in groups."""
    return bool(_PHONE_MARK.search(cell)) and _could_be_phone(cell) and not _is_date(cell)


def is_bare_phone(cell: str) -> bool:
    """Digits alone, as many as a number with its area has; a number of something else may look so."""
    digits = cell.removesuffix(".0")
    return digits.isascii() and digits.isdigit() and 9 <= len(digits) <= 13 and not _EPOCH_SECONDS.fullmatch(digits)


def _could_be_phone(cell: str) -> bool:
    pieces = re.split(r"[,;|\n]", cell)
    return all(
        _PHONE.fullmatch(piece.strip()) and 7 <= sum(map(str.isdigit, piece)) <= 21 for piece in pieces if piece.strip()
    )


@cache
def _is_date(cell: str) -> bool:
    return parse_when(cell, DateOrder.DAY_FIRST) is not None


def is_url(cell: str) -> bool:
    """A page's address, with or without http."""
    return bool(_URL.fullmatch(cell) or (_DOMAIN.fullmatch(cell) and "@" not in cell and not cell[0].isdigit()))


def is_person(cell: str) -> bool:
    """Two to five words of letters, capitals first, and no legal form of a company among them."""
    words = cell.split()
    if not 2 <= len(words) <= 5 or _LEGAL.search(cell) or len(cell) > 60:
        return False
    return all(_WORD_OF_A_NAME.fullmatch(word) for word in words) and cell[0].upper() == cell[0]


def has_given_name(cell: str) -> bool:
    """Whether one of its words is a common given name."""
    return any(plain(word) in given_names() for word in cell.replace(",", " ").split())


def is_word(cell: str) -> bool:
    """One word of letters, as a first or a last name is."""
    return len(cell.split()) == 1 and bool(_WORD_OF_A_NAME.fullmatch(cell)) and len(cell) > 1


def is_given_name(cell: str) -> bool:
    """A common given name alone, or two of them."""
    words = cell.split()
    return len(words) <= 2 and bool(words) and plain(words[0]) in given_names()


def is_company(cell: str) -> bool:
    """Whether a legal form, or a word companies are called by, stands in it."""
    return bool(_LEGAL.search(cell))


def is_number(cell: str) -> bool:
    """A number or an amount of money."""
    return bool(_NUMBER.fullmatch(cell))


def is_country(cell: str) -> bool:
    """A country's name or three letters; two letters are as often a language or a state."""
    from leaddesk.workflow.countries import country_code

    return len(cell) > 2 and len(cell) <= 40 and not any(map(str.isdigit, cell)) and country_code(cell) is not None


def is_salutation(cell: str) -> bool:
    """Mr, Frau, д-р."""
    return plain(cell) in _salutations()


def _is_country_letters(cell: str) -> bool:
    return cell.isalpha() and len(cell) in (2, 3)


def _is_calling_code(cell: str) -> bool:
    digits = cell.removesuffix(".0").strip("+( )")
    return digits.isascii() and digits.isdigit() and len(digits) <= 4


def _is_page(page: re.Pattern[str], cell: str) -> bool:
    return bool(page.search(cell))


@cache
def given_names() -> frozenset[str]:
    """Common given names of many languages, evened out."""
    return frozenset(plain(name) for names in dictionary("given_names").values() for name in names)


@cache
def _salutations() -> frozenset[str]:
    return frozenset(map(plain, dictionary("salutations")["words"]))


KINDS: Mapping[str, Callable[[str], bool]] = {
    "email": is_email,
    "phone": is_phone,
    "bare_phone": is_bare_phone,
    "url": is_url,
    "date": _is_date,
    "person": is_person,
    "with_given_name": has_given_name,
    "given_name": is_given_name,
    "word": is_word,
    "company": is_company,
    "number": is_number,
    "country": is_country,
    "country_letters": _is_country_letters,
    "calling_code": _is_calling_code,
    "salutation": is_salutation,
    "postal": lambda cell: bool(_POSTAL.fullmatch(cell)),
    "guid": lambda cell: bool(_GUID.fullmatch(cell)),
    "yes_no": lambda cell: parse_yes_no(cell) is not None,
    "status": lambda cell: parse_status(cell) is not None,
    "few_digits": lambda cell: sum(map(str.isdigit, cell)) < 5,
    "any_at": lambda cell: "@" in cell,
    "digits": lambda cell: any(map(str.isdigit, cell)),
    "letters": lambda cell: any(map(str.isalpha, cell)),
    **{name: partial(_is_page, page) for name, page in _PAGES.items()},
}  # fmt: skip
"""Kinds of cells, and what tells them."""


def phone_parts(fields: Sequence[str | None]) -> dict[int, PartColumns]:
    """Which columns hold the country code, area and extension of which phone column (column → its parts).

    A part belongs to the nearest phone column: a code or an area to the one after it, an extension to the one before
    it; where there is none on that side, to the nearest on the other. A part taken already stays with the first.
    """
    from leaddesk.exchange.headers import PHONES

    phones = [at for at, field in enumerate(fields) if field in PHONES]
    found: dict[int, PartColumns] = {}
    for at, field in enumerate(fields):
        if field not in _PARTS or not phones:
            continue
        name, after = _PARTS[field]
        near = min(phones, key=lambda phone: ((phone > at) is not after, abs(phone - at)))
        parts = found.get(near, PartColumns())
        if getattr(parts, name) is None:
            found[near] = parts._replace(**{name: at})
    return found


_PARTS = {"phone_code": ("code", True), "phone_area": ("area", True), "phone_extension": ("extension", False)}


def join_phone(code: str, area: str, number: str, extension: str = "") -> str:
    """Put a number together: “1”, “”, “7275551213” → “+1 7275551213”; "" where there is no number.

    A number that is international already keeps its own code. One that repeats the code (“44”, “447911123456”) is
    taken whole where only that has the length of a number there. A code may be a country's two letters. Never raises.
    """
    number, area, extension = _whole(number), _whole(area), _whole(extension)
    digits = _digits(number)
    if not digits:
        return ""
    tail = f" ext. {extension}" if extension and extension not in ("0", "-") else ""
    if number.startswith(("+", "＋", "00")):
        return number + tail
    area_digits = _digits(area)
    national = number if not area_digits or (digits.startswith(area_digits) and len(digits) > 8) else f"{area} {number}"
    calling = _calling_code(_whole(code))
    if not calling:
        return national + tail
    if digits.startswith(calling) and not _is_possible(f"+{calling}{digits}") and _is_possible(f"+{digits}"):
        return f"+{digits}{tail}"
    return f"+{calling} {national.lstrip()}{tail}"


def _whole(text: str) -> str:
    """A number that went through a spreadsheet has “.0” behind it."""
    text = text.strip()
    return text.removesuffix(".0") if text.removesuffix(".0").isdigit() else text


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _calling_code(code: str) -> str:
    digits = _digits(code)
    if digits:
        return digits.lstrip("0")[:4]
    if len(code) == 2 and code.isascii() and code.isalpha():
        import phonenumbers

        return str(phonenumbers.country_code_for_region(code.upper()) or "")
    return ""


def _is_possible(number: str) -> bool:
    import phonenumbers

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return False
