"""One setting: its title, an editor that fits its type, its help, and the way back to the default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from leaddesk.ui.widgets import ErrorLabel, Heading, LineEdit, MutedLabel, PlainButton, restyle
from leaddesk.workflow.settings import ChangeSetting

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.declared import Declared, Value
    from leaddesk.workflow.errors import Refused

NUMBER_WIDTH = 120
CHOICE_WIDTH = 240


def shown(value: Value) -> str:
    """A value as it is typed; `Declared.parse` reads it back."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "\n".join(f"{name}: {words}" for name, words in value.items())
    return str(value)


class SettingField(QWidget):
    """Saves when the editor is left or Enter is pressed; a refusal stands below, and what was typed stays."""

    def __init__(self, shell: Shell, declared: Declared) -> None:
        """To be read only, until `allow` says otherwise."""
        super().__init__()
        self._shell = shell
        self.declared = declared
        self._saved: str | None = None
        self.error = ErrorLabel()
        self.reset = PlainButton("Back to the default", kind="link")
        self.reset.setToolTip(f"{declared.title}: {shown(declared.default) or 'empty'}")
        self.reset.clicked.connect(lambda: self._save(shown(declared.default)))
        self.editor = self._make_editor()
        self.editor.setAccessibleName(declared.title)
        self.editor.setAccessibleDescription(declared.help)
        self._lay_out()
        self.allow(may=False)

    def _make_editor(self) -> QWidget:
        default = self.declared.default
        if isinstance(default, bool):
            box = QCheckBox(self.declared.title)
            box.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            box.clicked.connect(self._leave)
            return box
        if self.declared.choices:
            combo = QComboBox()
            combo.addItems(list(self.declared.choices))
            combo.setMaximumWidth(CHOICE_WIDTH)
            combo.activated.connect(self._leave)
            return combo
        if isinstance(default, dict):
            text = QPlainTextEdit()
            text.setFixedHeight(96)
            text.setPlaceholderText("None")
            text.setTabChangesFocus(True)
            text.installEventFilter(self)
            return text
        line = LineEdit()
        if isinstance(default, int):
            line.setMaximumWidth(NUMBER_WIDTH)
            line.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        line.editingFinished.connect(self._leave)
        return line

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(Heading(self.declared.title), 1)
        head.addWidget(self.reset)
        box.addLayout(head)
        box.addWidget(MutedLabel(self.declared.help))
        box.addWidget(self.editor)
        box.addWidget(self.error)

    def text(self) -> str:
        """What stands in the editor."""
        if isinstance(self.editor, QCheckBox):
            return "yes" if self.editor.isChecked() else "no"
        if isinstance(self.editor, QComboBox):
            return self.editor.currentText()
        return self.editor.toPlainText() if isinstance(self.editor, QPlainTextEdit) else self._line().text()

    def _line(self) -> QLineEdit:
        assert isinstance(self.editor, QLineEdit)  # noqa: S101 - the only kind left
        return self.editor

    def allow(self, *, may: bool) -> None:
        """Whether the person who sits here may change it."""
        self._may = may
        self.editor.setEnabled(may)
        self.refresh()

    def refresh(self) -> None:
        """Show the value as it stands, unless something else has been typed meanwhile."""
        now = shown(self._shell.settings.value(self.declared.key))
        untouched = self._saved is None or self.text() == self._saved
        self._saved = now
        self.reset.setVisible(self._may and now != shown(self.declared.default))
        if untouched:
            self._put(now)

    def _put(self, text: str) -> None:
        if self.text() == text:
            return
        if isinstance(self.editor, QCheckBox):
            self.editor.setChecked(text == "yes")
        elif isinstance(self.editor, QComboBox):
            self.editor.setCurrentText(text)
        elif isinstance(self.editor, QPlainTextEdit):
            self.editor.setPlainText(text)
        else:
            self._line().setText(text)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Many lines have no Enter to finish with: leaving them saves."""
        if event.type() == QEvent.Type.FocusOut:
            self._leave()
        return False

    def _leave(self) -> None:
        if self.text() != self._saved:
            self._save(self.text())
        else:
            self._say("")

    def _save(self, text: str) -> None:
        command = ChangeSetting(self.declared.key, text)
        self._shell.lanes.do(self, command, lambda _done: self._taken(text), failed=self._refused)

    def _taken(self, text: str) -> None:
        self._saved = self.text() if self.text() == text else text
        self._put(text)
        self._say("")

    def _refused(self, refused: Refused) -> None:
        self._say(refused.words)

    def _say(self, words: str) -> None:
        self.error.say(words)
        restyle(self.editor, "wrong", bool(words))
