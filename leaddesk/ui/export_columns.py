"""Which columns of a file stand for the columns a table shows: a cell on the screen may say two things in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_OF_LEADS = {
    "name": ("name", "company"),
    "next": ("retry_at", "return_at", "parked_why"),
    "phone": ("phone", "email"),
    "owner": ("owner", "source"),
    "place": ("city", "country"),
    "last_call": ("last_call_at",),
    "created": ("created_at",),
    "changed": ("changed_at",),
    "return": ("return_at",),
    "why": ("parked_why", "refusal_reason", "refusal_words"),
    "group": (),
}
_OF_CLIENTS = {
    "title": ("company", "name"),
    "phone": ("phone", "email"),
    "tax": ("tax_number",),
    "created": ("created_at",),
    "changed": ("changed_at",),
}
OF_PAGE: dict[str, Mapping[str, tuple[str, ...]]] = {
    "leads": _OF_LEADS,
    "parked": {**_OF_LEADS, "owner": ("owner",)},
    "clients": _OF_CLIENTS,
}
"""By the name of the page: a column's key → columns of the file; a key that is not here stands for itself."""


def file_columns(page: str, shown: Iterable[str]) -> tuple[str, ...]:
    """The file's columns for those shown, each once, in their order."""
    meant = OF_PAGE[page]
    return tuple(dict.fromkeys(name for key in shown for name in meant.get(key, (key,))))
