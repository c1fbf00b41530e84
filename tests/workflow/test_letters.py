"""Letters from templates: plain values only, in the lead's language."""

import pytest

from leaddesk.workflow.assignment import AssignLeads
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_files import LETTER_LANGUAGES
from leaddesk.workflow.letters import EditLetter, LetterById, LetterDraft, LetterSaved, SaveSignature, WriteLetter
from leaddesk.workflow.refusals import Reasons, RefuseLead
from leaddesk.workflow.vocabulary import LetterKind, LetterState, Status
from tests.engines import sit_down
from tests.workflow.making import KYIV, add, now_is

MAIL = "olena@klochkivska.example"


@pytest.mark.parametrize("language", LETTER_LANGUAGES)
def test_every_reason_has_a_whole_letter(desk: Desk, language: str) -> None:
    lead = add(desk, KYIV, MAIL, company="Klochkivska Trade")
    for row in desk.read(Reasons()):
        drafted = desk.read(LetterDraft(lead.id, row.reason.key, row.reason.letter or "farewell", language))
        assert drafted.language == language
        assert drafted.subject
        assert "\n" not in drafted.subject
        assert "Olena" in drafted.body
        assert desk.user.name in drafted.body
        assert not {"{{", "}}", "{%", "None"} & set(drafted.body.split())
        for start, length in drafted.marks:
            assert drafted.body[start : start + length].strip()


def test_the_leads_own_language_is_taken_unless_another_is_asked_for(desk: Desk) -> None:
    lead = add(desk, KYIV, MAIL, language="magyar")
    assert desk.read(LetterDraft(lead.id, "price")).language == "hu"
    assert desk.read(LetterDraft(lead.id, "price", language="et")).language == "et"


def test_a_line_break_in_the_name_cannot_reach_the_subject(desk: Desk) -> None:
    lead = add(desk, KYIV, MAIL, name="Olena\r\nBcc: everybody@example.com")
    drafted = desk.read(LetterDraft(lead.id, "price"))
    assert "\n" not in drafted.subject
    assert "\r" not in drafted.subject


@pytest.mark.parametrize("subject", ["two\nlines", "two\r\nBcc: x@y.example", "a\u2028b", "a\x00b", "a\x85b"])
def test_a_subject_of_two_lines_is_refused_and_nothing_is_written(desk: Desk, subject: str) -> None:
    lead = add(desk, KYIV, MAIL)
    with pytest.raises(Refused, match="on one line"):
        desk.do(RefuseLead(lead_id=lead.id, reason="price", subject=subject))
    assert now_is(desk, lead).status is Status.NEW
    with pytest.raises(Refused, match="on one line"):
        desk.do(WriteLetter(lead_id=lead.id, template="offer", subject=subject))


def test_values_are_values_never_templates(desk: Desk) -> None:
    lead = add(desk, KYIV, MAIL, name="{{ 7 * 7 }} {% raise %}")
    drafted = desk.read(LetterDraft(lead.id, "price"))
    assert "49" not in drafted.subject + drafted.body
    assert "7 * 7" in drafted.subject + drafted.body


@pytest.mark.parametrize("name", ["nonsense", "../farewell", "farewell/../farewell"])
def test_only_templates_there_are(desk: Desk, name: str) -> None:
    lead = add(desk, KYIV, MAIL)
    with pytest.raises(Refused, match="no letter template"):
        desk.read(LetterDraft(lead.id, template=name))


def test_a_saved_letter_is_no_draft_and_counts_once(desk: Desk) -> None:
    lead = add(desk, KYIV, MAIL)
    letter = desk.do(RefuseLead(lead_id=lead.id, reason="price")).value.letter
    assert letter is not None
    desk.do(LetterSaved(letter.id))
    assert desk.do(LetterSaved(letter.id)).operation == 0
    stored = desk.read(LetterById(letter.id))
    assert stored is not None
    assert stored.state is LetterState.SAVED
    assert desk.read(LetterById(999)) is None


def test_a_letter_is_written_from_any_template_and_changed_until_it_leaves(desk: Desk) -> None:
    lead = add(desk, KYIV, MAIL)
    letter = desk.do(WriteLetter(lead_id=lead.id, template="offer", body="My own words")).value
    assert (letter.kind, letter.state, letter.body) == (LetterKind.OFFER, LetterState.DRAFT, "My own words")
    changed = desk.do(EditLetter(letter_id=letter.id, subject="Our offer", body="Better words")).value
    assert (changed.subject, changed.body, changed.to_address) == ("Our offer", "Better words", MAIL)
    with pytest.raises(Refused, match="no e-mail address"):
        desk.do(EditLetter(letter_id=letter.id, subject="Our offer", body="x", to_address="nobody"))
    with pytest.raises(Refused, match="empty"):
        desk.do(EditLetter(letter_id=letter.id, subject="Our offer", body="  "))
    with pytest.raises(Refused, match="changed this letter meanwhile"):
        desk.do(EditLetter(letter_id=letter.id, subject="Our offer", body="Mine", base_body="My own words"))
    assert desk.read(LetterById(letter.id)) == changed


def test_a_signature_of_ones_own_stands_under_letters(desk: Desk, operator_desk: Desk) -> None:
    lead = add(desk, KYIV, MAIL)
    desk.do(SaveSignature("Best,\nO. B."))
    mine = sit_down(desk.store, desk.clock)
    assert "Best,\nO. B." in mine.read(LetterDraft(lead.id, "price")).body
    assert "Best,\nO. B." not in operator_desk.read(LetterDraft(lead.id, "price")).body
    with pytest.raises(Refused, match="team lead"):
        operator_desk.do(SaveSignature("Not yours", user_id=desk.user.id))


def test_an_operator_reads_no_letter_of_somebody_elses_lead(desk: Desk, operator_desk: Desk) -> None:
    lead = add(desk, KYIV, MAIL)
    letter = desk.do(WriteLetter(lead_id=lead.id, template="offer")).value
    assert operator_desk.read(LetterById(letter.id)) == letter, "nobody's lead is everybody's"
    desk.do(AssignLeads(lead_ids=(lead.id,), owner_id=desk.user.id))
    assert operator_desk.read(LetterById(letter.id)) is None
    assert desk.read(LetterById(letter.id)) is not None
