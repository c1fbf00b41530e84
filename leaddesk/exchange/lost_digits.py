"""Numbers that a spreadsheet wrote in its own short form, 4.91512E+11: phones and ids lose their last digits by it.

Excel shows a whole number of more than eleven digits so, and writes what it shows when the sheet is saved as CSV.
"""

from __future__ import annotations

import re

_SHORT = re.compile(r"\s*(?P<sign>[+-]?)(?P<first>\d)(?:[.,](?P<rest>\d+))?[eE]\+(?P<power>\d{1,3})\s*")
_PHONE = 6  # the power of ten of seven digits, the shortest phone anybody writes in full


def lost_digits(text: str) -> bool:
    """Whether the text is a number of phone length in a spreadsheet's short form, whose last digits are gone."""
    found = _SHORT.fullmatch(text)
    return found is not None and int(found["power"]) >= _PHONE and len(found["rest"] or "") < int(found["power"])


def words(text: str) -> str:
    """Say what happened to the number and what to do."""
    return (
        f"“{text.strip()}” is a number that Excel has shortened; its last digits are lost. "
        "Format the column as text or as a number without decimals there, and save the list again."
    )


def whole_number(text: str) -> str | None:
    """Return 491512345678 for “4.91512345678E+11”, in which no digit is missing; None for everything else."""
    found = _SHORT.fullmatch(text)
    if found is None or int(found["power"]) < _PHONE or len(found["rest"] or "") != int(found["power"]):
        return None
    return f"{found['sign'].replace('+', '')}{found['first']}{found['rest']}"


def may_hold(text: str) -> bool:
    """Whether a look at every cell is worth while: quick, for a whole page of text at once."""
    return "E+" in text or "e+" in text


def mend(cells: list[str]) -> tuple[tuple[int, str], ...]:
    """Put right, in place, the numbers of which all digits are there; return where digits are lost, with words."""
    flaws: list[tuple[int, str]] = []
    for at, cell in enumerate(cells):
        if may_hold(cell):
            whole = whole_number(cell)
            if whole is not None:
                cells[at] = whole
            elif lost_digits(cell):
                flaws.append((at, words(cell)))
    return tuple(flaws)
