"""The one door. Everything (window, command line, tests) goes through `Desk.do` and `Desk.read`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Role, UserState

if TYPE_CHECKING:
    from leaddesk.workflow.changes import Changes
    from leaddesk.workflow.entities import User
    from leaddesk.workflow.ports import Clock, Store, Work

T = TypeVar("T")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Command(Generic[T]):
    """A wish that changes something, named as a wish. Subclasses are frozen dataclasses.

    `role` is who may wish it. `journalled` is False for what is not history (leases, drafts).
    `undoable` is False where undo makes no sense (undo itself, settings of the program).
    """

    role: ClassVar[Role] = Role.OPERATOR
    journalled: ClassVar[bool] = True
    undoable: ClassVar[bool] = True

    def handle(self, work: Work) -> T:
        """Carry the wish out inside `work`, or raise `Refused`. Sets `work.words` for toasts and undo."""
        raise NotImplementedError

    def in_operation(self) -> int | None:
        """The operation this command goes on with, for work that takes several transactions."""
        return None

    def by_itself(self) -> bool:
        """Whether nobody wished it: the program does it when its time has come. Nobody's Ctrl+Z means it then."""
        return False

    def arguments(self) -> dict[str, Any]:
        """What the journal keeps of the wish: its plain fields."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


@dataclass(frozen=True)
class Question(Generic[Answer]):
    """Something to be answered from what is stored; it changes nothing. `db/answers` knows how."""


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What came of a command. `operation` is 0 when nothing was journalled."""

    value: T
    words: str
    operation: int
    changes: Changes
    can_undo: bool


class Desk:
    """Carries out commands and answers questions for one user.

    Thread-safe as far as `Store` is: one thread at a time in `do`, any number in `read`.
    """

    def __init__(self, store: Store, clock: Clock, user: User) -> None:
        """`user` is who acts; permissions and the journal go by them."""
        self.store = store
        self.clock = clock
        self.user = user
        self._listeners: list[Callable[[Changes], None]] = []

    def listen(self, listener: Callable[[Changes], None]) -> None:
        """Have `listener` told of every change this desk makes, in the thread that made it."""
        self._listeners.append(listener)

    def do(self, command: Command[T]) -> Done[T]:
        """Permission, transaction, handler, journal, commit, `Changes`: the whole pipeline.

        Raises `Refused` (nothing written) or `Unavailable`.
        """
        self._permit(command)
        with self.store.work(self.user, self.clock.now(), command) as work:
            value = command.handle(work)
            operation = work.commit()
        if work.changes:
            for listener in self._listeners:
                listener(work.changes)
        return Done(value, work.words, operation, work.changes, bool(operation) and command.undoable)

    def read(self, question: Question[Answer]) -> Answer:
        """Answer a question as this user may see it. Raises `Refused` or `Unavailable`."""
        return self.store.read(question, self.user, self.clock.now())

    def _permit(self, command: Command[Any]) -> None:
        if self.user.state is UserState.LEFT:
            raise Refused(f"{self.user.name} no longer works here and cannot change anything.")
        if not self.user.role.covers(command.role):
            needed = {Role.ADMIN: "an admin"}.get(command.role, "a team lead")
            raise Refused(f"Only {needed} may do this. Ask yours.")
