"""Two things a letter may say in a few words of six languages and more: leave me alone, and I am away."""

from __future__ import annotations

import re

# Said alone, these are the wish. Words that may stand beside them change nothing.
_STOP = frozenset(
    (
        "stop|unsubscribe|unsubscribe me|remove|remove me|opt out|optout|do not write|don't write|do not contact|don't contact"
        "|do not email|don't email|stop writing|stop emailing|stop contacting|take me off|no more emails|no more"
        "|стоп|отписаться|отписка|отпишите|отпиши|отписать|удалите|уберите|удалить|не пишите|не писать|не беспокойте"
        "|прекратите|прекратите писать|отмена подписки|відписатися|відпишіть|не пишіть"
        "|leiratkozás|leiratkozom|leiratkozni|leíratkozás|iratkozzanak le|iratkoztassanak le|töröljenek|töröljön|ne írjanak"
        "|ne írjon|ne írj|ne küldjenek|ne küldjön|ne zavarjanak|állj"
        "|lõpeta|lõpetage|loobun|loobu|tühista tellimus|eemalda|eemaldage|ära kirjuta|ärge kirjutage|ärge saatke|ärge tülitage"
        "|dayandır|dayandırın|abunəlikdən çıx|abunəlikdən çıxmaq|abunəlikdən çıxarın|çıxarın|silin|yazmayın|göndərməyin"
        "|narahat etməyin|dur|abonelikten çık|yazmayın"
        "|لغو|لغو اشتراک|لغو عضویت|توقف|بس|ننویسید|نفرستید|ایمیل نفرستید|ایمیل نزنید|حذف|حذف کنید|مزاحم نشوید"
        "|abmelden|abbestellen|austragen|stopp|keine e-mails|keine mails|nicht mehr schreiben|schreiben nicht"
    ).split("|")
)
_BESIDE = frozenset(
    (
        "please pls me us to from your this the a list lists mailing newsletter newsletters letters emails email mail mails any"
        " anymore more again thanks thank you hello hi my address"
        " меня нас мне нам мой адрес пожалуйста больше от из с рассылки рассылку вашей этой спасибо писем письма почту списка на"
        " здравствуйте никогда сюда прошу"
        " kérem kérjük többet több levelet levelek nekem nekünk a az hírlevélről listáról listájukról köszönöm le engem"
        " emailt e-mailt"
        " palun mind meid mulle meile enam kirju kirjad listist nimekirjast uudiskirjast aitäh rohkem"
        " məni bizi mənə bizə zəhmət olmasa xahiş edirəm daha artıq siyahıdan abunəlikdən məktub lütfən"
        " لطفا لطفاً من مرا ما را از به لیست دیگر خبرنامه برای نامه ممنون"
        " bitte mich uns mir mehr vom aus dem verteiler newsletter danke"
    ).split()
)
_ASKED_FOR = (["stop"], ["стоп"], ["unsubscribe"])
_WORD = re.compile(r"[^\s.,;:!?…\"'«»“”„()\[\]<>*_/\\|–—-]+(?:['’-][^\W\d_]+)*")
_FIRST_LINE, _OTHER_LINES, _OTHER_LINE = 80, 3, 60


def wants_no_letters(text: str) -> bool:
    """Whether a subject or a reply is nothing but the wish to get no more letters.

    A name below it may stand; more than that is an answer a person has to read, though the word is in it. Below the
    very word our letters ask for, on a line and in a paragraph of its own, anything may stand: companies add long
    signatures, and some programs our letter without a mark of quoting.
    """
    first, _, below = text.partition("\n")
    if _WORD.findall(first.casefold()) in _ASKED_FOR and not below.split("\n", 1)[0].strip():
        return True
    lines = [line.strip() for line in text[:1_000].split("\n") if line.strip()]
    if not lines or len(text) > _FIRST_LINE * 4 or len(lines) > 1 + _OTHER_LINES or len(lines[0]) > _FIRST_LINE:
        return False
    if any(len(line) > _OTHER_LINE or any(sign.isdigit() for sign in line[:2]) for line in lines[1:]):
        return False
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(lines[0])]
    if "?" in lines[0] or len(words) > 10:
        return False
    return any(_is_wish(words, begin, end) for begin in range(len(words)) for end in range(begin + 1, begin + 4))


def _is_wish(words: list[str], begin: int, end: int) -> bool:
    around = words[:begin] + words[end:]
    return " ".join(words[begin:end]) in _STOP and all(word in _BESIDE or word in _STOP for word in around)


_AWAY_BEGINS = (
    "auto:", "auto reply", "auto-reply", "autoreply", "automatic reply", "automatic response", "out of office",
    "out of the office", "ooo:", "away from", "on vacation", "on holiday", "on leave", "i am away", "vacation",
    "автоответ", "автоматический ответ", "автоматична відповідь", "авто:", "в отпуске", "я в отпуске", "нахожусь в отпуске",
    "вне офиса", "отсутствую", "меня нет", "отсутствие на рабочем месте", "отпуск",
    "automatikus válasz", "automata válasz", "házon kívül", "szabadság", "szabadságon", "irodán kívül", "távollét",
    "automaatvastus", "automaatne vastus", "kontorist väljas", "olen puhkusel", "puhkus", "puhkusel", "eemal", "kontorist eemal",
    "avtomatik cavab", "ofisdə deyil", "ofisdən kənar", "məzuniyyət", "otomatik yanıt", "ofis dışında",
    "پاسخ خودکار", "خارج از دفتر", "مرخصی", "در مرخصی", "عدم حضور",
    "automatische antwort", "abwesenheit", "abwesend", "nicht im büro", "im urlaub", "réponse automatique",
    "respuesta automática", "risposta automatica", "odpowiedź automatyczna",
)  # fmt: skip
_AWAY_ANYWHERE = (
    "out of office", "out of the office", "automatic reply", "auto-reply", "autoreply", "автоответ", "автоматический ответ",
    "automatikus válasz", "automaatvastus", "avtomatik cavab", "پاسخ خودکار", "abwesenheitsnotiz",
)  # fmt: skip
_ANSWERED = re.compile(r"(?:re|aw|vá|vs|отв|ynt|cav|antw|odp|پاسخ)(?:\[\d{1,3}\])?\s?:")


def is_out_of_office(subject: str) -> bool:
    """Whether a subject is one mail programs put over an answer nobody wrote; "Re: …" is somebody's."""
    folded = subject.strip().casefold()
    if _ANSWERED.match(folded):
        return False
    return folded.startswith(_AWAY_BEGINS) or any(words in folded for words in _AWAY_ANYWHERE)
