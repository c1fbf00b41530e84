"""The fields of the cards, declared once: how each is called, edited and shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from leaddesk.workflow.vocabulary import Channel, PartOfDay, Temperature


@dataclass(frozen=True, slots=True)
class CardField:
    """One field. `kind` is text, long, yes_no, choice or source; `choices` are (value, words)."""

    key: str
    title: str
    kind: str = "text"
    choices: tuple[tuple[str, str], ...] = ()
    empty: str = ""

    def shown(self, value: Any) -> str:
        """The value in words; "" for none."""
        if value is None or value == "":
            return ""
        if self.kind == "yes_no":
            return "yes" if value else "no"
        if self.kind == "choice":
            return dict(self.choices).get(str(value), str(value))
        if isinstance(value, tuple):
            return ", ".join(value)
        return str(value)


YES_NO = (("", "not known"), ("yes", "yes"), ("no", "no"))
_CHANNELS = (("", "any"), *((c.value, "e-mail" if c is Channel.EMAIL else c.value) for c in Channel))
_PARTS = (("", "any"), *((p.value, p.value) for p in PartOfDay))

LEAD_FIELDS: tuple[CardField, ...] = (
    CardField("name", "Name"),
    CardField("company", "Company"),
    CardField("role", "Role"),
    CardField("decides", "Decides", "yes_no", YES_NO),
    CardField("interest", "Interest", "long"),
    CardField("budget", "Budget"),
    CardField("industry", "Industry"),
    CardField("website", "Website"),
    CardField("source_id", "Source", "source"),
    CardField("temperature", "Temperature", "choice", tuple((t.value, t.value) for t in Temperature)),
    CardField("country", "Country"),
    CardField("region", "Region"),
    CardField("city", "City"),
    CardField("address", "Address", "long"),
    CardField("postal_code", "Postal code"),
    CardField("zone", "Time zone"),
    CardField("language", "Language"),
    CardField("preferred_channel", "Prefers", "choice", _CHANNELS),
    CardField("preferred_part", "Best time", "choice", _PARTS),
    CardField("no_call", "Do not call", "yes_no", YES_NO[1:]),
    CardField("no_mail", "Do not mail", "yes_no", YES_NO[1:]),
    CardField("greet", "Greet on holidays", "yes_no", YES_NO[1:]),
    CardField("tags", "Tags"),
)
LEAD_FIELD = {field.key: field for field in LEAD_FIELDS}

CLIENT_FIELDS: tuple[CardField, ...] = (
    CardField("company", "Company"),
    CardField("legal_name", "Legal name"),
    CardField("name", "Contact"),
    CardField("country", "Country"),
    CardField("tax_number", "Tax number"),
    CardField("registration_number", "Registration number"),
    CardField("city", "City"),
    CardField("legal_address", "Legal address", "long"),
    CardField("postal_address", "Postal address", "long"),
    CardField("contract", "Contract"),
    CardField("invoice", "Invoice"),
    CardField("language", "Language"),
    CardField("website", "Website"),
    CardField("industry", "Industry"),
)
CLIENT_FIELD = {field.key: field for field in CLIENT_FIELDS}


def title_of_field(key: str) -> str:
    """What people call a field of either card."""
    field = LEAD_FIELD.get(key) or CLIENT_FIELD.get(key)
    return field.title if field else key.replace("_", " ").capitalize()


def typed_value(field: CardField, chosen: str) -> Any:
    """What was typed or chosen, as the command wants it."""
    if field.kind == "yes_no":
        return {"yes": True, "no": False}.get(chosen)
    if field.kind == "choice":
        return chosen or None
    if field.kind == "source":
        return int(chosen) if chosen else None
    return chosen
