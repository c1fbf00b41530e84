"""What a row says of somebody known that their card does not: found, put on the card, or told in a note."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leaddesk.workflow.entities import Lead
    from leaddesk.workflow.intake_rows import Draft

FILLABLE = (
    "name first_name last_name company role decides interest industry website budget country region city address "
    "postal_code language zone tags"
).split()
"""Fields of a known lead that a file may fill where they are empty; it never overwrites any."""
_SPELT = (*FILLABLE, "external_id")


@dataclass(frozen=True, slots=True)
class CameAgain:
    """A row by which somebody known came again: its line, what it said as (header, text), its source."""

    number: int
    said: tuple[tuple[str, str], ...]
    source: str = ""

    def note(self, origin: str) -> str:
        """What the card keeps of it."""
        lines = [f"{header}: {text}" for header, text in self.said]
        return "\n".join([f"Came again: {self.source or origin}", *lines])


def said_by(draft: Draft, headers: dict[str, str]) -> dict[str, str]:
    """All that a row says, by its own headers."""
    said = {}
    for name in _SPELT:
        header, text = headers.get(name, ""), getattr(draft.lead, name)
        if header and isinstance(text, str) and text:
            said[header] = draft.original.get(header, text).strip()
    for point in draft.points:
        said.setdefault(f"{point.label} {point.channel}".strip().capitalize(), point.raw or point.value)
    said |= {header: text.strip() for header, text in draft.fields.items()}
    if draft.notes:
        said["Note"] = "\n".join(draft.notes)
    return said


def news_of(target: Draft, source: Draft, headers: dict[str, str]) -> dict[str, str]:
    """What the row says and the card does not, by the row's own headers; {} where it says nothing new."""
    lead, news = target.lead, {}
    for name in _SPELT:
        header, text = headers.get(name, ""), getattr(source.lead, name)
        if header and isinstance(text, str) and text:
            held = (getattr(lead, name), target.fields.get(header, ""), target.original.get(header, ""))
            said = source.original.get(header, text).strip()
            if not {text.casefold(), said.casefold()} & {one.casefold() for one in held}:
                news[header] = said
    there = {(p.channel, p.key or p.value) for p in target.points}
    for point in source.points:
        if (point.channel, point.key or point.value) not in there:
            news[f"{point.label} {point.channel}".strip().capitalize()] = point.raw or point.value
    for header, text in source.fields.items():
        if target.fields.get(header, "").strip().casefold() != text.strip().casefold():
            news[header] = text.strip()
    notes = [note for note in source.notes if not any(note in kept for kept in target.notes)]
    if notes:
        news["Note"] = "\n".join(notes)
    news = {h: text for h, text in news.items() if not any(f"{h}: {text}" in note for note in target.notes)}
    return news | _marks(target, source)


def _marks(target: Draft, source: Draft) -> dict[str, str]:
    """What the row says in ticks and names, and the card does not."""
    lead, other, news = target.lead, source.lead, {}
    if other.decides is not None and lead.decides is None:
        news["Decides"] = "yes" if other.decides else "no"
    for name, words in (("no_call", "Do not call"), ("no_mail", "Do not mail")):
        if getattr(other, name) and not getattr(lead, name):
            news[words] = "yes"
    if set(other.tags) - set(lead.tags):
        news["Tags"] = ", ".join(tag for tag in other.tags if tag not in lead.tags)
    if source.owner and not (lead.owner_id or target.owner):
        news["Owner"] = source.owner
    if source.source and not (lead.source_id or target.source):
        news["Source"] = source.source
    return news


def merge(target: Draft, source: Draft, headers: dict[str, str], *, note: bool = True) -> None:
    """Add to `target` what it lacks of `source`, never overwriting anything.

    A value that differs from the one there is becomes an extra field under the file's own header; where that is taken
    as well it goes, with `note`, into a note, so that nothing the file says is lost.
    """
    lead = target.lead
    values = _filled(lead, source.lead)
    there = {(p.channel, p.key or p.value) for p in target.points}
    points = [p for p in source.points if (p.channel, p.key or p.value) not in there]
    place = max((p.position for p in target.points), default=-1) + 1
    differing = {header: text for header, text in source.fields.items() if text.strip()}
    for name in _SPELT:
        header, text = headers.get(name, ""), getattr(source.lead, name)
        if not (header and isinstance(text, str) and text):
            continue
        if text.casefold() != (values.get(name) or getattr(lead, name)).casefold():
            differing[header] = source.original.get(header, text)
    left = [f"{h}: {text.strip()}" for h, text in differing.items() if not _alike(target.fields.get(h, text), text)]
    target.lead, target.given = replace(lead, **values), None
    target.points += [replace(p, position=place + at) for at, p in enumerate(points)]
    target.fields = {**differing, **target.fields}
    target.original = {**source.original, **target.original}
    if note:
        target.notes += [text for text in source.notes if text not in target.notes]
        lines = [line for line in left if not any(line in kept for kept in target.notes)]
        target.notes += ["\n".join(lines)] if lines else []
    target.owner = target.owner or ("" if lead.owner_id else source.owner)
    target.source = target.source or ("" if lead.source_id else source.source)


def _alike(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _filled(lead: Lead, other: Lead) -> dict[str, Any]:
    """What is empty on the card and not in the row."""
    values: dict[str, Any] = {n: v for n in FILLABLE if (v := getattr(other, n)) and not getattr(lead, n)}
    values |= {name: True for name in ("no_call", "no_mail") if getattr(other, name) and not getattr(lead, name)}
    if set(other.tags) - set(lead.tags):
        values["tags"] = tuple(dict.fromkeys((*lead.tags, *other.tags)))
    if lead.decides is None and other.decides is not None:
        values["decides"] = other.decides
    if other.external_id and not lead.external_id:
        values |= {"external_system": other.external_system, "external_id": other.external_id}
    return values
