"""Columns of real exports find their fields; what is not surely known stays extra."""

import pytest

from leaddesk.exchange.headers import FIELDS, SEVERAL, map_headers
from leaddesk.exchange.tables import open_table
from leaddesk.exchange.words import dictionary, languages, plain
from leaddesk.workflow.errors import Refused
from tests.shared_data import shared


def _known(path: str) -> dict[str, str]:
    mapped = map_headers(open_table(shared(path)).columns)
    return {header: field for header, field in mapped.items() if field is not None}


def test_zoho_leads() -> None:
    assert _known("leads/zoho_leads.csv") == {
        "LEADID": "external_id",
        "Last Name": "last_name",
        "Company": "company",
        "Lead Owner": "owner",
        "Email": "email",
        "Mobile": "mobile_phone",
        "Website": "website",
        "Industry": "industry",
        "Lead Source": "source",
        "Lead Status": "status",
        "Created Time": "created_at",
    }


def test_x_education_leads_are_not_guessed_at() -> None:
    assert _known("leads/x_education_leads.csv") == {
        "Prospect ID": "external_id",
        "Lead Source": "source",
        "Do Not Email": "do_not_mail",
        "Do Not Call": "do_not_call",
        "Country": "country",
        "Tags": "tags",
        "City": "city",
    }


def test_bitrix24_in_russian_and_english_say_the_same() -> None:
    russian = _known("import_samples/encodings/bitrix24_lead_template_ru_utf8.csv")
    english = _known("import_samples/encodings/bitrix24_lead_template_en.csv")
    assert list(russian.values()) == list(english.values())
    assert russian["Возможная сумма"] == "budget"
    assert russian["Ответственный"] == "owner"
    assert "Название лида" not in russian  # the request's title; the person's name has its own columns


def test_suitecrm_leads() -> None:
    known = _known("import_samples/crm_exports/suitecrm8_leads_export_ragged.csv")
    assert (known["ID"], known["Assigned to"], known["Account Name"]) == ("external_id", "owner", "company")
    assert (known["Email Address"], known["Non Primary E-mails"]) == ("email", "email_2")
    assert known["Office Phone"] == "work_phone"
    assert known["Primary Address Street"] == "address"
    assert known["Opportunity Amount"] == "budget"
    assert not {"Contact ID", "Alt Address City", "Status Description", "Converted", "Address"} & set(known)


def test_salesforce_leads() -> None:
    assert list(_known("import_samples/crm_exports/salesforce_leads_copado_training.csv").values()) == [
        "first_name",
        "last_name",
        "company",
        "phone",
        "website",
    ]


def test_address_books_of_mail_programs() -> None:
    gmail = _known("import_samples/roundcube/gmail.csv")
    assert (gmail["Name"], gmail["Given Name"], gmail["Family Name"]) == ("name", "first_name", "last_name")
    assert [gmail[f"E-mail {n} - Value"] for n in (1, 2, 3)] == ["email", "email_2", "email_2"]
    assert [gmail[f"Phone {n} - Value"] for n in (1, 2, 3, 4)] == ["phone", "phone_2", "phone_3", "other_phone"]
    assert (gmail["Organization 1 - Name"], gmail["Organization 1 - Title"]) == ("company", "role")
    assert not {"Phone 1 - Type", "Address 2 - City", "Occupation"} & set(gmail)
    assert list(_known("import_samples/roundcube/outlook.csv").values()) == ["email", "email_2", "email_2"]
    outlook = _known("import_samples/roundcube/all.csv")
    assert (outlook["Title"], outlook["Job Title"]) == ("salutation", "role")
    assert (outlook["Work City"], outlook["Business Street"]) == ("city", "address")
    thunderbird = _known("import_samples/roundcube/tb_plain.csv")
    assert (thunderbird["Primary Email"], thunderbird["Secondary Email"]) == ("email", "email_2")


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (["Имя"], ["name"]),
        (["Имя", "Фамилия"], ["first_name", "last_name"]),
        (["Nom", "Prénom", "Société", "Téléphone"], ["last_name", "first_name", "company", "phone"]),
        (["Vorname", "Name", "PLZ", "Ort"], ["first_name", "last_name", "postal_code", "city"]),
        (["Nombre", "Apellidos", "Móvil"], ["first_name", "last_name", "mobile_phone"]),
        (["Név", "Cégnév", "Telefonszám", "Megjegyzés"], ["name", "company", "phone", "note"]),
        (["Eesnimi", "Perekonnanimi", "Ettevõte", "E-post"], ["first_name", "last_name", "company", "email"]),
        (["Ad", "Soyad", "Şirkət", "Telefon nömrəsi"], ["first_name", "last_name", "company", "phone"]),
        (["نام", "نام خانوادگی", "شرکت", "تلفن همراه"], ["first_name", "last_name", "company", "mobile_phone"]),
        (["ПІБ", "Посада", "Ел. пошта", "ЄДРПОУ"], ["name", "role", "email", "registration_number"]),
        (["Lead Name", "Phone"], ["name", "phone"]),
        (["Lead Name", "Contact name"], [None, "name"]),
        (["first_name", "LASTNAME", "e_mail", "Phone:"], ["first_name", "last_name", "email", "phone"]),
        (["Phone", "Phone", "Mobile", "Mobile Phone"], ["phone", "phone", "mobile_phone", "mobile_phone"]),
        (["Estado", "Etapa"], ["region", "status"]),
        (["Title"], ["role"]),
        (["", "???", "Qwerty"], [None, None, None]),
        (["Meno", "Priezvisko", "Mesto", "Kraj"], ["first_name", "last_name", "city", "region"]),
        (["Imię", "Nazwisko", "Miasto", "Kraj"], ["first_name", "last_name", "city", "country"]),
        (["Phone Code", "Phone", "Ext."], ["phone_code", "phone", "phone_extension"]),
        (["Country", "Country Code"], ["country", "phone_code"]),
        (["Country Code"], ["country"]),
        (["Call Result", "Last called"], ["outcome", "last_call_at"]),
        (["Результат звонка", "Дата последнего звонка"], ["outcome", "last_call_at"]),
        (["Anrufergebnis", "Letzter Anruf"], ["outcome", "last_call_at"]),
    ],
)
def test_words_and_the_company_they_keep(headers: list[str], fields: list[str | None]) -> None:
    unique = list(dict.fromkeys(headers))
    expected = [fields[headers.index(header)] for header in unique]
    assert list(map_headers(unique).values()) == expected


def test_a_field_a_lead_has_once_is_given_once() -> None:
    mapped = map_headers(["Company", "Company Name", "Organization", "City", "Town"])
    assert list(mapped.values()) == ["company", None, None, "city", None]


def test_what_a_person_decides_comes_first() -> None:
    columns = ["Company", "Specialization", "Tags", "Phone"]
    mapped = map_headers(columns, {"specialization": "company", "Tags": "extra", "Phone": "-"})
    assert mapped == {"Company": None, "Specialization": "company", "Tags": None, "Phone": None}


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"Nonsense": "company"}, "“Company”, “Notes”"),
        ({"": "company"}, "no column"),
        ({"Notes": "shoe_size"}, "do_not_call"),
        ({"Notes": "city", "Company": "city"}, "Both “Notes” and “Company”"),
    ],
)
def test_a_mistaken_decision_is_refused_with_what_there_is(overrides: dict[str, str], words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        map_headers(["Company", "Notes"], overrides)
    assert refused.value.field == "map"


def test_the_dictionaries_name_only_fields_there_are() -> None:
    assert set(languages()) >= set(
        "ar az bg cs da de el en es et fa fi fr hr hu id it ja ko lt lv nb nl pl pt ro ru sk sl sr sv th tr uk ur vi zh".split()
    )
    assert languages()[0] == "en"
    for language in languages():
        words = dictionary(language)
        assert set(words) <= {*FIELDS, "names", "titles", "weak", "none", "noise", "generic", "others"}, language
        assert {field for fields in words.get("weak", {}).values() for field in fields} <= set(FIELDS), language
        for field, synonyms in words.items():
            assert all(plain(word) for word in synonyms), (language, field)
    assert set(FIELDS) >= SEVERAL
