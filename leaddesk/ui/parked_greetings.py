"""A quiet line over the Parked page: who could be greeted on a holiday that is near."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.ui.bulk_bar import open_dialog
from leaddesk.ui.cards.banners import Banner
from leaddesk.ui.dialogs.greetings import GreetingsDialog
from leaddesk.workflow.greetings import GreetingsDue
from leaddesk.workflow.when import say_short_day

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.greetings import GreetingDue

COUNTRIES_NAMED = 6


class GreetingsBanner(Banner):
    """Shows itself when there is somebody to greet; nothing is written before the dialog is answered."""

    def __init__(self, shell: Shell) -> None:
        """Asks at `look`."""
        super().__init__("yellow", "Look through…")
        self._shell = shell
        self.due: list[GreetingDue] = []
        self.pressed.connect(self.open)

    def look(self) -> None:
        """Ask anew."""
        self._shell.lanes.ask(self, GreetingsDue(), self._came, key="greetings")

    def _came(self, due: list[GreetingDue]) -> None:
        self.due = due
        self.say(banner_words(due))

    def nearest(self) -> list[GreetingDue]:
        """Those of the occasion that comes first."""
        return [one for one in self.due if one.occasion == self.due[0].occasion]

    def open(self) -> None:
        """Look them through."""
        if self.due:
            open_dialog(GreetingsDialog(self._shell, self.nearest(), self.window()))


def banner_words(due: list[GreetingDue]) -> str:
    """Such as "12 greetings could go out for New Year's Day on 1 Jan (EE, HU)"; "" for nobody."""
    if not due:
        return ""
    first = [one for one in due if one.occasion == due[0].occasion]
    countries = sorted({one.country for one in first})
    named = ", ".join(countries[:COUNTRIES_NAMED]) + (" …" if len(countries) > COUNTRIES_NAMED else "")
    name = due[0].occasion.partition(" ")[2]
    count = "1 greeting" if len(first) == 1 else f"{len(first):,} greetings"
    others = len({one.occasion for one in due}) - 1
    more = f" Then {'1 more holiday' if others == 1 else f'{others} more holidays'}." if others else ""
    return f"{count} could go out for {name} on {say_short_day(due[0].day)} ({named}).{more}"
