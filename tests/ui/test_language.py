"""The screen's language: what is translated is translated everywhere, wholly, and runs the right way."""

import ast
import json
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import leaddesk.ui
from leaddesk.ui import language
from leaddesk.ui.cards.when_edit import WhenEdit
from leaddesk.ui.shell import Shell
from leaddesk.workflow.settings import BY_KEY, ChangeSetting
from leaddesk.workflow.when_words import LANGUAGES

TRANSLATED = [name for name in LANGUAGES if name != "en"]
KEYS = {"price", "budget", "plans", "competitor", "no_need", "ignores", "not_now", "do_not_call", "other"}


def said_in(file: Path) -> Iterator[tuple[str, str]]:
    """(context, source) of every call of self.tr, translate or counted in a module."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for owner in ast.walk(tree):
        if not isinstance(owner, ast.ClassDef):
            continue
        for call in ast.walk(owner):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "tr":
                yield owner.name, ast.literal_eval(call.args[0])
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute | ast.Name):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id
            literal = len(call.args) > 1 and all(isinstance(argument, ast.Constant) for argument in call.args[:2])
            if literal and (name == "translate" or (name == "counted" and "|" in call.args[1].value)):
                yield call.args[0].value, call.args[1].value


SAID = {pair for file in Path(leaddesk.ui.__file__).parent.rglob("*.py") for pair in said_in(file)}


@pytest.fixture
def screen(qapp: QApplication) -> Iterator[None]:
    yield
    language.choose("en")


def test_the_languages_are_the_same_everywhere() -> None:
    assert set(LANGUAGES) == set(language.NAMES) == set(BY_KEY["look.language"].choices)


@pytest.mark.parametrize("name", TRANSLATED)
def test_every_catalogue_says_all_there_is_to_say_and_no_more(name: str) -> None:
    catalogue = language.catalogue(name)
    assert {(context, source) for context, texts in catalogue.items() for source in texts} == SAID
    assert len(SAID) > 40
    for texts in catalogue.values():
        for source, text in texts.items():
            for form in text.split("|"):
                assert form.strip(), source
                assert set(re.findall(r"{\w+}", form)) == set(re.findall(r"{\w+}", source.partition("|")[0])), source
            assert source[-1:] not in ".:" or text[-1] in ".:", source


@pytest.mark.parametrize("name", TRANSLATED)
def test_counted_words_have_as_many_forms_as_the_language(name: str) -> None:
    known = {language.form_number(name, number) for number in range(200)}
    for texts in language.catalogue(name).values():
        for source, text in texts.items():
            assert ("|" not in source and "|" not in text) or len(text.split("|")) in {1, len(known)}, source


@pytest.mark.parametrize("name", LANGUAGES)
def test_reasons_come_in_every_language(name: str) -> None:
    file = resources.files("leaddesk") / "resources" / "reasons" / f"{name}.json"
    reasons = json.loads(file.read_text(encoding="utf-8"))
    assert set(reasons) == KEYS
    assert all(reason["title"] for reason in reasons.values())
    assert [key for key, reason in reasons.items() if not reason["hint"]] == ["other"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("en", ["1 day", "3 days", "5 days"]),
        ("ru", ["1 день", "3 дня", "5 дней"]),
        ("hu", ["1 nap", "3 nap", "5 nap"]),
        ("et", ["1 päev", "3 päeva", "5 päeva"]),
        ("fa", ["۱ روز", "۳ روز", "۵ روز"]),
    ],
)
def test_numbers_take_the_form_and_the_digits_of_the_language(screen: None, name: str, said: list[str]) -> None:
    language.choose(name)
    assert [language.counted("RefuseDialog", "{n} day|{n} days", number) for number in (1, 3, 5)] == said


def test_a_language_is_chosen_and_left_again(screen: None) -> None:
    language.choose("hu")
    assert QCoreApplication.translate("LetterPaper", "Subject") == "Tárgy"
    assert QCoreApplication.translate("LetterPane", "Nothing like it") == "Nothing like it"
    language.choose("fa")
    assert QCoreApplication.translate("LetterPaper", "Subject") == "موضوع"
    language.choose("en")
    assert (language.current(), QCoreApplication.translate("LetterPaper", "Subject")) == ("en", "Subject")


def test_only_what_is_translated_is_mirrored(screen: None, qtbot: QtBot) -> None:
    window, dialog = QWidget(), QWidget()
    qtbot.addWidget(window)
    dialog.setParent(window)
    language.mirror(dialog)
    assert dialog.layoutDirection() is Qt.LayoutDirection.LeftToRight
    language.choose("fa")
    language.mirror(dialog)
    assert dialog.layoutDirection() is Qt.LayoutDirection.RightToLeft
    assert window.layoutDirection() is Qt.LayoutDirection.LeftToRight


def test_the_setting_changes_the_screen_and_what_is_typed_is_said_anew(
    screen: None, shell: Shell, qtbot: QtBot
) -> None:
    made = WhenEdit(shell, "When")
    qtbot.addWidget(made)
    made.set_text("tomorrow 14:30")
    assert made.said.text() == "→ tomorrow 14:30"
    shell.lanes.do(made, ChangeSetting("look.language", "ru"), quiet=True)
    qtbot.waitUntil(lambda: made.said.text() == "→ завтра 14:30", timeout=10_000)
    made.set_text("вчера")
    assert made.said.text() == "Это уже в прошлом. Скажите когда, например «через 3 месяца»."
    made.set_text("ни разу")
    assert "не понято" in made.said.text()
