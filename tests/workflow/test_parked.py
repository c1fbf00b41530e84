"""What the Parked page lists."""

from datetime import UTC, date, datetime, timedelta

from leaddesk.workflow.desk import Desk
from leaddesk.workflow.greetings import AllowGreetings
from leaddesk.workflow.mornings import morning_of
from leaddesk.workflow.parked import ParkedFilter, ParkedIds, ParkedLeads
from leaddesk.workflow.parking import BringBack, DeferLead
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.settings import Settings
from leaddesk.workflow.vocabulary import LetterState, RefusalKind, Status
from tests.engines import START, TestClock
from tests.workflow.making import KYIV, TALLINN, add


def test_by_day_and_by_chip(desk: Desk, clock: TestClock) -> None:
    never, later, soon = (add(desk, KYIV, name=name) for name in "ABC")
    at_work = add(desk, TALLINN, name="At work")
    desk.do(RefuseLead(lead_id=never.id, reason="plans"))
    desk.do(BringBack(never.id))
    desk.do(RefuseLead(lead_id=never.id, reason="price"))
    desk.do(RefuseLead(lead_id=later.id, reason="plans", until=START + timedelta(days=50), greet=True))
    desk.do(DeferLead(lead_id=soon.id, until=START + timedelta(days=2)))

    def ids(sort: str = "return", *, down: bool = False, **wanted: object) -> list[int]:
        return list(desk.read(ParkedIds(ParkedFilter(**wanted), sort, down)))  # type: ignore[arg-type]

    assert ids() == [soon.id, later.id, never.id]
    assert ids(down=True) == [later.id, soon.id, never.id], "who has no day is last whichever way"
    assert ids("name") == [never.id, later.id, soon.id]
    assert ids(statuses=(Status.REFUSED,)) == [later.id, never.id]
    assert ids(back_before=START + timedelta(days=7)) == [soon.id]
    assert ids(stays_away=True) == [never.id]
    assert ids(reasons=("plans", "budget")) == [later.id], "the newest refusal counts"
    assert ids(greet=True) == [later.id]
    assert ids(text="At work") == []
    assert at_work.id not in ids()


def test_a_row_says_the_leads_own_day_the_kind_of_no_and_what_became_of_the_letter(desk: Desk) -> None:
    day = date(2026, 5, 4)
    far = add(desk, "far@kati.example", name="Far", zone="Pacific/Auckland")
    away = add(desk, KYIV, name="Away")
    desk.do(RefuseLead(lead_id=far.id, reason="not_now", until=morning_of(day, far.zone_key, Settings())))
    desk.do(DeferLead(lead_id=away.id, until=START + timedelta(days=2)))
    desk.do(AllowGreetings(lead_ids=(away.id,)))
    one, other = desk.read(ParkedLeads((far.id, away.id)))
    assert one.return_at == datetime(2026, 5, 3, 20, tzinfo=UTC)
    assert (one.back_on, one.refusal, one.letter) == (day, RefusalKind.NOT_NOW, LetterState.DRAFT)
    assert (other.refusal, other.letter, other.greet, other.answered) == (None, None, True, False)
    assert desk.read(ParkedLeads((away.id, far.id, 999)))[0].id == away.id
