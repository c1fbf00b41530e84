"""One look for the whole program: tokens feed the palette, the stylesheet and everything painted by hand.

Values from the design's “Look”. Derived tokens are mixed from the few given ones, and inks on coloured
ground are moved towards the text colour until they reach AA contrast, so no shade is guessed twice.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from leaddesk.ui.look_tokens import DARK, LIGHT
from leaddesk.ui.stylesheet import stylesheet

if TYPE_CHECKING:
    from qtawesome.iconic_font import IconicFont

PICTURES = Path(__file__).parent.parent / "resources" / "look"
"""What the stylesheet shows by the name “look:”."""
AA = 4.5
"""WCAG AA: text against its ground."""
NOT_TEXT = 3.0
"""WCAG AA: what is no text against its ground."""
GRID = 4
RADIUS = 8
BASE_POINTS = 13 if sys.platform == "darwin" else 10
"""A point is 1/72 inch on macOS and 1/96 elsewhere as people have set it: both give the same size on screen."""


def mix(one: str, other: str, share: float) -> str:
    """`share` of one colour laid over another, both “#rrggbb”."""
    a, b = QColor(one), QColor(other)
    return QColor.fromRgbF(
        a.redF() * share + b.redF() * (1 - share),
        a.greenF() * share + b.greenF() * (1 - share),
        a.blueF() * share + b.blueF() * (1 - share),
    ).name()


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it, 0 to 1."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    c = QColor(colour)
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF())


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, ground: str, ink: str, at_least: float = AA) -> str:
    """`colour`, moved towards `ink` as little as it takes to be read on `ground`."""
    for step in range(21):
        tried = mix(ink, colour, step / 20)
        if contrast(tried, ground) >= at_least:
            return tried
    return ink


def derive(given: dict[str, str], *, dark: bool) -> dict[str, str]:
    """All tokens, from the few given ones."""
    tokens = dict(given)
    panel, ink = given["panel"], given["ink"]
    chosen = mix(given["accent"], panel, 0.22 if dark else 0.10)
    tokens["select"] = chosen
    for name in ("hot", "warm", "cold", "ok", "accent"):
        soft = mix(given[name], panel, 0.2 if dark else 0.11)
        tokens[f"{name}_soft"] = soft
        tokens[f"{name}_ink"] = tokens.get(f"{name}_ink", readable(given[name], soft, ink))
        # Coloured words that stand on a panel or on a chosen row.
        tokens[f"{name}_text"] = readable(given[name], chosen, ink)
    tokens["hover"] = mix(ink, panel, 0.05)
    tokens["chip"] = mix(ink, panel, 0.13 if dark else 0.08)
    tokens["chip_ink"] = readable(given["mute"], tokens["chip"], ink)
    tokens["head"] = mix(given["bg"], panel, 0.6)
    tokens["mute"] = readable(given["mute"], chosen, ink)
    tokens["rail_mute"] = given["rail_ink"]
    tokens["key_bg"] = mix(ink, panel, 0.08) if dark else "#ffffff"
    tokens["key_line"] = mix(ink, panel, 0.28 if dark else 0.22)
    # WCAG 2, 1.4.11: what tells a control from its ground, 3 to 1.
    tokens["box_line"] = readable(tokens["key_line"], panel, ink, at_least=NOT_TEXT)
    tokens["strong_line"] = mix(ink, panel, 0.45)
    tokens["focus"] = given["accent"]
    tokens["accent_hover"] = mix(given["accent"], ink, 0.9)
    return tokens


class Theme(QObject):
    """Tokens, colours, fonts and icons of the look in force. `changed` says that all of them may differ."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Follows the system until `choose` says otherwise. Needs a QApplication."""
        super().__init__(parent)
        self.wish = "system"
        self.dark = False
        self.tokens: dict[str, str] = {}
        self._colours: dict[str, QColor] = {}
        self._sheet = ""
        self._windows: list[QWidget] = []
        self._icon_font: IconicFont | None = None
        QDir.setSearchPaths("look", [str(PICTURES)])
        self._icons: dict[tuple[str, str], QIcon] = {}
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._apply()

    def choose(self, wish: str) -> None:
        """`wish` is system, light or dark, as the setting `look.theme` has it."""
        if wish == self.wish:
            return
        self.wish = wish
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        QGuiApplication.styleHints().setColorScheme(schemes.get(wish, Qt.ColorScheme.Unknown))
        self._apply()

    def token(self, name: str) -> QColor:
        """A colour by its token. `KeyError` for a name that is none."""
        return self._colours[name]

    def font(self, size_delta: float = 0, *, bold: bool = False) -> QFont:
        """The platform's font, `size_delta` points off the base."""
        font = QFont(QApplication.font())
        font.setPointSizeF(BASE_POINTS + size_delta)
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font

    def icon(self, name: str, colour: str = "ink") -> QIcon:
        """An icon by its Phosphor name, such as “phone” (qtawesome's “ph” set), in a token's colour."""
        key = (name, colour)
        if key not in self._icons:
            self._icons[key] = self._icon_source().icon(f"ph.{name}", color=self.token(colour))
        return self._icons[key]

    def _icon_source(self) -> IconicFont:
        """Only the one font we use: loading all of qtawesome's takes a tenth of a second."""
        if self._icon_font is None:
            import qtawesome
            from qtawesome.iconic_font import IconicFont

            folder = Path(qtawesome.__file__).parent / "fonts"
            font = next(folder.glob("phosphor*.ttf")).name
            charmap = next(folder.glob("phosphor-charmap*.json")).name
            self._icon_font = IconicFont(("ph", font, charmap, str(folder)))
        return self._icon_font

    def leave_to(self, window: QWidget) -> None:
        """From now on this window has its parts dressed, each by `dress`, when they are made and when the look changes.

        A sheet of the whole application makes Qt style every widget anew each time it is put into a layout: pages
        took four times as long to make. And a sheet that changes has all widgets below it styled anew at one go,
        0.1 ms each. So the application has the sheet only while there is no window that cares for its parts itself.
        """
        self._windows.append(window)
        window.destroyed.connect(self._forget)
        self._dress_application()

    def dress(self, part: QWidget) -> bool:
        """Give part of a window the look in force. False if it had it already, which takes no time."""
        if self.wears(part):
            return False
        part.setStyleSheet(self._sheet)
        # Or else its widgets would be styled one by one when they are first shown.
        part.ensurePolished()
        return True

    def wears(self, part: QWidget) -> bool:
        """Whether that part has the look in force."""
        return part.styleSheet() == self._sheet

    def _forget(self) -> None:
        # Not before it is gone with all that is in it, which would be styled once more.
        QTimer.singleShot(0, self, self._dress_application)

    def _dress_application(self) -> None:
        app = QApplication.instance()
        if not isinstance(app, QApplication) or app.closingDown():
            return
        self._windows = [window for window in self._windows if isValid(window)]
        everybodys = "" if self._windows else self._sheet
        if app.styleSheet() != everybodys:
            app.setStyleSheet(everybodys)

    def _system_changed(self) -> None:
        if self.wish == "system":
            self._apply()

    def _apply(self) -> None:
        scheme = QGuiApplication.styleHints().colorScheme()
        self.dark = self.wish == "dark" or (self.wish == "system" and scheme == Qt.ColorScheme.Dark)
        self.tokens = derive(DARK if self.dark else LIGHT, dark=self.dark)
        self._colours = {name: QColor(value) for name, value in self.tokens.items()}
        self._sheet = stylesheet(self.tokens, BASE_POINTS)
        self._icons.clear()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            if app.style().name() != "fusion":
                app.setStyle("Fusion")
            if app.font() != self.font():
                app.setFont(self.font())
            app.setPalette(self.palette())
            self._dress_application()
        self.changed.emit()

    def palette(self) -> QPalette:
        """The tokens as Qt's own widgets want them."""
        roles = QPalette.ColorRole
        palette = QPalette()
        for role, name in (
            (roles.Window, "bg"),
            (roles.WindowText, "ink"),
            (roles.Base, "panel"),
            (roles.AlternateBase, "head"),
            (roles.Text, "ink"),
            (roles.Button, "panel"),
            (roles.ButtonText, "ink"),
            (roles.BrightText, "hot"),
            (roles.Highlight, "accent"),
            (roles.HighlightedText, "accent_ink"),
            (roles.Accent, "accent"),
            (roles.Link, "accent_text"),
            (roles.LinkVisited, "accent_text"),
            (roles.ToolTipBase, "panel"),
            (roles.ToolTipText, "ink"),
            (roles.PlaceholderText, "mute"),
            (roles.Mid, "line"),
        ):
            palette.setColor(role, self.token(name))
        for role in (roles.WindowText, roles.Text, roles.ButtonText):
            palette.setColor(
                QPalette.ColorGroup.Disabled, role, QColor(mix(self.tokens["mute"], self.tokens["bg"], 0.7))
            )
        return palette


_current: list[Theme] = []


def current() -> Theme:
    """The theme of this application, like its palette there is one; made on first use."""
    if not _current or not isValid(_current[0]):
        _current[:] = [Theme(QApplication.instance())]
    return _current[0]
