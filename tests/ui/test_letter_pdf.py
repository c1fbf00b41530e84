"""A letter as a PDF: whole, on as many pages as it needs, its fonts within, the right way round."""

import re
import zlib
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from leaddesk.ui.letter_pdf import as_document, in_order, reading_option, write_pdf
from leaddesk.workflow.letter_entities import Letter

PERSIAN = "سارا گرامی،\n\nمتأسفیم که این بار همکاری نخواهیم داشت.\n+36 1 555 0134\n"
HUNGARIAN = "Tisztelt Kovács Gábor!\n\nSajnáljuk.\n\n1. Mi döntött?\n2. Milyen ár mellett?\n"


def pages(path: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", path.read_bytes()))


def drawn(path: Path) -> int:
    """How many pieces of text stand on the pages."""
    found = 0
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", path.read_bytes(), re.DOTALL):
        try:
            found += len(re.findall(rb"T[jJ]\b", zlib.decompress(stream)))
        except zlib.error:
            continue
    return found


@pytest.mark.parametrize(("language", "body"), [("hu", HUNGARIAN), ("fa", PERSIAN)])
def test_a_letter_becomes_one_page_with_its_fonts_within(
    qapp: QApplication, tmp_path: Path, language: str, body: str
) -> None:
    path = tmp_path / "Письмо с пробелом.pdf"
    write_pdf(path, Letter(lead_id=1, subject="Köszönjük, Kovács Gábor", body=body, language=language))
    text = path.read_bytes()
    assert text.startswith(b"%PDF-")
    assert text.rstrip().endswith(b"%%EOF")
    assert pages(path) == 1
    assert b"/FontFile" in text
    assert drawn(path) > 3
    assert "Köszönjük, Kovács Gábor".encode("utf-16-be") in text or b"/Title" in text


def test_a_long_letter_goes_on_on_the_next_page(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    write_pdf(path, Letter(lead_id=1, subject="Long", body="One line more.\n" * 120, language="en"))
    assert pages(path) == 3


def test_where_nothing_can_be_written_it_says_so_and_leaves_nothing(qapp: QApplication, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"."):
        write_pdf(tmp_path / "no folder" / "letter.pdf", Letter(lead_id=1, subject="S", body="B"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("language", "rtl"), [("fa", True), ("hu", False), ("en", False)])
def test_lines_begin_where_the_language_begins_them(language: str, rtl: bool) -> None:
    option = reading_option(language)
    assert (option.textDirection() is Qt.LayoutDirection.RightToLeft) == rtl
    assert bool(option.alignment() & Qt.AlignmentFlag.AlignRight) == rtl


def test_subject_and_text_stand_line_by_line(qapp: QApplication) -> None:
    document = as_document(Letter(lead_id=1, subject="Subject", body="One\n\nTwo\n", language="en"))
    assert document.toPlainText() == "Subject\nOne\n\nTwo"


def test_numbers_and_addresses_keep_their_order_among_persian_words() -> None:
    said = in_order("تلفن +36 1 555 0134 یا anna@firm.example", "fa")
    assert "\u2066+36 1 555 0134\u2069" in said
    assert "\u2066anna@firm.example\u2069" in said
    assert in_order("Tel. +36 1 555 0134", "hu") == "Tel. +36 1 555 0134"
