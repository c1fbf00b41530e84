"""Letters from templates: plain values only, in the lead's language."""

import pytest

from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letters import LANGUAGES, FarewellDraft, LetterById, LetterSaved, language_of, render
from leaddesk.workflow.refusals import Reasons, RefuseLead
from leaddesk.workflow.vocabulary import LetterState
from tests.workflow.making import KYIV, add

MAIL = "olena@klochkivska.example"


@pytest.mark.parametrize(
    ("wanted", "own", "country", "language"),
    [
        ("", "ru", "UA", "ru"),
        ("en", "ru", "RU", "en"),
        ("", "Russian", "US", "ru"),
        ("", "", "KZ", "ru"),
        ("", "hu", "HU", "en"),
        ("xx", "", "", "en"),
    ],
)
def test_the_language_is_asked_then_the_leads_then_the_countrys(
    wanted: str, own: str, country: str, language: str
) -> None:
    assert language_of(wanted, own, country) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_whole_letter(desk: Desk, language: str) -> None:
    lead = add(desk, KYIV, MAIL, company="Klochkivska Trade")
    for row in desk.read(Reasons()):
        drafted = desk.read(FarewellDraft(lead.id, row.reason.key, language=language))
        assert drafted.subject
        assert "\n" not in drafted.subject
        assert "Olena" in drafted.body
        assert desk.user.name in drafted.body
        assert not {"{{", "}}", "{%", "None"} & set(drafted.body.split())


def test_values_are_values_never_templates(desk: Desk) -> None:
    lead = add(desk, KYIV, MAIL, name="{{ 7 * 7 }} {% raise %}")
    drafted = desk.read(FarewellDraft(lead.id, "price"))
    assert "49" not in drafted.subject + drafted.body
    assert "7 * 7" in drafted.subject + drafted.body


@pytest.mark.parametrize("name", ["", "nonsense", "../farewell", "farewell/../farewell"])
def test_only_templates_there_are(name: str) -> None:
    with pytest.raises(Refused, match="no letter template"):
        render(name, "en", {})


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
