"""Sources: the channels leads come by."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, ClassVar

from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.entities import Source
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Role, SourceKind

if TYPE_CHECKING:
    from leaddesk.workflow.ports import Work


@dataclass(frozen=True)
class Sources(Question[list[Source]]):
    """All sources by name."""


@dataclass(frozen=True)
class SourceByName(Question["Source | None"]):
    """The source of this name, whatever its case."""

    name: str


@dataclass(frozen=True)
class SaveSource(Command[Source]):
    """Add a source, or change the kind and cost of the one of this name. `cost` is money as text."""

    name: str
    kind: SourceKind = SourceKind.NET
    cost: str = ""
    role: ClassVar[Role] = Role.TEAM_LEAD

    def handle(self, work: Work) -> Source:
        """Raises `Refused` for an empty name or a cost that is no amount."""
        name = self.name.strip()
        if not name:
            raise Refused("A source needs a name.", field="name")
        try:
            cost = Decimal(self.cost) if self.cost.strip() else None
        except InvalidOperation:
            raise Refused(f"“{self.cost}” is not an amount. Write it like 1250.50.", field="cost") from None
        known = work.ask(SourceByName(name))
        work.words = f"Source {name}"
        if known:
            return work.change(known, kind=self.kind, cost=cost)
        return work.add(Source(name=name, kind=self.kind, cost=cost))
