"""What another program's words for statuses, sources, owners, outcomes and readiness mean here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from leaddesk.ui.dialogs.import_wizard_columns import EDITED_BY
from leaddesk.ui.dialogs.import_wizard_models import ChoiceDelegate, EnterOpens
from leaddesk.ui.dialogs.import_wizard_report import plain_table
from leaddesk.ui.widgets import Heading, MutedLabel, Panel
from leaddesk.ui.widgets_table import TitledModel
from leaddesk.workflow.intake import WORD_KINDS, WordUse

if TYPE_CHECKING:
    from leaddesk.ui.dialogs.import_wizard_preview import Choices
    from leaddesk.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
Offers = Mapping[str, Sequence[tuple[str, str]]]
"""Kind → ours to choose from: key and words."""

KIND_WORDS = {
    "status": "status",
    "source": "source",
    "owner": "owner",
    "outcome": "outcome",
    "temperature": "readiness",
}
NOTHING = "nothing of ours; kept on the card as it stands"


class Word(NamedTuple):
    """One word of the file, of one kind."""

    kind: str
    word: str
    use: WordUse


def sorted_words(words: Mapping[str, Mapping[str, WordUse]]) -> list[Word]:
    """Unknown ones first, then kind by kind, the most frequent first."""
    kinds = {kind: at for at, kind in enumerate(WORD_KINDS)}
    found = [Word(kind, word, use) for kind, uses in words.items() for word, use in uses.items()]
    return sorted(found, key=lambda one: (one.use.known, kinds.get(one.kind, 99), -one.use.rows, one.word))


class WordsModel(TitledModel):
    """One line per word; what it means here can be chosen."""

    word_chosen = Signal(str, str, str)
    """Kind, the file's word, ours ("" for nothing)."""

    TITLES = ("What", "In the file", "Rows", "Here", "")
    KIND, WORD, ROWS, OURS, MARK = range(5)

    def __init__(self, theme: Theme, choices: Choices, parent: QObject) -> None:
        super().__init__(parent)
        self._theme, self._choices = theme, choices
        self.words: list[Word] = []
        self._offers: Offers = {}

    def show(self, words: Mapping[str, Mapping[str, WordUse]], offers: Offers) -> None:
        """Another file's words."""
        self.beginResetModel()
        self.words, self._offers = sorted_words(words), offers
        self.endResetModel()

    def ours(self, at: int) -> str:
        """What is chosen for a word, else what it was taken for."""
        one = self.words[at]
        return self._choices.words.get(one.kind, {}).get(one.word, one.use.ours)

    def is_decided(self, at: int) -> bool:
        """Whether a person has said what it means."""
        one = self.words[at]
        return one.word in self._choices.words.get(one.kind, {})

    def unknown(self) -> int:
        """Words nobody has said anything about yet."""
        return sum(not one.use.known and not self.is_decided(at) for at, one in enumerate(self.words))

    def choices_of(self, index: Index) -> list[tuple[str, str]]:
        """Ours to choose from; a new source or owner the word would make stays among them."""
        one = self.words[index.row()]
        offered = [("", NOTHING), *(pair for pair in self._offers.get(one.kind, ()) if pair[0])]
        now = one.use.ours
        if now and now not in dict(offered):
            offered.insert(1, (now, f"{now} (new here)"))
        return offered

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """Words of all kinds."""
        return 0 if parent.isValid() else len(self.words)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only what it means here can be changed."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == self.OURS else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, and a mark with a word where a person should look."""
        if not index.isValid():
            return None
        at, section, one = index.row(), index.column(), self.words[index.row()]
        decided = self.is_decided(at)
        if role == Qt.ItemDataRole.DisplayRole:
            ours = dict(self.choices_of(index)).get(self.ours(at), self.ours(at))
            mark = "✓ as you say" if decided else "" if one.use.known else "? not known"
            kind = KIND_WORDS.get(one.kind, one.kind)
            return (kind, f"“{one.word}”", f"{one.use.rows:,}", f"{ours}  ▾", mark)[section]
        if role == Qt.ItemDataRole.EditRole and section == self.OURS:
            return self.ours(at)
        if role == Qt.ItemDataRole.ToolTipRole and section == self.WORD:
            return one.word
        if role == Qt.ItemDataRole.ForegroundRole:
            if section == self.MARK and not one.use.known and not decided:
                return self._theme.token("warm_text")
            if section in (self.KIND, self.MARK) or (section == self.OURS and not self.ours(at)):
                return self._theme.token("mute")
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A meaning was chosen in the list."""
        if role != Qt.ItemDataRole.EditRole or (value == self.ours(index.row()) and self.is_decided(index.row())):
            return False
        one = self.words[index.row()]
        self._choices.words.setdefault(one.kind, {})[one.word] = str(value)
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), self.MARK))
        self.word_chosen.emit(one.kind, one.word, str(value))
        return True


class WordsStep(QWidget):
    """Unknown words first; what is chosen is remembered for files with this header."""

    words_changed = Signal()

    def __init__(self, theme: Theme, choices: Choices) -> None:
        super().__init__()
        self.heading = Heading("")
        self.model = WordsModel(theme, choices, self)
        self.table = plain_table(self.model, "Words of the file")
        self.table.setEditTriggers(EDITED_BY)
        self.table.setItemDelegateForColumn(WordsModel.OURS, ChoiceDelegate(self.model.choices_of, self.table))
        EnterOpens(self.table, WordsModel.OURS)
        for section, width in enumerate((90, 250, 70, 330)):
            self.table.setColumnWidth(section, width)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.clicked.connect(lambda at: self.table.edit(at) if at.column() == WordsModel.OURS else None)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.heading)
        box.addWidget(
            MutedLabel(
                "The other program’s words, and what they become here. Choose with Enter or a letter; what you choose "
                "is remembered for the next file with these columns."
            )
        )
        panel = Panel()
        panel.body.addWidget(self.table)
        box.addWidget(panel, 1)
        self.model.word_chosen.connect(lambda *_said: self._say())
        self.model.word_chosen.connect(lambda *_said: self.words_changed.emit())

    def show_words(self, words: Mapping[str, Mapping[str, WordUse]], offers: Offers) -> None:
        """Another file's words."""
        self.model.show(words, offers)
        self._say()
        if self.model.words:
            self.table.setCurrentIndex(self.model.index(0, WordsModel.OURS))

    def _say(self) -> None:
        unknown = self.model.unknown()
        words = "One word is" if unknown == 1 else f"{unknown:,} words are"
        self.heading.setText(f"{words} not known here" if unknown else "All words are known here")
