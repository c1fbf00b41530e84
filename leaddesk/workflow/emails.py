"""E-mail addresses: read leniently, matched carefully, checked against throw-away domains."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LONGEST_ADDRESS = 254
"""Characters, RFC 5321 4.5.3.1.3 less the angle brackets."""
LONGEST_LOCAL_PART = 64

_DOTS_DO_NOT_COUNT = frozenset({"gmail.com", "googlemail.com"})
_TAGS_DO_NOT_COUNT = _DOTS_DO_NOT_COUNT | {
    "fastmail.com", "hotmail.com", "icloud.com", "live.com", "mac.com", "me.com", "outlook.com", "pm.me",
    "proton.me", "protonmail.com",
}  # fmt: skip
"""Providers that say in their help that name+anything is the mailbox of name. Elsewhere a plus may be part of a name."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ADDRESS_IN_TEXT = re.compile(r"[^\s,;|<>()\[\]\"]+@[^\s,;|<>()\[\]\"]+")
_PLAIN = re.compile(r"\w[\w.%+-]*@\w[\w.-]*\w", re.ASCII)
"""One address with nothing around it, as most are written."""
_PLAIN_PARTS = re.compile(
    r"(?!.*(?:\.\.|--))([\w%+-][\w.%+-]{0,63})@((?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]{2,61})"
)
"""The parts of an address at a host in ASCII about which there can be no doubt."""
_QUOTED_LOCAL = re.compile(r'"(?:[^"\\\r\n]|\\.)+"')
_LOCAL = re.compile(r"[^\s\"(),:;<>@\[\]\\\x00-\x1f\x7f]+")
_DOTS = re.compile("[\u3002\uff0e\uff61]")
"""Full stops of Chinese and Japanese keyboards, which mean a dot in a host name (UTS 46)."""
LONGEST_LABEL = 63
LONGEST_HOST = 253
"""Characters of a host name in ASCII, RFC 1035 2.3.4."""


@dataclass(frozen=True)
class Email:
    """`address` is for writing to, `key` for matching, both empty when there is no address in the text at all."""

    raw: str
    address: str
    key: str
    valid: bool
    domain: str
    throwaway: bool


@lru_cache(maxsize=65536)
def parse_email(text: str) -> Email:
    """Read one address out of a cell ("Olena <olena@x.ua>", "mailto:…"). Never raises.

    Not over-strict: only what no mail server could deliver is called invalid. The domain is lower-cased, the local
    part is kept as written, because a server may tell Anna from anna.
    """
    plain = _PLAIN_PARTS.fullmatch(text) if len(text) <= LONGEST_ADDRESS else None
    if plain and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        local, host = plain.groups()
        domain = host.lower()
        return Email(text, f"{local}@{domain}", _key(local, domain), True, domain, is_throwaway(domain))
    return read_leniently(text)


def read_leniently(text: str) -> Email:
    """Read an address of whatever kind; what `parse_email` says of a plain one is the same, and said sooner."""
    bare = _bare(text)
    local, at, host = bare.rpartition("@")
    domain = _DOTS.sub(".", host).lower().rstrip(".")
    if not at or not local or not domain:
        return Email(text, bare if at else "", "", False, "", False)
    ascii_domain = _ascii_domain(domain)
    address = f"{local}@{domain}"
    valid = ascii_domain is not None and _is_local_part(local) and len(address) <= LONGEST_ADDRESS
    compared = ascii_domain or domain
    return Email(text, address, _key(local, compared), valid, domain, is_throwaway(compared))


def split_emails(text: str) -> tuple[str, ...]:
    """The addresses of one cell in their order, each once; a cell without any comes back whole."""
    if _PLAIN.fullmatch(text):
        return (text,)
    cleaned = _INVISIBLE.sub("", text)
    if _QUOTED_LOCAL.search(cleaned) and cleaned.count("@") == 1:
        return (cleaned.strip(),)
    found = [part.strip("/.'") for match in _ADDRESS_IN_TEXT.findall(cleaned) for part in _split_at_slash(match)] or [
        cleaned.strip()
    ]
    return tuple(dict.fromkeys(part.removeprefix("mailto:") for part in found if part))


@lru_cache(maxsize=16384)
def is_throwaway(domain: str) -> bool:
    """Whether mail to this domain, or to a domain above it, goes to a mailbox made to be left."""
    known, rest = throwaway_domains(), domain.lower()
    while "." in rest:
        if rest in known:
            return True
        rest = rest.partition(".")[2]
    return False


@lru_cache(maxsize=1)
def throwaway_domains() -> frozenset[str]:
    """The list in resources/throwaway_domains.txt, one domain per line, # for comments."""
    from importlib.resources import files

    lines = files("leaddesk").joinpath("resources", "throwaway_domains.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().lower() for line in lines if line.strip() and not line.startswith("#"))


def _split_at_slash(text: str) -> list[str]:
    parts = text.split("/")
    return parts if all("@" in part for part in parts) else [text]


def _bare(text: str) -> str:
    cleaned = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).strip()
    in_brackets = re.search(r"<([^<>]*@[^<>]*)>", cleaned)
    if in_brackets:
        cleaned = in_brackets.group(1).strip()
    if cleaned[:7].lower() == "mailto:":
        cleaned = cleaned[7:].partition("?")[0]
    if not cleaned.startswith('"'):
        cleaned = cleaned.strip("'")
    return cleaned.strip(" \t\r\n,;")


def _is_local_part(local: str) -> bool:
    if len(local) > LONGEST_LOCAL_PART:
        return False
    if local.startswith('"'):
        return _QUOTED_LOCAL.fullmatch(local) is not None
    return _LOCAL.fullmatch(local) is not None and not local.startswith(".") and ".." not in local


@lru_cache(maxsize=16384)
def _ascii_domain(domain: str) -> str | None:
    """The domain as mail servers see it, None when it is no host name on the internet.

    As IDNA 2008 has it, and browsers since 2023: straße.de is another domain than strasse.de. Python's own codec is of
    2003, makes them one, and knows no letter younger than Unicode 3.2.
    """
    labels = [_ascii_label(label) for label in domain.split(".")]
    if len(labels) < 2 or not all(labels) or len(labels[-1]) < 2 or labels[-1].isdecimal():
        return None
    encoded = ".".join(labels)
    return encoded if len(encoded) <= LONGEST_HOST else None


@lru_cache(maxsize=16384)
def _ascii_label(label: str) -> str:
    """One part of a host name in ASCII; "" where it cannot be one. Underscores occur, though not at its ends."""
    if label.startswith("xn--"):
        try:
            label = label.removeprefix("xn--").encode("ascii").decode("punycode")
        except UnicodeError:
            return ""
        if label.isascii():
            return ""
    letters = unicodedata.normalize("NFKC", label).lower()
    if not all(sign in "-_" or unicodedata.category(sign)[0] in "LMN" for sign in letters):
        return ""
    if not letters or letters[0] in "-_" or letters[-1] in "-_" or unicodedata.category(letters[0])[0] == "M":
        return ""
    encoded = letters if letters.isascii() else "xn--" + letters.encode("punycode").decode("ascii")
    return encoded if len(encoded) <= LONGEST_LABEL else ""


def _key(local: str, domain: str) -> str:
    """Local parts are compared without case: servers that tell cases apart are all but extinct, duplicates are not."""
    if local.startswith('"') and _is_local_part(local[1:-1]):
        local = local[1:-1]
    name = local.casefold() if local.isascii() else unicodedata.normalize("NFC", local.casefold())
    if domain in _TAGS_DO_NOT_COUNT:
        name = name.partition("+")[0] or name
    if domain in _DOTS_DO_NOT_COUNT:
        name = name.replace(".", "") or name
        domain = "gmail.com"
    return f"{name}@{domain}"
