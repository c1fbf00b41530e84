"""Lists without a header: layouts of known programs, and titles for columns that have none.

The layout of VICIDIAL's standard lead file is fixed by its lead loader: 23 columns to the comments, then rank, owner
and further numbers, which older files leave out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MOST_ROWS = 50
_AGREE = 0.8
_DIGITS = re.compile(r"\d{6,16}")
_DAY = re.compile(r"(?:\d{4}-\d{2}-\d{2})?")


@dataclass(frozen=True, slots=True)
class Layout:
    """A program's columns in their order; a title stands for each, a field only for those of ours."""

    name: str
    titles: tuple[str, ...]
    fields: tuple[str | None, ...]


_VICIDIAL: tuple[tuple[str, str | None], ...] = (
    ("Vendor lead code", "external_id"),
    ("Source id", None),
    ("List id", None),
    ("Phone code", "phone_code"),
    ("Phone", "phone"),
    ("Title", "salutation"),
    ("First name", "first_name"),
    ("Middle initial", "middle_name"),
    ("Last name", "last_name"),
    ("Address", "address"),
    ("Address 2", None),
    ("Address 3", None),
    ("City", "city"),
    ("State", "region"),
    ("Province", None),
    ("Postal code", "postal_code"),
    ("Country", "country"),
    ("Gender", None),
    ("Date of birth", None),
    ("Alternative phone", "other_phone"),
    ("E-mail", "email"),
    ("Security phrase", None),
    ("Comments", "note"),
    ("Rank", None),
    ("Owner (agent or territory)", None),
    ("Entry date", None),
    ("More phones", None),
)
_SHORTEST = 23
TITLES = {
    "name": "Name", "first_name": "First name", "last_name": "Last name", "middle_name": "Middle name",
    "salutation": "Title", "company": "Company", "phone": "Phone", "phone_2": "Phone 2", "phone_3": "Phone 3",
    "other_phone": "Other phone", "email": "E-mail", "email_2": "E-mail 2", "website": "Website", "country": "Country",
    "external_id": "Id", "created_at": "Date", "status": "Status", "linkedin": "LinkedIn", "facebook": "Facebook",
    "telegram": "Telegram", "whatsapp": "WhatsApp",
}  # fmt: skip
"""What a column found by its values is called."""


def recognise(rows: Sequence[Sequence[str]]) -> Layout | None:
    """The known layout most of these rows have; None where they have none."""
    seen = [row for row in rows[:_MOST_ROWS] if any(cell.strip() for cell in row)]
    if not seen or sum(map(_is_vicidial, seen)) < _AGREE * len(seen):
        return None
    width = max(map(len, seen))
    columns = (*_VICIDIAL, *((f"Column {at}", None) for at in range(len(_VICIDIAL) + 1, width + 1)))[:width]
    return Layout("a VICIDIAL lead file", tuple(title for title, _ in columns), tuple(field for _, field in columns))


def _is_vicidial(row: Sequence[str]) -> bool:
    cells = [cell.strip().removesuffix(".0") for cell in row]
    return (
        len(cells) >= _SHORTEST
        and cells[2].isdigit()
        and cells[3].isdigit()
        and len(cells[3]) <= 4
        and _DIGITS.fullmatch(cells[4]) is not None
        and (len(cells[16]) in (0, 2, 3))
        and cells[17].upper() in ("", "M", "F", "U")
        and _DAY.match(cells[18]) is not None
        and ("@" in cells[20] or not cells[20])
    )


def column_titles(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Titles for the columns of a file without a header: “Phone”, “E-mail”, and “Column 7” where nothing tells.

    Each is unique. The rows are a sample; as many titles as the widest has cells.
    """
    from leaddesk.exchange.columns import understand

    layout = recognise(rows)
    if layout:
        return layout.titles
    width = max(map(len, rows), default=0)
    made_up = [f"Column {at}" for at in range(1, width + 1)]
    titles: list[str] = []
    for guess in understand(made_up, rows, headed=False):
        title = TITLES.get(guess.field or "", guess.header)
        number = 2
        while title in titles:
            title, number = f"{TITLES.get(guess.field or '', guess.header)} {number}", number + 1
        titles.append(title)
    return tuple(titles)
