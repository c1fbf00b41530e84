"""What they wrote, told from what they quoted, whatever program they wrote it in.

Three habits: quoted lines begin with ">" (then lines between them are theirs, also in the middle of our letter); the
quote follows a line such as "On Monday, Anna wrote:"; or it follows a block of headers as Outlook puts it, and then
all below is ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINES = 4_000
_WROTE = (
    "wrote", "writes", "пишет", "писал", "писала", "написал", "написала", "писал(а)", "написал(а)", "пише", "написав",
    "írta", "kirjutas", "yazdı", "yazıb", "yazıb ki", "yazır", "yazmış", "نوشت", "نوشته است", "نوشته", "schrieb",
    "a écrit", "escribió", "ha scritto", "escreveu", "napisał", "napisał(a)", "napisała",
)  # fmt: skip
_WROTE_IN_THE_MIDDLE = ("írta", "kirjutas", "schrieb", "napisał")
_YEAR = re.compile(  # Iran's years as well, and short ones in a whole date
    r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)1[34]\d\d(?!\d)|(?<!\d)\d{1,2}([./])\d{1,2}\1\d\d(?!\d)"
)
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_TIME = re.compile(r"\d{1,2}[:.]\d\d")
_FROM = frozenset(
    "from|от|от кого|від|від кого|feladó|saatja|kellelt|kimdən|göndərən|kimden|gönderen|von|de|od|da|از|فرستنده".split(
        "|"
    )
)
_BESIDE_FROM = frozenset(
    (
        "sent|date|to|subject|cc|reply-to|отправлено|дата|кому|тема|копия|отправлен|надіслано|копія|elküldve|küldve"
        "|dátum|címzett|tárgy|másolatot kap|másolat|saadetud|kuupäev|adressaat|saaja|kellele|teema|koopia|göndərildi|göndərilib"
        "|göndərilmə tarixi|tarix|kimə|mövzu|gönderildi|tarih|kime|konu|bilgi|gesendet|datum|an|betreff|envoyé|à|objet|enviado"
        "|fecha|para|asunto|data|assunto|inviato|a|oggetto|wysłano|do|temat|ارسال شده|ارسال‌شده|تاریخ|به|گیرنده|موضوع"
    ).split("|")
)
_LABELS = _FROM | _BESIDE_FROM
_ORIGINAL = (
    "original", "исходн", "оригинал", "пересыла", "пересланн", "вихідне", "eredeti", "továbbított", "algne", "algsõnum",
    "edastatud", "orijinal", "ilkin", "yönlendirilen", "اصلی", "ursprüng", "weitergeleitet", "forwarded", "origine",
)  # fmt: skip
_SENT_FROM = (
    "sent from my", "sent from mail", "sent from outlook", "sent from yahoo", "sent via", "sent with proton",
    "get outlook for", "отправлено с ", "отправлено из ", "отправлено от ", "отправлено через", "надіслано з",
    "скачать outlook", "iphone-ról küldve", "az iphone-omról küldve", "elküldve az", "küldve az ", "elküldve a ",
    "saadetud minu", "saadetud iphone", "saadetud outlook", "hangige outlook", "iphone'umdan gönderildi",
    "iphone'umdan göndərildi", "iphone-dan göndəril", "iphone-umdan göndəril", "android'den gönderildi",
    "mənim iphone", "ارسال شده از", "از iphone من ارسال", "von meinem", "gesendet von", "gesendet mit", "outlook für",
    "envoyé de", "enviado desde", "inviato da", "sendt fra",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a letter; `quoted` ones are shown without their ">". `unsure`: it may be ours or theirs."""

    text: str
    quoted: bool = False
    unsure: bool = False


def plain_digits(text: str) -> str:
    """Persian and Arabic digits as 0-9, sign for sign."""
    return text.translate(_DIGITS)


def told_apart(text: str) -> list[Line]:
    """Return the lines of a letter from its top to where only the quote is left."""
    raw = [line.rstrip() for line in text.split("\n")[:_LINES]]
    lines: list[Line] = []
    at = 0
    signed = False
    while at < len(raw):
        line = raw[at]
        bare = line.lstrip()
        if bare.startswith(">"):
            lines.append(Line(bare.lstrip("> \t"), quoted=True))
            signed = False
        elif _is_original(bare) or _is_header_block(raw, at):
            return _or_all_below(lines, raw[at:])
        elif taken := _attribution(raw, at):
            following = next((later for later in raw[at + taken : at + taken + 4] if later.strip()), "")
            if not following.lstrip().startswith(">"):
                return _or_all_below(lines, raw[at:])
            lines += [Line(quoting, quoted=True) for quoting in raw[at : at + taken]]
            at += taken - 1
            signed = False
        elif bare in {"--", "—"} or line == "-- ":
            signed = True
        elif not signed:
            lines.append(Line("" if _is_sent_from(bare) else line))
        at += 1
    return lines


def own_text(lines: list[Line]) -> str:
    """What they wrote, with one empty line at most between paragraphs."""
    kept: list[str] = []
    for line in lines:
        words = "" if line.quoted else line.text
        if words.strip() or (kept and kept[-1]):
            kept.append(words)
    return "\n".join(kept).strip()


def _or_all_below(lines: list[Line], below: list[str]) -> list[Line]:
    """Nothing above our letter: they wrote below or into it, and better too much is shown than their answer lost."""
    while lines and not lines[-1].quoted and not lines[-1].text.strip("_-=* \t"):
        lines.pop()
    if own_text(lines):
        return lines
    unsure = (line for line in below[1:] if not line.lstrip().startswith(">") and _label(line) not in _LABELS)
    return [*lines, *(Line(line, unsure=True) for line in unsure)]


def _is_original(line: str) -> bool:
    if not line.startswith("--") or len(line) > 90:
        return False
    words = line.strip("- ").casefold()
    return line.rstrip().endswith("--") and any(word in words for word in _ORIGINAL)


def _label(line: str) -> str:
    """What stands before the colon of "*Sent:* Monday", small; "" where there is no colon near the beginning."""
    words, colon, _ = line.lstrip(" *_|\t")[:40].partition(":")
    return words.strip(" *_\xa0\t").casefold() if colon else ""


def _is_header_block(raw: list[str], at: int) -> bool:
    """Whether headers begin here: two more of them stand beside the one with the sender, in any order."""
    first = _label(raw[at])
    if first not in _LABELS:
        return raw[at].strip().startswith("_" * 20) and at + 1 < len(raw) and _is_header_block(raw, at + 1)
    labels = [_label(line) for line in raw[at : at + 8]]
    beside = sum(label in _BESIDE_FROM for label in labels)
    return any(label in _FROM for label in labels[:3]) and beside >= 2


def _attribution(raw: list[str], at: int) -> int:
    """How many lines from here introduce a quote; 0 where none does. Mail programs break it into up to four."""
    for taken in range(1, 5):
        line = raw[at + taken - 1].strip() if at + taken <= len(raw) else ""
        if not line or line.startswith(">") or len(line) > 300:
            return 0
        if not line.rstrip("-– ").endswith((":", "：")):
            continue
        joined = [plain_digits(" ".join(raw[first : at + taken])) for first in range(at, at + taken)]
        if not _introduces(joined[0]):
            continue
        if _is_certain(joined[0]):
            own_first = any(_introduces(later) and _is_certain(later) for later in joined[1:])
            return 0 if own_first else taken
        if taken == 1:
            following = next((later for later in raw[at + 1 : at + 4] if later.strip()), "")
            return int(following.lstrip().startswith(">"))
    return 0


def _introduces(words: str) -> bool:
    folded = words.rstrip("-– ").rstrip(":： \xa0").casefold()
    if folded.endswith(_WROTE):
        return True
    if any(f" {verb} " in folded for verb in _WROTE_IN_THE_MIDDLE):
        return True
    return "@" in folded and bool(_TIME.search(folded) or _YEAR.search(folded))


def _is_certain(words: str) -> bool:
    """It names a moment and somebody's address, or says outright who wrote at what time."""
    return bool(_YEAR.search(words)) and bool("@" in words or _TIME.search(words))


def _is_sent_from(line: str) -> bool:
    return len(line) < 120 and line.casefold().startswith(_SENT_FROM)
