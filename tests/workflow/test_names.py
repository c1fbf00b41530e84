import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaddesk.workflow.names import full_name, split_name, title_of


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Olena Hrytsenko", ("Olena", "", "Hrytsenko")),
        ("  John  Fitzgerald   Kennedy ", ("John", "Fitzgerald", "Kennedy")),
        ("Smith, John Paul", ("John", "Paul", "Smith")),
        ("Гриценко Олена Петрівна", ("Олена", "Петрівна", "Гриценко")),
        ("Олена Петрівна Гриценко", ("Олена", "Петрівна", "Гриценко")),
        ("Пушкин Александр Сергеевич", ("Александр", "Сергеевич", "Пушкин")),
        ("Ludwig van Beethoven", ("Ludwig", "", "van Beethoven")),
        ("Martin Luther King Jr.", ("Martin", "Luther", "King Jr.")),
        ("Sammy Davis, Jr.", ("Sammy", "", "Davis, Jr.")),
        ("Leonardo da Vinci", ("Leonardo", "", "da Vinci")),
        ("Olena", ("Olena", "", "")),
        ("", ("", "", "")),
    ],
)
def test_a_name_is_taken_apart(text: str, parts: tuple[str, str, str]) -> None:
    assert split_name(text) == parts


def test_a_name_is_put_together_without_what_is_missing() -> None:
    assert full_name(" Olena ", "", "Hrytsenko") == "Olena Hrytsenko"
    assert full_name("", "", "") == ""


@given(
    st.lists(st.sampled_from(["Anna", "de", "Ivanovna", "Петрович", "Li,", "III", "O'Neil"]), max_size=5).map(" ".join)
)
def test_no_word_of_a_name_is_lost(text: str) -> None:
    assert sorted(full_name(*split_name(text)).replace(",", "").split()) == sorted(text.replace(",", "").split())


@pytest.mark.parametrize(
    ("known", "title"),
    [
        (("Olena Hrytsenko", "Acme", "+1", "o@x.ua", "7"), "Olena Hrytsenko"),
        ((" ", "Acme", "+1", "o@x.ua", "7"), "Acme"),
        (("", "", "+1 650 253 0000", "o@x.ua", "7"), "+1 650 253 0000"),
        (("", "", "", "o@x.ua", "7"), "o@x.ua"),
        (("", "", "", "", "660737"), "Lead 660737"),
        (("", "", "", "", ""), "Lead 12"),
    ],
)
def test_a_lead_is_called_by_the_best_there_is(known: tuple[str, str, str, str, str], title: str) -> None:
    assert title_of(*known, 12) == title
