"""How complete a card is, and what to ask for next."""

from dataclasses import replace

from leaddesk.workflow.completeness import client_completeness, is_incomplete, lead_completeness
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Client, ClientPerson, ContactPoint, Lead
from leaddesk.workflow.queue import Queue
from leaddesk.workflow.vocabulary import Channel, PointState, Status
from tests.workflow.making import KYIV, add

PHONE = ContactPoint(channel=Channel.PHONE, value=KYIV, key=KYIV)
MAIL = ContactPoint(channel=Channel.EMAIL, value="a@b.example", key="a@b.example")
FULL = Lead(
    name="Olena",
    interest="headsets",
    company="Acme",
    zone_key="UA|Europe/Kyiv",
    source_id=1,
    role="buyer",
    decides=True,
    budget="10k",
)


def test_a_full_card_misses_nothing_and_an_empty_one_everything() -> None:
    assert lead_completeness(FULL, [PHONE, MAIL]) == replace(lead_completeness(FULL, [PHONE, MAIL]), percent=100)
    assert lead_completeness(FULL, [PHONE, MAIL]).words == "complete"
    nothing = lead_completeness(Lead(zone_key="|"), [])
    assert nothing.percent == 0
    assert nothing.missing[:2] == ("name", "phone")


def test_who_decides_and_the_budget_weigh_more_near_the_sale() -> None:
    lead = replace(FULL, decides=None, budget="")
    early = lead_completeness(lead, [PHONE, MAIL])
    late = lead_completeness(replace(lead, status=Status.QUALIFIED), [PHONE, MAIL])
    assert late.percent < early.percent
    assert late.words == "missing: who decides, budget"


def test_a_company_with_a_switchboard_is_an_incomplete_lead(desk: Desk) -> None:
    assert is_incomplete(Lead(company="Acme"), [PHONE])
    assert is_incomplete(FULL, [replace(PHONE, state=PointState.INVALID), MAIL])
    assert not is_incomplete(FULL, [PHONE])
    add(desk, KYIV, name="", company="Acme")
    [row] = desk.read(Queue()).rows
    assert row.incomplete
    assert "Incomplete" in row.why


def test_a_client_needs_what_an_invoice_needs() -> None:
    empty = client_completeness(Client(name=""), [], [])
    assert (empty.percent, empty.missing[:2]) == (0, ("legal name", "tax number"))
    person = ClientPerson(client_id=1, name="Ihor")
    some = client_completeness(Client(name="", legal_name="TOV", tax_number="1", country="UA"), [person], [PHONE])
    assert some.percent == 65
