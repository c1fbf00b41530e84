"""Letters on the wire: charsets, parts, HTML, damage, and what is made to do harm."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaddesk.exchange.mail_reading import read_strictly
from leaddesk.workflow.mail import Incoming
from tests.exchange.mail_letters import HTML, OURS, PLAIN, QUOTE, THREE, found, letter, several


@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("utf-8", "Дорого, қымбат, گران است"),
        ("koi8-r", "Слишком дорого для нас"),
        ("windows-1251", "Слишком дорого для нас"),
        ("iso-8859-2", "Túl drága volt, őszintén"),
        ("windows-1254", "Çox bahalı idi"),
        ("windows-1256", "قيمت بالا بود"),
        ("iso-8859-15", "Hind oli liiga kõrge, šokeeriv"),
    ],
)
def test_charsets(charset: str, text: str, encoding: str) -> None:
    assert found(letter(text, charset=charset, encoding=encoding)).text == text


@pytest.mark.parametrize("claimed", ["x-unknown", "us-ascii", "hex", "undefined", '"', "utf-8; charset=koi8-r"])
def test_a_charset_nobody_knows_is_guessed(claimed: str) -> None:
    assert found(letter("Слишком дорого", f"Content-Type: text/plain; charset={claimed}")).text == "Слишком дорого"


def test_bytes_that_are_no_utf_8_are_read_as_they_can_be() -> None:
    text = "Слишком дорого для нас, вернёмся к разговору весной, когда будет новый бюджет"
    message = letter(text, "Content-Type: text/plain", charset="windows-1251", encoding="8bit")
    assert found(message).text == text


def test_base64_without_its_end_is_mended() -> None:
    whole = letter("The price, and the date", encoding="base64")
    assert found(whole.rstrip(b"=\r\n")).text == "The price, and the date"
    assert found(whole.rstrip(b"=\r\n")[:-3]).text.startswith("The price, and the d")


def test_flowed_lines_are_joined_and_quotes_stay_apart() -> None:
    incoming = found(
        letter(
            "The price was \ntoo high for us.\n> 1. What decided \n> it?\n From here.\n-- \nOlena",
            "Content-Type: text/plain; charset=utf-8; format=flowed",
        )
    )
    assert incoming.text == "The price was too high for us.\n\nFrom here."
    joined = letter("Langer Do \nnau", "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes")
    assert found(joined).text == "Langer Donau"


def test_of_two_versions_the_plain_one_is_read_unless_it_is_empty() -> None:
    assert found(several("alternative", f"{HTML}<p>painted</p>", f"{PLAIN}plain")).text == "plain"
    assert found(several("alternative", f"{PLAIN}\n ", f"{HTML}<p>painted</p>")).text == "painted"


def test_attachments_and_forwarded_letters_are_no_words_of_theirs() -> None:
    file = 'Content-Type: text/plain\nContent-Disposition: attachment; filename="a.txt"\n\nSecret plans'
    other = "Content-Type: message/rfc822\n\nSubject: other\n\nSTOP"
    assert found(several("mixed", f"{PLAIN}See the file.", file, other)).text == "See the file."


def test_parts_within_parts_as_apple_mail_sends_them() -> None:
    inner = f"Content-Type: multipart/alternative; boundary=in\n\n--in\n{PLAIN}The price.\n--in\n{HTML}<b>The price.</b>\n--in--"
    assert found(several("mixed", inner, f"{PLAIN}Sent from my iPad")).text == "The price."


def test_a_letter_cut_short_is_read_as_far_as_it_came() -> None:
    whole = several("mixed", f"{PLAIN}The price.", "Content-Type: application/pdf\n\nJVBERi0")
    assert found(whole[: whole.index(b"JVBERi0")]).text == "The price."
    assert found(whole[: whole.index(b" price")]).text == "The"


def test_html_only() -> None:
    html = """<html><head><title>x</title><style>p {color: red}</style></head><body>
<!-- hidden --><p>The   price&nbsp;was<br>too high &amp; late</p><p>&nbsp;</p>
<ul><li>one</li><li>two</li></ul><script>alert("<p>no</p>")</script>
<div class="gmail_quote"><div class="gmail_attr">On Mon, 2 Mar 2026 at 10:00, Anna &lt;<a href="mailto:a@b.example">a@b.example</a>&gt; wrote:<br></div>
<blockquote>Dear Olena<br>1. What decided it?</blockquote></div></body></html>"""
    assert found(letter(html, html=True)).text == "The price was\ntoo high & late\n\n- one\n- two"


def test_html_from_outlook() -> None:
    html = (
        "<p class=MsoNormal>The price.<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
        "<div style='border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>From:</b> Anna &lt;a@b.example&gt;<br>"
        "<b>Sent:</b> Monday<br><b>To:</b> Olena<br><b>Subject:</b> Thanks<o:p></o:p></p></div><p>1. What decided it?</p>"
    )
    assert found(letter(html, html=True)).text == "The price."


def test_numbered_lists_of_html_and_answers_between_its_quotes() -> None:
    assert found(letter("<ol><li>price</li><li>10% less</li><li>spring</li></ol>", html=True)).answers == THREE
    between = (
        "<blockquote><ol><li>What decided it?</li></ol></blockquote><div>price</div>"
        "<blockquote><ol start=2><li>At what price?</li></ol></blockquote><div>10% less</div>"
        "<blockquote><ol><li value='3'>When?</li></ol></blockquote><div>spring</div>"
    )
    assert found(letter(between, html=True)).answers == THREE


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a < b and c", "a < b and c"),
        ("the end <a href='x", "the end"),
        ("shown<!-- never closed", "shown"),
        ("shown<style>never closed", "shown"),
        ("&#" + "9" * 5_000 + ";ok", "ok"),
        ("<pre>1. a\n   b</pre>", "1. a\n   b"),
        ("<![if !mso]>kept<![endif]>", "kept"),
    ],
)
def test_broken_html(html: str, text: str) -> None:
    assert found(letter(html, html=True)).text.endswith(text)


SEEDS = [
    letter(
        f"1. price\n2. 900\n\nOn Mon, 2 Mar 2026 at 10:00, Anna <a@b.example> wrote:\n{QUOTE}",
        encoding="quoted-printable",
    ),
    letter("<ol><li>price<li>900</ol><blockquote>x</blockquote>", html=True, encoding="base64"),
    several("alternative", f"{PLAIN}plain", f"{HTML}<p>painted</p>"),
    several(
        "report",
        f"{PLAIN}failed",
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1",
        f"Content-Type: message/rfc822\n\nMessage-ID: {OURS}\n\nx",
        more="; report-type=delivery-status",
    ),
]


@given(
    seed=st.sampled_from(SEEDS),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=40)), min_size=1, max_size=8),
)
def test_damaged_letters_are_read_without_a_word(seed: bytes, cuts: list[tuple[float, int, bytes]]) -> None:
    message = seed
    for where, length, instead in cuts:
        at = int(where * len(message))
        message = message[:at] + instead + message[at + length :]
    incoming = read_strictly(message)
    assert incoming is None or storable(incoming)


@given(
    header=st.sampled_from(
        ["From", "To", "Subject", "Date", "Content-Type", "References", "Return-Path", "Precedence"]
    ),
    value=st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=60)
    | st.lists(st.sampled_from([*'<>@()",;:=?"\\[] ab\x00', "=?utf-8?q?", "?=", "%", "*0*="]), max_size=30).map(
        "".join
    ),
    body=st.lists(
        st.sampled_from(["> ", "1. ", "2) ", "\n", "--", "On 2026 a@b.c wrote:", "From: ", "x", " ", "۳", "-- \n"]),
        max_size=30,
    ),
)
def test_strange_headers_and_lines_are_read_without_a_word(header: str, value: str, body: list[str]) -> None:
    incoming = read_strictly(letter("".join(body), f"{header}: {value}"))
    assert incoming is None or storable(incoming)


def storable(incoming: Incoming) -> bool:
    """No NUL and no half of a character: what PostgreSQL keeps."""
    texts = [value for value in asdict(incoming).values() if isinstance(value, str)]
    texts += [*incoming.answers.values(), *incoming.refers_to]
    return all("\0" not in text and text.encode() is not None for text in texts)


MANY = 100_000
HOSTILE = {
    "open tags": letter("<a " * MANY, html=True),
    "open comments": letter("<!--" * MANY, html=True),
    "open styles": letter("<style>" * MANY, html=True),
    "blockquotes": letter("<blockquote>x" * 20_000, html=True),
    "lists": letter("<ol><li>" * MANY, html=True),
    "references": letter("&amp" * MANY, html=True),
    "parts": letter("--b\n" * MANY, "Content-Type: multipart/mixed; boundary=b"),
    "quotes": letter(">" * MANY + "\n" + "> " * MANY),
    "attributions": letter("On 2026 a@b.example at 10:00\n" * 20_000 + "wrote:"),
    "numbers": letter("1. a 2. b 3. c " * 10_000),
    "dashes": letter("-" * MANY + "\n" + "1 - " * MANY),
    "signs of addresses": letter("a" * MANY + "@" * MANY, "From: mailer-daemon@b.example"),
    "a long header": letter("x", "To: " + "a@b.example, " * 20_000, "Subject: " + "=?utf-8?q?" * 20_000),
    "headers": letter("x", "X: " + "\r\nX: ".join(["y"] * MANY)),
    "semicolons": letter("x", "Content-Type: text/plain" + ';a="' * 20_000),
    "newlines": letter("\n \t" * MANY + "1."),
    "flowed": letter("a \n" * MANY, "Content-Type: text/plain; charset=utf-8; format=flowed"),
}


def nested(depth: int) -> bytes:
    text = f"{PLAIN}deep"
    for level in range(depth):
        text = f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n{text}\n--b{level}--\n"
    return b"From: a@b.example\n" + text.encode()


@pytest.mark.parametrize("message", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_letter_is_read_like_any_other(message: bytes) -> None:
    """Each of these would take a careless parser hours or more memory than there is; here they are read in passing."""
    incoming = found(message)
    assert len(incoming.text) <= 50_000


def test_parts_are_followed_only_so_deep() -> None:
    assert found(nested(5)).text == "deep"
    assert found(nested(300)).text == ""
