"""Made-up people with names, firms, towns and numbers that fit their country."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

from leaddesk.demo.data import countries, words
from leaddesk.demo.numbers import Numbers, phone_point
from leaddesk.workflow.points import PointInput, new_point
from leaddesk.workflow.vocabulary import Channel, Temperature

if TYPE_CHECKING:
    from random import Random

    from leaddesk.demo.data import Block, Country, Word
    from leaddesk.workflow.entities import ContactPoint

_OWN_LETTERS = str.maketrans({"ə": "a", "ı": "i", "ł": "l", "ß": "ss", "ø": "o", "đ": "d"})


@dataclass(slots=True)
class Person:
    """A lead before anything happened to it: the fields of its row, and its points without owner."""

    lead: dict[str, Any]
    points: list[ContactPoint]
    country: Country
    company_own: bool
    stem: str
    trade: str
    mail: tuple[str, str]
    suspicious: bool = False


class People:
    """Makes people, the same ones for the same seed."""

    def __init__(self, random: Random) -> None:
        """Everything is drawn from `random`."""
        self._random = random
        self._numbers = Numbers(random)
        self._addresses: set[int] = set()
        self._codes = list(countries())
        self._weights = [country.weight for country in countries().values()]

    def person(self) -> Person:
        """One more; a country whose kept numbers are used up has no more people."""
        random = self._random
        country = countries()[random.choices(self._codes, self._weights)[0]]
        taken = self._numbers.take(country.code)
        if taken is None:
            left = [code for code in self._codes if code in self._numbers.countries_left()]
            country = countries()[random.choice(left)]
            taken = self._numbers.take(country.code)
            if taken is None:
                return self.person()
        number, block = taken
        own = random.random() >= country.mixed
        first, last = self._name(country)
        stem, trade = random.choice(country.stems), random.choice(country.trades)
        city = block.city or random.choice(country.cities)
        name = _spelled(last, first, own=own) if country.last_first else _spelled(first, last, own=own)
        company = self._company(country, stem, trade, own=own) if random.random() < 0.93 else ""
        said = words()
        decides = random.choices((True, False, None), (35, 15, 50))[0]
        lead = {
            "name": name,
            "first_name": first.own if own else first.latin,
            "last_name": last.own if own else last.latin,
            "company": company,
            "role": random.choice(said["deciders" if decides else "roles"]) if random.random() < 0.7 else "",
            "decides": decides,
            "interest": self.filled(random.choice(said["interests"])) if random.random() < 0.8 else "",
            "industry": random.choice(said["industries"]) if random.random() < 0.6 else "",
            "budget": random.choice(said["budgets"]) if random.random() < 0.25 else "",
            "country": country.code,
            "region": block.region,
            "city": city.own if own else city.latin,
            "language": country.language,
            "temperature": random.choices(list(Temperature), (60, 30, 10))[0],
            "website": f"https://{_slug(stem.latin)}-{_slug(trade.latin)}.example" if random.random() < 0.2 else "",
        }
        points = [phone_point(number, block)]
        mail = f"{_slug(first.latin)}.{_slug(last.latin)}", f"{_slug(stem.latin)}.example"
        self._more_points(points, block, mail)
        said_stem, said_trade = (stem.own, trade.own) if own else (stem.latin, trade.latin)
        return Person(lead, points, country, own, said_stem, said_trade, mail)

    def better_known(self, person: Person) -> None:
        """Who has talked at length has said where they work, as what, and where to write to."""
        lead, country = person.lead, person.country
        if not lead["company"]:
            form = country.company.own if person.company_own else country.company.latin
            lead["company"] = form.format(stem=person.stem, trade=person.trade)
        if not lead["role"]:
            lead["role"] = self._random.choice(words()["deciders" if lead["decides"] else "roles"])
        if not any(p.channel is Channel.EMAIL for p in person.points):
            self._mail(person.points, person.mail)

    def suspicious(self) -> Person:
        """Somebody who may be a joker: held back until a person has looked."""
        person = self.person()
        name, company, channel, text = self._random.choice(words()["suspicious"])
        person.lead |= {"name": name, "first_name": "", "last_name": "", "company": company}
        person.lead |= dict.fromkeys(("website", "country", "region", "city", "language"), "")
        person.points = [new_point(PointInput(Channel(channel), text), person.country.code)]
        person.suspicious = True
        return person

    def filled(self, text: str) -> str:
        """A phrase with its numbers drawn."""
        if "{" not in text:
            return text
        return text.format(
            n=self._random.choice((8, 12, 15, 20, 24, 30, 40, 60, 80, 120)), k=self._random.randint(2, 6)
        )

    def _name(self, country: Country) -> tuple[Word, Word]:
        woman = self._random.random() < 0.5
        first = self._random.choice(country.women if woman else country.men)
        his, hers = self._random.choice(country.last)
        return first, hers if woman else his

    @staticmethod
    def _company(country: Country, stem: Word, trade: Word, *, own: bool) -> str:
        if own:
            return country.company.own.format(stem=stem.own, trade=trade.own)
        return country.company.latin.format(stem=stem.latin, trade=trade.latin)

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
            points.append(new_point(PointInput(Channel.TELEGRAM, handle), None, len(points)))

    def _mail(self, points: list[ContactPoint], mail: tuple[str, str]) -> None:
        points.append(new_point(PointInput(Channel.EMAIL, self._address(*mail)), None, len(points)))

    def _address(self, local: str, domain: str) -> str:
        """An address nobody else was given; a number is added until it is."""
        at = "@" if domain else ""
        count, address = 1, f"{local}{at}{domain}"
        while crc32(address.encode()) in self._addresses:
            count = count + 1 if count < 3 else self._random.randrange(10, 1_000_000)
            address = f"{local}{count}{at}{domain}"
        self._addresses.add(crc32(address.encode()))
        return address


def _spelled(one: Word, other: Word, *, own: bool) -> str:
    return f"{one.own} {other.own}" if own else f"{one.latin} {other.latin}"


def _slug(text: str) -> str:
    """Latin letters as they stand in addresses."""
    bare = unicodedata.normalize("NFKD", text.casefold().translate(_OWN_LETTERS))
    return re.sub(r"[^a-z0-9]+", "-", "".join(sign for sign in bare if not unicodedata.combining(sign))).strip("-")
