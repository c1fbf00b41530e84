"""What each column of a foreign list holds: told from its header, from a header nearly known, and from its cells.

A wrong guess is worse than an extra field, which loses nothing: below `ENOUGH` a column stays extra, and what it may
be is only offered. Cells have a say against a header too: a column headed “Phone” that holds e-mails is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from leaddesk.exchange.column_values import Values
from leaddesk.exchange.headers import (
    EMAILS,
    PHONES,
    SEVERAL,
    assign,
    decided,
    fields_of,
    listed,
    meanings,
    next_place,
)
from leaddesk.exchange.near_headers import is_of_others, nearest, says_nothing
from leaddesk.exchange.words import plain, without_number

ENOUGH = 0.7
"""Confidence from which a guess is taken."""
MOST = 0.8
"""Share of a column's cells that has to say so, for or against."""
_FEW = 3
"""Cells fewer than this say nothing."""
_LEFT = "left as an extra field"


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What a column is taken for, how sure that is (0 to 1), and why, in a person's words.

    `field` is None for an extra field; then `offer` may name a field it could be, with `confidence` in that.
    """

    header: str
    field: str | None
    confidence: float
    how: str
    offer: str | None = None


def understand(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    overrides: Mapping[str, str] | None = None,
    *,
    headed: bool = True,
) -> tuple[ColumnGuess, ...]:
    """Guess every column, in the file's order, from its header and from a sample of rows (200 are enough).

    A field of which a lead has one is given once. `overrides` (header → field, “extra” for none) come first; raises
    Refused for those that cannot be. `headed` is False where the file has no header and `columns` are made up.
    """
    return _Guessing(tuple(columns), tuple(rows), overrides or {}, headed).result()


@dataclass(frozen=True)
class _Guessing:
    columns: tuple[str, ...]
    rows: tuple[Sequence[str], ...]
    overrides: Mapping[str, str]
    headed: bool

    @cached_property
    def values(self) -> dict[str, Values]:
        return {
            column: Values.of(row[at] if at < len(row) else "" for row in self.rows)
            for at, column in enumerate(self.columns)
        }

    def result(self) -> tuple[ColumnGuess, ...]:
        given = decided(self.columns, self.overrides)
        found = {column: ColumnGuess(column, field, 1.0, "you said so") for column, field in given.items()}
        if self.headed:
            self._by_header(found, given)
            self._by_near_header(found)
        else:
            self._by_layout(found)
        self._by_values(found)
        return tuple(found.get(column) or self._left(column) for column in self.columns)

    def _left(self, column: str) -> ColumnGuess:
        """An extra field; of yes and no it is said, for a person knows whether that is “do not call”."""
        values = self.values[column]
        flags = len(values.cells) >= _FEW and values.share("yes_no") >= MOST
        said = f"; {values.count('yes_no')} of {len(values.cells)} values are yes or no" if flags else ""
        return ColumnGuess(column, None, 1.0, _LEFT + said)

    def _by_header(self, found: dict[str, ColumnGuess], given: Mapping[str, str | None]) -> None:
        for column, field in assign(self.columns, given, self._is_against).items():
            if column not in found:
                found[column] = ColumnGuess(column, field, self._sureness(column, field), f"header “{column.strip()}”")

    def _sureness(self, column: str, field: str | None) -> float:
        return 1.0 if field is None or len(fields_of(column)) < 2 else 0.9

    def _by_near_header(self, found: dict[str, ColumnGuess]) -> None:
        for column in self.columns:
            if column in found or self._is_known(column) or says_nothing(column):
                continue
            near = nearest(column)
            if near is None:
                continue
            fields = [field for field in near.fields if not self._is_against(column, field)]
            field = next((field for field in fields if self._is_free(field, found)), None)
            if field is None:
                continue
            how = f"header “{column.strip()}”" if near.certain else f"looks like “{near.word}”"
            backed = not near.certain and self._is_backed(column, field)
            self._take(found, ColumnGuess(column, field, max(near.confidence, 0.9 * backed), how))

    def _is_known(self, column: str) -> bool:
        """Whether the dictionaries know the header, be it as no field of ours."""
        word = plain(column)
        known = word in meanings() or without_number(word)[0] in meanings()
        return known or word in listed("none") or without_number(word)[0] in listed("none") | listed("names")

    def _is_backed(self, column: str, field: str) -> bool:
        guess = guess_by_values(self.values[column], headed=False)
        return guess is not None and _family(guess[0]) == _family(field)

    def _by_layout(self, found: dict[str, ColumnGuess]) -> None:
        from leaddesk.exchange.known_layouts import recognise

        layout = recognise(self.rows)
        for at, column in enumerate(self.columns):
            if layout and at < len(layout.fields) and column not in found:
                field = layout.fields[at]
                found[column] = ColumnGuess(column, field, 0.95, f"laid out as {layout.name}: {layout.titles[at]}")

    def _by_values(self, found: dict[str, ColumnGuess]) -> None:
        wishes: list[tuple[float, int, str, str]] = []
        for at, column in enumerate(self.columns):
            word = plain(column)
            if column in found or (self.headed and (word in listed("none") or self._is_taken_meaning(column))):
                continue
            if self.headed and is_of_others(column) and not fields_of(column):
                continue
            guess = guess_by_values(self.values[column], headed=self.headed and not says_nothing(column))
            if guess:
                wishes.append((guess[1], at, guess[0], guess[2]))
        for confidence, at, field, why in sorted(wishes, key=lambda wish: (-wish[0], wish[1])):
            column = self.columns[at]
            doubted = self.headed and not says_nothing(column) and bool(fields_of(column))
            how = f"{why}, whatever its header says" if doubted else why
            if self._is_free(field, found):
                self._take(found, ColumnGuess(column, field, confidence, how))
        _part_names(self, found)

    def _is_taken_meaning(self, column: str) -> bool:
        """Whether the header is known, and only the place is taken: its cells are of that field, not of another."""
        return any(not self._is_against(column, field) for field in fields_of(column))

    def _is_free(self, field: str, found: Mapping[str, ColumnGuess]) -> bool:
        taken = {guess.field for guess in found.values()}
        if field == "name" and taken & {"first_name", "last_name"}:
            return False
        return field in SEVERAL or field not in taken

    def _take(self, found: dict[str, ColumnGuess], guess: ColumnGuess) -> None:
        """Take the guess where it is sure enough, else offer it."""
        if guess.confidence < ENOUGH:
            how = f"{_LEFT}; {guess.how}"
            found[guess.header] = ColumnGuess(guess.header, None, guess.confidence, how, guess.field)
            return
        field = next_place(guess.field or "", {known.field or "" for known in found.values()})
        found[guess.header] = ColumnGuess(guess.header, field, guess.confidence, guess.how)

    def _is_against(self, column: str, field: str) -> bool:
        return contradicts(self.values[column], field)


def contradicts(values: Values, field: str) -> bool:
    """Whether the cells of a column cannot be this field. Flags are never doubted: who is not to be called stays so."""
    if len(values.cells) < _FEW:
        return False
    test = _DOUBTS.get(field) or _DOUBTS.get(_family(field))
    return test is not None and test(values)


def _family(field: str) -> str:
    if field in PHONES or field == "fax":
        return "phone"
    return "email" if field in EMAILS else field


def _any_of(*kinds: str) -> Callable[[Values], bool]:
    return lambda values: any(values.share(kind) >= MOST for kind in kinds)


def _none_of(*kinds: str) -> Callable[[Values], bool]:
    return lambda values: all(values.share(kind) <= 1 - MOST for kind in kinds)


_no_word = _any_of("email", "phone", "url", "date", "number", "yes_no", "guid")
_DOUBTS: Mapping[str, Callable[[Values], bool]] = {
    "phone": _any_of("email", "url", "date", "few_digits", "guid"),
    "email": _none_of("email", "any_at"),
    "name": _no_word,
    "first_name": _no_word,
    "last_name": _no_word,
    "company": _any_of("email", "phone", "date", "yes_no"),
    "role": lambda values: _no_word(values) or values.share("salutation") >= MOST,
    "city": _any_of("email", "phone", "url", "date", "number"),
    "region": _any_of("email", "phone", "url", "date"),
    "address": _any_of("email", "url", "date"),
    "country": _any_of("email", "phone", "url", "date", "calling_code", "number"),
    "postal_code": _any_of("email", "url", "date"),
    "website": _any_of("email", "phone", "date", "yes_no", "number"),
    "created_at": _none_of("date", "number"),
    "changed_at": _none_of("date", "number"),
    "last_call_at": _none_of("date", "number"),
    "budget": _none_of("digits"),
    "status": _any_of("email", "phone", "url", "date"),
    "outcome": _any_of("email", "phone", "url", "date"),
    "phone_code": _none_of("calling_code", "country_letters"),
    "phone_area": _any_of("email", "url", "date", "letters"),
    "phone_extension": _any_of("email", "url", "date"),
    "linkedin": _any_of("email", "yes_no", "date"),
    "facebook": _any_of("email", "yes_no", "date"),
}
_DOUBTS = {**_DOUBTS, "phone_code": lambda values: values.share("calling_code") < 1 - MOST}


def guess_by_values(values: Values, *, headed: bool) -> tuple[str, float, str] | None:
    """What a column may be by its cells alone: (field, confidence, why); None where nothing tells.

    Behind a header nobody knows may stand the phone of somebody else, so there less is believed than in a column
    without a header.
    """
    if len(values.cells) < (_FEW if headed else 1):
        return None
    own = values.distinct >= 0.5 or len(values.cells) < 5
    for kind, field, sure_headed, sure_bare, words in _SIGNS:
        share = values.share(kind)
        if share >= MOST:
            sure = (sure_headed if headed else sure_bare) * (1 if own or kind in _SHARED else 0.7)
            return field, round(sure * share, 2), f"{values.count(kind)} of {len(values.cells)} values are {words}"
    return _by_words(values, headed=headed)


_SHARED = frozenset({"country", "salutation", "status"})
_SIGNS = (
    ("email", "email", 0.85, 0.97, "e-mail addresses"),
    ("linkedin", "linkedin", 0.85, 0.95, "LinkedIn pages"),
    ("facebook", "facebook", 0.85, 0.95, "Facebook pages"),
    ("telegram", "telegram", 0.85, 0.95, "Telegram addresses"),
    ("whatsapp", "whatsapp", 0.85, 0.95, "WhatsApp addresses"),
    ("url", "website", 0.6, 0.85, "web addresses"),
    ("guid", "external_id", 0.6, 0.75, "ids"),
    ("date", "created_at", 0.4, 0.6, "dates"),
    ("phone", "phone", 0.8, 0.95, "phone numbers"),
    ("salutation", "salutation", 0.75, 0.9, "forms of address"),
    ("country", "country", 0.65, 0.85, "countries"),
    ("status", "status", 0.6, 0.65, "words for a status"),
)
_ID_SURE, _BARE_PHONE_SURE, _NAME_SURE, _COMPANY_SURE = (0.5, 0.72), (0.5, 0.78), (0.6, 0.85), (0.6, 0.8)


def _by_words(values: Values, *, headed: bool) -> tuple[str, float, str] | None:
    at = 0 if headed else 1
    filled = len(values.cells)
    if values.rising and filled >= _FEW:
        return "external_id", _ID_SURE[at], f"{filled} of {filled} values are numbers counting up"
    if values.share("bare_phone") >= MOST and values.distinct >= 0.5:
        return "phone", _BARE_PHONE_SURE[at], f"{values.count('bare_phone')} of {filled} values may be phone numbers"
    if values.share("postal") >= MOST and filled >= _FEW:
        return "postal_code", 0.5, f"{values.count('postal')} of {filled} values may be postal codes"
    if values.share("number") >= MOST or values.share("yes_no") >= MOST:
        return None
    if values.share("company") >= 0.3 and values.distinct >= 0.5:
        return "company", _COMPANY_SURE[at], f"{values.count('company')} of {filled} values name a kind of company"
    if values.share("person") >= 0.7 and values.share("with_given_name") >= 0.3:
        return "name", _NAME_SURE[at], f"{values.count('person')} of {filled} values look like names of people"
    if values.share("given_name") >= 0.5:
        return "first_name", _NAME_SURE[at], f"{values.count('given_name')} of {filled} values are given names"
    return None


def _part_names(guessing: _Guessing, found: dict[str, ColumnGuess]) -> None:
    """Beside a column of given names found by its cells, one of single words is the last names."""
    columns = guessing.columns
    first = next((at for at, c in enumerate(columns) if c in found and found[c].field == "first_name"), None)
    if first is None or found[columns[first]].how.startswith(("header", "you", "laid")):
        return
    for at in (first + 1, first - 1):
        column = columns[at] if 0 <= at < len(columns) else None
        if column is None or column in found or not guessing._is_free("last_name", found):  # noqa: SLF001 - its part
            continue
        if (not guessing.headed or says_nothing(column)) and guessing.values[column].share("word") >= MOST:
            found[column] = ColumnGuess(column, "last_name", 0.75, "single words beside given names")
