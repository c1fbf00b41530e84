"""Which encoding a text file was written in, told from its bytes alone.

Detection goes from certain to likely: a byte order mark; UTF-8 that decodes from first byte to last; the old one-byte
code pages of the countries we work in, told apart by how usual the letters are that come out; then charset-normalizer.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from leaddesk.workflow.errors import Refused

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20
_SAMPLE = 1 << 18

# Letters beyond ASCII of one language, most frequent first, and the code pages its users' programs write.
_ALPHABETS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic"), "оеаинтсрвлкмдпуяыьгзбчйхжюшцщэфёъіїєґ"),
    (("cp1251", "koi8-u", "cp1125", "iso8859-5"), "оанитіевросклудмпзягьбчйхжїюцшщєфґыэёъ"),
    (("cp1250", "iso8859-2", "cp852"), "áéöóőíüúű"),
    (("cp1250", "iso8859-2", "cp852"), "łęąóżśćńź"),
    (("cp1250", "iso8859-2", "cp852"), "íáéěřčžýšůúďťňó"),
    (("cp1250", "iso8859-2", "cp852"), "áíéčýžšúľťňôďäóĺŕ"),
    (("cp1250", "iso8859-2"), "ăşâîţșț"),
    (("cp1257", "cp1252"), "äõüöšž"),
    (("cp1257", "iso8859-13"), "āīēšņļūžģķčėįųąęõ"),
    (("cp1252", "iso8859-15", "cp850", "mac-roman"), "üäöß"),
    (("cp1252", "iso8859-15", "cp850", "mac-roman"), "éèàêçôùîïâûëœ"),
    (("cp1252", "cp850", "mac-roman"), "óíáéñúü"),
    (("cp1252", "cp850"), "ãçáéíóõâêúà"),
    (("cp1252", "cp850"), "àèéìòù"),
    (("cp1252", "cp850"), "äåöøæé"),
    (("cp1254", "cp857"), "ıüşçöğİ"),
    (("cp1253", "iso8859-7", "cp737"), "αοιετσνηυρπκμλςωάόίέήδγχύώθφβξζψϊ"),
    (("cp1255", "iso8859-8", "cp862"), "יוהלאתרבמשנםדעחקפכגטזןצסךףץ"),
    (("cp1256", "iso8859-6"), "اينردمتوهسشبكلگزفخقپعجچحصطغضثذظئآژءةأإى"),
)
_NEIGHBOURS = "éäöüáóß"  # a list in one Latin language holds names in another
_STRANGE = 1e-4
_RARE = {"cp8": 2.0, "cp7": 3.0, "iso": 1.0, "mac": 8.0, "cp866": 0.5, "cp1125": 1.0}
"""How much less usual a code page is than Windows' own, as the logarithm of the odds."""
_JUDGED = 1 << 15  # bytes by which code pages are told apart

# What no language does: letters of two scripts in one word, a sign between two letters, a capital after a small letter.
_MISFITS = re.compile(
    "[A-Za-z](?=[\u0370-\u06ff])|[\u0370-\u06ff](?=[A-Za-z])"
    "|(?<=[^\\W\\d_])[\u0080-\u00bf\u02b0-\u036f\u2010-\u2bff](?=[^\\W\\d_])"
    "|(?<=[a-zß-öø-ÿα-ωа-яё])[À-ÖØ-ÞΑ-ΩА-ЯЁ]"
)


@dataclass(frozen=True)
class Encoding:
    """How to decode a file after `skip` bytes; `note` says what a person should know where bytes did not fit."""

    name: str
    note: str | None = None
    skip: int = 0


def detect(path: Path) -> Encoding:
    """Return the encoding of the whole file, read once in pieces; OSError passes through."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    strange = bytearray()
    utf8 = True
    with path.open("rb") as file:
        chunk = file.read(_CHUNK)
        wide = _wide(chunk[:_SAMPLE])
        if wide:
            return wide
        for mark, name in _MARKS:
            if chunk.startswith(mark):
                return Encoding(name)
        while chunk:
            if not chunk.isascii() and len(strange) < _SAMPLE:
                strange += _around_letters(chunk)[:_SAMPLE]
            following = file.read(_CHUNK)
            if utf8:
                try:
                    decoder.decode(chunk, final=not following)
                except UnicodeDecodeError:
                    utf8 = False
            chunk = following
    return Encoding("utf-8") if utf8 else _not_utf8(bytes(strange))


def given(path: Path, name: str) -> Encoding:
    """Return the encoding a person named, less the byte order mark; raises Refused for a name nobody knows."""
    try:
        known = codecs.lookup(name).name
        "".encode(known)  # a codec such as base64 is known too, but no text is written in it
        with path.open("rb") as file:
            marked = file.read(3) == codecs.BOM_UTF8
        return Encoding("utf-8-sig" if marked and known == "utf-8" else known)
    except LookupError:
        raise Refused(
            f"I know no encoding “{name}”. Try utf-8, windows-1251, windows-1252 or koi8-r.", field="encoding"
        ) from None


def _not_utf8(data: bytes) -> Encoding:
    letters, bad = _utf8_runs(data)
    if letters > 8 * bad:
        return Encoding("utf-8", f"{bad} bytes are damaged; they are kept in the text as \\x codes.")
    name, fit = _best_code_page(data[:_JUDGED])
    if fit >= 0.95:
        return Encoding(name)
    from charset_normalizer import from_bytes

    guess = from_bytes(data).best()
    if guess is not None:
        return Encoding(guess.encoding)
    return Encoding(
        name if fit > 0 else "cp1252",
        "The encoding could not be told. If letters look wrong, save the file as UTF-8 or name the encoding.",
    )


def _wide(data: bytes) -> Encoding | None:
    """UTF-16 and UTF-32 with a wrong mark or none: where ASCII is written wide, zeros stand at fixed places.

    Some programs put UTF-16's mark, two bytes, before UTF-32.
    """
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return None
    skip = 2 if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else 0
    body = data[skip:]
    quarter, half = len(body) // 4, len(body) // 2
    if half < 4:
        return None
    zeros = [body[at::4].count(0) for at in range(4)]
    if quarter >= 4:
        for name, high in (("utf-32-le", zeros[2:]), ("utf-32-be", zeros[:2])):
            if min(high) >= 0.95 * quarter:
                return Encoding(name, skip=skip)
    if skip:
        return None
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    for name, many, few in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if many >= max(3, 0.1 * half) and few < 0.01 * half and "\n" in body.decode(name, errors="ignore"):
            return Encoding(name)
    return None


def _around_letters(chunk: bytes) -> bytes:
    """Keep only the lines with bytes beyond ASCII, so that a late foreign name in an English file is still heard."""
    if len(chunk) <= _SAMPLE:
        return chunk
    return b"".join(line for line in chunk.splitlines(keepends=True) if not line.isascii())


def _utf8_runs(data: bytes) -> tuple[int, int]:
    """Count the letters of several bytes that are whole UTF-8, and the bytes that are not."""
    text = data.decode("utf-8", errors="surrogateescape")
    bad = sum("\ud800" <= letter <= "\udfff" for letter in text)
    return sum(letter >= "\x80" for letter in text) - bad, bad


def _best_code_page(data: bytes) -> tuple[str, float]:
    """Return the likeliest code page and the share of its letters that belong to the language it stands for."""
    best, best_score, best_fit = "cp1252", -math.inf, 0.0
    decoded: dict[str, tuple[Counter[str], int] | None] = {}
    for pages, alphabet in _ALPHABETS:
        chance = _chances(alphabet)
        for page in pages:
            if page not in decoded:
                decoded[page] = _letters(data, page)
            found = decoded[page]
            if found is None:
                continue
            counts, oddities = found
            total = sum(counts.values())
            if not total:
                continue
            score = sum(times * math.log(chance.get(letter, _STRANGE)) for letter, times in counts.items()) / total
            score -= (6 * oddities + _RARE.get(page, _RARE.get(page[:3], 0.0))) / total
            if score > best_score + 1e-9:
                fit = sum(times for letter, times in counts.items() if letter in chance) / total
                best, best_score, best_fit = page, score, fit
    return best, best_fit


def _chances(alphabet: str) -> dict[str, float]:
    """Frequencies that fall with the rank, as letters' do; a capital is a tenth as usual as its small letter."""
    if alphabet[0] < "Ͱ":
        alphabet += "".join(letter for letter in _NEIGHBOURS if letter not in alphabet)
    weights = {letter: 1 / (rank + 2) for rank, letter in enumerate(alphabet)}
    total = sum(weights.values()) * 1.1
    small = {letter: weight / total for letter, weight in weights.items()}
    capitals = {letter.upper(): weight / 10 for letter, weight in small.items() if len(letter.upper()) == 1}
    return {**capitals, **small}


def _letters(data: bytes, page: str) -> tuple[Counter[str], int] | None:
    """Count what the bytes beyond ASCII become on a code page, and capitals that follow a small letter."""
    try:
        text = data.decode(page)
    except UnicodeDecodeError:
        return None
    beyond = [letter for letter in text if letter >= "\x80" and letter not in "№«»“”„–—…’‘·°\xa0€§®©™"]
    if sum(letter.isupper() for letter in beyond) > 0.8 * len(beyond):
        beyond = [letter.lower()[0] for letter in beyond]  # a list typed in capitals is judged by its letters alone
    counts = Counter(beyond)
    return counts, len(_MISFITS.findall(text))
