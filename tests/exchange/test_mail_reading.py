"""Letters as real mail programs and servers write them, and what the sales floor gets to see of each."""

import base64
import quopri
from dataclasses import asdict
from datetime import UTC, datetime
from email.header import Header
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import leaddesk
from leaddesk.exchange.mail_quotes import plain_digits
from leaddesk.exchange.mail_reading import read, read_strictly
from leaddesk.workflow.mail import Incoming, IncomingKind

OURS = "<letter-7@leaddesk.example>"
QUOTE = """\
> Dear Olena,
>
> Three short questions would help us do better:
> 1. What decided it: the price, the date, the service, or something else?
> 2. At what price would you have chosen us?
> 3. When would it be worth talking again?
>
> Should you need it sooner: there is a smaller plan.
>
> Anna"""


def letter(body: str, *headers: str, charset: str = "utf-8", html: bool = False, encoding: str = "8bit") -> bytes:
    """A reply to our letter, as bytes on the wire. `headers` replace those of the same name."""
    given = {
        "From": "Olena Klochko <olena@klochkivska.example>",
        "To": "Anna <sales+k7f3x@leaddesk.example>",
        "Subject": "Re: Thank you for your time",
        "Date": "Tue, 3 Mar 2026 11:00:00 +0200",
        "Message-ID": "<reply-1@klochkivska.example>",
        "In-Reply-To": OURS,
        "Content-Type": f"text/{'html' if html else 'plain'}; charset={charset}",
        "Content-Transfer-Encoding": encoding,
    }
    given |= dict(header.split(": ", 1) for header in headers)
    data = body.replace("\n", "\r\n").encode(charset)
    data = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(encoding, bytes)(data)
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value)
    return head.encode() + b"\r\n" + data


def found(message: bytes) -> Incoming:
    incoming = read_strictly(message)
    assert incoming is not None
    assert read(message) == incoming
    return incoming


def said(text: str) -> Incoming:
    return found(letter(text))


# -- what they wrote ---------------------------------------------------------------------------------------------------

REPLIES = {
    "gmail": f"The price.\n\nOn Mon, Mar 2, 2026 at 11:00 AM Anna Operator <sales@leaddesk.example> wrote:\n\n{QUOTE}",
    "gmail, broken in two": f"The price.\n\nOn Mon, 2 Mar 2026 at 10:00, Anna Operator of LeadDesk\n<sales@leaddesk.example>\nwrote:\n\n{QUOTE}",
    "gmail, no empty line above": f"The price.\nOn Mon, 2 Mar 2026 at 10:00, Anna Operator of LeadDesk\n<sales@leaddesk.example> wrote:\n{QUOTE}",
    "gmail ru": f"The price.\n\nпн, 2 мар. 2026 г. в 11:00, Anna Operator <sales@leaddesk.example>:\n\n{QUOTE}",
    "gmail hu": f"The price.\n\nAnna Operator <sales@leaddesk.example> ezt írta (időpont: 2026. márc. 2.,\nH, 11:00):\n\n{QUOTE}",
    "gmail et": f"The price.\n\nAnna Operator <sales@leaddesk.example> kirjutas kuupäeval E, 2. märts\n2026 kell 11:00:\n\n{QUOTE}",
    "gmail az": f"The price.\n\nAnna Operator <sales@leaddesk.example>, 2 mart 2026, B.e., 11:00 tarixində\nyazdı:\n\n{QUOTE}",
    "gmail fa": f"The price.\n\n\u202bدر تاریخ دوشنبه ۲ مارس ۲۰۲۶، ساعت ۱۱:۰۰ \u202aAnna <sales@leaddesk.example>\u202c نوشت:\u202c\n\n{QUOTE}",
    "gmail de": f"The price.\n\nAm Mo., 2. März 2026 um 11:00 Uhr schrieb Anna Operator <\nsales@leaddesk.example>:\n\n{QUOTE}",
    "thunderbird ru": f"The price.\n\n02.03.2026 11:00, Anna Operator пишет:\n{QUOTE}",
    "thunderbird, above": f"On 02/03/2026 11:00, Anna Operator wrote:\n{QUOTE}\n\nThe price.\n",
    "mail.ru": f"The price.\n\n--\nОлена Клочко\n\n\n>Понедельник, 2 марта 2026, 11:00 +03:00 от Anna <sales@leaddesk.example>:\n>\n{QUOTE}",
    "yandex": f'The price.\n\n02.03.2026, 11:00, "Anna Operator" <sales@leaddesk.example>:\n{QUOTE}\n\n-- \nОлена',
    "apple mail": f"The price.\n\n> On 2 Mar 2026, at 11:00, Anna Operator <sales@leaddesk.example> wrote:\n> \n{QUOTE}\n",
    "an iphone": f"The price.\n\nSent from my iPhone\n\n> On 2 Mar 2026, at 11:00, Anna Operator <sales@leaddesk.example> wrote:\n> \n{QUOTE}\n",
    "an iphone ru": f"The price.\n\nОтправлено с iPhone\n\n> 2 марта 2026 г., в 11:00, Anna <sales@leaddesk.example> написал(а):\n> \n{QUOTE}",
    "a telephone hu": f"The price.\n\nAz iPhone-omról küldve\n\nAnna Operator írta:\n{QUOTE}",
    "a telephone et": f"The price.\n\nSaadetud minu iPhone'ist\n\nAnna Operator kirjutas:\n{QUOTE}",
    "outlook": (
        "The price.\n\nFrom: Anna Operator <sales@leaddesk.example>\nSent: Monday, March 2, 2026 11:00 AM\nTo: Olena\n"
        "Subject: Thank you\n\n1. What decided it?\n2. At what price?\n3. When?\n"
    ),
    "outlook with stars": "The price.\n\n*From:* Anna\n*Sent:* Monday\n*To:* Olena\n*Subject:* Thank you\n\n1. What decided it?\n",
    "outlook on a telephone": "The price.\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Anna\nSent: Monday\nTo: Olena\nSubject: Hi\n\nDear Olena",
    "outlook ru": "The price.\n\n-----Исходное сообщение-----\nОт: Anna Operator\nОтправлено: 2 марта 2026 г. 11:00\nКому: Olena\nТема: Спасибо\n\n1. Что решило дело?",
    "outlook hu": "The price.\n\nFeladó: Anna Operator\nElküldve: 2026. március 2.\nCímzett: Olena\nTárgy: Köszönjük\n\n1. Mi döntött?",
    "outlook et": "The price.\n\n________________________________\nSaatja: Anna\nSaadetud: esmaspäev\nAdressaat: Olena\nTeema: Täname\n\n1. Mis otsustas?",
    "outlook az": "The price.\n\nKimdən: Anna\nGöndərildi: 2 mart 2026\nKimə: Olena\nMövzu: Təşəkkür\n\n1. Nə həlletdi?",
    "outlook fa": "The price.\n\nاز: Anna\nارسال شده: ۲ مارس\nبه: Olena\nموضوع: سپاس\n\n۱. چه شد؟",
    "outlook de": "The price.\n\nVon: Anna\nGesendet: Montag, 2. März 2026\nAn: Olena\nBetreff: Danke\n\n1. Was entschied?",
    "outlook express": "The price.\n\n-----Original Message-----\nDear Olena,\n1. What decided it?\n",
    "a signature": "The price.\n\n-- \nOlena Klochko\n1. floor, Main street",
    "nothing quoted": "The price.\n",
}


@pytest.mark.parametrize("text", REPLIES.values(), ids=REPLIES.keys())
def test_only_their_own_words_are_kept(text: str) -> None:
    incoming = said(text)
    assert incoming.kind is IncomingKind.REPLY
    assert incoming.text == "The price."
    assert incoming.answers == {}


def test_words_below_an_outlook_block_are_not_lost_when_there_are_none_above() -> None:
    incoming = said("From: Anna\nSent: Monday\nTo: Olena\nSubject: Thanks\n\n1. What decided it?\nOnly the price\n")
    assert "Only the price" in incoming.text
    assert "Sent:" not in incoming.text
    assert incoming.answers == {}, "who numbered the lines is not known"


@pytest.mark.parametrize(
    "text",
    [
        "Our director wrote:\nno.",
        "From: 5\nwe could pay more",
        "We write to you on 5 May: the price",
        "---\nthe price\n---",
        "To: be sure\nfrom the price list: 5",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    assert said(text).text == text


def test_answers_inside_the_quote_are_kept_and_numbered_by_the_question_above() -> None:
    incoming = said(
        "Hello Anna,\n\nOn Mon, 2 Mar 2026 at 10:00, Anna <a@leaddesk.example> wrote:\n> Three short questions:\n"
        "> 1. What decided it: the price, the date,\n> the service, or something else?\nThe price.\nAnd the date.\n"
        "> 2. At what price?\n\n10% less\n\n> 3. When would it be worth talking again?\n2-3 months\n>\n"
        "> Should you need it sooner: there is a smaller plan.\nThank you, but no.\n> Anna\n"
    )
    assert incoming.answers == {"1": "The price.\nAnd the date.", "2": "10% less", "3": "2-3 months"}
    assert incoming.text == ("Hello Anna,\n\nThe price.\nAnd the date.\n\n10% less\n\n2-3 months\n\nThank you, but no.")


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        (f"{QUOTE}\n\nSorry, no time.", {}),
        ("> 3. When would it be worth talking again?\nIn spring", {"3": "In spring"}),
        ("> 1. What decided it?\nprice\n> 2. At what price?\n> 3. When?\nspring", {"1": "price", "3": "spring"}),
        ("> 1. What decided it?\n1) price\n> 2. At what price?\n2) 900", {"1": "price", "2": "900"}),
        ("> 1. What decided it?\n\nprice\n\nBest regards,\nOlena", {"1": "price"}),
    ],
)
def test_answers_around_the_quoted_questions(text: str, answers: dict[str, str]) -> None:
    assert said(text).answers == answers


OUR_LETTERS = sorted((Path(leaddesk.__file__).parent / "resources" / "letters").glob("farewell*.txt"))


@pytest.mark.parametrize("file", OUR_LETTERS, ids=lambda file: file.stem)
def test_our_own_letters_are_never_taken_for_answers(file: Path) -> None:
    """Each as it comes back quoted, answered question by question, and below a block of headers."""
    ours = file.read_text(encoding="utf-8").split("\n\n", 1)[1].strip().split("\n")
    quoted = "\n".join(f"> {line}".rstrip() for line in ours)
    assert said(f"The price.\n\nOn 2 Mar 2026 at 10:00, Anna <a@b.example> wrote:\n{quoted}").text == "The price."
    assert said(f"{quoted}\n\nThe price.").answers == {}
    below = "\n".join(ours)
    outlook = f"STOP\n\nFrom: Anna\nSent: Monday\nTo: Olena\nSubject: Thanks\n\n{below}"
    assert (said(outlook).text, said(outlook).kind) == ("STOP", IncomingKind.OPT_OUT)
    answered = []
    for line in ours:
        number = plain_digits(line[:1])
        answered += [f"> {line}", *([f"answer {number}"] if number.isdigit() else [])]
    numbers = [plain_digits(line[:1]) for line in ours if line[:1].isdigit()]
    assert numbers in ([], ["1", "2", "3"])
    assert said("\n".join(answered)).answers == {number: f"answer {number}" for number in numbers}


THREE = {"1": "price", "2": "10% less", "3": "spring"}


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("1. price\n2. 10% less\n3. spring", THREE),
        ("1) price\n2) 10% less\n3) spring\n\nBest regards\nOlena", THREE),
        ("Hello!\n\n1 - price\n2 - 10% less\n3 - spring", THREE),
        ("1: price\n2: 10% less\n3: spring\nС уважением,\nОлена", THREE),
        ("#1 price\n#2 10% less\n#3 spring", THREE),
        ("(1) price\n(2) 10% less\n(3) spring", THREE),
        ("**1.** price\n**2.** 10% less\n**3.** spring", THREE),
        ("1\ufe0f\u20e3 price\n2\ufe0f\u20e3 10% less\n3\ufe0f\u20e3 spring", THREE),
        ("1. price 2. 10% less 3. spring", THREE),
        ("1) price, 2) 10% less, 3) spring", THREE),
        ("1 - price; 2 - 10% less; 3 - spring", THREE),
        ("My answers: 1. price 2. 10% less 3. spring", THREE),
        ("1.price\n2.  10% less\n3.spring", THREE),
        ("Ответ 1: price\nОтвет 2: 10% less\nОтвет 3: spring", THREE),
        ("۱. قیمت\n۲. ده درصد کمتر\n۳. بهار", {"1": "قیمت", "2": "ده درصد کمتر", "3": "بهار"}),
        ("١) قیمت\n٢) ۹۰۰\n٣) بهار", {"1": "قیمت", "2": "۹۰۰", "3": "بهار"}),
        ("1\nprice\n2\n10% less\n3\nspring", THREE),
        ("1.\nprice\n\n2.\n10% less\n\n3.\nspring", THREE),
        ("۱ـ قیمت\n۲ـ بهار", {"1": "قیمت", "2": "بهار"}),
        ("We pay\n1\neuro", {}),
        ("۱- قیمت ۲- ده درصد ۳- بهار", {"1": "قیمت", "2": "ده درصد", "3": "بهار"}),
        ("1. Цена\n2. На 10% ниже\n3. Весной", {"1": "Цена", "2": "На 10% ниже", "3": "Весной"}),
        ("1. hind\n2. -10%\n3. aprill", {"1": "hind", "2": "-10%", "3": "aprill"}),
        ("1. the price,\nmostly\n\nand the date\n2. 900", {"1": "the price,\nmostly\n\nand the date", "2": "900"}),
        ("1. price\n3. spring", {"1": "price", "3": "spring"}),
        ("2) cheaper", {"2": "cheaper"}),
        ("1. price\n2. 900\n3. spring\n4. and another thing", {"1": "price", "2": "900", "3": "spring"}),
        ("1. price\n2. 2-3 months, 1.12.2026\n", {"1": "price", "2": "2-3 months, 1.12.2026"}),
        ("1 - price\n2 - 3 months", {"1": "price", "2": "3 months"}),
        ("3. spring\n\nP.S. You have a nice voice.", {"3": "spring"}),
        ("1.12.2026 would suit us", {}),
        ("1 000 евро", {}),
        ("3 months", {}),
        ("2 - 3 months", {}),
        ("2-3 недели", {}),
        ("2:30 after lunch", {}),
        ("2. märts sobib", {}),
        ("3. april", {}),
        ("1,5 million", {}),
        ("The price. Version 2. is better", {}),
        ("We are on the 3. floor", {}),
        ("10. we have ten reasons", {}),
        ("(1 piece only)", {}),
        ("price, 900, spring", {}),
    ],
)
def test_numbered_answers(text: str, answers: dict[str, str]) -> None:
    assert said(text).answers == answers


# -- how it is written on the wire -------------------------------------------------------------------------------------


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


def several(kind: str, *parts: str, more: str = "") -> bytes:
    """A reply of several parts; each part comes with its own headers."""
    body = "".join(f"--=_b1\n{part}\n" for part in parts) + "--=_b1--\n"
    return letter(body, f'Content-Type: multipart/{kind}; boundary="=_b1"{more}')


PLAIN, HTML = "Content-Type: text/plain; charset=utf-8\n\n", "Content-Type: text/html; charset=utf-8\n\n"


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


# -- whose, when, about what -------------------------------------------------------------------------------------------


def test_headers() -> None:
    incoming = found(
        letter(
            "The price.",
            f"From: {Header('Олена Клочко', 'utf-8').encode()} <Olena@klochkivska.example>",
            f"Subject: {Header('Re: Спасибо за уделённое время, до новых встреч и разговоров', 'koi8-r').encode()}",
            f"References: <first@leaddesk.example>\r\n <second@leaddesk.example> {OURS}",
        )
    )
    assert incoming.from_name == "Олена Клочко"
    assert incoming.from_address == "Olena@klochkivska.example"
    assert incoming.subject == "Re: Спасибо за уделённое время, до новых встреч и разговоров"
    assert incoming.sent_at == datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    assert incoming.message_id == "<reply-1@klochkivska.example>"
    assert incoming.refers_to == (OURS, "<second@leaddesk.example>", "<first@leaddesk.example>")
    assert incoming.token == "k7f3x"


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        (("To: x@b.example", "Cc: A <sales+tok@leaddesk.example>"), "tok"),
        (("To: undisclosed-recipients:;", "Delivered-To: sales+tok@leaddesk.example"), "tok"),
        (("To: other+theirs@b.example, sales+tok@l.example", "X-Original-To: sales+tok@l.example"), "tok"),
        (('To: "a, b" <sales+tok@leaddesk.example>',), "tok"),
        (("To: sales@leaddesk.example",), ""),
        (("To: sales+@leaddesk.example",), ""),
        (("To: sales+a'b@leaddesk.example",), ""),
    ],
)
def test_the_plus_address(headers: tuple[str, ...], token: str) -> None:
    assert found(letter("x", *headers)).token == token


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("Tue, 3 Mar 2026 11:00:00 -0000", datetime(2026, 3, 3, 11, tzinfo=UTC)),
        ("3 Mar 2026 11:00 GMT", datetime(2026, 3, 3, 11, tzinfo=UTC)),
        ("yesterday", None),
        ("Tue, 99 Mar 2026 11:00:00 +0000", None),
        ("Fri, 31 Dec 9999 23:59:00 -1200", None),
        ("", None),
    ],
)
def test_dates(date: str, moment: datetime | None) -> None:
    assert found(letter("x", f"Date: {date}")).sent_at == moment


def test_a_letter_without_an_id_gets_the_same_one_each_time() -> None:
    first, again, other = (found(letter(text, "Message-ID: ")).message_id for text in ("x", "x", "y"))
    assert first == again != other
    assert first.startswith("<")
    assert first.endswith("@leaddesk.invalid>")


def test_raw_names_and_broken_addresses() -> None:
    assert found(letter("x", "From: Олена <olena@b.example>")).from_name == "Олена"
    assert found(letter("x", "From: olena@b.example (Olena)")).from_address == "olena@b.example"
    assert found(letter("x", "From: a@b.example <a@b.example>")).from_address == "a@b.example"
    assert found(letter("x", "From: " + "(" * 5_000)).from_address == ""
    assert found(letter("x", "Subject: =?utf-8?b?0J/=?= x =?x?q?y?=")).subject


# -- leave me alone ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "STOP", "Stop.", "stop!", "Unsubscribe", "Please unsubscribe me", "Remove me from your list, please", "Please stop",
        "СТОП", "Отпишите", "Отпишите меня, пожалуйста", "Не пишите мне больше", "удалите меня из рассылки",
        "Leiratkozás", "Ne írjanak többet!", "Kérem, ne írjanak nekem", "Ärge kirjutage mulle enam", "Palun lõpetage",
        "Yazmayın", "Zəhmət olmasa, mənə daha yazmayın", "لغو اشتراک", "لطفاً دیگر ایمیل نفرستید", "Bitte abmelden",
        f"STOP\n\nOn Mon, 2 Mar 2026 at 10:00, Anna <a@b.example> wrote:\n{QUOTE}", "Stop\n\nOlena Klochko\nKlochkivska Ltd",
        "STOP\n\nOlena Klochko\nHead of procurement\n\nKlochkivska Ltd\nTel. 5\nwww.b.example\n\n" + "Confidential. " * 20, "«STOP»",
    ],
)  # fmt: skip
def test_a_wish_to_be_left_alone(text: str) -> None:
    assert said(text).kind is IncomingKind.OPT_OUT


@pytest.mark.parametrize(
    "text",
    [
        "Please don't stop writing to us",
        "Не пишите, а позвоните",
        "We had to stop the project for lack of money, but let us talk in spring",
        "Стоп, а какая цена?",
        "Stop\n1. price\n2. 900",
        "Stop it\n\nYou call every day, and I told you three times that we shall decide on it in the autumn",
        "The bus stop is near your office",
        "STOP using the old price list. Send the new one please to my colleague and to me, we shall decide on Monday",
        f"The price.\n\n{QUOTE}\n> To get no more letters answer STOP",
        "",
    ],
)
def test_an_answer_with_the_word_in_it_is_an_answer(text: str) -> None:
    assert said(text).kind is IncomingKind.REPLY


@pytest.mark.parametrize("subject", ["unsubscribe", "Unsubscribe", "отписаться", "leiratkozás"])
def test_the_button_of_a_mail_program(subject: str) -> None:
    body = "This message was automatically generated by Gmail."
    message = letter(
        body,
        f"Subject: {subject}",
        "In-Reply-To: ",
        "To: sales+k7f3x@leaddesk.example",
        "Auto-Submitted: auto-generated",
    )
    incoming = found(message)
    assert incoming.kind is IncomingKind.OPT_OUT
    assert incoming.token == "k7f3x"


def test_a_subject_with_a_long_letter_below_it_is_read_by_a_person() -> None:
    assert found(letter("We had to stop, " * 30, "Subject: Stop")).kind is IncomingKind.REPLY


# -- nobody wrote it ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        ("Auto-Submitted: auto-replied",),
        ("Auto-Submitted: auto-generated (vacation)",),
        ("X-Autoreply: yes",),
        ("Precedence: auto_reply",),
        ("Precedence: bulk",),
        ("Return-Path: <>",),
        ("X-Auto-Response-Suppress: All", "In-Reply-To: "),
        ("Subject: Automatic reply: Thank you for your time",),
        ("Subject: Olena is out of the office",),
        ("Subject: Автоответ: Спасибо за время",),
        ("Subject: Я в отпуске до 10 марта",),
        ("Subject: Automatikus válasz: Köszönjük",),
        ("Subject: Házon kívül vagyok",),
        ("Subject: Automaatvastus: Täname",),
        ("Subject: Olen puhkusel",),
        ("Subject: Avtomatik cavab: Təşəkkür",),
        ("Subject: Məzuniyyət",),
        ("Subject: پاسخ خودکار: سپاس",),
        ("Subject: Abwesenheitsnotiz: Danke",),
    ],
)
def test_automatic_answers(headers: tuple[str, ...]) -> None:
    incoming = found(letter("I am away until 1. April, write to b@c.example. Delivery is delayed.", *headers))
    assert incoming.kind is IncomingKind.AUTO
    assert incoming.answers == {}


@pytest.mark.parametrize(
    "headers",
    [
        ("Auto-Submitted: no",),
        ("Auto-Submitted: auto-forwarded",),
        ("Precedence: list",),
        ("X-Auto-Response-Suppress: DR, OOF",),
        ("X-Auto-Response-Suppress: All",),
        ("Subject: Re: Automatic reply: Thank you",),
        ("Subject: Отв: отпуск",),
        ("Return-Path: <olena@klochkivska.example>",),
    ],
)
def test_somebody_wrote_it(headers: tuple[str, ...]) -> None:
    assert found(letter("The price.", *headers)).kind is IncomingKind.REPLY


def test_nonsense_is_no_letter() -> None:
    assert read(b"") is None
    assert read(b"\r\n\r\n") is None
    assert read(b"\x00\xff" * 1_000) is None


# -- whatever the bytes ------------------------------------------------------------------------------------------------

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
