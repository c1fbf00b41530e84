"""How a CSV file is punctuated: what parts its cells, and how it quotes.

The standard library's sniffer guesses from letter counts and errs on short files; this one parses the first records
with each likely punctuation and keeps the one under which they fall into even columns without broken quotes.
"""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from leaddesk.exchange.layout import is_known
from leaddesk.exchange.records import Punctuation, read_records

DELIMITERS = (",", ";", "\t", "|")
_RECORDS = 200


def sniff(sample: str, *, whole: bool, delimiter: str | None = None) -> Punctuation:
    """Return the punctuation under which the sample is most even; the plainest one wins a draw.

    `whole` says that the sample is the entire file, else its last record may be cut and is left out.
    """
    best, best_score = Punctuation(delimiter or _none_of(sample)), 0.0
    plain: dict[str, _Fit] = {}
    for candidate in _candidates(sample, delimiter):
        usual = plain.get(candidate.delimiter)
        if usual is not None and (
            (candidate.quote is None and not usual.broken) or (candidate.quote == "'" and not usual.uneven)
        ):
            continue  # double quotes that pair up, in rows of one width, are the quotes
        fit = _fit(sample, candidate, whole=whole)
        plain.setdefault(candidate.delimiter, fit)
        if fit.score > best_score + 0.005:
            best, best_score = candidate, fit.score
    return best


@dataclass(frozen=True, slots=True)
class _Fit:
    """How a candidate fits.

    `score` is 0 for one column, towards 1 for many columns of one width; `broken` is the share of records with broken
    quotes; `uneven` says that records differ in width.
    """

    score: float = 0.0
    broken: float = 0.0
    uneven: bool = False


def _candidates(sample: str, delimiter: str | None) -> list[Punctuation]:
    marks = [delimiter] if delimiter else [mark for mark in DELIMITERS if mark in sample]
    if not delimiter and '" ' in sample and ' "' in sample:
        marks.append(" ")
    out = [Punctuation(mark, skip_space=_spaced(sample, mark)) for mark in marks]
    for mark in marks:
        if f'{mark} "' in sample and mark != " ":
            out.append(Punctuation(mark, skip_space=True))
        if '\\"' in sample:
            out.append(Punctuation(mark, escape="\\"))
        if '\x00"' in sample:
            out.append(Punctuation(mark, escape="\x00"))
        if f"{mark}'" in sample or f"'{mark}" in sample:
            doubled = '""' in sample and '"' not in sample.replace('""', "")
            out.append(Punctuation(mark, quote="'", escape='"' if doubled else None))
        if '"' in sample:
            out.append(Punctuation(mark, quote=None))
    return out


def _none_of(sample: str) -> str:
    """Return a delimiter for a lone column: one that parts nothing, if its header has none either."""
    header = sample.lstrip().partition("\n")[0]
    if any(mark in header for mark in DELIMITERS):
        return ","
    return next((mark for mark in DELIMITERS if mark not in sample), ",")


def _spaced(sample: str, mark: str) -> bool:
    """Whether the delimiter is two signs, a comma and a space: then the space belongs to no cell."""
    return not mark.isspace() and sample.count(f"{mark} ") > 0.8 * sample.count(mark)


def _fit(sample: str, candidate: Punctuation, *, whole: bool) -> _Fit:
    records = list(islice(read_records(io.StringIO(sample, newline=""), candidate), _RECORDS + 1))
    if not whole or len(records) > _RECORDS:
        records = records[:-1] or records
    if not records:
        return _Fit()
    widths = [len(record.cells) for record in records]
    broken = sum(record.problem is not None for record in records) / len(records)
    uneven = len(set(widths)) > 1
    usual, times = Counter(widths[1:] or widths).most_common(1)[0]
    titled = len(records) > 1 and len(records[1].cells) == usual and all(map(is_known, records[1].cells))
    if widths[0] == 1 < usual and (usual < 3 or len(widths) < 4) and not titled:
        return _Fit(0.0, broken, uneven)  # one column whose text holds such marks, sooner than a table under a title
    even = times / max(1, len(widths) - 1)
    header = 1.0 if widths[0] == usual else 0.6 if widths[0] > 1 else 0.3
    return _Fit(even * header * (1 - 1 / usual) - broken / 4, broken, uneven)
