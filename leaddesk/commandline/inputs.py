"""What people type on a command line, read into what commands want. Wrong words are `Refused`, naming the option."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from leaddesk.workflow.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from leaddesk.commandline.session import Session
    from leaddesk.workflow.entities import User

ID = click.IntRange(1, 2**63 - 1)
"""An id as databases count."""

YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def pairs(texts: tuple[str, ...], option: str) -> dict[str, str]:
    """Read `KEY=VALUE` words. Raises a usage error for a word without "="."""
    read = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise click.BadParameter(f"“{text}” is not KEY=VALUE.", param_hint=option)
        read[key.strip()] = value
    return read


def truth(text: str, field: str) -> bool | None:
    """Read yes or no; None for nothing said."""
    word = text.strip().casefold()
    if not word:
        return None
    if word not in YES:
        raise Refused(f"{field}: yes or no, not “{text}”.", field=field)
    return YES[word]


def when(session: Session, text: str, field: str, zone_key: str = "") -> tuple[datetime, bool]:
    """An instant (UTC) from words such as "tomorrow 14:30", and whether a time of day was said.

    Read by the lead's own clock when it has just one, else by the user's. A day without a time is the
    moment its calling hours open. Raises `Refused` with examples.
    """
    from datetime import UTC
    from zoneinfo import ZoneInfo

    from leaddesk.workflow.calling_hours import parse_zone_key
    from leaddesk.workflow.calling_hours import zone_key as key_of
    from leaddesk.workflow.parking import morning_of
    from leaddesk.workflow.when import parse_moment

    country, zones = parse_zone_key(zone_key)
    zone = ZoneInfo(zones[0]) if len(zones) == 1 else session.zone
    now = session.desk.clock.now().astimezone(zone)
    try:
        moment = parse_moment(text, now)
    except Refused as refused:
        raise Refused(refused.words, field=field) from None
    if moment.exact:
        return moment.local.astimezone(UTC), True
    here = zone_key if zones else key_of(country, [str(zone)] if isinstance(zone, ZoneInfo) else [])
    return morning_of(moment.local.date(), here, session.settings), False


def person(session: Session, login: str, field: str) -> User:
    """A user by login. Raises `Refused` naming the ones there are."""
    from leaddesk.workflow.team import Users, by_login, known_logins

    users = session.desk.read(Users())
    user = session.desk.user if login == "me" else by_login(users, login)
    if user is None:
        raise Refused(f"There is no user “{login}”. There are: {known_logins(users)}.", field=field)
    return user


def lead_values(session: Session, given: dict[str, str]) -> dict[str, Any]:
    """Fields of a lead as typed, in the types the commands want; `source` is a source's name."""
    from leaddesk.workflow.leads import EDITABLE
    from leaddesk.workflow.sources import SourceByName

    values: dict[str, Any] = {}
    for name, text in given.items():
        if name == "source":
            source = session.desk.read(SourceByName(text))
            if source is None and text.strip():
                raise Refused(f"There is no source “{text}”.", field="source")
            values["source_id"] = source.id if source else None
        elif name in ("decides", "no_call", "no_mail", "suspicion_ok", "idle_ok"):
            said = truth(text, name)
            values[name] = said if name == "decides" else bool(said)
        elif name in EDITABLE and name != "source_id":
            values[name] = text
        else:
            names = ", ".join(n.replace("source_id", "source") for n in EDITABLE)
            raise Refused(f"A lead has no field “{name}” to edit. There are: {names}.", field=name)
    return values
