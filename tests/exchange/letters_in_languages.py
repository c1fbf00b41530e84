"""A letter in each of six languages, one of them written from right to left."""

from typing import Any

from leaddesk.workflow.mail import Outgoing

WORDS = {
    "en": ("Ann O'Hara, Ltd", "Your price list — as agreed", "Dear Ann,\n\nas agreed.\n.\n..two dots\nBest\n"),
    "ru": ("Олена Клочко", "Спасибо за время, Олена", "Здравствуйте, Олена!\n\nЖаль, что не сейчас.\n"),
    "hu": ("Őze Tűnde", "Árajánlat: gyűjtő, ötszörös hűség", "Tisztelt Őze Tűnde!\n\nKöszönjük az időt.\n"),
    "et": ("Õie Ülär", "Hinnakiri ja järgmised sammud – öökülm", "Tere, Õie!\n\nTäname aja eest.\n"),
    "az": ("Əli Şükürov", "Qiymət siyahısı: razılaşdığımız kimi", "Hörmətli Əli,\n\nvaxtınıza görə sağ olun.\n"),
    "fa": ("زهرا محمدی", "فهرست قیمت‌ها", "سلام زهرا،\n\nاز وقت شما سپاسگزاریم. می‌نویسیم.\n"),
}
LANGUAGES = sorted(WORDS)


def letter_in(language: str, /, **values: Any) -> Outgoing:
    """The letter with both its parts; `values` go before the usual ones."""
    name, subject, text = WORDS[language]
    direction = "rtl" if language == "fa" else "ltr"
    paragraphs = "".join(f"<p>{line}</p>\n" for line in text.split("\n\n"))
    usual = {
        "message_id": f"<7f3a.{language}@leaddesk.example>",
        "sender_name": "Анна Оператор",
        "sender_address": "anna@leaddesk.example",
        "to_name": name,
        "to_address": "olena@klochkivska.example",
        "reply_to": "anna+a1b2c3@leaddesk.example",
        "subject": subject,
        "text": text,
        "html": f'<html lang="{language}" dir="{direction}"><body>\n{paragraphs}</body></html>\n',
        "language": language,
        "unsubscribe": "https://leaddesk.example/leave?t=a1b2c3",
    }
    return Outgoing(**{**usual, **values})


INJECTIONS: list[dict[str, Any]] = [
    {field: f"{start}{end}Bcc: everybody@x.example"}
    for field, start in (
        ("subject", "Hi"),
        ("sender_name", "Anna"),
        ("to_name", "Olena"),
        ("sender_address", "anna@leaddesk.example"),
        ("to_address", "olena@klochkivska.example"),
        ("reply_to", "anna@leaddesk.example"),
        ("message_id", "<1@leaddesk.example>"),
        ("unsubscribe", "https://leaddesk.example/"),
        ("language", "en"),
    )
    for end in ("\r\n", "\n", "\r", "\x00", "\u2028", "\x85")
]
"""Header lines somebody merged into a field of a card."""
