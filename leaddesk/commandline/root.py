"""The command itself: global options, and the list of commands, each imported only when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

import leaddesk as program
from leaddesk.commandline.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("window:run", "Open the window (also without any command)."),
    "demo": ("demos:demo", "Fill a new database with made-up people, calls and clients."),
    "tour": ("window:tour", "Play a day through the real window, offscreen, and save its pictures."),
    "import": ("files:import_", "Bring in a file of leads as one batch."),
    "export": ("exports:export", "Write leads, clients, refusals or calls to a file."),
    "duplicates": ("duplicates:duplicates", "Find cards of one person, the likeliest pairs first."),
    "merge": ("merging:merge", "Make one card of two, or of all pairs that are certain."),
    "lead": ("leads:lead", "Add, show, edit and list leads."),
    "search": ("leads:search", "Look through leads and clients, as the search box does."),
    "note": ("leads:note", "Write something down on a card."),
    "qualify": ("leads:qualify", "Say that a lead fits."),
    "disqualify": ("leads:disqualify", "Say that it is no lead, and why."),
    "spam": ("leads:spam", "Say that suspicious leads are spam: out of every queue."),
    "confirm": ("leads:confirm", "Say that a suspicious lead is real."),
    "next": ("queue:next_", "Draw the next lead: who, why now, on which number."),
    "queue": ("queue:queue", "Show the queue with its reasons."),
    "release": ("queue:release", "Give up every lead drawn and not called."),
    "call": ("calls:call", "Write up a call; its outcome decides what happens next."),
    "outcomes": ("calls:outcomes", "List how calls may end, with flags and rules."),
    "task": ("tasks:task", "Add, finish, move and list tasks."),
    "convert": ("ends:convert", "Make the client card of a lead that agreed."),
    "refuse": ("ends:refuse", "Write up a refusal, with its farewell letter."),
    "defer": ("ends:defer", "Park a lead until a day."),
    "return": ("ends:return_", "Bring back every parked lead whose day has come."),
    "suppress": ("ends:suppress", "Never call a number or write to an address again."),
    "unsuppress": ("ends:unsuppress", "Allow a number or address again."),
    "reasons": ("reasons:reasons", "List, add, change and retire the reasons for refusing."),
    "letters": ("letters:letters", "The outbox, the answers, the templates and the mail server."),
    "greetings": ("greetings:greetings", "Whom to greet on the next holidays; written only when you say so."),
    "report": ("reports:report", "Count refusals and parked leads, cut as you like."),
    "user": ("team:user", "Add and list people; say who is away."),
    "reassign": ("team:reassign", "Hand one person's open leads to another."),
    "history": ("journal:history", "Show what was done to a card, and by whom."),
    "undo": ("journal:undo", "Take back the last operation, or the one named."),
    "redo": ("journal:redo", "Do again what was undone last."),
    "set": ("database:set_", "Show a setting, or change it."),
    "backup": ("database:backup", "Copy the database while it is in use."),
    "check": ("database:check", "Look whether the database is whole."),
    "bench": ("bench:bench", "Time every action beside the bare database driver doing the same."),
}
"""Name → where it is, and its line of help: `--help` imports none of them."""


def global_options() -> list[click.Parameter]:
    """The options that stand before any command, and are understood after it as well."""
    return [
        click.Option(
            ["--db", "global_db"],
            metavar="PATH_OR_URL",
            help="Database: a file, or postgresql://… Else LEADDESK_DB, else the user's data folder.",
            expose_value=False,
            callback=_remember("target"),
        ),
        click.Option(
            ["--as", "global_login"],
            metavar="LOGIN",
            help="Who acts. Else the only user, else LEADDESK_USER.",
            expose_value=False,
            callback=_remember("login"),
        ),
        click.Option(
            ["--json", "global_json"],
            is_flag=True,
            help="Exactly one JSON object on stdout.",
            expose_value=False,
            callback=_remember("as_json"),
        ),
        click.Option(
            ["--quiet", "global_quiet"],
            is_flag=True,
            help="No words about what went well, no progress.",
            expose_value=False,
            callback=_remember("quiet"),
        ),
    ]


def _remember(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def remember(context: click.Context, _option: click.Parameter, value: Any) -> None:
        if value:
            setattr(context.ensure_object(Session), name, value)

    return remember


class Command(click.Command):
    """A command that takes the global options too: people type them at the end."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The command's own, then the global ones."""
        own = super().get_params(ctx)
        return [*own[:-1], *global_options(), *own[-1:]]


class Group(click.Group):
    """A command with commands of its own, such as `lead add`."""

    command_class = Command


class Root(click.Group):
    """Imports a command's module when the command is called, and no sooner."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Every command, in the order of a day's work."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        found = getattr(import_module(f"leaddesk.commandline.{module}"), name)
        return found if isinstance(found, click.Command) else None

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list for `--help`, without importing what it lists."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.pass_context
def _without_command(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        command = leaddesk.get_command(context, "run")
        if command is not None:
            context.invoke(command)


leaddesk = Root(
    "leaddesk",
    callback=_without_command,
    invoke_without_command=True,
    params=[
        *global_options(),
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            help="Show the version and end.",
            callback=lambda context, _option, value: _version(context) if value else None,
        ),
    ],
    help="Work leads from a raw list to a client. Without a command the window opens.",
    epilog="Exit codes: 0 done, 1 refused (nothing was written), 2 usage, 3 unavailable.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def _version(context: click.Context) -> None:
    click.echo(f"leaddesk {program.__version__}")
    context.exit()
