"""Address books of phones and mail programs read as tables: every name, number and address, no picture."""

import tracemalloc
from pathlib import Path

import pytest

from leaddesk.exchange.headers import map_headers
from leaddesk.exchange.tables import Table, open_table
from leaddesk.exchange.vcards import Card, Phone, write_vcards
from leaddesk.workflow.errors import Refused
from tests.shared_data import shared


def _people(table: Table) -> list[dict[str, str]]:
    """What each card says, without its empty columns."""
    rows = (zip(table.columns, row.cells, strict=True) for row in table.rows())
    return [{name: text for name, text in row if text} for row in rows]


def _sample(name: str) -> list[dict[str, str]]:
    return _people(open_table(shared(f"import_samples/vcard/{name}.vcf")))


def _read(folder: Path, text: str | bytes) -> Table:
    path = folder / "book.vcf"
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return open_table(path)


def test_every_sample_reads_whole() -> None:
    counts = {
        file.stem: len(_people(open_table(file))) for file in sorted(shared("import_samples/vcard").glob("*.vcf"))
    }
    assert counts == {
        "John_Doe_ANDROID": 6, "John_Doe_EVOLUTION": 1, "John_Doe_GMAIL": 1, "John_Doe_IPHONE": 1,
        "John_Doe_MS_OUTLOOK": 1, "fullcontact": 1, "gmail-list": 3, "gmail-single": 1, "outlook-2003": 1,
        "rfc2426-example": 2, "rfc6350-example": 1, "roundcube_johndoe": 1,
    }  # fmt: skip
    for file in shared("import_samples/vcard").glob("*.vcf"):
        assert not [row for row in open_table(file).rows() if row.problem], file.name


def test_a_card_of_version_2_1_with_quoted_printable_over_several_lines() -> None:
    fourth = _sample("John_Doe_ANDROID")[3]
    assert fourth["Name"] == " ".join("Ñ" * 11)
    assert (fourth["Mobile Phone"], fourth["Mobile Phone (2)"]) == ("123456", "3456789")
    assert fourth["Note"].startswith("Ñ Ñ")
    (outlook,) = _sample("outlook-2003")
    assert outlook["Note"] == "This is the note field!!\nSecond line\n\nThird line is empty"
    assert outlook["Company"] == "Company, The"
    assert outlook["Department"] == "TheDepartment"
    assert outlook["Street"] == "123 Main St, TheOffice"
    assert (outlook["Work Phone"], outlook["Fax"]) == ("BusinessPhone", "BusinessFaxPhone")
    assert outlook["Birthday"] == "1980-03-21"
    assert not [name for name in outlook if "Key" in name]


def test_a_card_of_version_3_0_with_groups_labels_and_escapes() -> None:
    (google,) = _sample("gmail-single")
    assert google["Other Phone"] == "555 555 2222"
    assert google["Labels"] == "GRAND_CENTRAL: 555 555 2222"
    assert google["Website"] == "http://TheProfile.com"
    assert google["Anniversary"] == "1970-06-02"
    assert (google["Street"], google["Street (2)"], google["City (2)"]) == (
        "123 Home St\nHome City, HM 12345",
        "321 Custom St",
        "Custom City",
    )
    assert "City" not in google
    (apple,) = _sample("John_Doe_IPHONE")
    assert apple["E-mail"] == "john.doe@ibm.com"
    assert (apple["Fax"], apple["Fax (2)"], apple["Pager"]) == ("905-888-1234", "905-999-1234", "905-111-1234")
    assert apple["Street (2)"] == "Street4\nBuilding 6\nFloor 8"


def test_a_card_of_version_4_0_with_addresses_of_numbers() -> None:
    (card,) = _sample("rfc6350-example")
    assert card["Work Phone"] == "+1-418-656-9254 ext. 102"
    assert card["Mobile Phone"] == "+1-418-262-6501"
    assert card["Postal Code"] == "G1V 2M2"
    assert card["Key"] == "http://www.viagenie.ca/simon.perreault/simon.asc"
    (full,) = _sample("fullcontact")
    assert full["Skype"] == "skype"
    assert full["Jabber (2)"] == "jabber"
    assert full["Photo (3)"].endswith("680117e6f52054f7f5f7a95e8377238")


def test_letters_of_an_old_code_page_read_too() -> None:
    (card,) = _sample("roundcube_johndoe")
    assert card["Name"] == "John Doë"
    assert card["E-mail (2)"] == "roundcube@gmail.com"


def test_the_columns_are_words_the_importer_knows() -> None:
    table = open_table(shared("import_samples/vcard/fullcontact.vcf"))
    fields = map_headers(table.columns)
    assert [fields[name] for name in ("Name", "First Name", "Last Name", "Company", "E-mail", "E-mail (2)")] == [
        "name", "first_name", "last_name", "company", "email", "email_2",
    ]  # fmt: skip
    assert (fields["Mobile Phone"], fields["Work Phone"], fields["Fax"]) == ("mobile_phone", "work_phone", "fax")
    assert (fields["Street"], fields["City"], fields["Country"]) == ("address", "city", "country")


@pytest.mark.parametrize("name", ["all", "email", "gmail", "outlook", "tb_plain"])
def test_the_lists_of_mail_programs_hold_what_their_cards_hold(name: str) -> None:
    """Values, not columns: each list is another program's own selection of columns."""
    rows = list(open_table(shared(f"import_samples/roundcube/{name}.csv")).rows())
    cards = _people(open_table(shared(f"import_samples/roundcube/{name}.expected.vcf")))
    assert len(rows) == len(cards)
    for row, card in zip(rows, cards, strict=True):
        said = [piece.strip() for cell in row.cells for piece in cell.replace(" ::: ", "\n* ").split("\n* ")]
        said += [piece.removeprefix("* ") for piece in said]
        missing = {
            column: text
            for column, text in card.items()
            if text not in said and column not in {"Birthday", "Anniversary", "Categories"}
        }
        assert missing == {}
        for word in card.get("Categories", "").split(", "):
            assert not word or word in said


def test_what_we_export_reads_back(tmp_path: Path) -> None:
    card = Card(
        name="Анна Ковач", first_name="Анна", last_name="Ковач", company="Roga; Kopyta, \\ Co", role="boss",
        phones=(Phone("+493012345678", "cell"), Phone("+4930111", "work")), emails=("a@b.de", "c@d.de"),
        messengers=("tg://resolve?domain=anna", "skype:anna.k"), websites=("https://b.de",), address="Str. 5, 3",
        city="Berlin", region="BE", postal_code="10115", country="DE", note="one\ntwo; three", tags=("vip", "new"),
    )  # fmt: skip
    write_vcards(tmp_path / "out.vcf", [card])
    (read,) = _people(open_table(tmp_path / "out.vcf"))
    assert read == {
        "Name": "Анна Ковач", "First Name": "Анна", "Last Name": "Ковач", "Company": "Roga; Kopyta, \\ Co",
        "Title": "boss", "Mobile Phone": "+493012345678", "Work Phone": "+4930111", "E-mail": "a@b.de",
        "E-mail (2)": "c@d.de", "Telegram": "@anna", "Skype": "anna.k", "Website": "https://b.de",
        "Street": "Str. 5, 3", "City": "Berlin", "Region": "BE", "Postal Code": "10115", "Country": "DE",
        "Note": "one\ntwo; three", "Categories": "vip, new",
    }  # fmt: skip


def test_a_quoted_code_page_of_its_own_and_one_more_phone_than_there_is_room_for(tmp_path: Path) -> None:
    quoted = "=C8=E3=EE=F0=FC"  # Игорь in windows-1251
    phones = "".join(f"TEL:+49301234{at:03}\r\n" for at in range(30))
    table = _read(
        tmp_path,
        f"BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=windows-1251;ENCODING=QUOTED-PRINTABLE:{quoted}\r\n{phones}END:VCARD\r\n",
    )
    (card,) = _people(table)
    assert card["Name"] == "Игорь"
    assert sum(text.count("+4930") for text in card.values()) == 30
    assert len(table.columns) == 21


def test_broken_cards_lose_nothing_and_say_so(tmp_path: Path) -> None:
    table = _read(
        tmp_path,
        "BEGIN:VCARD\nFN:Ann\nNOTE:first\nsecond line not folded\nTEL:1\n"
        "BEGIN:VCARD\nN:Bob;;;;\nX-Custom-Thing:kept\nEND:VCARD\nBEGIN:VCARD\nFN:Zed\nTEL:3",
    )
    ann, bob, zed = table.rows()
    assert [row.problem is not None for row in (ann, bob, zed)] == [True, False, True]
    assert [row.number for row in (ann, bob, zed)] == [1, 6, 10]
    said = _people(table)
    assert said[0]["Note"] == "first\nsecond line not folded"
    assert said[1] == {"Name": "Bob", "Last Name": "Bob", "Custom Thing": "kept"}
    assert said[2]["Phone"] == "3"


def test_an_assistants_card_inside_a_card_is_part_of_it(tmp_path: Path) -> None:
    text = "BEGIN:VCARD\nFN:Boss\nAGENT:\nBEGIN:VCARD\nFN:Help\nTEL:5\nEND:VCARD\nTEL:7\nEND:VCARD\n"
    assert _people(_read(tmp_path, text)) == [{"Name": "Boss", "Name (2)": "Help", "Phone": "5", "Phone (2)": "7"}]


@pytest.mark.parametrize("folded", [True, False])
def test_pictures_never_come_into_memory(tmp_path: Path, *, folded: bool) -> None:
    line = "/9j/4AAQSkZJRgABAQAAAQABAAD" * 2_700
    picture = "\r\n ".join([line] * 120) if folded else line * 120
    card = f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\nPHOTO;ENCODING=b;TYPE=JPEG:{picture}\r\nTEL:1\r\nEND:VCARD\r\n"
    table = _read(tmp_path, card * 3)
    size = (tmp_path / "book.vcf").stat().st_size
    tracemalloc.start()
    try:
        people = _people(table)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert people == [{"Name": "Ann", "Phone": "1"}] * 3
    assert "Pictures" in table.notes[1]
    assert peak < size / 8


def test_a_book_without_entries_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no entry"):
        _read(tmp_path, "BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n")
