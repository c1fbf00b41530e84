"""A letter as a PDF on A4, its fonts embedded, running the way its language does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QSaveFile, Qt
from PySide6.QtGui import (
    QFont,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)

from leaddesk.workflow.letter_html import direction

if TYPE_CHECKING:
    from pathlib import Path

    from leaddesk.workflow.letter_entities import Letter

POINTS = 11
MARGIN_MM = 22
DOTS_PER_INCH = 300
_LEFT_TO_RIGHT = re.compile(
    r"\+?[0-9](?:[ ()-]{0,2}[0-9]){5,}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", re.ASCII
)


def reading_option(language: str) -> QTextOption:
    """How lines of a language run, and the side they begin at, whatever the window does."""
    return running_option(rtl=direction(language) == "rtl")


def running_option(*, rtl: bool) -> QTextOption:
    """Lines from right to left, or from left to right."""
    side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
    option = QTextOption(side | Qt.AlignmentFlag.AlignAbsolute)
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def write_pdf(path: Path, letter: Letter) -> None:
    """Write the letter there, whole or not at all. Raises `OSError` where that cannot be."""
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        raise OSError(0, file.errorString())
    writer = QPdfWriter(file)
    writer.setTitle(letter.subject)
    writer.setCreator("LeadDesk")
    writer.setResolution(DOTS_PER_INCH)
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    page = QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
    )
    writer.setPageLayout(page)
    document = as_document(letter)
    document.documentLayout().setPaintDevice(writer)
    document.setPageSize(page.paintRectPixels(DOTS_PER_INCH).size().toSizeF())
    document.print_(writer)
    del writer
    if not file.commit():
        raise OSError(0, file.errorString())


def in_order(text: str, language: str) -> str:
    """Among words from right to left, telephone numbers and addresses keep the order of their parts."""
    return _LEFT_TO_RIGHT.sub("\u2066\\g<0>\u2069", text) if direction(language) == "rtl" else text


def as_document(letter: Letter) -> QTextDocument:
    """Subject in bold, then the text, line by line."""
    document = QTextDocument()
    font = QFont(document.defaultFont())
    font.setPointSize(POINTS)
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    document.setDefaultTextOption(reading_option(letter.language))
    cursor = QTextCursor(document)
    plain, bold, below = QTextCharFormat(), QTextCharFormat(), QTextBlockFormat()
    bold.setFontWeight(QFont.Weight.Bold)
    below.setBottomMargin(POINTS * 1.5)
    cursor.setBlockFormat(below)
    cursor.insertText(in_order(letter.subject, letter.language), bold)
    for line in letter.body.rstrip().split("\n"):
        cursor.insertBlock(QTextBlockFormat(), plain)
        cursor.insertText(in_order(line, letter.language), plain)
    return document
