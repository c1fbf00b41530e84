"""Another CRM's labels in 36 languages find their fields; eight of the languages were never looked at.

The dictionaries were written from knowledge of the languages, with the labels of `HELD_OUT` unread: what they reach
tells how a language does whose labels nobody has seen. A label is judged as a user meets it: in one header with the
locale's labels for other fields (“Имя” beside “Фамилия” is the first name), a whole name without its parts beside it.
Where one text is the label of two fields, either is right.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator

import pytest

from leaddesk.exchange.columns import understand
from leaddesk.exchange.headers import EMAILS, PHONES
from tests.shared_data import shared

HELD_OUT = frozenset(("bg_BG", "da_DK", "el_GR", "id_ID", "ja_JP", "lv_LV", "sk_SK", "vi_VN"))
FIELDS_OF_LABELS: dict[str, str | None] = {
    "name": "name", "emailAddress": "email", "website": "website", "phoneNumber": "phone", "accountName": "company",
    "doNotCall": "do_not_call", "status": "status", "source": "source", "opportunityAmount": "budget",
    "description": "note", "industry": "industry", "campaign": "campaign", "firstName": "first_name",
    "lastName": "last_name", "middleName": "middle_name", "salutationName": "salutation", "assignedUser": "owner",
    "createdAt": "created_at", "title": "role", "address": "address", "teams": None,
}  # fmt: skip
_PARTS = frozenset(("first_name", "last_name", "middle_name"))
_SWAPPED = {"phone": "phone", "email": "email", "name": "name", **dict.fromkeys(_PARTS, "name")}

Labels = dict[str, list[tuple[str, str | None]]]


@pytest.fixture(scope="module")
def labels() -> Labels:
    """Locale → its labels with our fields."""
    found: Labels = defaultdict(list)
    path = shared("headers/espocrm_lead_field_labels_by_locale.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            found[row["locale"]].append((row["label"], FIELDS_OF_LABELS[row["field"].partition(".")[2]]))
    return found


def family(field: str | None) -> str | None:
    """All phones are phones: one language's label says “mobile”."""
    return "phone" if field in PHONES else "email" if field in EMAILS else field


def judged(labels: Labels, *, alone: bool) -> Iterator[tuple[str, set[str | None], str | None]]:
    """(locale, right fields, the field found) of each label."""
    for locale, all_of_it in labels.items():
        for label, field in all_of_it:
            right = {other for text, other in all_of_it if text == label}
            header = {label: field}
            for text, other in [] if alone else all_of_it:
                part_of_it = field == "name" and other in _PARTS
                if text not in header and other not in header.values() and not part_of_it:
                    header[text] = other
            yield locale, right, family(understand(list(header), [])[0].field)


def test_labels_of_36_languages_find_their_fields(labels: Labels) -> None:
    found = list(judged(labels, alone=False))
    right = sum(got in wanted for _, wanted, got in found)
    held_out = [got in wanted for locale, wanted, got in found if locale in HELD_OUT]
    assert (len(found), len(labels)) == (841, 36)
    assert right / len(found) >= 0.97
    assert sum(held_out) / len(held_out) >= 0.91


def test_labels_judged_each_alone(labels: Labels) -> None:
    """Without the other columns a first name's label, “Имя”, is the whole name: there it counts as wrong."""
    found = [(locale, got in wanted) for locale, wanted, got in judged(labels, alone=True)]
    assert sum(right for _, right in found) / len(found) >= 0.94
    held_out = [right for locale, right in found if locale in HELD_OUT]
    assert sum(held_out) / len(held_out) >= 0.91


@pytest.mark.parametrize("alone", [True, False])
def test_phones_emails_and_names_are_never_taken_for_one_another(labels: Labels, *, alone: bool) -> None:
    swaps = [
        (locale, wanted, got)
        for locale, wanted, got in judged(labels, alone=alone)
        if got in _SWAPPED and not any(_SWAPPED.get(field or "", _SWAPPED[got]) == _SWAPPED[got] for field in wanted)
    ]
    assert swaps == []
