"""`import`."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from leaddesk.commandline.inputs import pairs
from leaddesk.commandline.root import Command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from leaddesk.commandline.session import Session
    from leaddesk.workflow.intake import ImportResult, Options

FILE = click.Path(path_type=Path, dir_okay=False)
BROKEN_OFF = 130
SHOWN = 20
"""Rows shown to a person by a dry run; the JSON has more."""


@click.command("import", cls=Command)
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--source", default="", metavar="NAME", help="Where these leads come from, if the file does not say.")
@click.option("--region", default="", metavar="UA", help="Country of numbers without a code.")
@click.option("--map", "mapped", multiple=True, metavar="HEADER=FIELD", help="A column the program does not know.")
@click.option(
    "--word",
    "words",
    multiple=True,
    metavar="KIND:WORD=OURS",
    help="What a word there means here; kinds: status, source, owner, outcome, temperature.",
)
@click.option(
    "--on-duplicate",
    type=click.Choice(["again", "skip", "update", "create"]),
    default="again",
    show_default=True,
    help="Who is known: note and task on their card, nothing, add what the card lacks, or a second card.",
)
@click.option("--requests", is_flag=True, help="Each row is a request made now: who is known came again in any case.")
@click.option("--dry-run", is_flag=True, help="Only say what would come of it.")
@click.option("--rejects", type=FILE, default=None, help="Save the rows left out here, with the reason.")
@click.option("--owner", default="", metavar="LOGIN", help="Whose leads they become, if the file does not say.")
@click.option("--encoding", default=None, metavar="NAME", help="How the file's letters are written, if not plain.")
@click.option("--delimiter", default=None, metavar="SIGN", help="What parts its cells, if not plain; tab for a tab.")
@click.option("--sheet", default=None, metavar="NAME", help="Which sheet of a workbook.")
@click.option("--header/--no-header", default=None, help="Whether the first row names the columns, if not plain.")
@click.option("--profile", default="", metavar="NAME", help="Bring it in as saved under this name.")
@click.option("--save-profile", default="", metavar="NAME", help="Keep how this file was brought in under a name.")
@click.option("--remember/--no-remember", default=True, help="Know --map and --word again for this header.")
@click.option("--on-cancel", type=click.Choice(["undo", "keep"]), default="undo", help="What Ctrl+C leaves behind.")
@click.option(
    "--watch",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=None,
    metavar="DIR",
    help="Bring in every file dropped into this folder, then move it to done/ or failed/.",
)
@click.option("--once", is_flag=True, help="With --watch: only what is there now.")
@click.pass_obj
def import_(session: Session, /, file: Path | None, watch: Path | None, *, once: bool, **given: Any) -> None:
    """Bring in a file of leads as one batch that can be undone: CSV, XLSX, ODS, vCard or JSON lines."""
    if watch is not None:
        from leaddesk.commandline.watching import watch as look_after

        look_after(session, watch, given["profile"], once=once)
    elif file is None:
        raise click.UsageError("Name the file to bring in, or a folder with --watch.")
    else:
        _bring_in(session, file, given)


def _bring_in(session: Session, file: Path, given: dict[str, Any]) -> None:
    from leaddesk.exchange.importing import open_leads, write_rejects
    from leaddesk.intake_pool import ALONE, Pool
    from leaddesk.workflow.intake import OnDuplicate, Options, run_import

    delimiter = "\t" if given["delimiter"] in ("tab", "\\t") else given["delimiter"]
    opened = open_leads(
        file, encoding=given["encoding"], delimiter=delimiter, header=given["header"], sheet=given["sheet"]
    )
    dry_run, rejects = given["dry_run"], given["rejects"]
    options = Options(
        overrides=pairs(given["mapped"], "--map"),
        words=_words_of(given["words"]),
        on_duplicate=OnDuplicate(given["on_duplicate"]),
        dry_run=dry_run,
        **{name: given[name] for name in ("source", "region", "owner", "requests", "profile", "remember")},
    )
    desk = session.desk
    session.store.make_room()
    started = perf_counter()
    with asked_to_stop() as stopped:
        result = run_import(
            desk, opened, options, session.progress(f"Importing {file.name}"), stopped, Pool(chunk=ALONE)
        )
    session.store.settle()
    seconds = round(perf_counter() - started, 2)
    if result.cancelled:
        _broken_off(session, result, given["on_cancel"])
        return
    if rejects is not None:
        write_rejects(rejects, opened.columns, result.rejects)
    if given["save_profile"]:
        _save_profile(session, options, result, given["save_profile"])
    data = {
        "batch": result.batch or None,
        **result.counts.as_dict(),
        "seconds": seconds,
        "columns": result.columns,
        "statuses": {said: {"status": ours, "rows": rows} for said, (ours, rows) in result.statuses.items()},
        "words": {kind: words for kind, words in result.words.items() if words},
        "encoding": result.encoding,
        "delimiter": result.delimiter,
        "dry_run": dry_run,
        "rejects": rejects,
        "undo": result.operation or None,
        "resumed": result.resumed,
        **({"verdicts": result.verdicts, "guesses": opened.guesses(options.overrides)} if dry_run else {}),
    }
    session.answer(data, lambda: _words(session, file, result, seconds))


def _words_of(texts: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """What KIND:WORD=OURS say. Raises a usage error for a kind there is not."""
    from leaddesk.workflow.intake import WORD_KINDS

    found: dict[str, dict[str, str]] = {}
    for text, ours in pairs(texts, "--word").items():
        kind, colon, word = text.partition(":")
        if not colon or kind not in WORD_KINDS:
            raise click.BadParameter(f"“{text}”: write one of {', '.join(WORD_KINDS)}, then : .", param_hint="--word")
        found.setdefault(kind, {})[word.strip()] = ours.strip()
    return found


def _broken_off(session: Session, result: ImportResult, on_cancel: str) -> None:
    from leaddesk.workflow.undo import Undo

    words = "Broken off; nothing had come in yet."
    if result.operation and on_cancel == "undo":
        session.desk.do(Undo(result.operation))
        words = "Broken off; what was brought in was undone."
    elif result.operation:
        words = (
            f"Broken off; {result.counts.rows:,} rows are in. The same command goes on from there, "
            f"`leaddesk undo {result.operation}` takes them back."
        )
    session.answer({"error": words, "field": None, "undo": result.operation or None}, words)
    session.exit_code = BROKEN_OFF


def _save_profile(session: Session, options: Options, result: ImportResult, name: str) -> None:
    from leaddesk.workflow.intake_profiles import RememberFile
    from leaddesk.workflow.intake_resume import kept_options

    columns = {header: field or "" for header, field in result.columns.items()}
    session.desk.do(RememberFile(columns, options.words, kept_options(options), name))


@contextmanager
def asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl+C was pressed: the first one ends after the rows at hand, the second at once."""
    pressed = False

    def press(_number: int, _frame: Any) -> None:
        nonlocal pressed
        if pressed:
            raise KeyboardInterrupt
        pressed = True

    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


def _words(session: Session, file: Path, result: ImportResult, seconds: float) -> str:
    counts = result.counts
    would = "would be " if result.dry_run else ""
    told = (
        f"{file.name}: {counts.rows:,} rows in {seconds} s: {counts.created:,} {would}created, {counts.updated:,} updated "
        f"({counts.came_again:,} came again), "
        f"{counts.skipped:,} skipped ({counts.duplicates:,} duplicates), {counts.rejected:,} left out; "
        f"{counts.suppressed:,} suppressed, {counts.suspicious:,} suspicious"
    )
    lines = [told]
    if result.dry_run:
        lines += [
            "",
            session.table(("column", "goes to"), [(h, f or "an extra field") for h, f in result.columns.items()]),
        ]
        for kind, words in result.words.items():
            said = [(word, use.ours.replace("_", " ") or "–", use.rows) for word, use in words.items()]
            lines += ["", session.table((f"{kind} there", "here", "rows"), said)] if said else []
        odd = [v for v in result.verdicts if v.why or v.warnings][:SHOWN]
        if odd:
            rows = [(v.number, v.verdict, v.title, "; ".join(filter(None, (v.why, *v.warnings)))) for v in odd]
            lines += ["", session.table(("line", "", "who", "why"), rows)]
    elif result.operation:
        lines.append(f"(leaddesk undo {result.operation} takes it back)")
    if result.resumed:
        lines.append(f"{result.resumed:,} rows had come in before it was cut short; it went on from there.")
    return "\n".join(lines)
