import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaddesk.workflow.tax_numbers import _RULES, Kind, check_tax_number, number_label

GENUINE: list[tuple[str, Kind, str, str, str]] = [
    ("UA", "tax", "32855961", "32855961", "ЄДРПОУ"), ("UA", "tax", "1759013776", "1759013776", "РНОКПП"),
    ("UA", "registration", "32855961", "32855961", "ЄДРПОУ"), ("HU", "tax", "12892312-2-42", "12892312242", "Adószám"),
    ("HU", "tax", "HU12892312", "12892312", "Adószám"), ("HU", "registration", "01-09-123456", "0109123456", "Cégjegyzékszám"),
    ("EE", "tax", "EE 100594102", "100594102", "KMKR"), ("EE", "registration", "12345678", "12345678", "Registrikood"),
    ("AZ", "tax", "140 155 5071", "1401555071", "VÖEN"), ("RU", "tax", "7707083893", "7707083893", "ИНН"),
    ("RU", "registration", "1022200525819", "1022200525819", "ОГРН"), ("US", "tax", "911144442", "911144442", "EIN"),
    ("GB", "tax", "GB 980 7806 84", "980780684", "VAT"), ("GB", "tax", "1955839661", "1955839661", "UTR"),
    ("GB", "registration", "SC123456", "SC123456", "Company number"), ("DE", "tax", "DE136695976", "136695976", "USt-IdNr."),
    ("DE", "tax", "181/815/0815 5", "18181508155", "Steuernummer"),
    ("DE", "registration", "HRB 12345", "HRB12345", "Handelsregisternummer"),
    ("DE", "registration", "Aachen HRA 11223", "Aachen HRA 11223", "Handelsregisternummer"),
    ("PL", "tax", "8567346215", "8567346215", "NIP"), ("PL", "registration", "192598184", "192598184", "REGON"),
    ("FR", "tax", "23334175221", "23334175221", "TVA"), ("FR", "registration", "73282932000074", "73282932000074", "SIRET"),
    ("ES", "tax", "B64717838", "B64717838", "NIF"), ("IT", "tax", "IT 00743110157", "00743110157", "Partita IVA"),
    ("KZ", "tax", "971240001315", "971240001315", "БИН/ИИН"), ("KZ", "registration", "940140000385", "940140000385", "БИН"),
    ("BY", "tax", "200988541", "200988541", "УНП"), ("MD", "tax", "1008600038413", "1008600038413", "IDNO"),
    ("TR", "tax", "4540536920", "4540536920", "VKN"), ("CA", "tax", "12302 6635", "123026635", "BN"),
    ("AT", "tax", "AT U13585627", "U13585627", "UID"), ("AT", "registration", "FN 122119m", "122119m", "Firmenbuchnummer"),
    ("CH", "tax", "CHE-107.787.577 IVA", "CHE107787577IVA", "MWST"), ("NL", "tax", "004495445B01", "004495445B01", "BTW"),
    ("BE", "tax", "BE 428759497", "0428759497", "TVA/BTW"), ("IE", "tax", "IE 6433435F", "6433435F", "VAT"),
    ("DK", "tax", "DK 13585628", "13585628", "CVR"), ("SE", "tax", "SE 123456789701", "123456789701", "Momsnr"),
    ("NO", "tax", "NO 995 525 828 MVA", "995525828MVA", "MVA"), ("NO", "registration", "995 525 828", "995525828", "Orgnr"),
    ("FI", "tax", "FI 20774740", "20774740", "ALV"), ("LV", "tax", "LV 4000 3521 600", "40003521600", "PVN"),
    ("LT", "tax", "119511515", "119511515", "PVM"), ("CZ", "registration", "25123891", "25123891", "IČO"),
    ("SK", "tax", "SK 202 274 96 19", "2022749619", "IČ DPH"), ("RO", "tax", "185 472 90", "18547290", "CUI"),
    ("RO", "registration", "J52/750/2012", "J52/750/2012", "ONRC"), ("BG", "tax", "175074752", "175074752", "ДДС"),
    ("GR", "tax", "EL 094259216", "094259216", "ΑΦΜ"), ("HR", "tax", "HR 33392005961", "33392005961", "OIB"),
    ("SI", "tax", "SI 5022 3054", "50223054", "DDV"), ("RS", "tax", "101134702", "101134702", "PIB"),
    ("AU", "tax", "83 914 571 673", "83914571673", "ABN"), ("BR", "tax", "16.727.230/0001-97", "16727230000197", "CNPJ"),
    ("IN", "tax", "27AAPFU0939F1ZV", "27AAPFU0939F1ZV", "GSTIN"), ("IL", "tax", "516179157", "516179157", "ח.פ."),
    ("CN", "tax", "91110000600037341L", "91110000600037341L", "USCC"), ("JP", "tax", "5835678256246", "5835678256246", "法人番号"),
    ("LU", "tax", "LU 150 274 42", "15027442", "VAT"), ("MX", "tax", "GODE 561231 GR8", "GODE561231GR8", "VAT"),
]  # fmt: skip


@pytest.mark.parametrize(("country", "kind", "number", "compact", "label"), GENUINE)
def test_a_genuine_number_is_accepted_under_its_name(
    country: str, kind: Kind, number: str, compact: str, label: str
) -> None:
    check = check_tax_number(country, number, kind)
    assert (check.ok, check.compact, check.label, check.problem) == (True, compact, label, None)


@pytest.mark.parametrize(
    ("country", "kind", "number", "problem"),
    [
        ("HU", "tax", "1289231", "A Hungarian tax number (Adószám) has 8 or 11 digits; this one has 7 digits. Look again at 1289231."),
        ("HU", "tax", "12892313-2-42", ("A Hungarian tax number (Adószám) has 8 or 11 digits; the check digit does not fit, so one of its "
         "characters is probably mistyped. Look again at 12892313-2-42.")),
        ("HU", "tax", "12892312-7-42", ("A Hungarian tax number (Adószám) has 8 or 11 digits; the ninth digit, the VAT status, is 1 to 5. "
         "Look again at 12892312-7-42.")),
        ("EE", "registration", "123", "An Estonian registration number (Registrikood) has 8 digits; this one has 3 digits. Look again at 123."),
    ],
)  # fmt: skip
def test_a_wrong_number_is_answered_in_words(country: str, kind: Kind, number: str, problem: str) -> None:
    check = check_tax_number(country, number, kind)
    assert (check.ok, check.problem) == (False, problem)


@pytest.mark.parametrize(
    ("country", "kind", "number"),
    [("UA", "tax", "32855962"), ("AZ", "tax", "1401555171"), ("RU", "tax", "7707083894"), ("KZ", "tax", "971240001316"),
     ("PL", "tax", "8567346216"), ("GB", "tax", "980780685"), ("LU", "tax", "15027443"), ("US", "tax", "07-1144442")],
)  # fmt: skip
def test_a_mistyped_digit_is_noticed(country: str, kind: Kind, number: str) -> None:
    assert check_tax_number(country, number, kind).ok is False


@pytest.mark.parametrize(
    ("country", "kind"),
    [("ZA", "tax"), ("US", "registration"), ("", "tax"), (None, "tax"), ("??", "tax"), ("Q", "tax")],
)
def test_without_a_rule_nothing_is_refused(country: str | None, kind: Kind) -> None:
    check = check_tax_number(country, " 12 34 ", kind)
    assert (check.ok, check.compact, check.display, check.problem) == (None, "1234", "12 34", None)


def test_no_number_is_no_fault() -> None:
    check = check_tax_number("UA", " ")
    assert (check.ok, check.compact, check.label) == (None, "", "ЄДРПОУ")


def test_numbers_are_shown_as_their_country_writes_them() -> None:
    assert check_tax_number("US", "911144442").display == "91-1144442"
    assert check_tax_number("HU", "12892312242").display == "12892312-2-42"
    assert check_tax_number("PL", "8567346215").display == "856-734-62-15"


def test_the_caption_follows_the_country() -> None:
    assert number_label("ua") == "ЄДРПОУ"
    assert number_label("RU", "registration") == "ОГРН"
    assert number_label(None) == ""


@given(
    st.sampled_from(sorted({*_RULES, ("CY", "tax"), ("CL", "tax")})),
    st.one_of(st.text(max_size=25), st.from_regex(r"[A-Z]{0,3}[0-9]{5,15}[A-Z]?", fullmatch=True)),
)
def test_nothing_typed_makes_it_stumble(rule: tuple[str, Kind], number: str) -> None:
    check = check_tax_number(rule[0], number, rule[1])
    assert (check.problem is not None) == (check.ok is False)
