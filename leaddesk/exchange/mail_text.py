"""What somebody wrote, as plain text: charsets, flowed lines (RFC 3676), and letters that are HTML only."""

from __future__ import annotations

import re
from html import unescape

from leaddesk.exchange.mail_parts import TEXT_BYTES, Part, clean, written

_BLOCKS = {
    *"address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6".split(),
    *"header hr html li main nav ol p pre section table tbody tfoot thead title tr ul".split(),
}
_DROPPED = {"script", "style", "title", "template", "xml"}
_END = {name: re.compile(rf"</{name}", re.IGNORECASE) for name in _DROPPED}
_TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})")
_NUMBER = re.compile(r"\b(?:start|value)\s{0,3}=\s{0,3}[\"']?(\d{1,3})\b", re.IGNORECASE)
_DEEPEST = 20


def text_of(part: Part) -> str:
    """The words of a letter: its plain text, or its HTML without the paint. Attachments are left out."""
    if part.mime.startswith("multipart/"):
        return _text_of_several(part)
    if part.attached or part.mime not in {"text/plain", "text/html"}:
        return ""
    text = written(part)
    if part.mime == "text/html":
        return html_text(text)
    if part.parameters.get("format", "").casefold() == "flowed":
        return _unflowed(text, delete_space=part.parameters.get("delsp", "").casefold() == "yes")
    return text


def _text_of_several(part: Part) -> str:
    if part.mime == "multipart/alternative":
        versions = [(child.mime != "text/plain", text_of(child)) for child in part.parts]
        return next((text for _, text in sorted(versions, key=lambda version: version[0]) if text.strip()), "")
    parts = part.parts[:1] if part.mime in {"multipart/report", "multipart/related"} else part.parts
    return "\n".join(filter(None, (text_of(child) for child in parts)))[:TEXT_BYTES]


def _unflowed(text: str, *, delete_space: bool) -> str:
    """Join the lines a mail program broke, each with those of its own depth of quoting; "-- " is never joined."""
    lines: list[str] = []
    joining, depth_before = False, 0
    for raw in text.split("\n"):
        depth = len(raw) - len(raw.lstrip(">"))
        line = raw[depth:].removeprefix(" ")
        flows = line.endswith(" ") and line != "-- "
        bare = line[:-1] if flows and delete_space else line
        if joining and depth == depth_before and line != "-- ":
            lines[-1] += bare
        else:
            lines.append(f"{'>' * depth}{' ' if depth else ''}{bare}")
        joining, depth_before = flows, depth
    return "\n".join(lines)


def html_text(html: str) -> str:
    """HTML as lines of text; a blockquote's lines begin with ">", as a reader's own mail program would show them.

    No tree is built and nothing is read twice: what is not closed ends the text.
    """
    page = _Page()
    at, length = 0, len(html)
    while at < length:
        opening = html.find("<", at)
        if opening < 0:
            page.words(html[at:])
            break
        page.words(html[at:opening])
        if html.startswith("<!--", opening):
            end = html.find("-->", opening)
            at = length if end < 0 else end + 3
            continue
        tag = _TAG.match(html, opening + 1)
        if not tag and html[opening + 1 : opening + 2] not in {"!", "?", "/"}:
            page.words("<")
            at = opening + 1
            continue
        end = html.find(">", opening)
        if end < 0:
            break
        at = end + 1
        if tag:
            name = tag.group(2).lower()
            if name in _DROPPED and not tag.group(1):
                close = _END[name].search(html, at)
                at = close.start() if close else length
            else:
                page.tag(name, closing=bool(tag.group(1)), attributes=html[tag.end() : min(end, tag.end() + 500)])
    page.line()
    return "\n".join(page.lines)


class _Page:
    """Lines as they come out of a page read from top to bottom."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._now: list[str] = []
        self._quotes = 0
        self._as_typed = 0
        self._lists: list[int | None] = []

    def words(self, text: str) -> None:
        if not text:
            return
        try:
            text = unescape(text)
        except ValueError:  # a number of thousands of digits
            text = text.replace("&", "")
        text = clean(text).replace("\xa0", " ")
        if not self._as_typed:
            self._now.append(re.sub(r"\s+", " ", text))
            return
        first, *others = text.split("\n")
        self._now.append(first)
        for other in others:
            self.line(always=True)
            self._now.append(other)

    def line(self, *, always: bool = False) -> None:
        text = "".join(self._now)
        text = text.rstrip() if self._as_typed else " ".join(text.split())
        self._now = []
        if text or always:
            self.lines.append(f"{'>' * self._quotes} {text}".rstrip() if self._quotes else text)

    def tag(self, name: str, *, closing: bool, attributes: str) -> None:
        if name == "br":
            self.line(always=True)
            return
        if name in {"td", "th"}:
            self._now.append(" ")
        if name not in _BLOCKS:
            return
        # A paragraph of nothing but a blank is how Outlook writes an empty line.
        self.line(always=closing and name == "p" and any(self._now))
        if name == "blockquote":
            self._quotes = min(max(self._quotes + (-1 if closing else 1), 0), _DEEPEST)
        elif name == "pre":
            self._as_typed = min(max(self._as_typed + (-1 if closing else 1), 0), _DEEPEST)
        elif name in {"ol", "ul"}:
            self._list(name, closing=closing, attributes=attributes)
        elif name == "li" and not closing:
            self._item(attributes)

    def _list(self, name: str, *, closing: bool, attributes: str) -> None:
        if closing:
            del self._lists[-1:]
        elif len(self._lists) < _DEEPEST:
            given = _NUMBER.search(attributes)
            self._lists.append((int(given.group(1)) if given else 1) if name == "ol" else None)

    def _item(self, attributes: str) -> None:
        number = self._lists[-1] if self._lists else None
        if number is None:
            self._now.append("- ")
            return
        given = _NUMBER.search(attributes)
        number = int(given.group(1)) if given else number
        self._now.append(f"{number}. ")
        self._lists[-1] = number + 1
