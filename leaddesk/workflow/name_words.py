"""Words that tell how a name is built: given names, particles, suffixes, surnames that come first."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from importlib import resources


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SUFFIXES = _words("jr sr ii iii iv phd md esq mba dds cpa dphil junior senior jun sen jnr snr mlađi st. ml.")
TITLES = _words(
    "dr prof mr mrs ms miss mx sir dame lord lady rev hon capt col gen lt maj sgt herr frau hr fr ing dipl mag mgr bc "
    "mudr judr rndr doc phdr m mme mlle sr sra srta don doña dona sig dott avv pan pani пан пані г-н г-жа господин "
    "госпожа д-р проф id ifj özv bay bayan cənab xanım härra proua آقای خانم دکتر مهندس سید السيد السيدة الدكتور"
)
PARTICLES = _words(
    "van von der den de del della di da dos das do du la le los las bin ibn al el ter ten te zu zum zur af av y e i "
    "بن بنت ابن ابو أبو عبد آل vom vander d' st san santa dal dalla degli dei delle lo abu bint ben bat ap mac o' 't op het in"
)
SONS = _words("oğlu qızı oglu gizi qizi ogly kyzy kızı оглы оглу кызы гызы углы угли кизи ўғли қизи ұлы қызы")
"""Azerbaijani and Central Asian “son of”, “daughter of”: they stand behind the father's name."""
LEGAL = _words(
    "llc inc ltd limited corp corporation plc llp gmbh ag kg ohg ug srl spa sas sarl bv nv oy oyj ab aps asa oü sia "
    "uab zrt kft nyrt bt mmc qsc ооо оао зао пао ао ип тов фоп чп пп тоо pty company co holding group bank banka банк "
    "компания компанія завод магазин s.r.o. s.a. s.l. d.o.o. a.s. s.p.a. sp. z.o.o. şti a.ş. شرکت شركة & sro"
)
"""Forms of companies: text with one of them is no person's name."""
UNUSUAL = SUFFIXES | TITLES | PARTICLES | LEGAL | SONS

VIETNAMESE = _words(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trịnh đoàn lương mai tô hà"
)
IBERIAN = _words(
    "garcía garcia martínez martinez lópez lopez sánchez sanchez pérez perez gonzález gonzalez rodríguez rodriguez "
    "fernández fernandez gómez gomez martín ruiz hernández hernandez díaz diaz moreno muñoz álvarez alvarez romero "
    "alonso gutiérrez gutierrez navarro torres domínguez vázquez vazquez ramos gil ramírez ramirez serrano blanco "
    "molina morales suárez suarez ortega delgado castro ortiz rubio marín sanz núñez iglesias medina garrido cortés "
    "castillo santos lozano guerrero cano prieto méndez cruz calvo gallego vidal león márquez herrera peña flores "
    "cabrera campos vega fuentes carrasco diez caballero reyes nieto aguilar pascual santana herrero lorenzo montero "
    "hidalgo giménez ibáñez ferrer durán santiago benítez mora vicente vargas arias carmona crespo román pastor soto "
    "sáez velasco moya soler parra esteban bravo gallardo rojas silva santos ferreira pereira oliveira costa "
    "rodrigues martins jesus sousa souza fernandes gonçalves gomes lopes marques alves almeida ribeiro pinto carvalho "
    "teixeira moreira correia mendes nunes soares vieira monteiro cardoso rocha neves coelho cunha pires ramos reis "
    "barbosa araújo lima nascimento azevedo cavalcanti dias freitas batista"
)
JAPANESE = _words(
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 斉藤 清水 山崎 森 "
    "池田 橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 福田 太田 西村 藤井 金子 "
    "岡本 藤原 中野 三浦 原田 中川 松田 竹内 小野 田村 中山 和田 石田 森田 上田 原 内田 柴田 酒井 宮崎 横山 高木 安藤 宮本 "
    "大野 小島 谷口 工藤 今井 高田 丸山 増田 杉山 村田 大塚 小山 平野 藤本 河野 上野 野口 武田 松井 千葉 菅原 岩崎 久保 木下 "
    "佐野 野村 松尾 市川 菊地 杉本 古川 大西 島田 水野 桜井 高野 渡部 吉川 山内 西田 菊池 北村 西川 五十嵐"
)
PERSIAN_ENDS = _words("پور زاده نژاد نیا فر خواه راد منش دوست")
"""Second halves of Persian surnames that are written apart."""


@cache
def given_names() -> dict[str, frozenset[str]]:
    """Common given names by language, in small letters, with and without their accents."""
    file = resources.files("leaddesk") / "resources" / "headers" / "given_names.json"
    names: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
    return {language: frozenset(some) | frozenset(map(without_accents, some)) for language, some in names.items()}


@cache
def all_given_names() -> frozenset[str]:
    """Of all languages."""
    return frozenset().union(*given_names().values())


@cache
def only_hungarian() -> frozenset[str]:
    """Given names by which a Hungarian name is known, and so its order."""
    others = [some for language, some in given_names().items() if language != "hu"]
    return given_names()["hu"].difference(*others)


def is_given(word: str) -> bool:
    """Whether it is a common given name; of “Anna-Maria” the first half."""
    return word.casefold().partition("-")[0] in all_given_names()


def is_first_before_last(first: str, last: str) -> bool:
    """Whether two Cyrillic words are surely a given name and a surname in that order; most rows are."""
    return "\u0400" <= last[0] <= "\u04ff" and first.lower() in all_given_names() and last[-2:] not in ("ич", "на")


def without_accents(text: str) -> str:
    """“erzsébet” → “erzsebet”; Cyrillic letters stay what they are."""
    if any("\u0400" <= sign <= "\u04ff" for sign in text):
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
