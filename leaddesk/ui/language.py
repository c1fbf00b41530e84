"""The language of the screen: Qt's own translation, fed from `resources/screen/<language>.json`.

English is the source. A catalogue is {context: {source: translation}}; the context is the class the words are said in.
Counted words are written “{n} day|{n} days” and translated by as many forms as the language has, in the order of CLDR
(one, few, many, other), with bars between. Only some dialogs are translated; they mirror themselves where the language
runs from right to left, as the rest of the window does not.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale, QObject, Qt, QTranslator
from PySide6.QtWidgets import QWidget

NAMES = {
    "en": "English",
    "ru": "Русский",
    "hu": "Magyar",
    "et": "Eesti",
    "az": "Azərbaycanca",
    "fa": "فارسی",
}
"""The languages of the screen, each by its own name."""


class ScreenWords(QTranslator):
    """The catalogue of one language."""

    def __init__(self, language: str, parent: QObject | None = None) -> None:
        """Reads the file."""
        super().__init__(parent)
        self.code = language
        self._catalogue = catalogue(language)

    def isEmpty(self) -> bool:
        """Qt does not install an empty translator."""
        return not self._catalogue

    def translate(self, context: str, source: str, _disambiguation: str | None = None, _n: int = -1) -> Any:
        """The translation; None where there is none, which Qt's own type has no word for."""
        return self._catalogue.get(context, {}).get(source)


class _Screen:
    """What is installed in this process; None is English."""

    words: ScreenWords | None = None


def choose(language: str) -> None:
    """Show the screen in this language from now on. Nothing happens if it is so already, or there is no application."""
    app = QCoreApplication.instance()
    if app is None or language == current():
        return
    if _Screen.words is not None:
        app.removeTranslator(_Screen.words)
        _Screen.words = None
    if language in NAMES and language != "en":
        _Screen.words = ScreenWords(language, app)
        app.installTranslator(_Screen.words)


def current() -> str:
    """The language of the screen."""
    return _Screen.words.code if _Screen.words is not None else "en"


def counted(context: str, forms: str, number: int, **more: str) -> str:
    """A number with its word: “3 days”. `forms` is English, “{n} day|{n} days”; `more` fills other places."""
    said = QCoreApplication.translate(context, forms).split("|")
    return said[min(form_number(current(), number), len(said) - 1)].format(n=digits(number), **more)


def form_number(language: str, number: int) -> int:
    """Which of its forms a language says a number with, from 0, in the order of CLDR."""
    if language == "en":
        return int(number != 1)
    from babel import Locale

    rule = Locale(language).plural_form
    tags = [tag for tag in ("zero", "one", "two", "few", "many") if tag in rule.tags]
    return [*tags, "other"].index(rule(number))


def digits(number: int | str) -> str:
    """A number in the digits of the screen."""
    from leaddesk.workflow.when_words import native_digits

    return native_digits(str(number), current())


def apart(text: str) -> str:
    """A name or an address within words that run the other way: its full stops and commas stay with it."""
    return f"\u2068{text}\u2069" if runs(current()) is Qt.LayoutDirection.RightToLeft else text


def runs(language: str) -> Qt.LayoutDirection:
    """Which way the lines of a language run."""
    return QLocale(language).textDirection()


def mirror(dialog: QWidget) -> None:
    """Let a translated dialog run the way the language does, the window around it being English."""
    if runs(current()) is Qt.LayoutDirection.RightToLeft:
        dialog.setLayoutDirection(Qt.LayoutDirection.RightToLeft)


def language_name(language: str) -> str:
    """A language by its name in the screen's language, for the middle of a sentence."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale(language).get_language_name(current()) or language
    except (UnknownLocaleError, ValueError):
        return language


@lru_cache(maxsize=8)
def catalogue(language: str) -> dict[str, dict[str, str]]:
    """{context: {source: translation}}, as the file has it."""
    import json
    from importlib import resources

    file = resources.files("leaddesk") / "resources" / "screen" / f"{language}.json"
    read: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return read
