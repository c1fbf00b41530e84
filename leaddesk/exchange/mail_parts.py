"""A letter taken apart (RFC 5322, RFC 2045), bounded whatever is in it.

The parser of the standard library builds as many parts, as deep, as a hostile letter asks for, and its header parser
raises on broken addresses. Here only the parts that can matter are looked at; every step reads its text once.
"""

from __future__ import annotations

import binascii
import codecs
import re
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value, getaddresses
from itertools import islice

TEXT_BYTES = 200_000
"""How much of the text of a part is looked at."""
_HEAD_BYTES = 128_000
_HEADER_LINES = 2_000
_HEADER_CHARS = 8_000
_DEPTH = 8
_PARTS = 60

_END_OF_HEAD = re.compile(rb"\r?\n\r?\n|\r\r")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_ADDRESS = re.compile(r"[^\s<>@\"',;:()\[\]]{1,64}@[^\s<>@\"',;:()\[\]]{1,255}")
# Codecs that are no charset of a letter, or take long over hostile bytes.
_NO_CHARSETS = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem"}
_GUESSED_BYTES = 8_000
_DROPPED = dict.fromkeys([*range(9), 11, *range(14, 32), *range(127, 160), 0x200B, 0x200E, 0x200F, 0xFEFF])
_DROPPED |= dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)])


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a letter, or the letter itself. `headers` by small name, unfolded, not decoded."""

    headers: dict[str, list[str]]
    body: bytes
    mime: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()

    def get(self, name: str) -> str:
        """The first header of that name, "" for none."""
        return next(iter(self.headers.get(name, ())), "")

    @property
    def attached(self) -> bool:
        """Whether it is a file rather than what somebody wrote."""
        words = self.get("content-disposition").casefold()
        return words.startswith("attachment") or "filename" in words


def parse(message: bytes, depth: int = 0) -> Part:
    """Take a letter, or one part of it, apart. Never raises."""
    found = _END_OF_HEAD.search(message, 0, _HEAD_BYTES)
    if message[:1] in {b"\n", b"\r"}:
        head, body = b"", message.removeprefix(b"\r").removeprefix(b"\n")
    else:
        head, body = (message[: found.start()], message[found.end() :]) if found else (message[:_HEAD_BYTES], b"")
    headers = parse_headers(head)
    mime, parameters = _content_type(next(iter(headers.get("content-type", ())), ""))
    parts: tuple[Part, ...] = ()
    boundary = parameters.get("boundary", "")
    if mime.startswith("multipart/") and boundary and depth < _DEPTH:
        parts = tuple(parse(piece, depth + 1) for piece in _pieces(body, boundary.encode("utf-8", "replace")))
    return Part(headers, body, mime, parameters, parts)


def walk(part: Part) -> list[Part]:
    """The part and all below it, in order, at most as many as are ever looked at."""
    found: list[Part] = []
    waiting = [part]
    while waiting and len(found) < _PARTS:
        found.append(waiting.pop())
        waiting += reversed(found[-1].parts)
    return found


def parse_headers(head: bytes) -> dict[str, list[str]]:
    """Unfold a block of headers. What is no header is left out."""
    unfolded: list[tuple[str, list[bytes]]] = []
    for line in head.splitlines()[:_HEADER_LINES]:
        if line[:1] in {b" ", b"\t"} and unfolded:
            unfolded[-1][1].append(line.strip())
            continue
        before, colon, value = line.partition(b":")
        title = before.strip()
        if colon and title and title.isascii() and b" " not in title:
            unfolded.append((title.lower().decode("ascii"), [value.strip()]))
    headers: dict[str, list[str]] = {}
    for name, pieces in unfolded:
        raw = b" ".join(pieces)[:_HEADER_CHARS]
        headers.setdefault(name, []).append(clean(decoded(raw, "utf-8")))
    return headers


def words_of(header: str) -> str:
    """A header as people read it (RFC 2047)."""
    if "=?" not in header:
        return " ".join(header.split())
    try:
        pieces = decode_header(header)
    except (MessageError, ValueError):
        return " ".join(header.split())
    texts = []
    for text, charset in pieces:
        if isinstance(text, str):
            texts.append(text)
        else:
            texts.append(decoded(text, charset) if charset else text.decode("raw-unicode-escape", "replace"))
    return " ".join(clean("".join(texts)).split())


def addresses_of(headers: list[str]) -> list[tuple[str, str]]:
    """Names and addresses of a header such as To; what is no address is left out."""
    found: list[tuple[str, str]] = []
    for header in headers[:20]:
        try:
            pairs = getaddresses([header])
        except (RecursionError, ValueError, IndexError):
            pairs = []
        good = [(words_of(name), address) for name, address in pairs if _ADDRESS.fullmatch(address)]
        found += good or [("", address) for address in addresses_in(header)]
    return found


def addresses_in(text: str, most: int = 20) -> list[str]:
    """Addresses in running text, found from each @ outwards, so that a long line costs no more than its length."""
    found: list[str] = []
    at = text.find("@")
    while at >= 0 and len(found) < most:
        left = at
        while left > 0 and at - left < 64 and _in_address(text[left - 1]):
            left -= 1
        right = at + 1
        while right < len(text) and right - at < 255 and _in_address(text[right]):
            right += 1
        address = text[left:right].rstrip(".")
        if _ADDRESS.fullmatch(address):
            found.append(address)
        at = text.find("@", right)
    return found


def _in_address(sign: str) -> bool:
    return not sign.isspace() and sign not in "<>@\"',;:()[]"


def content(part: Part) -> bytes:
    """The beginning of a part's body with its transfer encoding undone; broken padding is mended."""
    encoding = part.get("content-transfer-encoding").strip().casefold()
    if encoding == "base64":
        signs = _NOT_BASE64.sub(b"", part.body[: TEXT_BYTES * 3 // 2])
        signs = signs[:-1] if len(signs) % 4 == 1 else signs
        return binascii.a2b_base64(signs + b"=" * (-len(signs) % 4))[:TEXT_BYTES]
    if encoding == "quoted-printable":
        return binascii.a2b_qp(part.body[: TEXT_BYTES * 3])[:TEXT_BYTES]
    return part.body[:TEXT_BYTES]


def written(part: Part) -> str:
    """A part's text as it was typed."""
    return clean(decoded(content(part), part.parameters.get("charset", "")))


def decoded(data: bytes, charset: str) -> str:
    """Bytes as text: by the charset they claim, else by the one they seem to be in. Never raises."""
    claimed = _codec(charset)
    if claimed and claimed not in {"utf-8", "ascii"}:
        try:
            return data.decode(claimed, "replace")
        except (LookupError, ValueError):  # it was no charset after all, such as "hex"
            pass
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 > _GUESSED_BYTES:
            return data.decode("utf-8", "ignore")  # the text was cut inside a letter
    from charset_normalizer import from_bytes

    guess = from_bytes(data[:_GUESSED_BYTES]).best()
    return data.decode(guess.encoding if guess else "latin-1", "replace")


def clean(text: str) -> str:
    """Leave out what no database keeps (NUL, controls, halves of characters) and marks of direction."""
    text = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n")
        .replace("\f", "\n")
    )
    return text.translate(_DROPPED)


def _codec(name: str) -> str:
    name = name.strip().strip("\"'").casefold().replace("_", "-")
    for alias in (name, name.removeprefix("x-"), name.replace("win-", "windows-"), name.replace("cp-", "cp")):
        try:
            known = codecs.lookup(alias).name
        except (LookupError, ValueError):
            continue
        if known.replace("_", "-") in _NO_CHARSETS:
            return ""
        return "cp1252" if known == "iso8859-1" else known  # as every mail program reads it
    return ""


def _content_type(value: str) -> tuple[str, dict[str, str]]:
    message = Message()
    message["content-type"] = value[:2_000] if value else "text/plain"
    mime = message.get_content_type()
    parameters = {}
    for name in ("boundary", "charset", "format", "delsp", "report-type"):
        try:
            given = message.get_param(name)
            if given:
                parameters[name] = collapse_rfc2231_value(given).rstrip()
        except (ValueError, LookupError):
            continue
    return mime, parameters


def _pieces(body: bytes, boundary: bytes) -> list[bytes]:
    """What stands between the boundary's lines; the last piece of a letter that was cut short counts too."""
    lines = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?$", re.MULTILINE)
    pieces = []
    start = -1
    for mark in islice(lines.finditer(body), _PARTS):
        if start >= 0:
            pieces.append(body[start : mark.start()].removesuffix(b"\n").removesuffix(b"\r"))
        start = -1 if mark.group(1) else min(mark.end() + 1, len(body))
        if start < 0:
            break
    if start >= 0:
        pieces.append(body[start:])
    return pieces
