"""All leads as columns, for the search for duplicates: streamed, each row forgotten as soon as it is taken."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from leaddesk.db.tables import contact_point, lead, lead_extra
from leaddesk.workflow.duplicates import COMPARED, SWITCHBOARD, LeadsToCompare

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading
    from leaddesk.workflow.duplicate_columns import Gathering, Leads

AT_ONCE = 10_000


def leads_to_compare(reading: Reading, question: LeadsToCompare) -> Leads:
    """Every lead, whatever its status, with what it shares with others."""
    from leaddesk.workflow.duplicate_columns import Gathering

    gathering = Gathering()
    total = reading.connection.scalar(select(func.count()).select_from(lead)) or 0
    c = lead.c
    statement = (
        select(c.id, c.name, c.last_name, *(c[name] for name in COMPARED), lead_extra.c.fields)
        .select_from(lead.outerjoin(lead_extra, lead_extra.c.id == c.id))
        .order_by(c.id)
        .execution_options(yield_per=AT_ONCE)
    )
    with reading.connection.execute(statement) as rows:
        for some in rows.partitions():
            question.watch(len(gathering), total)
            for lead_id, name, last, *values, extras in some:
                gathering.add(lead_id, name, last, values, json.loads(extras) if extras and extras != "{}" else {})
    _share(reading, gathering)
    return gathering.done()


def _share(reading: Reading, gathering: Gathering) -> None:
    """Numbers and addresses on several cards; a switchboard's glue nobody together."""
    p = contact_point.c
    several = (
        select(p.key, p.channel)
        .where(p.key != "", p.channel.in_(("phone", "email")))
        .group_by(p.key, p.channel)
        .having(func.count().between(2, SWITCHBOARD))
        .subquery()
    )
    statement = (
        select(p.key, p.channel, p.lead_id)
        .join_from(several, contact_point, (p.key == several.c.key) & (p.channel == several.c.channel))
        .order_by(p.key, p.channel)
        .execution_options(yield_per=AT_ONCE)
    )
    with reading.connection.execute(statement) as rows:
        for (key, channel), found in groupby(rows, key=lambda row: (row[0], row[1])):
            leads = [row[2] for row in found]
            there = sorted({lead_id for lead_id in leads if lead_id is not None})
            if len(there) > 1:
                gathering.share(there, channel, key, len(leads))


ANSWERS: Answers = {LeadsToCompare: leads_to_compare}
