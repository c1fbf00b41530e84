"""Who is whom: pairs of the search, the banner while typing, and a person's word that they are two."""

from datetime import timedelta

import pytest

from leaddesk.workflow.assignment import AssignLeads
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.duplicate_search import search_duplicates
from leaddesk.workflow.duplicates import SWITCHBOARD, FoundPairs, Lookalikes, Match, Matches, PairsFound, SetApart
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.parking import DeferLead
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.suppressions import Suppress
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Channel
from tests.workflow.making import KYIV, KYIV_OFFICE, KYIV_TOO, TALLINN, add, card, phone

OFFICE = ((Channel.PHONE, KYIV_OFFICE),)
PEOPLE = (
    "Iryna Kovalenko,Bohdan Shpak,Marta Lysenko,Yurii Tkach,Sofia Melnyk,Petro Rudenko,Hanna Bilyk,Roman Dovzhenko,"
    "Vira Chornovil,Ostap Hnatiuk,Zoya Panchenko,Maksym Orlyk,Daryna Vovk,Ihor Zabolotnyi,Lidiia Pryimak,Fedir Usenko,"
    "Nadiia Kuzmenko,Taras Yavorskyi,Oksana Sydorenko,Stepan Fedoruk,Yana Holub,Arsen Pylypchuk,Kateryna Dubyna,"
    "Vasyl Hrebinka,Polina Stus"
).split(",")


def searched(desk: Desk) -> PairsFound:
    return search_duplicates(desk, lambda _done, _total: None)


def ids(found: PairsFound) -> list[tuple[int, int]]:
    return [(pair.a, pair.b) for pair in found.pairs]


def two(desk: Desk) -> tuple[Lead, Lead]:
    """One person twice, with a slip, another number and the same mailbox."""
    values = {"company": "Klochkivska Trade", "city": "Kharkiv"}
    one = add(desk, KYIV, "olena@klochkivska.example", name="Olena Hrytsenko", **values)
    return one, add(desk, KYIV_TOO, "olena@klochkivska.example", name="Olena Hrytsemko", **values)


def test_a_shared_mailbox_and_much_the_same_name_is_a_certain_pair(desk: Desk) -> None:
    one, other = two(desk)
    add(desk, TALLINN, name="Mart Tamm", company="Tallinn Trade")
    found = searched(desk)
    assert ids(found) == [(one.id, other.id)]
    assert (found.total, found.certain, found.leads, found.at) == (1, 1, 3, desk.clock.now())
    assert found.pairs[0].why[0] == "the same e-mail olena@klochkivska.example"
    assert "names alike 97 %: Olena Hrytsenko / Olena Hrytsemko" in found.pairs[0].why
    assert "the same company: klochkivska trade" in found.pairs[0].why


def test_one_number_of_two_people_is_shown_but_never_merged_unseen(desk: Desk) -> None:
    values = {"company": "Klochkivska Trade", "city": "Kharkiv", "address": "Sumska 12", "postal_code": "61000"}
    add(desk, KYIV, name="Olena Hrytsenko", **values)
    add(desk, KYIV, name="Petro Hrytsenko", **values)
    found = searched(desk)
    assert [pair.certain for pair in found.pairs] == [False]
    assert found.pairs[0].score >= 0.9
    assert searched(desk) == found
    assert desk.read(FoundPairs(certain_only=True)).total == 0


def test_a_switchboard_glues_nobody_together_and_is_said(desk: Desk) -> None:
    for name in PEOPLE:
        add(desk, KYIV_OFFICE, name=name, company="Big House")
    assert len(PEOPLE) > SWITCHBOARD
    assert searched(desk).pairs == ()
    found = desk.read(Matches(OFFICE))
    assert [(match.shared, match.why) for match in found] == [(25, "a switchboard of 25 cards")]
    one = add(desk, KYIV_OFFICE, KYIV, name="Orest Fylypovych")
    assert [(match.shared, match.id) for match in card(desk, one).matches] == [(26, 1)]


def test_a_new_colleague_may_be_added_at_a_switchboard_but_not_at_a_known_number(desk: Desk) -> None:
    for name in PEOPLE:
        add(desk, KYIV_OFFICE, name=name)
    add(desk, KYIV, name="Olena Hrytsenko")
    assert desk.do(AddLead(values={"name": "Lev Nowak"}, points=(phone(KYIV_OFFICE),))).value.id
    with pytest.raises(Refused, match="is known"):
        desk.do(AddLead(values={"name": "Lev Nowak"}, points=(phone(KYIV),)))


def test_a_persons_word_that_they_are_two_is_kept_and_can_be_taken_back(desk: Desk) -> None:
    one, other = two(desk)
    assert searched(desk).total == 1
    done = desk.do(SetApart(other.id, one.id))
    assert done.words == "Olena Hrytsenko and Olena Hrytsemko are two people"
    assert desk.read(FoundPairs()).total == 0
    assert searched(desk).pairs == ()
    assert not card(desk, one).matches
    assert desk.do(SetApart(one.id, other.id)).value == done.value
    desk.do(Undo(done.operation))
    assert ids(desk.read(FoundPairs())) == [(one.id, other.id)]
    assert [match.id for match in card(desk, one).matches] == [other.id]


def test_a_lead_is_not_told_from_itself_nor_from_nobody(desk: Desk) -> None:
    one = add(desk, KYIV)
    for other in (one.id, 999):
        with pytest.raises(Refused):
            desk.do(SetApart(one.id, other))


def test_pairs_of_leads_that_are_gone_are_left_out(desk: Desk) -> None:
    one, other = two(desk)
    searched(desk)
    desk.do(Undo())
    found = desk.read(FoundPairs())
    assert found.pairs == ()
    assert found.at is not None
    assert desk.read(Lookalikes(name="Olena Hrytsemko", company="Klochkivska Trade"))[0].id == one.id != other.id


def test_pairs_are_given_by_score_from_a_score_on(desk: Desk) -> None:
    two(desk)
    add(desk, TALLINN, name="Petro Shpak", company="Acme")
    add(desk, TALLINN, name="Iryna Moroz", company="Acme")
    found = searched(desk)
    assert [pair.score for pair in found.pairs] == sorted((pair.score for pair in found.pairs), reverse=True)
    assert found.total == 2
    best = found.pairs[0].score
    assert [pair.score for pair in desk.read(FoundPairs(min_score=best)).pairs] == [best]
    assert len(desk.read(FoundPairs(limit=1)).pairs) == 1
    assert desk.read(FoundPairs(limit=1)).total == 2


def test_only_a_team_lead_searches_and_an_operator_sees_no_pairs_of_others(desk: Desk, operator_desk: Desk) -> None:
    one, _ = two(desk)
    desk.do(AssignLeads(lead_ids=(one.id,), owner_id=desk.user.id))
    searched(desk)
    with pytest.raises(Refused, match="team lead"):
        searched(operator_desk)
    assert operator_desk.read(FoundPairs()) == PairsFound((), 0, 0, 2, desk.clock.now(), 0)


def test_a_search_broken_off_leaves_the_last_ones_pairs(desk: Desk) -> None:
    two(desk)
    before = searched(desk)
    add(desk, KYIV, name="Olena Hrytsenko")
    assert search_duplicates(desk, lambda _done, _total: None, lambda: True).at is None
    assert desk.read(FoundPairs()) == before


def like(desk: Desk, name: str, **more: str) -> list[Match]:
    return desk.read(Lookalikes(name=name, **more))


@pytest.mark.parametrize(
    "typed",
    ["Olena Hrytsenko", "Hrytsenko Olena", "Olena Hrytsenco", "Олена Гриценко", "Olena Hritsenk", "Oelna Hrytsenko"],
)
@pytest.mark.parametrize("more", [{"company": "klochkivska trade"}, {"city": "Kharkiv"}])
def test_a_slip_in_the_name_is_seen_through_while_typing(desk: Desk, typed: str, more: dict[str, str]) -> None:
    one, other = two(desk)
    add(desk, TALLINN, name="Olena Hrynenko", company="Acme", city="Lviv")
    found = like(desk, typed, **more)
    assert {one.id} <= {match.id for match in found} <= {one.id, other.id}
    assert all(match.why for match in found)


def test_nobody_looks_alike_for_a_first_name_or_a_company_alone(desk: Desk) -> None:
    two(desk)
    assert like(desk, "Olena") == like(desk, "Petro Ivanenko", company="Klochkivska Trade") == like(desk, "") == []
    assert {match.id for match in like(desk, "", company="Nobody")} == set()


def test_parked_refused_and_suppressed_people_are_known_with_status_and_owner(desk: Desk) -> None:
    one, other = two(desk)
    third = add(desk, TALLINN, name="Olena Hrytsenko", city="Kharkiv")
    desk.do(AssignLeads(lead_ids=(one.id,), owner_id=desk.user.id))
    desk.do(DeferLead(lead_id=one.id, until=desk.clock.now() + timedelta(days=90)))
    desk.do(RefuseLead(lead_id=other.id, reason="price"))
    desk.do(Suppress(TALLINN))
    found = {match.id: match for match in like(desk, "Olena Hrytsenko", city="Kharkiv")}
    assert set(found) == {one.id, other.id, third.id}
    assert (found[one.id].status, found[one.id].owner) == ("deferred", "Olena Boss")
    assert found[other.id].status == "refused"


def test_who_has_the_same_number_stands_before_who_looks_alike(desk: Desk) -> None:
    one, other = two(desk)
    third = add(desk, TALLINN, name="Petro Shpak")
    keys = ((Channel.PHONE, TALLINN),)
    found = desk.read(Lookalikes(keys, "Olena Hrytsenko", "Klochkivska Trade", but_lead=other.id))
    assert [(match.id, match.score < 1) for match in found] == [(third.id, False), (one.id, True)]
    assert [match.id for match in desk.read(Lookalikes(keys, "Olena Hrytsenko", limit=1))] == [third.id]
