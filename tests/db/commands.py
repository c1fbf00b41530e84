"""The smallest commands that do what a test needs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from leaddesk.workflow.desk import Command
from leaddesk.workflow.ports import Work
from leaddesk.workflow.vocabulary import Role

T = TypeVar("T")


@dataclass(frozen=True)
class Do(Command[Any]):
    """Whatever the test says."""

    what: Callable[[Work], Any]
    words: str = ""
    role: ClassVar[Role] = Role.OPERATOR

    def handle(self, work: Work) -> Any:
        work.words = self.words
        return self.what(work)

    def arguments(self) -> dict[str, Any]:
        return {}


@dataclass(frozen=True)
class Edit(Command[Any]):
    """Change some fields of one row."""

    kind: type[Any]
    row_id: int
    values: dict[str, Any] = field(default_factory=dict)

    def handle(self, work: Work) -> Any:
        work.words = f"{self.kind.__name__} {self.row_id}: {', '.join(self.values)}"
        return work.change(work.get(self.kind, self.row_id), **self.values)

    def arguments(self) -> dict[str, Any]:
        return {"id": self.row_id, "values": sorted(self.values)}
