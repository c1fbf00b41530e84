"""Texts of a few words in the code pages that programs of each country write: the letters come out as they went in."""

import random
from pathlib import Path

import pytest

from leaddesk.exchange.tables import open_table
from tests.shared_data import shared

# Lists of three people: a name, a place, a company and a note.
_LISTS = {
    "ru": "Иванов Сергей;Москва, ул. Ленина 5;ООО Ромашка;перезвонить после обеда|Кузнецов Дмитрий;Нижний Новгород;"
    "Завод;не берёт трубку|Съедин Эльдар;Йошкар-Ола;Фабрика щёток;объявление в журнале",
    "uk": "Петренко Ігор;Харків, вул. Сумська 12;ТОВ Затишок;передзвонити у понеділок|Ґалаґан Олексій;Київ;ПП Їжак;"
    "цікавиться ціною|Шевченко Оксана Єгорівна;Львів;Фірма Європа;не відповідає",
    "pl": "Małgorzata Wójcik;Łódź, ul. Piękna 3;Spółka Dąb;proszę zadzwonić później|Grzegorz Brzęczyszczykiewicz;"
    "Kraków;Zakład Usług;źle się łączy|Józef Żak;Gdańsk;Hurtownia Świat;chce zniżkę",
    "hu": "Kovács Ödön;Győr, Kossuth utca 7;Kőműves Kft.;később visszahívni|Szűcs Ágnes;Székesfehérvár;Fűtéstechnika;"
    "ajánlatot kér|Tóth Géza;Érd;Műszer Kft.;hétfőn hívni",
    "el": "Γιώργος Παπαδόπουλος;Αθήνα, οδός Ερμού 5;Εταιρεία Ήλιος;να τηλεφωνήσω αύριο|Ελένη Ιωάννου;Θεσσαλονίκη;"
    "Φαρμακείο;θέλει προσφορά|Νίκος Καραγιάννης;Πάτρα;Οικοδομική;δεν απαντά",
    "tr": "Çağrı Yıldız;İstanbul, Şişli caddesi;Güneş İnşaat;öğleden sonra aranacak|Ayşe Öztürk;İzmir;Işık Ltd.;"
    "fiyat istiyor|Gökhan Şahin;Diyarbakır;Doğuş Ticaret;cevap vermiyor",
    "ar": "محمد الأحمد;القاهرة شارع النيل;شركة النور;اتصل لاحقا|فاطمة حسن;دمشق;مؤسسة الشرق;يريد عرض سعر|"
    "خالد إبراهيم;الرياض;مصنع;لا يجيب",
    "he": "משה כהן;תל אביב רחוב הרצל;חברת השמש;להתקשר מחר|רחל לוי;ירושלים;מפעל הצפון;רוצה הצעת מחיר|"
    "דוד מזרחי;חיפה;סוכנות;לא עונה",
    "de": "Jürgen Müller;Köln, Königstraße 5;Bäckerei Groß GmbH;bitte zurückrufen|Ötzi Weiß;Düsseldorf;Schlüsseldienst;"
    "hört nichts|Änne Schröder;München;Käserei;für nächste Woche",
    "fr": "Hélène Garçon;Orléans, rue de l'Été;Société Générale d'Énergie;à rappeler après déjeuner|François Lefèvre;"
    "Besançon;Crêperie Où Ça;très intéressé|Noël Dubœuf;Nîmes;Forêt & Fils;déjà équipé",
    "es": "José Muñoz;Málaga, calle Peña 4;Construcción Ibáñez;llamará mañana|Ángel Núñez;Córdoba;Compañía Española;"
    "qué precio|María Güell;León;Panadería;volver a llamar",
    "cs": "Jiří Dvořák;Plzeň, Žižkova 3;Truhlářství Šťastný;zavolat příští týden|Růžena Nováková;Ústí nad Labem;"
    "Květinářství;má zájem|Zdeněk Čapek;Brno;Strojírny;nebere telefon",
}
_PAGES = {
    "ru": ["cp1251", "koi8-r", "cp866", "iso8859-5"],
    "uk": ["cp1251", "koi8-u", "cp1125"],
    "pl": ["cp1250", "iso8859-2", "cp852"],
    "hu": ["cp1250", "iso8859-2", "cp852"],
    "el": ["cp1253", "iso8859-7"],
    "tr": ["cp1254", "iso8859-9"],
    "ar": ["cp1256", "iso8859-6"],
    "he": ["cp1255", "iso8859-8"],
    "de": ["cp1252", "iso8859-1", "iso8859-15", "cp850"],
    "fr": ["cp1252", "iso8859-15"],
    "es": ["cp1252", "iso8859-1", "cp850"],
    "cs": ["cp1250", "iso8859-2", "cp852"],
}
_WIDE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]


def _reads_back(path: Path, rows: list[list[str]], encoding: str) -> bool:
    text = "Name;City;Company;Note\n" + "".join(";".join(row) + "\n" for row in rows)
    path.write_bytes(text.encode(encoding))
    return [list(row.cells) for row in open_table(path, delimiter=";", header=True).rows()] == rows


@pytest.mark.parametrize("language", sorted(_LISTS))
def test_a_list_of_three_people_reads_in_every_code_page_of_its_country(tmp_path: Path, language: str) -> None:
    rows = [line.split(";") for line in _LISTS[language].split("|")]
    wrong = [page for page in (*_PAGES[language], *_WIDE) if not _reads_back(tmp_path / "list.csv", rows, page)]
    assert wrong == []


def test_one_person_alone_is_told_nearly_always(tmp_path: Path) -> None:
    dice = random.Random(4)
    tried = right = 0
    for language, pages in _PAGES.items():
        people = [line.split(";") for line in _LISTS[language].split("|")]
        for page in pages:
            for _ in range(4):
                person = [dice.choice(people)[at] for at in range(4)]
                tried += 1
                right += _reads_back(tmp_path / "one.csv", [person], page)
    assert right >= 0.97 * tried


def test_the_template_of_one_product_is_the_same_in_all_its_encodings() -> None:
    tables = {
        name: open_table(shared(f"import_samples/encodings/bitrix24_lead_template_{name}.csv"))
        for name in ("ru_utf8", "ru_utf16bom", "ru_windows1251", "ru_koi8r", "en")
    }
    russian = [(table.columns, [row.cells for row in table.rows()]) for name, table in tables.items() if name != "en"]
    assert all(read == russian[0] for read in russian)
    assert len(tables["en"].columns) == len(tables["ru_utf8"].columns) == 19
    assert tables["en"].delimiter == ","
