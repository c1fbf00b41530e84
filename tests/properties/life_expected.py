"""What a granted command does to statuses and owners, by the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from leaddesk.workflow.assignment import AssignLeads
from leaddesk.workflow.bulk import BringBackLeads, DisqualifyLeads
from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.leads import (
    AddLead,
    Disqualify,
    Qualify,
)
from leaddesk.workflow.merging import MergeCards
from leaddesk.workflow.parking import BringBack, DeferLead, DeferLeads, ReturnDueLeads
from leaddesk.workflow.refusals import RefuseLead
from tests.properties.floor import (
    Dump,
)
from tests.properties.life_model import (
    LEGAL,
    NO_ANSWER,
)

if TYPE_CHECKING:
    from tests.properties.life_world import World


def _to(status: str) -> Callable[[World, Any], None]:
    def move(machine: World, command: Any) -> None:
        machine.model.status[command.lead_id] = status

    return move


def _added(machine: World, _command: AddLead) -> None:
    for lead_id in machine.rows["lead"].keys() - machine.model.status.keys():
        machine.model.status[lead_id], machine.model.owner[lead_id] = "new", None


def _called(machine: World, command: LogCall) -> None:
    old = machine.model.status[command.lead_id]
    work = old if old == "qualified" else "in_progress"
    status = {"interested": "qualified", "agreed": "qualified", "do_not_call": "refused"}.get(command.outcome, work)
    if command.outcome in NO_ANSWER and machine.lead(command.lead_id)["attempts"] >= 6:
        status = "deferred"
    machine.model.status[command.lead_id] = status
    _takes(machine, command)


def _takes(machine: World, command: LogCall) -> None:
    """Who writes up a call of nobody's lead has it from then on."""
    if machine.model.owner[command.lead_id] is None:
        machine.model.owner[command.lead_id] = machine.lead(command.lead_id)["owner_id"]
        assert machine.model.owner[command.lead_id] is not None


def _closed(status: str) -> Callable[[World, Any], None]:
    def close(machine: World, command: ConvertLead | RefuseLead) -> None:
        machine.model.status[command.lead_id] = status
        if command.call:
            _takes(machine, command.call)

    return close


def _assigned(machine: World, command: AssignLeads) -> None:
    for lead_id in command.lead_ids:
        if lead_id in machine.model.status:
            machine.model.owner[lead_id] = command.owner_id


def status_of_two(leads: list[dict[str, Any]], rows: Dump) -> str:
    """What two cards come to: the more alive wins, but who asked to be left alone is left alone."""
    statuses = {lead["status"] for lead in leads}
    refused = {lead["id"] for lead in leads if lead["status"] == "refused"}
    standing = [r for r in rows["refusal"].values() if r["returned_at"] is None and r["taken_back_at"] is None]
    if "converted" not in statuses and any(r["suppressed"] and r["lead_id"] in refused for r in standing):
        return "refused"
    order = ("converted", "qualified", "in_progress", "new", "deferred", "refused", "disqualified")
    best = next(status for status in order if status in statuses)
    called = any(lead["last_call_at"] is not None for lead in leads)
    return "in_progress" if best == "new" and called and len(statuses) > 1 else best


def _merged(machine: World, command: MergeCards) -> None:
    model = machine.model
    model.status[command.keep] = machine.merging
    del model.status[command.lose]
    theirs = model.owner.pop(command.lose)
    model.owner[command.keep] = model.owner[command.keep] or theirs


def _returned(machine: World, _command: ReturnDueLeads) -> None:
    """Those whose day has come, as they stood before, are back in work; all others stay."""
    now = int(machine.clock.now().timestamp() * 1000)
    for lead_id, status in machine.model.status.items():
        due = machine.returning.get(lead_id)
        if status in ("deferred", "refused") and due is not None and due <= now:
            machine.model.status[lead_id] = "in_progress"


def _many(deed: str, status: str) -> Callable[[World, Any], None]:
    def move(machine: World, command: Any) -> None:
        for lead_id in command.lead_ids:
            old = machine.model.status.get(lead_id)
            if old in LEGAL[deed] and machine.mine(machine.acting, lead_id):
                machine.model.status[lead_id] = status

    return move


EXPECTED: dict[type[Any], Callable[[World, Any], None]] = {
    AddLead: _added,
    LogCall: _called,
    Qualify: _to("qualified"),
    ConvertLead: _closed("converted"),
    RefuseLead: _closed("refused"),
    DeferLead: _to("deferred"),
    DeferLeads: _many("defer", "deferred"),
    DisqualifyLeads: _many("disqualify", "disqualified"),
    BringBackLeads: _many("bring_back", "in_progress"),
    BringBack: _to("in_progress"),
    Disqualify: _to("disqualified"),
    ReturnDueLeads: _returned,
    AssignLeads: _assigned,
    MergeCards: _merged,
}
