"""The HTML that goes beside a letter's plain text: the same words, paragraphs and questions, nothing fetched."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby
from unicodedata import bidirectional

RIGHT_TO_LEFT = ("ar", "fa", "he", "ps", "ur")

_QUESTION = re.compile(r"[ \t]*([0-9۰-۹٠-٩]{1,2})[.)][ \t]+(\S.*)")
_LEFT_TO_RIGHT = re.compile(
    r"\+?[0-9](?:[ ()-]{0,2}[0-9]){5,}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", re.ASCII
)
"""Telephone numbers and addresses: among Persian words their parts would change places."""
_STYLE = "max-width:40em;line-height:1.5;font-family:'Segoe UI',Tahoma,Helvetica,Arial,sans-serif;font-size:15px"


def direction(language: str) -> str:
    """Which way a language is written: "rtl" from right to left, else "ltr"."""
    return "rtl" if re.split("[-_]", language, maxsplit=1)[0].casefold() in RIGHT_TO_LEFT else "ltr"


def first_direction(text: str) -> str:
    """Which way words run by their first letter: "rtl", "ltr", or "" where there is none (Unicode's rules P2 and P3)."""
    ways = {"L": "ltr", "R": "rtl", "AL": "rtl"}
    return next((ways[kind] for kind in map(bidirectional, text) if kind in ways), "")


def as_html(body: str, language: str) -> str:
    """A whole HTML page of a letter's plain text.

    Blank lines part paragraphs; lines numbered 1, 2, 3… become a numbered list. Direction and language stand on
    the innermost element too, since mail programs throw the outer ones away.
    """
    side = direction(language)
    groups = groupby((line.strip() for line in body.splitlines()), key=bool)
    parts = [part for filled, lines in groups if filled for part in _paragraph(list(lines), side)]
    about = f'lang="{escape(language)}" dir="{side}"'
    return (
        f'<!DOCTYPE html>\n<html {about}>\n<head><meta charset="utf-8"></head>\n<body>\n'
        f'<div {about} style="{_STYLE}">\n' + "\n".join(parts) + "\n</div>\n</body>\n</html>\n"
    )


def _paragraph(lines: list[str], side: str) -> list[str]:
    """Lines without a blank one among them, with the questions there are as a list."""
    parts: list[str] = []
    words: list[str] = []
    asked: list[str] = []
    for line in lines:
        question = _QUESTION.fullmatch(line)
        if question and int(question[1]) == len(asked) + 1:
            parts += _flowing(words)
            words = []
            asked.append(f"<li>{_inline(question[2], side)}</li>")
        else:
            parts += _listed(asked, side)
            asked = []
            words.append(_inline(line, side))
    return [*parts, *_flowing(words), *_listed(asked, side)]


def _flowing(words: list[str]) -> list[str]:
    return [f"<p>{'<br>'.join(words)}</p>"] if words else []


def _listed(asked: list[str], side: str) -> list[str]:
    digits = ' style="list-style-type:persian"' if side == "rtl" else ""
    return [f"<ol{digits}>{''.join(asked)}</ol>"] if asked else []


def _inline(line: str, side: str) -> str:
    if side == "ltr":
        return escape(line)
    parts: list[str] = []
    at = 0
    for found in _LEFT_TO_RIGHT.finditer(line):
        parts += (escape(line[at : found.start()]), f'<span dir="ltr">{escape(found[0])}</span>')
        at = found.end()
    return "".join((*parts, escape(line[at:])))
