"""Starting the window: the frame first, the database meanwhile in the background."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from leaddesk import __version__

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from leaddesk.ui.in_turns import Steps
    from leaddesk.ui.main_window import MainWindow
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.ports import Clock
    from leaddesk.workflow.queue_words import QueueRow

NO_DISPLAY = 3
"""What the program ends with where it has no screen to show itself on (COMMAND_LINE)."""
NEEDS_NO_SCREEN = ("offscreen", "minimal", "minimalegl", "vnc", "linuxfb", "eglfs", "vkkhrdisplay")
LAST_WORDS_MS = 15_000
"""How long closing may take to write what was typed before the program ends anyway."""


def display_problem() -> str | None:
    """Why no window can be shown here, in one line; None if it can. Qt would end the process instead of saying so."""
    reason = _why_no_display()
    return None if reason is None else f"No display here ({reason}). Try: leaddesk tour --out DIR"


def _why_no_display() -> str | None:
    wished = [name.partition(":")[0] for name in os.environ.get("QT_QPA_PLATFORM", "").split(";") if name]
    missing = [name for name in wished if not _has_plugin(name)]
    if wished and len(missing) == len(wished):
        return f"Qt has no platform called “{', '.join(missing)}”"
    if any(name in NEEDS_NO_SCREEN for name in wished):
        return None
    if sys.platform in ("win32", "darwin"):
        return None
    wayland = bool(os.environ.get("WAYLAND_DISPLAY")) and (not wished or "wayland" in wished)
    x11 = bool(os.environ.get("DISPLAY")) and (not wished or "xcb" in wished)
    if not wayland and not x11:
        return "neither DISPLAY nor WAYLAND_DISPLAY is set"
    reasons = [_why_no_wayland() if wayland else "", _why_no_x11() if x11 else ""]
    tried = [reason for reason, asked in zip(reasons, (wayland, x11), strict=True) if asked]
    return None if "" in tried else "; ".join(tried)


def _plugin(name: str) -> Path | None:
    from PySide6.QtCore import QLibraryInfo

    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    return next(folder.glob(f"*q{name}.*"), None) or next(folder.glob(f"*q{name}-*"), None)


def _has_plugin(name: str) -> bool:
    return _plugin(name) is not None


def _why_no_wayland() -> str:
    """Nothing if a compositor listens."""
    import socket

    name = os.environ["WAYLAND_DISPLAY"]
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "")) / name
    if _plugin("wayland") is None:
        return "Qt's Wayland plugin is missing"
    with socket.socket(socket.AF_UNIX) as door:
        try:
            door.connect(str(path))
        except OSError:
            return f"no Wayland compositor answers at {name}"
    return ""


def _why_no_x11() -> str:
    """Nothing if an X server lets us in and Qt's plugin finds its libraries."""
    import ctypes

    from PySide6.QtCore import QPluginLoader

    file = _plugin("xcb")
    loader = QPluginLoader(str(file))
    if file is None or not loader.load():
        said = loader.errorString().partition(": ")[2].strip("()") or "Qt's X11 plugin is missing"
        return " ".join(said.split())
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError as error:
        return str(error)
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return f"no X server answers at {os.environ['DISPLAY']}" if failed else ""


def run(
    open_desk: Callable[[], Desk],
    give_doors: Callable[[Shell], None] = lambda _shell: None,
    arguments: list[str] | None = None,
    *,
    first_rows: Callable[[], tuple[int, Sequence[QueueRow]] | None] = lambda: None,
    began: Callable[[MainWindow], object] = lambda _window: None,
    clock: Clock | None = None,
) -> int:
    """Show the window until it is closed. Gives the process's exit code: 3 without a display, said in one line.

    The frame is painted first. What stands in it is made in the turns of the loop after that; then `open_desk` is called
    in a background thread. `give_doors` gives the shell its ways to files, letters and the demo. `first_rows` reads the
    head of the queue of who will sit down (user id, rows) without all that; it is called in a thread of its own.
    `began` gets the window before it is shown, to watch it. The desk's clock counts once it is open; till then `clock`,
    or the machine's.
    """
    problem = display_problem()
    if problem is not None:
        sys.stderr.write(problem + "\n")
        return NO_DISPLAY
    # Nothing that start-up makes is garbage; `Garbage` goes on from here.
    gc.disable()

    from PySide6.QtWidgets import QApplication

    app = QApplication([sys.argv[0], *(arguments or [])])
    app.setApplicationName("LeadDesk")
    app.setOrganizationName("LeadDesk")
    app.setApplicationVersion(__version__)
    app.setQuitOnLastWindowClosed(False)

    from leaddesk.ui.in_turns import Turns
    from leaddesk.ui.main_window import MainWindow

    window = MainWindow()
    began(window)
    furnished: list[Shell] = []
    turns = Turns(app)

    def furnish() -> None:
        from leaddesk.ui.first_look import FirstRows

        first = FirstRows(first_rows, window)
        first.came.connect(lambda found: window.show_first(*found) if found else None)
        first.start()
        first.then(lambda: turns.run(window, _furnish(window, give_doors, open_desk, furnished, clock), key="furnish"))

    window.painted.connect(furnish)
    window.closed.connect(lambda: _end(app, furnished))

    def bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            app.quit()
        elif furnished:
            furnished[0].messages.bug(error)
        else:
            # There is nothing yet to say it in.
            sys.__excepthook__(kind, error, trace)
            app.exit(1)

    before, sys.excepthook = sys.excepthook, bug
    try:
        window.show()
        code = app.exec()
    finally:
        sys.excepthook = before
        for shell in furnished:
            shell.postman.end()
            shell.folder_watch.end()
            shell.lanes.stop()
    return code


def _furnish(
    window: MainWindow,
    give_doors: Callable[[Shell], None],
    open_desk: Callable[[], Desk],
    furnished: list[Shell],
    clock: Clock | None,
) -> Steps:
    """The rest of the start, in steps: what it imports takes longer than to show the frame."""
    import leaddesk.ui.theme
    from leaddesk.ui.garbage import Garbage, share_heaps

    share_heaps()
    yield
    import leaddesk.ui.shell

    yield
    shell = leaddesk.ui.shell.Shell(clock)
    furnished.append(shell)
    give_doors(shell)
    yield
    yield from window.furnish(shell)
    shell.open(open_desk)
    window.warm_up()
    shell.start_log()
    Garbage(shell)


def _end(app: QApplication, furnished: list[Shell]) -> None:
    """The window is closed; what was typed last may still be being written."""
    from PySide6.QtCore import QTimer

    if not furnished or furnished[0].lanes.idle():
        app.quit()
    else:
        furnished[0].lanes.became_idle.connect(app.quit)
        QTimer.singleShot(LAST_WORDS_MS, app.quit)
