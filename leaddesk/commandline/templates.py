"""`letters template …`: what letters are written from."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leaddesk.commandline.root import Group
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_files import LETTER_LANGUAGES, full_key
from leaddesk.workflow.vocabulary import LetterKind

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session
    from leaddesk.workflow.templates import TemplateRow

LANGUAGE = click.Choice(LETTER_LANGUAGES)


@click.group("template", cls=Group)
def template() -> None:
    """List, show and write letter templates."""


@template.command("list")
@click.option("--kind", type=click.Choice([one.value for one in LetterKind]), default=None)
@click.option("--language", type=LANGUAGE, default=None)
@click.pass_obj
def list_(session: Session, kind: str | None, language: str | None) -> None:
    """List templates, with what came of the letters written from each."""
    from leaddesk.workflow.templates import Templates

    rows = session.desk.read(Templates(LetterKind(kind) if kind else None, language or "", counted=True))
    session.answer(
        {"templates": [_row(row) for row in rows], "total": len(rows)},
        lambda: session.table(
            ("key", "language", "title", "version", "letters", "answered", "came back", "clients"),
            [
                (r.key, r.language, r.title, r.version or "shipped", r.used, r.answered, r.returned, r.converted)
                for r in rows
            ],
        ),
    )


@template.command("show")
@click.argument("key")
@click.option("--language", type=LANGUAGE, default="en", show_default=True)
@click.pass_obj
def show(session: Session, key: str, language: str) -> None:
    """Print a template's text, as `save` takes it."""
    from leaddesk.workflow.templates import TemplateVersions

    row = _known(session, key, language)
    if row is None:
        raise Refused(
            f"There is no template “{key}” in “{language}”. `leaddesk letters template list` names them.", field="key"
        )
    versions = session.desk.read(TemplateVersions(row.key, language))
    data = {**_row(row), "versions": [{"version": v.number, "at": v.at, "current": v.current} for v in versions]}
    session.answer(data, row.text)


@template.command("save")
@click.argument("key")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--language", type=LANGUAGE, required=True)
@click.option("--title", default="", help="What lists call it.")
@click.option(
    "--attach",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file every such letter carries; those it carries already stay.",
)
@click.option("--without-files", is_flag=True, help="Take off the files it carries already.")
@click.pass_obj
def save(
    session: Session, key: str, file: Path, *, language: str, title: str, attach: tuple[Path, ...], without_files: bool
) -> None:
    """Write a new version of a template from a UTF-8 text file; its first line is the subject."""
    from leaddesk.workflow.mail import Attachment
    from leaddesk.workflow.templates import SaveTemplate

    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"{file} is not UTF-8 text. Save it as UTF-8.", field="file") from error
    before = _known(session, key, language)
    files = tuple(
        Attachment(one.name, mimetypes.guess_type(one.name)[0] or "application/octet-stream", one.read_bytes())
        for one in attach
    )
    done = session.desk.do(
        SaveTemplate(
            key=key,
            language=language,
            text=text,
            title=title or (before.title if before and before.version else ""),
            files=files,
            kept=before.attachments if before and not without_files else {},
        )
    )
    made = done.value
    session.done(
        done,
        {"key": made.key, "language": made.language, "version": made.number, "attachments": list(made.attachments)},
    )


@template.command("reset")
@click.argument("key")
@click.option("--language", type=LANGUAGE, required=True)
@click.pass_obj
def reset(session: Session, key: str, language: str) -> None:
    """Write with the shipped template again; the versions of your own are kept."""
    from leaddesk.workflow.templates import ResetTemplate

    done = session.desk.do(ResetTemplate(key=full_key(key), language=language))
    session.done(done, {"key": full_key(key), "language": language})


def _known(session: Session, key: str, language: str) -> TemplateRow | None:
    from leaddesk.workflow.templates import Templates

    rows = session.desk.read(Templates(language=language))
    return next((row for row in rows if row.key == full_key(key)), None)


def _row(row: TemplateRow) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in row.__dataclass_fields__},
        "attachments": list(row.attachments),
    }
