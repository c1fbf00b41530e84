"""`reasons …`: why leads refuse, as data."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import click

from leaddesk.commandline.inputs import pairs
from leaddesk.commandline.root import Group
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import RefusalKind

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session
    from leaddesk.workflow.entities import RefusalReason


@click.group("reasons", cls=Group)
def reasons() -> None:
    """List, add, change and retire the reasons for refusing."""


@reasons.command("list")
@click.option("--all", "retired", is_flag=True, help="The retired ones too.")
@click.option("--language", default="en", show_default=True, help="Of titles and hints: en, ru, hu, et, az, fa.")
@click.pass_obj
def list_(session: Session, language: str, *, retired: bool) -> None:
    """List the reasons, with how often each was given and what came of it."""
    from leaddesk.workflow.refusals import Reasons

    rows = session.desk.read(Reasons(language, retired))
    told = [
        {
            **_reason(row.reason),
            "used": row.used,
            "share": row.share,
            "stayed": row.stayed,
            "returned": row.returned,
            "converted": row.converted,
        }
        for row in rows
    ]
    session.answer(
        {"reasons": told, "total": len(told)},
        lambda: session.table(
            ("digit", "key", "title", "letter", "days", "used", "share, %", "stayed", "came back", "clients", ""),
            [
                (
                    r.reason.digit or "",
                    r.reason.key,
                    r.reason.title,
                    r.reason.letter or "none",
                    r.reason.default_days or "asks",
                    r.used,
                    r.share,
                    r.stayed,
                    r.returned,
                    r.converted,
                    "retired" if r.reason.retired else "",
                )
                for r in rows
            ],
        ),
    )


@reasons.command("save")
@click.argument("key")
@click.option("--title", default=None, help="What the dialog and reports call it; a new reason needs one.")
@click.option("--digit", type=click.IntRange(0, 9), default=None, help="Its key in the dialog; 0 for none.")
@click.option("--kind", type=click.Choice([one.value for one in RefusalKind]), default=None)
@click.option("--hint", default=None, help="What to answer, shown while they still talk.")
@click.option("--letter", default=None, metavar="TEMPLATE|none", help="The letter it proposes.")
@click.option("--days", "default_days", type=click.IntRange(0, 3650), default=None, help="Proposed pause; 0 asks.")
@click.option("--needs-words/--no-words", default=None, help="Whether what they said must be written down.")
@click.option("--suppress/--no-suppress", default=None, help="Whether nobody may call or write ever after.")
@click.option("--title-in", multiple=True, metavar="LANG=TEXT", help="The title in a language of the screen.")
@click.option("--hint-in", multiple=True, metavar="LANG=TEXT", help="The hint in a language of the screen.")
@click.pass_obj
def save(session: Session, /, *, key: str, title_in: tuple[str, ...], hint_in: tuple[str, ...], **given: Any) -> None:
    """Add a reason, or change what is named of the one of this key; a retired one is used again."""
    from leaddesk.workflow.reasons import SaveReason

    known = _known(session, key)
    if known is None and not given["title"]:
        raise Refused("A new reason needs a title: --title TEXT", field="title")
    values: dict[str, Any] = {f.name: getattr(known, f.name) for f in fields(SaveReason)} if known else {"key": key}
    values |= {name: value for name, value in given.items() if value is not None}
    if given["letter"] == "none":
        values["letter"] = ""
    values["kind"] = RefusalKind(values.get("kind", RefusalKind.FULL))
    for name, said in (("titles", title_in), ("hints", hint_in)):
        values[name] = {**(getattr(known, name) if known else {}), **pairs(said, f"--{name[:-1]}-in")}
    done = session.desk.do(SaveReason(**values))
    session.done(done, _reason(done.value))


@reasons.command("retire")
@click.argument("key")
@click.pass_obj
def retire(session: Session, key: str) -> None:
    """Take a reason out of the dialog; one that was never given is deleted, the others stay in history and reports."""
    from leaddesk.workflow.reasons import RetireReason

    done = session.desk.do(RetireReason(key))
    session.done(done, _reason(done.value))


def _known(session: Session, key: str) -> RefusalReason | None:
    from leaddesk.workflow.refusals import Reasons

    return next(
        (row.reason for row in session.desk.read(Reasons(retired=True, outcomes=False)) if row.reason.key == key), None
    )


def _reason(one: RefusalReason) -> dict[str, Any]:
    return {f.name: getattr(one, f.name) for f in fields(one) if f.name != "id"}
