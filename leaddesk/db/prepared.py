"""Statements that are asked all day: built and compiled once for each engine, run by the driver itself.

SQLAlchemy builds a statement in some 170 µs and runs it in 33; the driver needs 12. A card is twenty statements.
What is stored is plain integers and texts, so there is nothing to convert on the way in or out.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Integer,
    Text,
    TextClause,
    any_,
    bindparam,
    exc,
    func,
    literal_column,
    select,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import BindParameter, ColumnElement, Connection, Executable


_MANY = (list, tuple)


class _Compiled(NamedTuple):
    text: str
    names: tuple[str, ...] | None
    """The parameters in their order, None where the driver takes them by name."""
    fixed: dict[str, Any]
    """Values written into the statement itself."""

    def parameters(self, values: dict[str, Any]) -> Any:
        """As the driver takes them. `KeyError` for one that is missing."""
        every = {**self.fixed, **values} if self.fixed else values
        if self.names is None:
            # To PostgreSQL a tuple is a row, a list an array.
            return {name: list(value) if isinstance(value, tuple) else value for name, value in every.items()}
        # Many values are one JSON text to SQLite.
        ordered: list[Any] = [every[name] for name in self.names]
        return tuple([json.dumps(value) if isinstance(value, _MANY) else value for value in ordered])


class Prepared:
    """One statement with named parameters. Lists and tuples may be given for parameters of `any_of`."""

    def __init__(self, build: Callable[[bool], Executable], columns: Sequence[str] | None = None) -> None:
        """`build` is called once for each engine, with whether it is SQLite; `columns` are those an INSERT names."""
        self._build = build
        self._columns = columns
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, **values: Any) -> list[tuple[Any, ...]]:
        """Every row."""
        found: list[tuple[Any, ...]] = self._run(connection, values).fetchall()
        return found

    def first(self, connection: Connection, **values: Any) -> tuple[Any, ...] | None:
        """One row, None if there is none; what else there is stays unread."""
        found: tuple[Any, ...] | None = self._run(connection, values).fetchone()
        return found

    def scalar(self, connection: Connection, **values: Any) -> Any:
        """The first column of the first row, None if there is none."""
        found = self._run(connection, values).fetchone()
        return found[0] if found else None

    def scalars(self, connection: Connection, **values: Any) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self._run(connection, values).fetchall()]

    def run(self, connection: Connection, **values: Any) -> int:
        """Carry out what gives no rows; how many it concerned."""
        count: int = self._run(connection, values).rowcount
        return count

    def each(self, connection: Connection, lines: Sequence[dict[str, Any]]) -> None:
        """Carry it out for each of these sets of values."""
        if len(lines) == 1:
            self._run(connection, lines[0])
        elif lines:
            made = self._compiled.get(connection.dialect.name) or self._compile(connection)
            _sent(connection, made.text, [made.parameters(line) for line in lines], many=True)

    def _run(self, connection: Connection, values: dict[str, Any]) -> Any:
        statement, parameters = spoken = self.spoken(connection, values)
        if connection.dialect.name != "sqlite":
            waiting = connection.info.get(_WAITING)
            if waiting and (found := waiting.pop(_key(spoken), None)):
                return found
        return _sent(connection, statement, parameters)

    def spoken(self, connection: Connection, values: dict[str, Any]) -> tuple[str, Any]:
        """The statement and its parameters, as this connection's driver takes them."""
        made = self._compiled.get(connection.dialect.name) or self._compile(connection)
        return made.text, made.parameters(values)

    def _compile(self, connection: Connection) -> _Compiled:
        dialect: Any = connection.dialect
        made: Any = self._build(dialect.name == "sqlite")
        if isinstance(made, TextClause):
            made = made.bindparams(*(given(name) for name in made.compile().params))
        compiler = _spelled_out(dialect.statement_compiler)
        done = compiler(dialect, made, column_keys=self._columns, compile_kwargs={"render_postcompile": True})
        fixed = {name: value for name, value in done.params.items() if value is not None}
        names = None if done.positiontup is None else tuple(done.positiontup)
        compiled = self._compiled[dialect.name] = _Compiled(str(done), names, fixed)
        return compiled


Asked = tuple[Prepared, dict[str, Any]]
"""A statement and the values it is asked with."""
_WAITING = "leaddesk.asked_at_once"


@contextmanager
def at_once(connection: Connection, *asked: Asked) -> Iterator[None]:
    """Send a server these statements together; what they give is there when each is asked in its own place, once.

    A card is eighteen statements, each of them a way to the server and back. A file answers in microseconds and is asked
    as ever. Within a command nothing may be written in between: the answers are those of now.
    """
    if connection.dialect.name == "sqlite" or connection.engine.dispatch.before_cursor_execute:
        yield
        return
    spoken = [prepared.spoken(connection, values) for prepared, values in asked]
    connection.info[_WAITING] = dict(zip(map(_key, spoken), _sent_together(connection, spoken), strict=False))
    try:
        yield
    finally:
        del connection.info[_WAITING]


ONE_PLAN = Prepared(lambda _: select(func.set_config("plan_cache_mode", "force_generic_plan", True)))
"""Until the end of the reading a server plans no statement anew for its values: to be sent `at_once` before one that takes
it five times as long to plan as to run. Only for what is done the same way whatever the values are."""


@cache
def _spelled_out(compiler: Any) -> Callable[..., Any]:
    """A compiler that writes down what a statement says of itself, and leaves open what is given.

    A server plans a statement once for all values. Where it says `dropped = $1`, no plan can use an index of those that
    were not dropped. SQLite looks at such a value, and at the pattern of a LIKE, and so has to compile the statement
    anew each time: that takes longer than to run it.
    """

    class SpelledOut(compiler):  # type: ignore[misc] # which one hangs on the engine
        def visit_bindparam(self, bindparam: Any, *args: Any, **how: Any) -> Any:
            if bindparam.value is not None and not bindparam.required:
                how["literal_binds"] = True
            write: Callable[..., Any] = super().visit_bindparam
            return write(bindparam, *args, **how)

    return SpelledOut


def in_bytes(connection: Connection, statement: Executable) -> Any:
    """What a server answers to a statement built for this once, bytes as bytes: as text they are twice as many."""
    dialect: Any = connection.dialect
    compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]
    return _sent(connection, str(compiled), compiled.params, how={"binary": True})


_PLAINLY: dict[str, Any] = {}


def _sent(
    connection: Connection, statement: str, parameters: Any, *, many: bool = False, how: dict[str, Any] = _PLAINLY
) -> Any:
    """What the driver answers. Its errors come as SQLAlchemy's, so that they are translated in one place."""
    if connection.engine.dispatch.before_cursor_execute:
        # Somebody listens to what is sent: then SQLAlchemy sends it.
        return connection.exec_driver_sql(statement, parameters)
    if not connection.in_transaction():
        connection.begin()
    driver: Any = connection.connection.driver_connection
    try:
        return (
            driver.cursor().executemany(statement, parameters) if many else driver.execute(statement, parameters, **how)
        )
    except connection.dialect.loaded_dbapi.Error as error:
        base = connection.dialect.loaded_dbapi.Error
        raise exc.DBAPIError.instance(statement, parameters, error, base, dialect=connection.dialect) from error


def _sent_together(connection: Connection, spoken: Sequence[tuple[str, Any]]) -> list[Any]:
    """What the server answers to each, by one way there and back; nothing where its client cannot do that."""
    from psycopg import Error, Pipeline

    if not Pipeline.is_supported():
        return []
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            return [driver.execute(statement, parameters) for statement, parameters in spoken]
    except Error as error:
        told = "; ".join(statement for statement, _ in spoken)
        raise exc.DBAPIError.instance(told, None, error, Error, dialect=connection.dialect) from error


def _key(spoken: tuple[str, Any]) -> tuple[str, str]:
    statement, parameters = spoken
    return statement, repr(sorted(parameters.items()))


@lru_cache(maxsize=512)
def said(statement: str) -> Prepared:
    """A statement written as text, its values as `:name`; the same text is compiled once."""
    return Prepared(lambda _: text(statement))


def given(name: str) -> BindParameter[Any]:
    """The place of a value that comes when the statement is run."""
    return bindparam(name, required=False)


def at_most(name: str) -> ColumnElement[int]:
    """How many rows are wanted, for `limit`, where that is given.

    A sum: of a bare value SQLite looks at what it is, and compiles the statement anew each time.
    """
    return given(name) + literal_column("0", Integer)


def any_of(sqlite: bool, field: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """`field` is one of the values given as `name`, however many."""
    texts = isinstance(field.type, Text)
    if sqlite:
        values = func.json_each(bindparam(name, type_=Text, required=False)).table_valued("value")
        return field.in_(select(values.c.value))
    return field == any_(bindparam(name, type_=ARRAY(Text if texts else BigInteger), required=False))
