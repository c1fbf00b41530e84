"""Messages: what a mail program reads back, in any language, and what never gets into one."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaddesk.exchange.mail_message import fits_mailto, mailto_of, message_of, only_international, safe_name
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.mail import Attachment
from tests.exchange.letters_in_languages import INJECTIONS, LANGUAGES, WORDS, letter_in

DATE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PRICES = Attachment("Прайс-лист на март.pdf", "application/pdf", b"%PDF-1.7\r\n\x00\xff" * 500)


def read(text: bytes) -> EmailMessage:
    assert text.isascii()
    lines = text.split(b"\r\n")
    assert max(len(line) for line in lines) <= 998
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    message = message_from_bytes(text, policy=default)
    assert isinstance(message, EmailMessage)
    assert [part.defects for part in message.walk() if part.defects] == []
    return message


def text_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    assert part.get_content_charset() == "utf-8"
    return part.get_content().replace("\r\n", "\n")


def name_in(text: bytes) -> str:
    """The recipient's name by RFC 2047; the newer parser puts blanks between the words of a long one."""
    name, address = parseaddr(message_from_bytes(text)["to"].replace("\r\n", ""))
    assert address == "olena@klochkivska.example"
    return str(make_header(decode_header(name)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_program_reads_back_every_language(language: str) -> None:
    name, subject, text = WORDS[language]
    letter = letter_in(language, attachments=(PRICES,))
    message = read(message_of(letter, DATE))
    assert message["from"].addresses[0].display_name == "Анна Оператор"
    assert message["from"].addresses[0].addr_spec == "anna@leaddesk.example"
    assert message["to"].addresses[0].display_name == name
    assert message["to"].addresses[0].addr_spec == "olena@klochkivska.example"
    assert message["reply-to"] == "anna+a1b2c3@leaddesk.example"
    assert message["subject"] == subject
    assert message["date"].datetime == DATE
    assert message["message-id"] == letter.message_id
    assert message["content-language"] == language
    assert message["list-unsubscribe"] == "<https://leaddesk.example/leave?t=a1b2c3>"
    assert message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert message["x-unsent"] is None
    assert text_of(message, "plain") == text
    assert text_of(message, "html") == letter.html
    assert ('dir="rtl"' in text_of(message, "html")) == (language == "fa")
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == PRICES.name
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == PRICES.content


def test_the_same_letter_is_the_same_bytes() -> None:
    letter = letter_in("ru", attachments=(PRICES,))
    assert message_of(letter, DATE) == message_of(letter, DATE)


def test_a_letter_without_extras_is_plain() -> None:
    letter = letter_in("en", html="", unsubscribe="", reply_to="", language="", to_name="")
    message = read(message_of(letter, DATE))
    assert message.get_content_type() == "text/plain"
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    }  # fmt: skip


def test_a_mailto_to_unsubscribe_is_no_one_click() -> None:
    message = read(message_of(letter_in("en", unsubscribe="mailto:anna+out@x.example?subject=stop"), DATE))
    assert message["list-unsubscribe"] == "<mailto:anna+out@x.example?subject=stop>"
    assert message["list-unsubscribe-post"] is None


def test_a_long_link_is_not_broken() -> None:
    link = "https://leaddesk.example/leave?t=" + "a1" * 400
    text = message_of(letter_in("en", unsubscribe=link), DATE)
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in text
    with pytest.raises(Refused):
        message_of(letter_in("en", unsubscribe=link + "a" * 200), DATE)


@pytest.mark.parametrize("values", INJECTIONS, ids=repr)
def test_no_header_is_smuggled_in(values: dict[str, Any]) -> None:
    for unsent in (False, True):
        with pytest.raises(Refused):
            message_of(letter_in("en", **values), DATE, unsent=unsent)


@pytest.mark.parametrize(
    "attachment", [Attachment("a\r\nBcc: x.pdf", "a/b", b""), Attachment("a", "a/b\r\nBcc: x", b"")]
)
def test_attachments_smuggle_nothing_in(attachment: Attachment) -> None:
    with pytest.raises(Refused):
        message_of(letter_in("en", attachments=(attachment,)), DATE)


@pytest.mark.parametrize(
    "values",
    [
        {"to_address": ""},
        {"to_address": "nobody"},
        {"to_address": "Olena <olena@x.example>"},
        {"to_address": "a@x.example, b@x.example"},
        {"to_address": "a@x.example> SIZE=1"},
        {"sender_address": ""},
        {"message_id": ""},
        {"message_id": "7@x.example"},
        {"message_id": "<7@x.example> <8@x.example>"},
        {"unsubscribe": "javascript:alert(1)"},
        {"unsubscribe": "https://x.example/> <mailto:a@x.example"},
        {"language": "en, ru"},
    ],
    ids=repr,
)
def test_what_is_no_address_or_link_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        message_of(letter_in("en", **values), DATE)
    assert caught.value.field


@given(st.text(), st.text(), st.text(), st.text(), st.text())
def test_any_words_come_back_or_are_refused(subject: str, name: str, text: str, html: str, file: str) -> None:
    letter = letter_in("en", subject=subject, to_name=name, text=text, html=html)
    letter = replace(letter, attachments=(Attachment(file, "text/csv", text.encode()),))
    try:
        made = message_of(letter, DATE)
    except Refused:
        return
    message = read(made)
    assert message["subject"] == subject
    assert message["to"].addresses[0].addr_spec == letter.to_address
    assert [part.get_content_maintype() for part in message.iter_parts()][1:] == ["text"]
    assert {key.lower() for key in message.keys()} == {  # noqa: SIM118 - a message is no dict
        "from", "to", "reply-to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post",
        "content-language", "content-type", "mime-version",
    }  # fmt: skip


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))))
def test_names_come_back(name: str) -> None:
    text = message_of(letter_in("en", to_name=name), DATE)
    assert name_in(text) == name.strip()
    assert len(read(text)["to"].addresses) == 1


def test_long_headers_are_folded_and_come_back() -> None:
    subject = "Your price list for the spring, as agreed on the telephone " * 5
    name = "Limited Liability Company " * 8
    text = message_of(letter_in("en", subject=subject.strip(), to_name=name), DATE)
    head = text.partition(b"\r\n\r\n")[0]
    assert max(len(line) for line in head.split(b"\r\n")) <= 78
    assert b"\r\nSubject: Your price list for the spring" in head
    assert read(text)["subject"] == subject.strip()
    assert name_in(text) == name.strip()


def test_domains_in_any_script_travel_in_ascii() -> None:
    message = read(message_of(letter_in("ru", to_address="olena@пример.рф"), DATE))
    assert message["to"].addresses[0].addr_spec == "olena@xn--e1afmkfd.xn--p1ai"


def test_names_before_the_at_want_a_server_that_can() -> None:
    letter = letter_in("ru", to_address="олена@пример.рф")
    assert "олена@пример.рф" in only_international(letter)
    assert only_international(letter_in("ru")) == ""
    with pytest.raises(Refused, match="Latin"):
        message_of(letter, DATE)
    assert "<олена@xn--e1afmkfd.xn--p1ai>".encode() in message_of(letter, DATE, international=True)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("price.pdf", "price.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Windows\\win.ini", "C__Windows_win.ini"),
        (".bashrc", "bashrc"),
        ("con.pdf", "_con.pdf"),
        ("price\u202efdp.exe", "price_fdp.exe"),
        ("قیمت‌ها.pdf", "قیمت‌ها.pdf"),
        ("", "attachment"),
        ("a" * 300 + ".pdf", "a" * 120 + ".pdf"),
    ],
)
def test_names_of_files_are_safe_to_save(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_messages_in_messages_travel_as_files() -> None:
    odd = (Attachment("a.eml", "message/rfc822", b"Subject: x\r\n\r\ny"), Attachment("b", "no type", b"b"))
    parts = list(read(message_of(letter_in("en", attachments=odd), DATE)).iter_attachments())
    assert [part.get_content_type() for part in parts] == ["application/octet-stream"] * 2
    assert [part.get_content() for part in parts] == [file.content for file in odd]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_opens_the_same_letter(language: str) -> None:
    letter = letter_in(language, to_address="o+a&b%?@klochkivska.example")
    link = mailto_of(letter)
    assert link.isascii()
    assert fits_mailto(letter)
    parts = urlsplit(link)
    assert unquote(parts.path) == letter.to_address
    said = parse_qs(parts.query, strict_parsing=True)
    assert said["subject"] == [letter.subject]
    assert said["body"][0].replace("\r\n", "\n") == letter.text.rstrip("\n")
    assert set(said) == {"subject", "body"}


def test_a_long_letter_is_cut_between_words_and_says_so() -> None:
    letter = letter_in("ru", text="Здравствуйте, Олена! " * 50)
    assert not fits_mailto(letter)
    link = mailto_of(letter)
    assert len(link) <= 2000
    body = parse_qs(urlsplit(link).query)["body"][0]
    kept, _, sign = body.rpartition("\r\n")
    assert sign == "[…]"
    assert letter.text.startswith(kept)
    assert kept[-1] in "!,"


def test_a_link_carries_no_files_and_no_headers() -> None:
    assert not fits_mailto(letter_in("en", attachments=(PRICES,)))
    with pytest.raises(Refused):
        mailto_of(letter_in("en", subject="Hi\r\nBcc: all@x.example"))
    with pytest.raises(Refused):
        mailto_of(letter_in("en", to_address="a@x.example\r\n"))
