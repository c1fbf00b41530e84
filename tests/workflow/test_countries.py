import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaddesk.workflow.countries import country_code, country_codes, country_name
from leaddesk.workflow.zones import _countries


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("UA", "UA"), ("ukr", "UA"), ("Ukraine", "UA"), ("Украина", "UA"), ("Україна", "UA"), (" ukraine. ", "UA"),
        ("USA", "US"), ("U.S.A.", "US"), ("United States", "US"), ("the United States of America", "US"), ("США", "US"),
        ("UK", "GB"), ("England", "GB"), ("Great Britain", "GB"), ("Magyarország", "HU"), ("Magyarorszag", "HU"),
        ("Eesti", "EE"), ("Azərbaycan", "AZ"), ("ایران", "IR"), ("Deutschland", "DE"), ("España", "ES"), ("Россия", "RU"),
        ("Russian Federation", "RU"), ("Côte d'Ivoire", "CI"), ("Cote d’Ivoire", "CI"), ("Hong Kong", "HK"), ("UAE", "AE"),
        ("Czech Republic", "CZ"), ("Vietnam", "VN"), ("Viet Nam", "VN"), ("日本", "JP"), ("Saudi Arabia", "SA"),
        ("Bosnia & Herzegovina", "BA"), ("Türkiye", "TR"), ("Turkey", "TR"), ("Kazakhstan", "KZ"), ("Казахстан", "KZ"),
        ("", None), ("unknown", None), ("Select", None), ("Asia/Pacific Region", None), ("Europe", None), ("EU", None),
        ("ZZ", None), ("SU", None), ("001", None),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_names_and_codes(text: str, code: str | None) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("language", ["en", "ru", "hu", "et", "az", "fa", "uk", "de"])
def test_every_name_said_is_understood(language: str) -> None:
    understood = {code: country_code(country_name(code, language)) for code in country_codes()}
    assert {code for code, back in understood.items() if back != code} == set()


def test_names_are_said_in_the_language_asked_for() -> None:
    assert country_name("UA", "ru") == "Украина"
    assert country_name("hu", "hu") == "Magyarország"
    assert country_name("US", "pt-BR") == "Estados Unidos"
    assert country_name("UA", "xx-nowhere") == "Ukraine"
    assert country_name("QQ") == "QQ"


def test_every_country_with_zones_has_a_name() -> None:
    assert set(_countries()) <= set(country_codes())


@given(st.text(max_size=40))
def test_nothing_typed_makes_it_stumble(text: str) -> None:
    code = country_code(text)
    assert code is None or code in country_codes()
