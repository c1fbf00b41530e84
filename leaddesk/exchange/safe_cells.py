"""Cells that a spreadsheet would run as a formula when it opens our CSV, and how they are made harmless.

A leading apostrophe makes a spreadsheet show the cell as text (OWASP, “CSV Injection”; CWE-1236). What only looks
dangerous is left alone: numbers, phone numbers, @handles, dashes. Our reader takes the apostrophe off again.
"""

from __future__ import annotations

import re
import unicodedata

GUARD = "'"
_TRIGGERS = "=+-@"  # fullwidth forms are folded onto these by NFKC
_HARMLESS = re.compile(
    r"""
    [+-]?\d+(?:[.,\ \u00a0']\d+)*(?:[eE][+-]?\d+)?\s?%?  # a number, or a phone in international form
    | -+                                                   # dashes
    | @[\w.]{1,64}                                         # a messenger handle
    """,
    re.VERBOSE,
)


def guard(text: str) -> str:
    """Return the cell as it may stand in a CSV file that a spreadsheet opens."""
    return GUARD + text if _needs_guard(text) else text


def unguard(text: str) -> str:
    """Take off the apostrophe that `guard` put on, and no other."""
    return text[1:] if text.startswith(GUARD) and _needs_guard(text[1:]) else text


def _needs_guard(text: str) -> bool:
    if not text:
        return False
    if text[0].isalnum():
        return False
    core = text.lstrip(GUARD)  # a cell that already looks guarded is guarded once more, or reading would bare it
    begin = 0
    while begin < len(core) and (core[begin].isspace() or unicodedata.category(core[begin]) in {"Cc", "Cf", "Zs"}):
        begin += 1
    if begin == len(core):
        return False
    if unicodedata.normalize("NFKC", core[begin])[:1] not in _TRIGGERS:
        return False
    return _HARMLESS.fullmatch(core) is None
