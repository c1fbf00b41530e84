"""What the bare driver must do at least for the same answers, of reading; of commands see `replay.py`.

Each function reads the rows its answer is made of, by as few statements as can be, and makes nothing of them that
the question did not ask for. Written apart from `db/answers` on purpose: a slip there must show here.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from leaddesk.workflow.phones import FEWEST_DIGITS_OF_A_NUMBER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.benching.driver import Bare, Row

ORDERS = {
    "name": "name",
    "company": "company",
    "status": "status",
    "temperature": "CASE temperature WHEN 'hot' THEN 0 WHEN 'warm' THEN 1 ELSE 2 END",
    "score": "score",
    "source": "source_id",
    "owner": "owner_id",
    "country": "country",
    "city": "city",
    "last_call": "last_call_at",
    "next": "retry_at",
    "return": "return_at",
    "attempts": "attempts",
    "touches": "touches",
    "created": "created_at",
    "changed": "changed_at",
}
"""By which stored value a column of the leads' table is sorted."""
ROW = (
    "id, name, company, external_id, status, temperature, score, source_id, owner_id, country, city, retry_at, "
    "last_call_at, created_at, changed_at, attempts, touches, reach, spam, suspicion_ok, tags, parked_why, return_at"
)
"""What a row of the table shows."""


def card(bare: Bare, lead_id: int, user_id: int) -> dict[str, list[Row]]:
    """All a card shows of a lead: one statement for each kind of thing on it."""
    ask = bare.rows
    # All of it as of one moment.
    bare.begin()
    lead = ask("SELECT * FROM lead WHERE id = ?", lead_id)
    points = ask("SELECT * FROM contact_point WHERE lead_id = ? ORDER BY position", lead_id)
    keys = bare.these(dict.fromkeys(point[5] for point in points if point[5]))
    near = "SELECT lead_id, client_id, channel, key FROM contact_point WHERE {} LIMIT 1000"
    parts = {
        "lead": lead,
        "points": points,
        "extra": ask("SELECT * FROM lead_extra WHERE id = ?", lead_id),
        "suppressed": ask(f"SELECT key FROM suppression WHERE {bare.among('key')}", keys),
        "tasks": ask("SELECT * FROM task WHERE lead_id = ? ORDER BY due_at", lead_id),
        "notes": ask("SELECT * FROM note WHERE lead_id = ? ORDER BY at DESC", lead_id),
        "letters": ask("SELECT * FROM letter WHERE lead_id = ? ORDER BY created_at DESC", lead_id),
        "refusals": ask("SELECT * FROM refusal WHERE lead_id = ? ORDER BY at DESC", lead_id),
        "stays": ask("SELECT * FROM stay WHERE lead_id = ?", lead_id),
        "replies": ask("SELECT * FROM reply WHERE lead_id = ?", lead_id),
        "calls": ask(
            "SELECT c.id, c.started_at, c.duration_s, c.note, c.attempt, o.title, o.human, u.name FROM call c "
            "LEFT JOIN outcome o ON o.key = c.outcome LEFT JOIN app_user u ON u.id = c.user_id "
            "WHERE c.lead_id = ? ORDER BY c.started_at DESC LIMIT 50",
            lead_id,
        ),
        "events": ask(
            "SELECT o.id, o.at, o.command, o.words, u.name FROM operation o LEFT JOIN app_user u ON u.id = o.user_id "
            "WHERE o.id IN (SELECT operation_id FROM change WHERE lead_id = ?) AND o.kind = 'do' AND o.undone = 0 "
            "ORDER BY o.id DESC LIMIT 100",
            lead_id,
        ),
        "held": ask("SELECT user_id FROM lease WHERE lead_id = ?", lead_id),
        "drafts": ask(
            "SELECT place, text FROM draft WHERE user_id = ? AND place >= ? AND place < ?",
            user_id,
            f"lead:{lead_id}:",
            f"lead:{lead_id};",
        ),
        "same_numbers": ask(near.format(bare.among("key")), keys),
    }
    bare.commit()
    return parts


def card_matches(bare: Bare, lead_id: int) -> list[Row]:
    """Who else may be the person on a card."""
    found = bare.rows("SELECT name, company FROM lead WHERE id = ?", lead_id)
    points = "SELECT key FROM contact_point WHERE lead_id = ? AND key <> '' AND channel IN ('phone', 'email')"
    keys = [key for (key,) in bare.rows(points, lead_id)]
    return alike(bare, keys, found[0][0], found[0][1], lead_id) if found else []


def alike(bare: Bare, keys: Sequence[str], name: str, company: str, but_lead: int = 0) -> list[Row]:
    """Who may be the person typed: by number and address, by a name like this, by company."""
    from leaddesk.workflow.name_keys import keys_near

    found: list[Row] = []
    if keys:
        statement = f"SELECT lead_id, client_id, channel, key FROM contact_point WHERE {bare.among('key')}"
        found += bare.rows(statement, bare.these(keys))
    wanted = "id, name, last_name, name_key, company, city, country, website, address, postal_code, owner_id"
    near = keys_near(name, company) if name else ()
    if near:
        statement = f"SELECT {wanted} FROM lead WHERE name_key <> '' AND {bare.among('name_key')} LIMIT 1000"
        found += bare.rows(statement, bare.these(near))
    if company:
        found += bare.rows(f"SELECT {wanted} FROM lead WHERE company = ? LIMIT 1000", company)
    return [row for row in found if row[0] != but_lead]


@dataclass(frozen=True, slots=True)
class Ids:
    """Ids in order, as the table holds them: by whichever way of reading was the quickest when it was tried.

    A planner that knows no better follows an index from row to row where reading the table from end to end takes a
    tenth of the time. That must not make the limit look high.
    """

    bare: Bare
    statement: str
    values: tuple[Any, ...]

    @classmethod
    def of(
        cls, bare: Bare, order: str, *, down: bool, where: str = "", values: Sequence[Any] = (), limit: int = 0
    ) -> Ids:
        """Try each way twice, and keep the one that was the quickest at its best."""
        way = " DESC" if down else ""
        rest = f"{where and 'WHERE ' + where} ORDER BY {order}{way}, id{way} {f'LIMIT {limit}' if limit else ''}"
        ways = [cls(bare, f"SELECT id FROM lead {hint} {rest}", tuple(values)) for hint in _hints(bare)]
        return min(ways, key=lambda one: min(one.seconds(), one.seconds())) if len(ways) > 1 else ways[0]

    def seconds(self) -> float:
        """What it takes now."""
        begun = perf_counter()
        self.read()
        return perf_counter() - begun

    def read(self) -> array[int]:
        """The ids."""
        return array("q", [row[0] for row in self.bare.rows(self.statement, *self.values)])


def _hints(bare: Bare) -> tuple[str, ...]:
    return ("", "NOT INDEXED") if bare.sqlite else ("",)


def block(bare: Bare, wanted: Sequence[int]) -> list[Row]:
    """The rows of a table with the first number, address and task of each."""
    these, among = bare.these(wanted), bare.among
    rows = bare.rows(f"SELECT {ROW} FROM lead WHERE {among('id')}", these)
    bare.rows(
        f"SELECT lead_id, channel, value, key FROM contact_point WHERE {among('lead_id')} "
        "AND channel IN ('phone', 'email') ORDER BY lead_id, preferred DESC, position",
        these,
    )
    bare.rows(
        f"SELECT lead_id, min(due_at) FROM task WHERE {among('lead_id')} AND done_at IS NULL "
        "AND dropped = 0 GROUP BY lead_id",
        these,
    )
    return rows


RANKED, SHOWN = 300, 20
"""Matches looked at to find the best ones, and how many of these are shown."""


def search(bare: Bare, word: str) -> list[Row]:
    """The cards that contain a word, by trigrams and a second look; shorter ones by how names begin."""
    found = _beginning(bare, word) if len(word) < 3 else _containing(bare, _spellings(word))
    leads = [number // 2 for (number,) in found if not number % 2]
    clients = [number // 2 for (number,) in found if number % 2]
    told: list[Row] = []
    if leads:
        statement = f"SELECT id, name, company, status, external_id FROM lead WHERE {bare.among('id')}"
        told += bare.rows(statement, bare.these(leads))
    if clients:
        statement = f"SELECT id, company, legal_name, name FROM client WHERE {bare.among('id')}"
        told += bare.rows(statement, bare.these(clients))
    return told


def _spellings(word: str) -> list[str]:
    """A number of full length is looked for without its trunk prefix as well."""
    full = word.isdecimal() and len(word) > FEWEST_DIGITS_OF_A_NUMBER and word[0] in "08"
    return [word, word[1:]] if full else [word]


def _containing(bare: Bare, spellings: Sequence[str]) -> list[Row]:
    """Cards with one of these in their search text."""
    if not bare.sqlite:
        has = " OR ".join("text LIKE ?" for _ in spellings)
        likes = [f"%{spelling}%" for spelling in spellings]
        return bare.rows(f"SELECT id FROM search_doc WHERE {has} LIMIT {RANKED}", *likes)
    if all(len(spelling) == 3 for spelling in spellings):
        # A trigram itself: nothing is left to look at.
        return bare.rows(f"SELECT rowid FROM search_fts WHERE search_fts MATCH ? LIMIT {RANKED}", _grams(spellings[0]))
    has = " OR ".join("instr(d.text, ?) > 0" for _ in spellings)
    return bare.rows(
        "SELECT d.id FROM search_fts f CROSS JOIN search_doc d ON d.id = f.rowid "
        f"WHERE search_fts MATCH ? AND ({has}) LIMIT {RANKED}",
        " OR ".join(f"({_grams(spelling)})" for spelling in spellings),
        *spellings,
    )


def _grams(word: str) -> str:
    return " AND ".join(dict.fromkeys(f'"{word[i : i + 3]}"' for i in range(len(word) - 2)))


def _beginning(bare: Bare, word: str) -> list[Row]:
    """Names and companies that begin so, in the three ways people write them."""
    parts: list[str] = []
    values: list[str] = []
    for table, number in (("lead", "id * 2"), ("client", "id * 2 + 1")):
        for name in ("name", "company"):
            for spelling in dict.fromkeys((word.capitalize(), word, word.upper())):
                parts.append(
                    f"SELECT * FROM (SELECT {number} FROM {table} WHERE {name} >= ? AND {name} <= ? "
                    f"ORDER BY {name} LIMIT {SHOWN}) AS p{len(parts)}"
                )
                values += [spelling, spelling + "\U0010ffff"]
    return list(dict.fromkeys(bare.rows(" UNION ALL ".join(parts), *values)))
