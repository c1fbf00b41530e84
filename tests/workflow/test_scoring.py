"""Points from rules people can read."""

from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import ContactPoint, Lead
from leaddesk.workflow.leads import EditLead
from leaddesk.workflow.points import EditPoint
from leaddesk.workflow.scoring import score_of
from leaddesk.workflow.vocabulary import Channel, PointState, Temperature
from tests.workflow.making import KYIV, add, card, now_is

PHONE = ContactPoint(channel=Channel.PHONE, value=KYIV, key=KYIV)


def test_each_point_has_its_reason_and_they_add_up() -> None:
    lead = Lead(name="Olena", decides=True, interest="headsets", company="Acme", temperature=Temperature.HOT)
    points, reasons = score_of(lead, [PHONE])
    assert points == sum(count for _, count in reasons) == 75
    assert {words for words, _ in reasons} == {"decides", "said what is wanted", "reachable phone", "company", "hot"}


def test_the_score_is_never_below_nothing() -> None:
    assert score_of(Lead(decides=False), [])[0] == 0
    assert score_of(Lead(name="asdf", suspicion=("mashed_name",), spam=100), [PHONE])[0] == 0


def test_the_stored_score_follows_what_is_known(desk: Desk) -> None:
    lead = add(desk, KYIV)
    before = lead.score
    desk.do(EditLead(lead_id=lead.id, values={"interest": "headsets"}))
    assert now_is(desk, lead).score == before + 20
    desk.do(EditPoint(point_id=card(desk, lead).points[0].id, state=PointState.INVALID))
    after = card(desk, lead)
    assert after.lead.score == before + 10 == sum(count for _, count in after.score_reasons)
