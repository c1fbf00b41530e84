"""The letters the program comes with: complete, the same in every language, and well set with and without values."""

import json
import re
from collections import Counter
from importlib import resources

import pytest

from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_files import (
    FAREWELL_REASONS,
    LETTER_KEYS,
    LETTER_KINDS,
    LETTER_LANGUAGES,
    ShippedTemplate,
    best,
    language_of,
    letter_title,
    shipped,
    shipped_text,
)
from leaddesk.workflow.letter_html import as_html
from leaddesk.workflow.templating import EXAMPLES, NO_VALUES, check, render

FOLDER = resources.files("leaddesk") / "resources" / "letters"
NUMBERED = re.compile(r"^[0-9۰-۹]+\. .+[?؟]$", re.MULTILINE)
LEAST = {**NO_VALUES, "sender": "Anna Szabó", "signature": "Anna Szabó\nNordwind", "today": "12 March 2027"}
"""What is always known."""


def each(template: ShippedTemplate) -> str:
    return f"{template.key}.{template.language}"


@pytest.mark.parametrize("values", [EXAMPLES, LEAST], ids=["full", "empty"])
@pytest.mark.parametrize("template", shipped(), ids=each)
def test_every_letter_is_well_set(template: ShippedTemplate, values: dict[str, str]) -> None:
    assert check(template.text, template.kind) == []
    letter = render(template.text, values)
    whole = f"{letter.subject}\n\n{letter.body}"
    assert letter.subject
    assert "\n" not in letter.subject
    for never in ("{{", "}}", "{%", "\n\n\n", "  ", " \n", "()", "None", "..", ",,"):
        assert never not in whole
    assert not re.search(r"\s[,.;:!?)،؛؟]", whole)
    assert not re.search(r"[(«“]\s", whole)
    assert not re.search(r"^[,.;:!?)،؛؟]", whole, re.MULTILINE)
    assert values["signature"] in letter.body
    assert len(NUMBERED.findall(letter.body)) <= 3
    last = letter.body.rstrip("\n").rpartition("\n\n")[2]
    assert "STOP" in last
    assert "\n" not in last
    assert len(letter.subject) <= 100
    assert letter.body.count("STOP") == 1


@pytest.mark.parametrize("template", [t for t in shipped() if t.kind == "farewell"], ids=each)
def test_a_farewell_is_whole(template: ShippedTemplate) -> None:
    """Salutation, regret and thanks, three questions, an alternative, an open door, signature, how to be left alone."""
    paragraphs = render(template.text, EXAMPLES).body.rstrip("\n").split("\n\n")
    assert len(paragraphs) == 7
    salutation, regret, questions, alternative, door, signature, _ = paragraphs
    assert EXAMPLES["name"] in salutation
    assert regret.count(".") >= 2
    assert EXAMPLES["interest"] in regret
    assert len(NUMBERED.findall(questions)) == 3
    assert questions.partition("\n")[0].endswith(":") or questions.partition("\n")[0].endswith("):")
    assert alternative.endswith(".")
    assert door.endswith(".")
    assert signature.endswith(EXAMPLES["signature"])


@pytest.mark.parametrize("language", LETTER_LANGUAGES)
def test_every_reason_has_its_own_alternative_and_questions(language: str) -> None:
    letters = [render(shipped_text(f"farewell.{reason}", language), LEAST).body for reason in FAREWELL_REASONS]
    alternatives = [body.split("\n\n")[3] for body in letters]
    asked = [tuple(NUMBERED.findall(body)) for body in letters]
    assert Counter(alternatives).most_common(1)[0][1] == 1
    assert Counter(asked).most_common(1)[0][1] == 1


@pytest.mark.parametrize("key", LETTER_KEYS)
def test_the_same_letter_merges_the_same_in_every_language(key: str) -> None:
    """A value given in one language is not lost in another."""
    values = {field: f"[{field}]" for field in NO_VALUES}
    letters = [render(shipped_text(key, language), values) for language in LETTER_LANGUAGES]
    merged = [{v for v in values.values() if v in letter.subject + letter.body} for letter in letters]
    assert all(m == merged[0] for m in merged)


def test_there_is_a_file_for_every_key_and_language_and_no_other() -> None:
    there = {f.name for f in FOLDER.iterdir() if f.name.endswith(".txt")}
    expected = {f"{key}.{language}.txt" for key in LETTER_KEYS for language in LETTER_LANGUAGES}
    assert there - {"farewell.en.txt", "farewell.ru.txt"} == expected
    assert len(shipped()) == len(expected) == 66
    assert Counter(t.language for t in shipped()) == dict.fromkeys(LETTER_LANGUAGES, len(LETTER_KEYS))


def test_persian_has_its_own_digits_and_reads_from_the_right() -> None:
    body = render(shipped_text("farewell.price", "fa"), LEAST).body
    assert "\n۱. " in body
    assert "\n1. " not in body
    assert 'dir="rtl"' in as_html(body, "fa")


def test_titles_are_there_for_every_key_and_language() -> None:
    titles = json.loads((FOLDER / "titles.json").read_text(encoding="utf-8"))
    assert set(titles) == {*LETTER_KEYS, *LETTER_KINDS}
    for names in titles.values():
        assert tuple(names) == LETTER_LANGUAGES
        assert all(name.strip() == name != "" for name in names.values())
    assert letter_title("farewell.price", "hu") == "Búcsú · túl drága"
    assert letter_title("greeting", "de") == "Holiday greeting"
    assert letter_title("our own") == "our own"


def test_a_template_that_is_not_there_is_refused_and_named() -> None:
    for key in ("", "nonsense", "../farewell", "farewell.price/../offer", "farewell.", "price"):
        with pytest.raises(Refused, match=r"There is no letter template .* There are farewell.price, .*; in en, ru"):
            shipped_text(key, "en")
    with pytest.raises(Refused, match=r"“farewell\.price” in “de”"):
        shipped_text("farewell.price", "de")
    assert shipped_text("farewell", "ru") == shipped_text("farewell.other", "ru")


@pytest.mark.parametrize(
    ("key", "language", "found"),
    [
        ("farewell.price", "hu", ("farewell.price", "hu")),
        ("farewell", "hu", ("farewell.other", "hu")),
        ("farewell.their_own_reason", "hu", ("farewell.other", "hu")),
        ("farewell.price", "de", ("farewell.price", "en")),
        ("offer", "", ("offer", "en")),
    ],
)
def test_the_nearest_template_is_found(key: str, language: str, found: tuple[str, str]) -> None:
    template = best(key, language)
    assert (template.key, template.language) == found


def test_there_is_nothing_near_to_a_kind_unknown() -> None:
    with pytest.raises(Refused, match="“invoice”"):
        best("invoice", "hu")


@pytest.mark.parametrize(
    ("wanted", "own", "country", "language"),
    [
        ("", "ru", "UA", "ru"),
        ("en", "ru", "RU", "en"),
        ("", "Russian", "US", "ru"),
        ("", "", "KZ", "ru"),
        ("xx", "", "", "en"),
        ("", "", "HU", "hu"),
        ("", "", "EE", "et"),
        ("", "", "AZ", "az"),
        ("", "", "IR", "fa"),
        ("", "", "AF", "fa"),
        ("", "de", "BY", "ru"),
        ("", "", "DE", "en"),
        ("", "hu", "", "hu"),
        ("", "Hungarian", "", "hu"),
        ("", "hun", "", "hu"),
        ("", "Magyar", "", "hu"),
        ("", "hu_HU.UTF-8", "", "hu"),
        ("", "hu-HU", "", "hu"),
        ("", "Estonian", "", "et"),
        ("", "eesti keel", "", "et"),
        ("", "Spanish", "EE", "et"),
        ("", "Azərbaycan dili", "", "az"),
        ("", "İngilis", "AZ", "en"),
        ("", "فارسی", "", "fa"),
        ("", "Persian (Farsi)", "", "fa"),
        ("", "русский", "", "ru"),
        ("fa", "hu", "EE", "fa"),
    ],
)
def test_the_language_is_asked_then_the_leads_then_the_countrys(
    wanted: str, own: str, country: str, language: str
) -> None:
    assert language_of(wanted, own, country) == language
