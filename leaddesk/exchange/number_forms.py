"""Which number formats of Excel show a date, and which a span of time: told from their code alone.

ECMA-376 part 1, 18.8.30 and 18.8.31. A cell holds nothing but a number of days; only its format says that it is a date.
"""

from __future__ import annotations

import re
from typing import Literal

Form = Literal["date", "span"]

_DATES = (*range(14, 23), *range(27, 37), 45, 47, *range(50, 59))  # 27 to 36 and 50 to 58 in East Asia
_BUILT_IN: dict[str, Form] = {**dict.fromkeys(map(str, _DATES), "date"), "46": "span"}
_SILENT = re.compile(r'"[^"]*(?:"|$)|[_\\*].?', re.DOTALL)
_BRACKETED = re.compile(r"\[[^\]]*\]?")
_COUNTED_ON = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_DATE = re.compile(r"[dmhys]|a/?p", re.IGNORECASE)


def form_of(number: str, code: str | None) -> Form | None:
    """Tell by the format's code where the workbook has one of its own, else by the number of a built-in format."""
    return _BUILT_IN.get(number) if code is None else _told(code)


def _told(code: str) -> Form | None:
    """Read the code's first section; what is quoted, escaped or a colour in brackets says nothing.

    “[h]” is hours counted on and on, a span; “AM/PM” is a clock's.
    """
    signs = _SILENT.sub("", code).partition(";")[0]
    if (span := _COUNTED_ON.search(signs)) is not None and _DATE.search(
        _BRACKETED.sub("", signs[: span.start()])
    ) is None:
        return "span"
    return "date" if _DATE.search(_BRACKETED.sub("", signs)) is not None else None
