"""What must always hold, whatever was done."""

from __future__ import annotations

from hypothesis.stateful import (
    invariant,
)
from sqlalchemy import text

from leaddesk.db.mapping import mapper
from leaddesk.workflow.derived import derive
from leaddesk.workflow.entities import ContactPoint, Lead
from leaddesk.workflow.queue import Drawable, Queue
from leaddesk.workflow.vocabulary import HELD_FROM, Section
from tests.properties.floor import (
    check_keys,
    check_search,
    difference,
    reach_of,
)
from tests.properties.life_model import (
    OPEN,
)
from tests.properties.life_world import World


class Promises(World):
    """What must hold after every step."""

    def leases(self) -> dict[int, int]:
        now = int(self.clock.now().timestamp() * 1000)
        with self.store.reader.connect() as connection:
            rows = connection.execute(text("SELECT lead_id, user_id FROM lease WHERE until > :now"), {"now": now}).all()
        return dict(rows)

    def offered(self, who: str, ids: list[int]) -> None:
        """Nobody who must not be offered is among these."""
        held = self.leases()
        me = self.desks[who].user.id
        for lead_id in ids:
            lead = self.lead(lead_id)
            assert lead["status"] in OPEN
            assert reach_of(lead, self.rows) != "barred"
            assert lead["spam"] < HELD_FROM or lead["suspicion_ok"]
            assert held.get(lead_id) in (None, me)
            assert self.mine(who, lead_id)

    @invariant()
    def statuses_are_the_models(self) -> None:
        stored = {i: (row["status"], row["owner_id"]) for i, row in self.rows["lead"].items()}
        assert stored == self.model.now()

    @invariant()
    def clients_and_leads_find_each_other(self) -> None:
        for lead in self.rows["lead"].values():
            assert (lead["status"] == "converted") == (lead["client_id"] is not None)
            assert lead["client_id"] is None or lead["client_id"] in self.rows["client"]
        linked = {lead["client_id"] for lead in self.rows["lead"].values()}
        assert set(self.rows["client"]) <= linked

    @invariant()
    def nobody_is_forgotten(self) -> None:
        waiting = {t["lead_id"] for t in self.rows["task"].values() if t["done_at"] is None and not t["dropped"]}
        for lead in self.rows["lead"].values():
            if lead["status"] in OPEN:
                fresh = lead["status"] == "new" and lead["last_call_at"] is None
                step = fresh or lead["retry_at"] or lead["came_back_at"] or lead["idle_ok"] or lead["id"] in waiting
                assert step, f"lead {lead['id']} has no next step"
                assert lead["return_at"] is None
            else:
                assert lead["retry_at"] is None
                assert lead["came_back_at"] is None
            if lead["status"] in ("refused", "disqualified"):
                assert lead["id"] not in waiting

    @invariant()
    def reach_is_true(self) -> None:
        for lead in self.rows["lead"].values():
            assert lead["reach"] == reach_of(lead, self.rows)

    @invariant()
    def what_follows_is_true(self) -> None:
        """Of leads in work; of others the score may wait until they are in work again."""
        m, p = mapper(Lead), mapper(ContactPoint)
        never = {row["key"] for row in self.rows["suppression"].values()}
        for row in self.rows["lead"].values():
            lead = m.entity([row[name] for name in m.names])
            points = [
                p.entity([point[name] for name in p.names])
                for point in self.rows["contact_point"].values()
                if point["lead_id"] == lead.id
            ]
            for name, value in derive(lead, points, never).items():
                assert getattr(lead, name) == value or (name == "score" and lead.status not in OPEN), name

    @invariant()
    def the_queue_is_clean(self) -> None:
        # Building the statements costs more than all else here, so that each step looks at one desk's.
        self.steps += 1
        who = ("boss", "anna")[self.steps % 2]
        desk = self.desks[who]
        if self.steps % 5 == 0:
            self.offered(who, desk.read(Drawable(100)))
            return
        page = desk.read(Queue(limit=100))
        due = [row.lead_id for row in page.rows if row.section is not Section.LATER]
        assert len(due) == len(set(due)) == page.total
        self.offered(who, [row.lead_id for row in page.rows])

    @invariant()
    def the_journal_is_complete(self) -> None:
        assert difference(self.replay.catch_up(self.store), self.rows) == []

    @invariant()
    def the_index_agrees(self) -> None:
        check_search(self.store)
        check_keys(self.store)
