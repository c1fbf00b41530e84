"""Saying no: why, for how long, with which letter; and the history of it."""

from datetime import timedelta
from typing import Any

import pytest

from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letters import LetterSaved, WriteLetter
from leaddesk.workflow.parking import BringBack
from leaddesk.workflow.refusals import Reasons, RefuseLead, proposed_return
from leaddesk.workflow.suppressions import Suppressions
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import LetterState, Reach, Status
from tests.engines import START, TestClock
from tests.workflow.making import KYIV, TALLINN, add, card, drawable, now_is, open_tasks

MAIL = "olena@klochkivska.example"


def test_a_refusal_keeps_all_that_was_said_and_drafts_a_letter(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV, MAIL, language="ru")
    until = clock.now() + timedelta(days=90)
    done = desk.do(
        RefuseLead(
            lead_id=lead.id,
            reason="competitor",
            words=" cheaper ",
            competitor="Acme",
            change_mind="their contract ends in May",
            until=until,
            call=LogCall(lead_id=lead.id, outcome="refused", note="said no"),
        )
    ).value
    assert (done.refusal.words, done.refusal.competitor, done.refusal.return_at) == ("cheaper", "Acme", until)
    assert done.letter is not None
    assert (done.letter.to_address, done.letter.language, done.letter.state) == (MAIL, "ru", LetterState.DRAFT)
    after = card(desk, lead)
    assert (after.lead.status, after.lead.touches, after.lead.return_at) == (Status.REFUSED, 1, until)
    assert (len(after.letters), len(after.refusals)) == (1, 1)
    assert open_tasks(desk, lead) == []
    assert drawable(desk) == []
    desk.do(LetterSaved(done.letter.id))
    assert now_is(desk, lead).touches == 2
    desk.do(Undo())
    desk.do(Undo())
    assert now_is(desk, lead) == lead
    assert card(desk, lead).letters == ()


def test_the_history_of_refusals_grows(desk: Desk) -> None:
    lead = add(desk, KYIV)
    for reason in ("price", "no_need"):
        desk.do(RefuseLead(lead_id=lead.id, reason=reason))
        desk.do(BringBack(lead.id))
    assert {r.reason for r in card(desk, lead).refusals} == {"price", "no_need"}
    shares = {row.reason.key: (row.used, row.share) for row in desk.read(Reasons())}
    assert shares["price"] == (1, 50)
    assert shares["budget"] == (0, 0)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reason": "other"}, "words"),
        ({"reason": "other", "words": "  "}, "words"),
        ({"reason": "nonsense"}, "reason"),
        ({"reason": "price", "until": START}, "until"),
        ({"reason": "price", "letter": "../farewell"}, "letter"),
        ({"reason": "price", "call": LogCall(lead_id=999, outcome="refused")}, "call"),
    ],
)
def test_what_is_missing_is_asked_for(desk: Desk, more: dict[str, Any], field: str) -> None:
    lead = add(desk, KYIV, MAIL)
    with pytest.raises(Refused) as refused:
        desk.do(RefuseLead(lead_id=lead.id, **more))
    assert refused.value.field == field
    assert now_is(desk, lead) == lead


@pytest.mark.parametrize("more", [{"reason": "do_not_call"}, {"reason": "price", "never_again": True}])
def test_never_again_bars_all_of_it_for_everybody_and_writes_nothing(desk: Desk, more: dict[str, Any]) -> None:
    lead, same = add(desk, KYIV, MAIL), add(desk, KYIV, name="Ada Lovelace")
    done = desk.do(RefuseLead(lead_id=lead.id, until=START + timedelta(days=9), **more)).value
    assert done.letter is None
    assert "left alone" in done.why_no_letter
    assert done.refusal.return_at is None
    assert {s.key for s in desk.read(Suppressions())} == {KYIV, MAIL}
    assert now_is(desk, same).reach is Reach.BARRED
    desk.do(BringBack(lead.id))
    assert drawable(desk) == []


def test_no_letter_without_an_address_or_against_the_wish(desk: Desk) -> None:
    bare, mute, asked = add(desk, KYIV), add(desk, TALLINN, MAIL, no_mail=True), add(desk, KYIV, MAIL)
    assert "no e-mail" in desk.do(RefuseLead(lead_id=bare.id, reason="price")).value.why_no_letter
    assert "not to be written" in desk.do(RefuseLead(lead_id=mute.id, reason="price")).value.why_no_letter
    assert desk.do(RefuseLead(lead_id=asked.id, reason="price", letter="none")).value.letter is None


def test_the_day_proposed_is_the_reasons_own(desk: Desk) -> None:
    by_key = {row.reason.key: row.reason for row in desk.read(Reasons())}
    assert proposed_return(by_key["price"], START) == START + timedelta(days=90)
    assert proposed_return(by_key["other"], START) is None
    assert [r.digit for r in by_key.values()] == sorted(r.digit for r in by_key.values())


def test_a_letter_given_otherwise_is_taken_back_with_its_refusal(desk: Desk) -> None:
    lead = add(desk, KYIV, MAIL)
    done = desk.do(RefuseLead(lead_id=lead.id, reason="price", way="copied"))
    assert done.value.letter is not None
    assert (done.value.letter.state, now_is(desk, lead).touches) == (LetterState.SAVED, 1)
    desk.do(Undo())
    assert now_is(desk, lead) == lead


def test_words_from_elsewhere_keep_their_direction_in_a_persian_letter(desk: Desk) -> None:
    lead = add(desk, KYIV, MAIL, language="fa", interest="40 headsets")
    letter = desk.do(RefuseLead(lead_id=lead.id, reason="price")).value.letter
    assert letter is not None
    assert "\u206840 headsets\u2069" in letter.body
    subject = "می\u200cنویسیم"
    again = desk.do(WriteLetter(lead_id=lead.id, template="comeback", subject=subject)).value
    assert again.subject == subject
