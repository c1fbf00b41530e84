"""The HTML beside a letter's plain text."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaddesk.workflow.letter_files import shipped
from leaddesk.workflow.letter_html import as_html, direction, first_direction
from leaddesk.workflow.templating import EXAMPLES, render


class Read(HTMLParser):
    """What a mail program would see: the tags, and the words without them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words.append(data)


KNOWN = {"html", "head", "meta", "body", "div", "p", "br", "ol", "li", "span"}


@pytest.mark.parametrize(
    ("language", "side"),
    [("en", "ltr"), ("fa", "rtl"), ("fa-AF", "rtl"), ("FA_ir", "rtl"), ("az", "ltr"), ("", "ltr"), ("far", "ltr")],
)
def test_each_language_has_its_direction(language: str, side: str) -> None:
    assert direction(language) == side
    assert f'dir="{side}"' in as_html("Hello", language)


def test_paragraphs_lines_and_questions() -> None:
    body = "Dear Olena,\n\nTwo questions:\n1. Price?\n2. Date?\n\nKind regards,\nAnna & <Co>\n"
    page = as_html(body, "en")
    assert "<p>Dear Olena,</p>" in page
    assert "<p>Two questions:</p>\n<ol><li>Price?</li><li>Date?</li></ol>" in page
    assert "<p>Kind regards,<br>Anna &amp; &lt;Co&gt;</p>" in page
    assert '<html lang="en" dir="ltr">' in page


def test_only_what_is_counted_from_one_is_a_list() -> None:
    page = as_html("2027. We begin\n1.5 kg\n1. One\nand more\n2. Two\n", "en")
    assert "<p>2027. We begin<br>1.5 kg</p>\n<ol><li>One</li></ol>\n<p>and more<br>2. Two</p>" in page


def test_numbers_among_persian_words_keep_their_order() -> None:
    page = as_html("۱. قیمت؟\n\n+36 1 555 0134\nبه anna.szabo@nordwind.example بنویسید، ۲۰ نفر، 20\n", "fa")
    assert '<ol style="list-style-type:persian"><li>قیمت؟</li></ol>' in page
    assert '<span dir="ltr">+36 1 555 0134</span>' in page
    assert 'به <span dir="ltr">anna.szabo@nordwind.example</span> بنویسید، ۲۰ نفر، 20</p>' in page


def test_a_language_is_no_way_in() -> None:
    assert "<script>" not in as_html("Hello", '"><script>')


@given(st.text(max_size=80), st.sampled_from(["en", "fa"]))
def test_no_words_are_lost_and_none_become_tags(body: str, language: str) -> None:
    read = Read(as_html(body, language))
    assert set(read.tags) <= KNOWN
    assert not {"src", "href", "onclick"} & {name for name, _ in read.attributes}
    assert "".join("".join(read.words).split()) == "".join(body.split())


@pytest.mark.parametrize("template", shipped(), ids=lambda t: f"{t.key}.{t.language}")
def test_shipped_letters_keep_every_word(template: object) -> None:
    shipped_template = next(t for t in shipped() if t is template)
    body = render(shipped_template.text, EXAMPLES).body
    read = Read(as_html(body, shipped_template.language))
    expected = 0 if shipped_template.kind == "greeting" else 2 if shipped_template.kind == "offer" else 3
    assert read.tags.count("li") == expected
    assert read.tags.count("p") >= 5
    assert ("lang", shipped_template.language) in read.attributes


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("1. yes, بله", "ltr"),
        ("۱. بله, yes", "rtl"),
        ("«سلام»", "rtl"),
        ("שלום", "rtl"),
        ("15 %", ""),
        ("۱۵", ""),
        ("", ""),
    ],
)
def test_words_run_the_way_of_their_first_letter(text: str, way: str) -> None:
    assert first_direction(text) == way
