"""Makes a file of N leads with known duplicates, looks for them, and times the live banner beside a bare indexed SELECT.

python benchmarks/duplicates.py --leads 1000000 --at FOLDER
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlcipher3 import dbapi2

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from leaddesk.bootstrap import open_desk
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.duplicate_search import search_duplicates
from leaddesk.workflow.duplicates import FoundPairs, Lookalikes
from leaddesk.workflow.name_keys import name_key

DUPLICATES = 0.05
STARTS = {
    "UA": "Оле Тара Андрі Мико Ната Свi Юлі Дми Кате Мари Сергi Вікто Анасто Богда Лесь Остa Яро Зої".split(),
    "GB": "Jon Mar Eli Wil Geo Tho Ali Cat Ric Edw Sus Pet Kar Dav Ste Ann Rob Hel".split(),
    "DE": "Han Jür Kla Wol Bri Ute Fri Hei Ger Ste Mat Kat San Mon Tor Sab Jen Uwe".split(),
    "PL": "Pio Kat Mał Woj Grz Ann Jan Mar Zof Paw Tom Agn Bar Kry Sta Rys Ewa Zbi".split(),
}
ENDS = {
    "UA": "на с й ла ля ро рій ен ко ан ин ович ся".split(),
    "GB": "athan y zabeth liam rge mas ce herine hard ard an er en id phen e ert".split(),
    "DE": "s gen us fgang gitte a drich ke d fan thias rin dra ika sten ine ns".split(),
    "PL": "tr arzyna gorzata ciech egorz a usz ek ia eł asz ieszka bara styna nisław".split(),
}
PARTS = "ber hol mar kov len san dor gri tal win hen ros bel mor tan vel kur san pet lin dal for ham bur nov zal sto".split()
TAILS = {
    "UA": ["енко", "чук", "ський", "ук", "ак", "ець"],
    "GB": ["son", "ton", "ley", "field", "man", "er"],
    "DE": ["mann", "berg", "er", "bach", "ke", "ing"],
    "PL": ["ski", "wicz", "czyk", "ak", "ek", "owski"],
}
STREETS = (
    "Main High Station Church Park Mill Garten Haupt Lipowa Polna Shevchenka Franka Lesi Sadova Victoria Green".split()
)
CODES = {"UA": "+38067", "GB": "+4479", "DE": "+49151", "PL": "+4860"}


def zipf(dice: random.Random, things: list[str]) -> str:
    """A few are frequent, most are rare, as with people."""
    return things[int(len(things) * dice.random() ** 2.2)]


class World:
    """Where made-up people live and work."""

    def __init__(self, dice: random.Random, leads: int) -> None:
        self.dice = dice
        self.given = {c: [s + e for e in ENDS[c] for s in STARTS[c]] for c in CODES}
        self.family = {c: [(a + b + t).title() for t in TAILS[c] for a in PARTS for b in [*PARTS, ""]] for c in CODES}
        self.cities = [(p + q).title() + t for t in ("ton", "burg", "iv") for p in PARTS for q in PARTS[:10]]
        self.companies = [
            f"{(dice.choice(PARTS) + dice.choice(PARTS) + dice.choice(PARTS)).title()} "
            f"{dice.choice(['Trade', 'Soft', 'Logistics', 'Foods', 'Bau', 'Systems'])} "
            f"{dice.choice(['Ltd', 'GmbH', 'LLC', 'Sp. z o.o.', ''])}".strip()
            for _ in range(max(leads // 4, 10))
        ]
        for lists in (*self.given.values(), *self.family.values()):
            dice.shuffle(lists)

    def person(self, number: int) -> dict[str, str]:
        dice = self.dice
        country = dice.choice(list(CODES))
        city = zipf(dice, self.cities)
        row = {
            "first": zipf(dice, self.given[country]),
            "last": zipf(dice, self.family[country]),
            "company": zipf(dice, self.companies) if dice.random() < 0.8 else "",
            "country": country,
            "city": city if dice.random() < 0.9 else "",
            "postal": f"{hash_of(city) % 900 + 100}{dice.randrange(60):02d}" if dice.random() < 0.6 else "",
            "address": f"{zipf(dice, STREETS)} St {dice.randrange(1, 200)}" if dice.random() < 0.6 else "",
            "phone": f"{CODES[country]}{number % 10_000_000:07d}" if dice.random() < 0.8 else "",
            "email": "",
            "born": "",
        }
        if dice.random() < 0.6:
            row["email"] = f"{name_key(row['first'])}.{name_key(row['last'])}{number}@mail.example".replace(" ", "")
        if dice.random() < 0.3:
            row["born"] = f"{dice.randrange(1950, 2005)}-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}"
        return row

    def again(self, row: dict[str, str]) -> dict[str, str]:
        """The same person, written down by somebody else: one to three slips, fields left out, a new phone."""
        dice = self.dice
        other = dict(row)
        for _ in range(dice.randrange(1, 4)):
            what = dice.choice(["first", "last", "company", "city", "address", "postal", "born"])
            other[what] = slip(dice, other[what])
        for what in ("company", "city", "postal", "address", "email", "born"):
            if dice.random() < 0.15:
                other[what] = ""
        if dice.random() < 0.1:
            other["first"], other["last"] = other["last"], other["first"]
        if dice.random() < 0.6:
            other["phone"] = f"{CODES[row['country']]}9{dice.randrange(10**7):07d}"
        if dice.random() < 0.6:
            other["email"] = f"{other['last'].lower()}{dice.randrange(10**6)}@other.example"
        return other


def hash_of(text: str) -> int:
    return sum((place + 7) * ord(sign) for place, sign in enumerate(text))


def slip(dice: random.Random, text: str) -> str:
    """One letter wrong."""
    if len(text) < 3:
        return text
    place = dice.randrange(1, len(text) - 1)
    kind = dice.randrange(3)
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + dice.choice("aeiourstln") + text[place:]


def people(leads: int, seed: int = 1) -> Iterator[tuple[int, dict[str, str]]]:
    """Who it is, and how it is written: some come again later."""
    dice = random.Random(seed)
    world = World(dice, leads)
    waiting: list[tuple[int, dict[str, str]]] = []
    for number in range(leads):
        if waiting and dice.random() < DUPLICATES:
            who, row = waiting.pop(dice.randrange(len(waiting)))
            yield who, world.again(row)
            continue
        row = world.person(number)
        if dice.random() < DUPLICATES * 1.2:
            waiting.append((number, row))
        yield number, row


def fill(file: Path, leads: int) -> list[int]:
    """Write the rows straight into the tables, as no import would; who each lead is, by id from 1 on."""
    open_desk(file).store.close()
    who = []
    with closing(dbapi2.connect(str(file))) as base, base:
        base.execute("PRAGMA synchronous = OFF")
        base.execute("PRAGMA foreign_keys = OFF")
        batch: list[tuple[list[object], ...]] = []
        for number, (one, row) in enumerate(people(leads), 1):
            who.append(one)
            batch.append(lines(number, row))
            if len(batch) == 50_000:
                store(base, batch)
                batch.clear()
        store(base, batch)
        base.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('lead', ?)", (leads,))
        base.execute("ANALYZE")
    return who


def lines(number: int, row: dict[str, str]) -> tuple[list[object], ...]:
    name = f"{row['first']} {row['last']}".strip()
    lead = [number, name, row["first"], row["last"], row["company"], row["country"], row["city"], row["address"]]
    lead += [row["postal"], name_key(name, row["company"]), 1_700_000_000_000 + number]
    extra = [number, json.dumps({"born": row["born"], "list": "a"})] if row["born"] else []
    phone = [number, "phone", row["phone"], row["phone"]] if row["phone"] else []
    email = [number, "email", row["email"], row["email"].lower()] if row["email"] else []
    return lead, extra, phone, email


def store(base: dbapi2.Connection, batch: list[tuple[list[object], ...]]) -> None:
    base.executemany(
        "INSERT INTO lead (id, name, first_name, last_name, company, country, city, address, postal_code, name_key, "
        "created_at, changed_at, status, temperature, reach) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,'new','cold','phone')",
        ([*one[0], one[0][-1]] for one in batch),
    )
    base.executemany("INSERT INTO lead_extra (id, fields) VALUES (?,?)", (one[1] for one in batch if one[1]))
    points = [point for one in batch for point in one[2:] if point]
    base.executemany("INSERT INTO contact_point (lead_id, channel, value, key) VALUES (?,?,?,?)", points)


def figures(desk: Desk, who: list[int]) -> list[dict[str, float]]:
    """Precision and recall by threshold."""
    seen: dict[int, int] = {}
    true = sum(1 for place, one in enumerate(who) if seen.setdefault(one, place) != place)
    found = desk.read(FoundPairs(limit=1_000_000)).pairs
    rows = []
    for least in (0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0):
        some = [p for p in found if (p.score >= least if least < 1 else p.certain)]
        right = sum(who[p.a - 1] == who[p.b - 1] for p in some)
        share = {"precision": round(right / max(len(some), 1), 4), "recall": round(right / true, 4)}
        rows.append({"least": least, "pairs": len(some), **share})
    return rows


def banner(desk: Desk, file: Path, who: list[int], times: int = 200) -> dict[str, float]:
    """Milliseconds of the live banner for typed names, frequent and misspelt ones among them."""
    dice = random.Random(2)
    with closing(dbapi2.connect(str(file))) as base, base:
        picked = dice.sample(range(1, len(who) + 1), times - 20)
        rows = [
            base.execute("SELECT id, name, company, city FROM lead WHERE id = ?", (one,)).fetchone() for one in picked
        ]
        often = "SELECT 0, name, '', '' FROM lead GROUP BY name ORDER BY count(*) DESC LIMIT 20"
        rows += base.execute(often).fetchall()
        took, bare, met, asked = [], [], 0, 0
        for lead_id, name, company, city in rows:
            typed = slip(dice, name)
            begun = time.perf_counter()
            found = desk.read(Lookalikes(name=typed, company=company, city=city))
            took.append((time.perf_counter() - begun) * 1000)
            begun = time.perf_counter()
            base.execute(
                "SELECT * FROM lead WHERE name_key = ? AND name_key <> '' LIMIT 10", (name_key(typed, company),)
            ).fetchall()
            bare.append((time.perf_counter() - begun) * 1000)
            if lead_id and company and city:
                asked += 1
                met += any(match.id == lead_id for match in found)
    took.sort()
    return {
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(took[int(len(took) * 0.95)], 1),
        "worst_ms": round(took[-1], 1),
        "bare_p50_ms": round(statistics.median(bare), 2),
        "misspelt_found": round(met / max(asked, 1), 4),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--leads", type=int, default=1_000_000)
    options.add_argument("--at", type=Path, required=True, help="A folder for the database.")
    options.add_argument("--no-search", action="store_true")
    asked = options.parse_args()
    file = asked.at / f"duplicates-{asked.leads}.db"
    known = file.with_suffix(".json")
    if not known.exists():
        file.unlink(missing_ok=True)
        known.write_text(json.dumps(fill(file, asked.leads)), encoding="utf-8")
    who = json.loads(known.read_text(encoding="utf-8"))
    desk = open_desk(file)
    told: dict[str, object] = {"leads": asked.leads}
    if not asked.no_search:
        begun = time.perf_counter()
        search_duplicates(desk, lambda done, total: print(f"\r{done} of {total}", end="", file=sys.stderr))
        told["search_s"] = round(time.perf_counter() - begun, 1)
        told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    begun = time.perf_counter()
    desk.read(FoundPairs(limit=100))
    told["found_pairs_ms"] = round((time.perf_counter() - begun) * 1000, 1)
    told["figures"] = figures(desk, who)
    if "Lookalikes" in {question.__name__ for question in answered()}:
        told["banner"] = banner(desk, file, who)
    print(json.dumps(told, indent=1))


def answered() -> list[type]:
    from leaddesk.db.answers import ANSWERS

    return list(ANSWERS)


if __name__ == "__main__":
    main()
