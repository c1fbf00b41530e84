"""Letters as .eml: what a mail program reads back, and what must never get into a header."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaddesk.exchange.letters_eml import eml_bytes, save_eml
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_entities import Letter

DATE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def letter(**values: str) -> Letter:
    given = {
        "to_address": "olena@klochkivska.example",
        "subject": "Спасибо за время, Олена",
        "body": "Жаль.\n\nДо встречи\n",
    }
    return Letter(lead_id=1, language="ru", **{**given, **values})


def read(text: bytes) -> EmailMessage:
    message = message_from_bytes(text, policy=default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def test_a_mail_program_reads_back_what_was_written() -> None:
    text = eml_bytes(letter(), "Анна Оператор", "anna@leaddesk.example", DATE, recipient_name="Олена")
    assert text.isascii()
    assert all(len(line) <= 998 for line in text.split(b"\r\n"))
    message = read(text)
    assert message["subject"] == "Спасибо за время, Олена"
    assert message["from"] == "Анна Оператор <anna@leaddesk.example>"
    assert message["to"].addresses[0].display_name == "Олена"
    assert message["to"].addresses[0].addr_spec == "olena@klochkivska.example"
    assert message["date"].datetime == DATE
    assert message["message-id"].endswith("@leaddesk.example>")
    assert message.get_content().replace("\r\n", "\n") == "Жаль.\n\nДо встречи\n"


def test_without_an_address_of_ones_own_the_mail_program_puts_it() -> None:
    message = read(eml_bytes(letter(), "Anna", "", DATE))
    assert message["from"] is None
    assert message["x-unsent"] == "1"


def test_the_same_letter_is_one_message() -> None:
    first, again = (read(eml_bytes(letter(), "Anna", "", DATE))["message-id"] for _ in range(2))
    assert first == again
    assert first != read(eml_bytes(letter(body="other"), "Anna", "", DATE))["message-id"]


@pytest.mark.parametrize(
    ("values", "sender"),
    [
        ({"subject": "Hi\r\nBcc: all@x.example"}, "Anna"),
        ({"subject": "Hi\nBcc: all@x.example"}, "Anna"),
        ({"to_address": "a@x.example\r\nBcc: b@x.example"}, "Anna"),
        ({"to_address": "nobody"}, "Anna"),
        ({"to_address": ""}, "Anna"),
        ({}, "Anna\r\nBcc: all@x.example"),
    ],
)
def test_headers_cannot_be_smuggled_in(values: dict[str, str], sender: str) -> None:
    with pytest.raises(Refused):
        eml_bytes(letter(**values), sender, "anna@leaddesk.example", DATE)


@given(st.text(), st.text(), st.text())
def test_any_words_come_back_or_are_refused(subject: str, name: str, body: str) -> None:
    try:
        text = eml_bytes(letter(subject=subject, body=body), name, "anna@leaddesk.example", DATE)
    except Refused:
        return
    assert {key.lower() for key in message_from_bytes(text).keys()} == {  # noqa: SIM118 - a message is no dict
        "from", "to", "subject", "date", "message-id", "content-language", "x-unsent", "content-type",
        "content-transfer-encoding", "mime-version",
    }  # fmt: skip


def test_a_letter_is_saved_whole(tmp_path: Path) -> None:
    file = tmp_path / "прощание.eml"
    save_eml(file, letter(), "Anna", "", DATE)
    assert file.read_bytes() == eml_bytes(letter(), "Anna", "", DATE)
    with pytest.raises(Refused):
        save_eml(file, letter(subject="a\nb"), "Anna", "", DATE)
    assert [p.name for p in tmp_path.iterdir()] == ["прощание.eml"]
