"""Made-up people with names, firms, towns and numbers that fit their country."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from leaddesk.demo.data import Word, between, countries, pick, words
from leaddesk.demo.numbers import Numbers, phone_point
from leaddesk.workflow.entities import ContactPoint
from leaddesk.workflow.points import PointInput, new_point
from leaddesk.workflow.vocabulary import Channel, Temperature

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from leaddesk.demo.data import Block, Country

_OWN_LETTERS = str.maketrans({"ə": "a", "ı": "i", "ł": "l", "ß": "ss", "ø": "o", "đ": "d"})
_SEATS = (8, 12, 15, 20, 24, 30, 40, 60, 80, 120)
_TEMPERATURES = (Temperature.COLD,) * 6 + (Temperature.WARM,) * 3 + (Temperature.HOT,)


@dataclass(slots=True)
class Person:
    """A lead before anything happened to it: the fields of its row, its points without owner, its extra fields."""

    lead: dict[str, Any]
    points: list[ContactPoint]
    country: Country
    company_own: bool
    stem: str
    trade: str
    mail: tuple[str, str]
    extra: dict[str, str]
    suspicious: bool = False


class People:
    """Makes people, the same ones for the same seed."""

    def __init__(self, random: Random, share: int = 0, shares: int = 1, variety: float = 0.0) -> None:
        """Everything is drawn from `random`. Of several `shares` no two ever give the same number or address.

        `variety` is the share of firms with double names; of people it is less.
        """
        self._random = random
        self._share, self._shares = share, shares
        self._variety = variety
        self._numbers = Numbers(random, share, shares)
        self._addresses: dict[str, int] = {}
        self._use(list(countries()))

    def _use(self, codes: list[str]) -> None:
        """Of these countries people come, each as often as it should."""
        self._countries = [countries()[code] for code in codes for _ in range(countries()[code].weight)]

    def person(self) -> Person:
        """One more; a country whose kept numbers are used up has no more people."""
        random = self._random
        country = pick(random, self._countries)
        taken = self._numbers.take(country.code)
        if taken is None:
            self._use([code for code in self._numbers.countries_left() if code != country.code])
            return self.person()
        number, block = taken
        own = random.random() >= country.mixed
        first, last = self._name(country)
        stem, trade = self._longer(pick(random, country.stems), country.stems, "-", 1), pick(random, country.trades)
        city = block.city or pick(random, country.cities)
        name = _spelled(last, first, own=own) if country.last_first else _spelled(first, last, own=own)
        company = self._company(country, stem, trade, own=own) if random.random() < 0.93 else ""
        said = words()
        chance = random.random()
        decides = True if chance < 0.35 else False if chance < 0.5 else None
        firm = _slug(stem.latin)
        lead = {
            "name": name,
            "first_name": first.own if own else first.latin,
            "last_name": last.own if own else last.latin,
            "company": company,
            "role": pick(random, said["deciders" if decides else "roles"]) if random.random() < 0.7 else "",
            "decides": decides,
            "interest": self.filled(pick(random, said["interests"])) if random.random() < 0.8 else "",
            "industry": pick(random, said["industries"]) if random.random() < 0.6 else "",
            "budget": pick(random, said["budgets"]) if random.random() < 0.25 else "",
            "country": country.code,
            "region": block.region,
            "city": city.own if own else city.latin,
            "language": country.language,
            "temperature": pick(random, _TEMPERATURES),
            "website": f"https://{firm}-{_slug(trade.latin)}.example" if random.random() < 0.2 else "",
        }
        points = [phone_point(number, block)]
        mail = f"{_slug(first.latin)}.{_slug(last.latin)}", f"{firm}.example"
        self._more_points(points, block, mail)
        said_stem, said_trade = (stem.own, trade.own) if own else (stem.latin, trade.latin)
        return Person(lead, points, country, own, said_stem, said_trade, mail, self._extra())

    def better_known(self, person: Person) -> None:
        """Who has talked at length has said where they work, as what, and where to write to."""
        lead, country = person.lead, person.country
        if not lead["company"]:
            form = country.company.own if person.company_own else country.company.latin
            lead["company"] = form.format(stem=person.stem, trade=person.trade)
        if not lead["role"]:
            lead["role"] = pick(self._random, words()["deciders" if lead["decides"] else "roles"])
        if not any(p.channel is Channel.EMAIL for p in person.points):
            self._mail(person.points, person.mail)

    def suspicious(self) -> Person:
        """Somebody who may be a joker: held back until a person has looked."""
        person = self.person()
        name, company, channel, text = pick(self._random, words()["suspicious"])
        person.lead |= {"name": name, "first_name": "", "last_name": "", "company": company}
        person.lead |= dict.fromkeys(("website", "country", "region", "city", "language"), "")
        person.points = [new_point(PointInput(Channel(channel), text), person.country.code)]
        person.extra = {}
        person.suspicious = True
        return person

    def filled(self, text: str) -> str:
        """A phrase with its numbers drawn."""
        if "{" not in text:
            return text
        return text.format(n=pick(self._random, _SEATS), k=between(self._random, 2, 6))

    def _name(self, country: Country) -> tuple[Word, Word]:
        woman = self._random.random() < 0.5
        firsts = country.women if woman else country.men
        first = self._longer(pick(self._random, firsts), firsts, " ", 0.4)
        last = pick(self._random, country.last)[woman]
        if not self._variety:
            return first, last
        return first, self._longer(last, [pair[woman] for pair in country.last], "-", 0.7)

    def _longer(self, word: Word, others: Sequence[Word], between_them: str, share: float) -> Word:
        """The word, or, of this share of as many people as the demo's variety wants, the word and another one."""
        if not self._variety or self._random.random() >= self._variety * share:
            return word
        other = pick(self._random, others)
        if other is word:
            return word
        return Word(f"{word.own}{between_them}{other.own}", f"{word.latin}{between_them}{other.latin}")

    @staticmethod
    def _company(country: Country, stem: Word, trade: Word, *, own: bool) -> str:
        if own:
            return country.company.own.format(stem=stem.own, trade=trade.own)
        return country.company.latin.format(stem=stem.latin, trade=trade.latin)

    def _extra(self) -> dict[str, str]:
        """What a list brings that no field of ours is for."""
        if self._random.random() >= 0.15:
            return {}
        return {"Seats": str(pick(self._random, _SEATS)), "Telephony": pick(self._random, words()["telephony"])}

    def _more_points(self, points: list[ContactPoint], block: Block, mail: tuple[str, str]) -> None:
        random = self._random
        if random.random() < 0.22:
            second = self._numbers.take(block.country, block)
            if second is not None:
                points.append(phone_point(*second, "mobile", len(points)))
        if random.random() < 0.72:
            self._mail(points, mail)
        if random.random() < 0.08:
            handle = self._address(f"@{mail[0].replace('.', '_')}", "")
            points.append(_written(Channel.TELEGRAM, handle, len(points)))

    def _mail(self, points: list[ContactPoint], mail: tuple[str, str]) -> None:
        points.append(_written(Channel.EMAIL, self._address(*mail), len(points)))

    def _address(self, local: str, domain: str) -> str:
        """An address nobody else was given: the second of a name bears a number, and so do all but one's share's."""
        address = f"{local}@{domain}" if domain else local
        place = self._addresses.get(address, self._share)
        self._addresses[address] = place + self._shares
        if not place:
            return address
        return f"{local}{place + 1}@{domain}" if domain else f"{local}{place + 1}"


def _written(channel: Channel, address: str, position: int) -> ContactPoint:
    """An address as `new_point` reads it: all of ours are plain and in small letters."""
    return ContactPoint(channel=channel, value=address, key=address, raw=address, position=position)


def _spelled(one: Word, other: Word, *, own: bool) -> str:
    return f"{one.own} {other.own}" if own else f"{one.latin} {other.latin}"


@lru_cache(maxsize=20_000)
def _slug(text: str) -> str:
    """Latin letters as they stand in addresses."""
    bare = unicodedata.normalize("NFKD", text.casefold().translate(_OWN_LETTERS))
    return re.sub(r"[^a-z0-9]+", "-", "".join(sign for sign in bare if not unicodedata.combining(sign))).strip("-")
