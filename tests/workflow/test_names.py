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
        ("Dr. John Smith PhD", ("John", "Dr.", "Smith PhD")),
        ("Prof. Dr. Hans von der Müller", ("Hans", "Prof. Dr.", "von der Müller")),
        ("Dr. Smith, John", ("John", "Dr.", "Smith")),
        ("Mr Smith", ("", "Mr", "Smith")),
        ('William "Bill" Gates', ("William", "Bill", "Gates")),
        ("DUPONT Jean", ("Jean", "", "DUPONT")),
        ("Jan de Vries", ("Jan", "", "de Vries")),
        ("van Gogh", ("", "", "van Gogh")),
        ("Ludwig Mies van der Rohe", ("Ludwig", "Mies", "van der Rohe")),
        ("Иванов Иван", ("Иван", "", "Иванов")),
        ("Иван Иванов", ("Иван", "", "Иванов")),
        ("Тарасенко Олег", ("Олег", "", "Тарасенко")),
        ("Анна Ивановна", ("Анна", "Ивановна", "")),
        ("Иван Петрович", ("Иван", "Петрович", "")),
        ("Юрій Андрухович", ("Юрій", "", "Андрухович")),
        ("Ivanov Ivan Ivanovich", ("Ivan", "Ivanovich", "Ivanov")),
        ("Anna Maria Petrovich", ("Anna", "Maria", "Petrovich")),
        ("Recep Tayyip Davutoğlu", ("Recep", "Tayyip", "Davutoğlu")),
        ("Əliyev Vüqar Rəşid oğlu", ("Vüqar", "Rəşid oğlu", "Əliyev")),
        ("Мамедов Ильгар Вагиф оглы", ("Ильгар", "Вагиф оглы", "Мамедов")),
        ("Nagy Erzsébet", ("Erzsébet", "", "Nagy")),
        ("Dr. Kovács István", ("István", "Dr.", "Kovács")),
        ("Kovács Jánosné", ("Jánosné", "", "Kovács")),
        ("Kovácsné Nagy Erzsébet", ("Erzsébet", "", "Kovácsné Nagy")),
        ("Gabriel García Márquez", ("Gabriel", "", "García Márquez")),
        ("Juan Carlos García López", ("Juan", "Carlos", "García López")),
        ("José Ortega y Gasset", ("José", "", "Ortega y Gasset")),
        ("Maria da Silva Santos", ("Maria", "", "da Silva Santos")),
        ("محمد رضا احمدی", ("محمد رضا", "", "احمدی")),
        ("حسین علی زاده", ("حسین", "", "علی زاده")),
        ("عبد الرحمن بن سعود", ("عبد الرحمن", "", "بن سعود")),
        ("王小明", ("小明", "", "王")),
        ("欧阳娜娜", ("娜娜", "", "欧阳")),
        ("约翰·史密斯", ("约翰", "", "史密斯")),
        ("山田 太郎", ("太郎", "", "山田")),
        ("山田太郎", ("太郎", "", "山田")),
        ("김민준", ("민준", "", "김")),
        ("남궁민수", ("민수", "", "남궁")),
        ("Nguyễn Văn An", ("An", "Văn", "Nguyễn")),
    ],
)
def test_a_name_is_taken_apart(text: str, parts: tuple[str, str, str]) -> None:
    assert split_name(text) == parts


@pytest.mark.parametrize(
    ("text", "country", "language", "parts"),
    [
        ("Kis Anna", "HU", "", ("Anna", "", "Kis")),
        ("Kis Anna", "", "hu", ("Anna", "", "Kis")),
        ("Kis Anna", "", "", ("Kis", "", "Anna")),
        ("Wang Xiaoming", "CN", "", ("Xiaoming", "", "Wang")),
        ("Kim Min-jun", "KR", "", ("Min-jun", "", "Kim")),
        ("Tran Van Binh", "VN", "", ("Binh", "Van", "Tran")),
        ("Марко Петрович", "RS", "", ("Марко", "", "Петрович")),
        ("Elvira Quintana Zapatero", "MX", "", ("Elvira", "", "Quintana Zapatero")),
        ("Juan Carlos Zapatero", "ES", "", ("Juan", "Carlos", "Zapatero")),
        ("田中一郎", "JP", "", ("一郎", "", "田中")),
        ("John Smith", "us", "en-GB", ("John", "", "Smith")),
    ],
)
def test_a_country_or_a_language_tells_the_order(
    text: str, country: str, language: str, parts: tuple[str, str, str]
) -> None:
    assert split_name(text, country, language) == parts


@pytest.mark.parametrize(
    "text", ["john@x.com", "ООО Ромашка", "Acme Ltd", "Brown & Sons", "+1 650 253 0000", "Novák s.r.o."]
)
def test_what_is_no_person_is_left_whole_and_greeted_by_no_first_name(text: str) -> None:
    assert split_name(text) == ("", "", text)


@given(
    st.text(max_size=40)
    | st.lists(
        st.sampled_from(
            [
                "Anna",
                "van",
                "Иванович",
                "oğlu",
                "Dr.",
                "Jr.",
                "García",
                "y",
                "né",
                "Kissné",
                "王",
                "田中",
                "بن",
                "(Bob)",
                "李,",
            ]
        ),
        max_size=6,
    ).map(" ".join),
    st.sampled_from(["", "HU", "ES", "JP", "IR"]),
)
def test_no_letter_of_any_text_is_lost(text: str, country: str) -> None:
    def letters(some: str) -> list[str]:
        return sorted(letter for letter in some if letter.isalpha())

    assert letters("".join(split_name(text, country))) == letters(text)


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
