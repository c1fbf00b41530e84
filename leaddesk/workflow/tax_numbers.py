"""Tax and registration numbers of clients, checked by the rules of their country.

Most rules are those of `python-stdnum`, imported one by one when a number of that country is checked; the rest is
written here. A country without a rule is no reason to refuse a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Literal, Protocol, cast

Kind = Literal["tax", "registration"]


@dataclass(frozen=True)
class NumberCheck:
    """What is known of a number. `ok` is None where there is no rule (or no number) to judge by.

    `compact` is for matching, `display` for showing, `label` what the country calls it, `problem` what to look at.
    """

    ok: bool | None
    compact: str
    display: str
    problem: str | None
    label: str


@dataclass(frozen=True)
class _Rule:
    """`check` is a python-stdnum module ("ua.edrpou"), a pattern after "=" for the bare number, or an own rule ("!kz")."""

    check: str
    label: str
    shape: str


class _Module(Protocol):
    def validate(self, number: str) -> str: ...
    def compact(self, number: str) -> str: ...


@dataclass(frozen=True)
class _Failure:
    """Why a rule turned a number down; of several rules the one that got furthest is the one worth reporting."""

    rank: int
    words: str


_NINE, _TEN, _ELEVEN, _TWELVE = "9 digits", "10 digits", "11 digits", "12 digits"

_RULES: dict[tuple[str, Kind], tuple[_Rule, ...]] = {
    ("UA", "tax"): (
        _Rule("ua.edrpou", "ЄДРПОУ", "8 digits"),
        _Rule("ua.rntrc", "РНОКПП", _TEN),
        _Rule(r"=\d{12}", "ІПН", _TWELVE),
    ),
    ("UA", "registration"): (_Rule("ua.edrpou", "ЄДРПОУ", "8 digits"), _Rule("ua.rntrc", "РНОКПП", _TEN)),
    ("HU", "tax"): (_Rule("!hu", "Adószám", "8 or 11 digits"),),
    ("HU", "registration"): (_Rule(r"=(0[1-9]|1\d|20)\d{8}", "Cégjegyzékszám", _TEN),),
    ("EE", "tax"): (_Rule("ee.kmkr", "KMKR", _NINE),),
    ("EE", "registration"): (_Rule("ee.registrikood", "Registrikood", "8 digits"),),
    ("AZ", "tax"): (_Rule("az.voen", "VÖEN", _TEN),),
    ("AZ", "registration"): (_Rule("az.voen", "VÖEN", _TEN),),
    ("RU", "tax"): (_Rule("ru.inn", "ИНН", "10 or 12 digits"),),
    ("RU", "registration"): (_Rule("ru.ogrn", "ОГРН", "13 or 15 digits"),),
    ("BY", "tax"): (_Rule("by.unp", "УНП", "9 digits or letters"),),
    ("KZ", "tax"): (_Rule("!kz", "БИН/ИИН", _TWELVE),),
    ("KZ", "registration"): (_Rule("!kz", "БИН", _TWELVE),),
    ("MD", "tax"): (_Rule("md.idno", "IDNO", "13 digits"),),
    ("GE", "tax"): (_Rule(r"=\d{9}|\d{11}", "საიდენტიფიკაციო ნომერი", "9 or 11 digits"),),
    ("AM", "tax"): (_Rule(r"=\d{8}", "ՀՎՀՀ", "8 digits"),),
    ("UZ", "tax"): (_Rule(r"=\d{9}|\d{14}", "STIR", "9 or 14 digits"),),
    ("TR", "tax"): (_Rule("tr.vkn", "VKN", _TEN), _Rule("tr.tckimlik", "T.C. Kimlik No", _ELEVEN)),
    ("US", "tax"): (_Rule("us.ein", "EIN", _NINE),),
    ("CA", "tax"): (_Rule("ca.bn", "BN", "9 digits, or 15 characters with the account"),),
    ("GB", "tax"): (_Rule("gb.vat", "VAT", "9 or 12 digits"), _Rule("gb.utr", "UTR", _TEN)),
    ("GB", "registration"): (_Rule(r"=\d{8}|[A-Z]{2}\d{6}", "Company number", "8 digits, or 2 letters and 6 digits"),),
    ("DE", "tax"): (_Rule("de.vat", "USt-IdNr.", _NINE), _Rule("de.stnr", "Steuernummer", "10 to 13 digits")),
    ("DE", "registration"): (
        _Rule("de.handelsregisternummer", "Handelsregisternummer", "a court, HRA or HRB and a number"),
        _Rule(r"=(HR[AB]|GNR|PR|VR)\d{1,6}[A-Z]{0,3}", "Handelsregisternummer", "HRA or HRB and a number"),
    ),
    ("AT", "tax"): (_Rule("at.uid", "UID", "U and 8 digits"),),
    ("AT", "registration"): (_Rule("at.businessid", "Firmenbuchnummer", "up to 6 digits and a letter"),),
    ("CH", "tax"): (_Rule("ch.vat", "MWST", "CHE, 9 digits and MWST"), _Rule("ch.uid", "UID", "CHE and 9 digits")),
    ("CH", "registration"): (_Rule("ch.uid", "UID", "CHE and 9 digits"),),
    ("PL", "tax"): (_Rule("pl.nip", "NIP", _TEN),),
    ("PL", "registration"): (
        _Rule("pl.regon", "REGON", "9 or 14 digits"),
        _Rule(r"=0\d{9}", "KRS", "10 digits beginning with 0"),
    ),
    ("FR", "tax"): (_Rule("fr.tva", "TVA", "2 characters and 9 digits"), _Rule("fr.siren", "SIREN", _NINE)),
    ("FR", "registration"): (_Rule("fr.siren", "SIREN", _NINE), _Rule("fr.siret", "SIRET", "14 digits")),
    ("ES", "tax"): (_Rule("es.nif", "NIF", "9 characters"),),
    ("IT", "tax"): (
        _Rule("it.iva", "Partita IVA", _ELEVEN),
        _Rule("it.codicefiscale", "Codice fiscale", "16 characters"),
    ),
    ("PT", "tax"): (_Rule("pt.nif", "NIF", _NINE),),
    ("NL", "tax"): (_Rule("nl.btw", "BTW", "9 digits, B and 2 digits"),),
    ("NL", "registration"): (_Rule(r"=\d{8}", "KvK", "8 digits"),),
    ("BE", "tax"): (_Rule("be.vat", "TVA/BTW", _TEN),),
    ("IE", "tax"): (_Rule("ie.vat", "VAT", "7 digits and 1 or 2 letters"),),
    ("DK", "tax"): (_Rule("dk.cvr", "CVR", "8 digits"),),
    ("DK", "registration"): (_Rule("dk.cvr", "CVR", "8 digits"),),
    ("SE", "tax"): (_Rule("se.vat", "Momsnr", "12 digits"), _Rule("se.orgnr", "Orgnr", _TEN)),
    ("SE", "registration"): (_Rule("se.orgnr", "Orgnr", _TEN),),
    ("NO", "tax"): (_Rule("no.mva", "MVA", "9 digits and MVA"), _Rule("no.orgnr", "Orgnr", _NINE)),
    ("NO", "registration"): (_Rule("no.orgnr", "Orgnr", _NINE),),
    ("FI", "tax"): (_Rule("fi.alv", "ALV", "8 digits"),),
    ("FI", "registration"): (_Rule("fi.ytunnus", "Y-tunnus", "8 digits"),),
    ("LV", "tax"): (_Rule("lv.pvn", "PVN", _ELEVEN),),
    ("LT", "tax"): (_Rule("lt.pvm", "PVM", "9 or 12 digits"),),
    ("CZ", "tax"): (_Rule("cz.dic", "DIČ", "8 to 10 digits"),),
    ("CZ", "registration"): (_Rule("cz.dic", "IČO", "8 digits"),),
    ("SK", "tax"): (_Rule("sk.dph", "IČ DPH", _TEN), _Rule(r"=\d{10}", "DIČ", _TEN)),
    ("SK", "registration"): (_Rule(r"=\d{8}", "IČO", "8 digits"),),
    ("RO", "tax"): (_Rule("ro.cui", "CUI", "2 to 10 digits"),),
    ("RO", "registration"): (_Rule("ro.onrc", "ONRC", "a letter, county, number and year"),),
    ("BG", "tax"): (_Rule("bg.vat", "ДДС", "9 or 10 digits"),),
    ("GR", "tax"): (_Rule("gr.vat", "ΑΦΜ", _NINE),),
    ("HR", "tax"): (_Rule("hr.oib", "OIB", _ELEVEN),),
    ("SI", "tax"): (_Rule("si.ddv", "DDV", "8 digits"),),
    ("RS", "tax"): (_Rule("rs.pib", "PIB", _NINE),),
    ("AU", "tax"): (_Rule("au.abn", "ABN", _ELEVEN),),
    ("AU", "registration"): (_Rule("au.acn", "ACN", _NINE),),
    ("BR", "tax"): (_Rule("br.cnpj", "CNPJ", "14 characters"), _Rule("br.cpf", "CPF", _ELEVEN)),
    ("IN", "tax"): (_Rule("in_.gstin", "GSTIN", "15 characters"), _Rule("in_.pan", "PAN", "10 characters")),
    ("IL", "tax"): (_Rule("il.hp", "ח.פ.", _NINE),),
    ("CN", "tax"): (_Rule("cn.uscc", "USCC", "18 characters"),),
    ("CN", "registration"): (_Rule("cn.uscc", "USCC", "18 characters"),),
    ("JP", "tax"): (_Rule("jp.cn", "法人番号", "13 digits"),),
}  # fmt: skip
"""Source: the national rules gathered in python-stdnum 2; patterns for numbers without a published check digit."""

_PEOPLE = {
    "UA": "Ukrainian", "HU": "Hungarian", "EE": "Estonian", "AZ": "Azerbaijani", "RU": "Russian", "BY": "Belarusian",
    "KZ": "Kazakh", "MD": "Moldovan", "GE": "Georgian", "AM": "Armenian", "UZ": "Uzbek", "TR": "Turkish", "US": "US",
    "CA": "Canadian", "GB": "British", "DE": "German", "AT": "Austrian", "CH": "Swiss", "PL": "Polish", "FR": "French",
    "ES": "Spanish", "IT": "Italian", "PT": "Portuguese", "NL": "Dutch", "BE": "Belgian", "IE": "Irish", "DK": "Danish",
    "SE": "Swedish", "NO": "Norwegian", "FI": "Finnish", "LV": "Latvian", "LT": "Lithuanian", "CZ": "Czech",
    "SK": "Slovak", "RO": "Romanian", "BG": "Bulgarian", "GR": "Greek", "HR": "Croatian", "SI": "Slovenian",
    "RS": "Serbian", "AU": "Australian", "BR": "Brazilian", "IN": "Indian", "IL": "Israeli", "CN": "Chinese",
    "JP": "Japanese",
}  # fmt: skip


def check_tax_number(country: str | None, number: str, kind: Kind = "tax") -> NumberCheck:
    """Judge a number by the rules of `country` (ISO 3166 two letters). Never raises."""
    home = (country or "").upper()
    bare = re.sub(r"[\s.,/·_-]", "", number).upper()
    rules = _rules_for(home, kind)
    label = rules[0].label if rules else ""
    if not bare or not rules:
        return NumberCheck(None, bare, number.strip(), None, label)
    failures: list[_Failure] = []
    for rule in rules:
        result = _apply(rule, number, bare)
        if not isinstance(result, _Failure):
            return NumberCheck(True, result[0], result[1], None, rule.label)
        failures.append(result)
    worst = max(failures, key=lambda failure: failure.rank)
    return NumberCheck(False, bare, number.strip(), _problem(home, kind, rules, worst, number.strip()), label)


def number_label(country: str | None, kind: Kind = "tax") -> str:
    """What the country calls the number, for the field's caption; "" where no rule is known."""
    rules = _rules_for((country or "").upper(), kind)
    return rules[0].label if rules else ""


def _rules_for(country: str, kind: Kind) -> tuple[_Rule, ...]:
    known = _RULES.get((country, kind))
    if known is not None or kind != "tax" or not re.fullmatch("[A-Z]{2}", country):
        return known or ()
    from stdnum.util import get_cc_module

    module = get_cc_module(country.lower(), "vat")
    return (_Rule(str(getattr(module, "__name__", "")).removeprefix("stdnum."), "VAT", ""),) if module else ()


def _apply(rule: _Rule, number: str, bare: str) -> tuple[str, str] | _Failure:
    """The number's compact and shown form, or what is wrong with it."""
    if rule.check.startswith("="):
        fits = re.fullmatch(rule.check[1:], bare)
        return (bare, number.strip()) if fits else _Failure(0, "")
    if rule.check.startswith("!"):
        return _OWN_RULES[rule.check](bare)
    return _by_stdnum(rule.check, number.strip())


def _by_stdnum(name: str, number: str) -> tuple[str, str] | _Failure:
    from stdnum import exceptions

    module = cast("_Module", import_module(f"stdnum.{name}"))
    try:
        compact = module.validate(number)
    except exceptions.InvalidChecksum:
        return _Failure(3, "the check digit does not fit, so one of its characters is probably mistyped")
    except exceptions.InvalidComponent:
        return _Failure(2, "a part of it is not in use")
    except exceptions.InvalidLength:
        return _Failure(0, "")
    except (exceptions.ValidationError, ValueError, IndexError, KeyError):
        return _Failure(1, "")
    written = cast("Callable[[str], str] | None", getattr(module, "format", None))
    return compact, written(compact) if written else compact


def _problem(country: str, kind: Kind, rules: tuple[_Rule, ...], failure: _Failure, number: str) -> str:
    people = _PEOPLE.get(country)
    noun = f"{kind} number"
    subject = f"{'An' if people[0] in 'AEIO' else 'A'} {people} {noun}" if people else f"This country’s {noun}"
    shapes = " or ".join(dict.fromkeys(rule.shape for rule in rules if rule.shape))
    has = f"{subject} ({rules[0].label}) has {shapes}" if shapes else f"{subject} is written otherwise"
    if failure.words:
        return f"{has}; {failure.words}. Look again at {number}."
    digits = sum(sign.isdecimal() for sign in number)
    return f"{has}; this one has {digits} {'digit' if digits == 1 else 'digits'}. Look again at {number}."


def _hungarian(bare: str) -> tuple[str, str] | _Failure:
    """Adószám 12345678-1-42: eight digits with a check digit, VAT status 1-5, county office. HU + 8 is the EU form."""
    digits = bare.removeprefix("HU")
    if not re.fullmatch(r"\d{8}(\d{3})?", digits):
        return _Failure(0, "")
    checked = _by_stdnum("hu.anum", digits[:8])
    if isinstance(checked, _Failure) or len(digits) == 8:
        return checked
    if digits[8] not in "12345":
        return _Failure(2, "the ninth digit, the VAT status, is 1 to 5")
    office = int(digits[9:])
    if not (2 <= office <= 20 or 22 <= office <= 44 or office == 51):
        return _Failure(2, "the last two digits name no tax office")
    return digits, f"{digits[:8]}-{digits[8]}-{digits[9:]}"


def _kazakh(bare: str) -> tuple[str, str] | _Failure:
    """БИН and ИИН: eleven digits weighted 1-11 modulo 11, and where that gives 10 once more from weight 3."""
    if not re.fullmatch(r"\d{12}", bare, re.ASCII):
        return _Failure(0, "")
    digits = [int(sign) for sign in bare]
    for first in (0, 2):
        rest = sum(digit * ((place + first) % 11 + 1) for place, digit in enumerate(digits[:11])) % 11
        if rest < 10:
            break
    if rest != digits[11]:
        return _Failure(3, "the check digit does not fit, so one of its digits is probably mistyped")
    return bare, bare


_OWN_RULES: dict[str, Callable[[str], tuple[str, str] | _Failure]] = {"!hu": _hungarian, "!kz": _kazakh}
