"""Signs that a lead is no real person: test numbers, mashed keys, throw-away mail.

What the signs are, what they weigh and how they are said stands in resources/suspicion/rules.json; the ways of looking
are here. From `HELD_FROM` on the signs together keep a lead out of the queue until a team lead has judged it, so that
each rule prefers to miss a joker rather than to hold back a Ng, a Szczęsny or a Bhrgv.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from leaddesk.workflow.emails import Email
from leaddesk.workflow.keyboards import is_alphabetic, is_mashed, lacks_vowels, words_of
from leaddesk.workflow.phones import Phone

T = TypeVar("T")

_UP = "0123456789" * 3
_DOWN = _UP[::-1]
FICTITIOUS = "fictitious_phone"
SAID_FROM = 20
"""Signs that weigh less together are kept and counted, but nobody's eye is drawn to them."""


@dataclass(frozen=True)
class Suspicion:
    """One sign: `key` to count and confirm by, `words` to show, `weight` of a hundred."""

    key: str
    words: str
    weight: int = 100


@dataclass(frozen=True)
class Rule:
    """One line of rules.json. `words` has a place for the {value} that was seen, and for {how}."""

    key: str
    looks_at: str
    test: str
    weight: int
    words: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def sign(self, value: str = "", how: str = "") -> Suspicion:
        """The sign that this rule gives for what was seen."""
        return Suspicion(self.key, self.words.format(value=value, how=how), self.weight)


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """Every rule by its key, in the order in which they are tried."""
    return {said["key"]: Rule(**said) for said in _said("rules.json")["rules"]}


def weight_of(signs: Iterable[Suspicion]) -> int:
    """What the signs weigh together, at most a hundred."""
    return min(100, sum(sign.weight for sign in signs))


def in_words(signs: Sequence[Suspicion]) -> str:
    """All of them with what each weighs: "Suspicious 90 %: phone … counts up or down (80); …"; "" for none."""
    said = "; ".join(f"{sign.words} ({sign.weight})" for sign in signs)
    return f"Suspicious {weight_of(signs)} %: {said}" if said else ""


def suspicions(name: str, company: str, phones: Sequence[Phone], emails: Sequence[Email]) -> tuple[Suspicion, ...]:
    """Every sign found on a lead, each kind once, none for a lead that looks real.

    What other cards tell is not asked here (`many_names`): a million rows are read without a question to the database.
    """
    found: dict[str, Suspicion] = {}
    for sign in _signs(name, company, phones, emails):
        found.setdefault(sign.key, sign)
    return tuple(found.values())


def many_names(count: int, number: str = "the number") -> Suspicion | None:
    """The sign of a number that stands on other cards under so many different names, the lead's own among them."""
    rule = rules()["many_names"]
    return rule.sign(number, str(count)) if count > rule.parameters["more_than"] else None


def fictitious(e164: str) -> str:
    """Who keeps this number for stage and screen; "" for a number that somebody may have."""
    if not _any_fictitious().fullmatch(e164):
        return ""
    return next(who for pattern, who in _fictitious() if pattern.fullmatch(e164))


def _signs(name: str, company: str, phones: Sequence[Phone], emails: Sequence[Email]) -> Iterator[Suspicion]:
    if name.strip() and not _is_plain(name):
        yield from _first("name", _NAME_TESTS, name.strip())
    if company.strip() and not _is_plain(company):
        yield from _first("company", _COMPANY_TESTS, company.strip())
    for phone in phones:
        yield from _first("phone", _PHONE_TESTS, phone)
    yield from _no_valid_number(phones)
    for email in emails:
        yield from _first("email", _EMAIL_TESTS, email)
    if company.strip() and phones and not emails and not name.strip():
        yield rules()["no_person"].sign()


def _first(looks_at: str, tests: Mapping[str, Callable[[T, Rule], Suspicion | None]], seen: T) -> Iterator[Suspicion]:
    """The sign of the first rule that fits."""
    for rule in _rules_for(looks_at):
        sign = tests[rule.test](seen, rule)
        if sign is not None:
            yield sign
            return


def _is_plain(name: str) -> bool:
    """Whether a name is made of ordinary words and figures alone, so that no test of names need look at it: most are."""
    words = [word for word in name.split() if not word.isdecimal()]
    return bool(words) and all(map(_is_ordinary, words))


@lru_cache(maxsize=65536)
def _is_ordinary(word: str) -> bool:
    """A word of letters that, as a whole name or company, shows no sign."""
    if len(word) < 2 or not word.isalpha():
        return False
    return not any(
        tests[rule.test](word, rule)
        for looks_at, tests in (("name", _NAME_TESTS), ("company", _COMPANY_TESTS))
        for rule in _rules_for(looks_at)
    )


@lru_cache(maxsize=8)
def _rules_for(looks_at: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules().values() if rule.looks_at == looks_at)


def _if_name(fits: Callable[[str, tuple[str, ...], Rule], bool]) -> Callable[[str, Rule], Suspicion | None]:
    """A test of a name and of its folded words."""

    def test(name: str, rule: Rule) -> Suspicion | None:
        return rule.sign(name) if fits(name, words_of(name), rule) else None

    return test


def _holds_pattern(name: str, _words: tuple[str, ...], rule: Rule) -> bool:
    return re.search(rule.parameters["pattern"], name, re.IGNORECASE) is not None


def _is_placeholder(_name: str, words: tuple[str, ...], rule: Rule) -> bool:
    return all(word in _words_meant(rule.key) for word in words)


@lru_cache(maxsize=8)
def _words_meant(key: str) -> frozenset[str]:
    return frozenset(rules()[key].parameters["words"])


def _is_single_letters(_name: str, words: tuple[str, ...], _rule: Rule) -> bool:
    return all(len(word) == 1 and is_alphabetic(word) for word in words)


def _is_mashed_name(name: str, words: tuple[str, ...], rule: Rule) -> bool:
    fewest, longest = rule.parameters["letters_without_vowel"], rule.parameters["longest_run_without_vowel"]
    return any(map(is_mashed, words)) or any(
        lacks_vowels(word, fewest, longest) for word in words_of(name, fold=False) if len(word) >= fewest
    )


def _is_made_up_company(company: str, words: tuple[str, ...], rule: Rule) -> bool:
    """Three equal capitals are a legal form or a trick for the phone book: ООО, AAA."""
    longer = rule.parameters["longer_than"]
    if any(len(word) > longer and is_mashed(word) for word in words):
        return True
    made_up = bool(words) and all(word in _words_meant(rule.key) or is_mashed(word) for word in words)
    return made_up and not (company.isupper() and max(map(len, words)) <= longer)


def _is_regular(phone: Phone, rule: Rule) -> Suspicion | None:
    """What is too regular about the number. A few repeats are ordinary."""
    subscriber_digits, longest_block = rule.parameters["subscriber_digits"], rule.parameters["longest_block"]
    national = _national_digits(phone)
    subscriber = national[-subscriber_digits:]
    if len(national) < subscriber_digits:
        return None
    if len(set(subscriber)) == 1:
        return rule.sign(phone.display, "repeats one digit")
    if _is_run(national) or _is_run(subscriber) or _is_run(national[:9]):
        return rule.sign(phone.display, "counts up or down")
    if len(national) > subscriber_digits + 1 and _is_repeated_block(national, longest_block):
        return rule.sign(phone.display, "repeats one group of digits")
    return None


def _is_kept_for_fiction(phone: Phone, rule: Rule) -> Suspicion | None:
    who = fictitious(phone.e164) if phone.e164 else ""
    return rule.sign(phone.display, who) if who else None


def _no_valid_number(phones: Sequence[Phone]) -> Iterator[Suspicion]:
    """Numbers kept for fiction count as invalid in some countries: a sign of their own, not two."""
    read = [phone for phone in phones if phone.e164 is not None]
    if read and not any(phone.valid or fictitious(phone.e164 or "") for phone in read):
        yield rules()["invalid_phone"].sign(read[0].display)


def _is_throwaway(email: Email, rule: Rule) -> Suspicion | None:
    return rule.sign(email.domain) if email.throwaway else None


def _is_made_up_address(email: Email, rule: Rule) -> Suspicion | None:
    local = email.address.partition("@")[0].casefold()
    made_up = (local.isalpha() and is_mashed(local)) or (local == "test" and email.domain.startswith("test."))
    return rule.sign(email.address) if made_up else None


_NAME_TESTS = {
    "pattern": _if_name(_holds_pattern),
    "no_letters": _if_name(lambda _name, words, _rule: not words),
    "placeholders": _if_name(_is_placeholder),
    "single_letters": _if_name(_is_single_letters),
    "mashed": _if_name(_is_mashed_name),
}
_COMPANY_TESTS = {"made_up_company": _if_name(_is_made_up_company)}
_PHONE_TESTS = {"regular": _is_regular, "kept_for_fiction": _is_kept_for_fiction}
_EMAIL_TESTS = {"throwaway": _is_throwaway, "made_up_address": _is_made_up_address}


def _national_digits(phone: Phone) -> str:
    """Behind the country code, which the international spelling parts by a blank; nothing else knows how long it is."""
    if phone.e164 is None:
        return "".join(str(int(sign)) for sign in phone.raw if sign.isdecimal())
    return phone.e164.removeprefix(phone.display.partition(" ")[0])


def _is_run(digits: str) -> bool:
    return digits in _UP or digits in _DOWN


def _is_repeated_block(text: str, longest: int) -> bool:
    """Whether the text is one short block over and over ("123123123"), the last time perhaps cut off."""
    for size in range(1, min(longest, len(text) // 2) + 1):  # noqa: SIM110 - asked of every number: `any` takes thrice as long
        if text[size:] == text[:-size]:
            return True
    return False


@lru_cache(maxsize=1)
def _fictitious() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(said["e164"]), said["who"]) for said in _said("fictitious.json")["ranges"])


@lru_cache(maxsize=1)
def _any_fictitious() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in _fictitious()))


def _said(name: str) -> Any:
    from importlib.resources import files

    return json.loads(files("leaddesk").joinpath("resources", "suspicion", name).read_text(encoding="utf-8"))
