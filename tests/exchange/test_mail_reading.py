"""Letters as real mail programs write them, and what the sales floor gets to see of each: whose, when, and their own words."""

from datetime import UTC, datetime
from email.header import Header
from pathlib import Path

import pytest

import leaddesk
from leaddesk.exchange.mail_quotes import plain_digits
from leaddesk.workflow.mail import IncomingKind
from tests.exchange.mail_letters import OURS, QUOTE, THREE, found, letter, said

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
