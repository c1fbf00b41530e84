"""Letter templates: which there are, one of them edited, and the letter it makes for a real lead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui import language
from leaddesk.ui.in_turns import InTurns, Steps
from leaddesk.ui.letters.template_editor import TemplateEditor, place_of
from leaddesk.ui.letters.template_list import TemplateList, entries, name_of
from leaddesk.ui.letters.template_new import NewTemplateDialog, new_row
from leaddesk.ui.letters.template_preview import TemplatePreview
from leaddesk.ui.letters.template_signature import SignatureDialog
from leaddesk.ui.letters.template_versions import VersionsDialog
from leaddesk.ui.widgets import FlowLayout, Heading, Line, Panel, PlainButton
from leaddesk.ui.widgets_split import Split
from leaddesk.workflow.cards import Drafts
from leaddesk.workflow.errors import Refused, Unavailable
from leaddesk.workflow.letter_files import LETTER_KEYS, LETTER_LANGUAGES
from leaddesk.workflow.templates import ResetTemplate, Templates
from leaddesk.workflow.vocabulary import LetterKind, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.ui.letters.template_list import Name
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.changes import Changes
    from leaddesk.workflow.desk import Desk, Done
    from leaddesk.workflow.letter_entities import LetterTemplate
    from leaddesk.workflow.templates import TemplateRow

LIST_WIDTH = 318


@dataclass(frozen=True, slots=True)
class _Found:
    """Every template in use with its counts, and what is half typed."""

    rows: list[TemplateRow] = field(default_factory=list)
    drafts: dict[str, str] = field(default_factory=dict)


class TemplatesPane(InTurns):
    """The list, the editor, and the preview beside it. Looks anew whenever it is brought to the front."""

    def __init__(self, shell: Shell, *, in_turns: bool = False) -> None:
        """Asks for nothing before it is shown."""
        super().__init__()
        self._shell = shell
        self._found = _Found()
        self._begun: dict[Name, TemplateRow] = {}
        self._wanted: Name | None = None
        self._lead_id = 0
        self.dialog: QDialog | None = None
        self.begin(in_turns=in_turns)

    def build(self) -> Steps:
        """The list with its languages, the editor, the preview."""
        self.list = TemplateList(self._shell.theme)
        self.new = PlainButton("New template…")
        self.languages = QButtonGroup(self)
        self._lay_out_side()
        yield
        self.editor = TemplateEditor(self._shell)
        yield
        self.preview = TemplatePreview(self._shell)
        yield
        self._lay_out()
        self._wire()
        self._permit()

    def _lay_out_side(self) -> None:
        self._side = Panel()
        self._side.setMinimumWidth(220)
        inside = QVBoxLayout()
        inside.setContentsMargins(14, 12, 14, 8)
        inside.setSpacing(8)
        inside.addWidget(Heading("Templates"))
        chips = QWidget()
        flow = FlowLayout(chips, 4)
        for at, code in enumerate(("", *LETTER_LANGUAGES)):
            chip = PlainButton(code or "all")
            chip.setProperty("look", "filter")
            chip.setCheckable(True)
            name = language.NAMES.get(code, code)
            chip.setAccessibleName(f"Templates in {name}" if code else "Templates in all languages")
            chip.setToolTip(name or "All languages")
            self.languages.addButton(chip, at)
            flow.addWidget(chip)
        screen = language.current()
        self.languages.button(1 + LETTER_LANGUAGES.index(screen) if screen in LETTER_LANGUAGES else 1).setChecked(True)
        inside.addWidget(chips)
        self._side.body.addLayout(inside)
        self._side.body.addWidget(self.list, 1)
        self._side.body.addWidget(Line())
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 10, 14, 12)
        foot.addWidget(self.new)
        foot.addStretch(1)
        self._side.body.addLayout(foot)

    def _lay_out(self) -> None:
        self.split = Split()
        for part, stretch in ((self._side, 0), (self.editor, 3), (self.preview, 2)):
            self.split.addWidget(part)
            self.split.setStretchFactor(self.split.count() - 1, stretch)
        self.split.setSizes([LIST_WIDTH, 580, 410])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.split)
        self.setFocusProxy(self.list)

    def _wire(self) -> None:
        shell = self._shell
        self.editor.drop.clicked.connect(self._dropped)
        self.editor.edited_changed.connect(self._mark)
        self.editor.files.changed.connect(lambda: self.preview.show_files(self.editor.files.words()))
        self.editor.reset.clicked.connect(self.reset)
        self.editor.rested.connect(self._show_preview)
        self.editor.save.clicked.connect(self.save)
        self.editor.versions.clicked.connect(self._open_versions)
        self.languages.idToggled.connect(lambda _id, on: self._list() if on else None)
        self.list.chosen.connect(self._chosen)
        self.new.clicked.connect(self._open_new)
        self.preview.drafted_anew.connect(lambda: self.preview.tell(""))
        self.preview.signature.clicked.connect(self._open_signature)
        self.preview.test_requested.connect(self.send_test)
        shell.actions.on("save_note", self, self.save)
        shell.bridge.changed.connect(self._changed)
        shell.lead_requested.connect(self._lead_opened)
        shell.user_changed.connect(self._permit)

    def parts(self) -> Sequence[QWidget]:
        """What is dressed in turns of its own."""
        return (self._side, self.editor, self.preview)

    def showEvent(self, event: QShowEvent) -> None:
        """It has been brought to the front."""
        super().showEvent(event)
        self.activate()

    def activate(self) -> None:
        """Look again; the preview shows the lead that was on the screen last."""
        self.look()
        self.preview.find_lead(self.preview.lead.lead_id or self._lead_id or self._lead_on_a_card())

    def look(self) -> None:
        """Ask for the templates."""
        self._shell.lanes.read(self, _look, self._show, key="templates")

    def show_lead(self, lead_id: int) -> None:
        """Show letters for this lead."""
        self._lead_id = lead_id
        self.preview.find_lead(lead_id)

    def select(self, key: str, written_in: str) -> None:
        """Go to a template, in whatever language the list is."""
        self._wanted = (key, written_in)
        if written_in not in ("", self.written_in()) and self.written_in():
            self.languages.button(1 + LETTER_LANGUAGES.index(written_in)).setChecked(True)
        else:
            self._list()

    def written_in(self) -> str:
        """The language the list shows; "" for all."""
        return ("", *LETTER_LANGUAGES)[max(0, self.languages.checkedId())]

    # The list

    def _rows(self) -> list[TemplateRow]:
        known = {name_of(row) for row in self._found.rows}
        return [*self._found.rows, *(row for name, row in self._begun.items() if name not in known)]

    def _unsaved(self) -> set[Name]:
        """Templates with something typed and not saved, in this sitting or before."""
        typed = {**self._found.drafts, **self._shell.typed}
        return {name_of(row) for row in self._rows() if typed.get(place_of(row.key, row.language))}

    def _show(self, found: _Found) -> None:
        self._found = found
        known = {name_of(row) for row in found.rows}
        for place, text in {**found.drafts, **self._shell.typed}.items():
            name = _begun(place) if text else None
            if name is not None and name not in known:
                self._begun.setdefault(name, new_row(*name, ""))
        self._begun = {name: row for name, row in self._begun.items() if name not in known}
        now = self.editor.row
        if now is not None:
            fresh = next((row for row in self._rows() if name_of(row) == name_of(now)), None)
            if fresh is not None:
                self.editor.refresh(fresh)
        self._list()

    def _list(self) -> None:
        """The list anew, with the same template chosen in it, or the same letter in the language wanted."""
        self.list.templates.show_entries(list(entries(self._rows(), self.written_in(), self._unsaved())))
        now = self.editor.row
        wanted = self._wanted or (name_of(now) if now else None)
        self._wanted = None
        tries = [wanted, (wanted[0], self.written_in())] if wanted else []
        if not any(self.list.choose(name) for name in tries):
            self.list.choose_first()

    def _mark(self) -> None:
        self.list.templates.show_entries(list(entries(self._rows(), self.written_in(), self._unsaved())))

    def _chosen(self, row: TemplateRow) -> None:
        now = self.editor.row
        if now is None or name_of(now) != name_of(row):
            self.editor.show_template(row, self._found.drafts)
            self.preview.show_files(self.editor.files.words())

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and (changes.settings or changes.many):
            self.look()

    def _permit(self) -> None:
        may = self._may()
        self.editor.allow(may=may)
        self.new.setVisible(may)
        self.preview.look()

    def _dropped(self) -> None:
        """One that was never saved is gone with its words; any other is as it is stored."""
        row = self.editor.row
        self.editor.drop_changes()
        if row is not None and self._begun.pop(name_of(row), None) is not None:
            self.editor.row = None
            self._list()

    def _may(self) -> bool:
        return self._shell.user.role.covers(Role.TEAM_LEAD)

    # The preview

    def _show_preview(self) -> None:
        row = self.editor.row
        if row is not None:
            self.preview.show_template(row, self.editor.text.toPlainText())

    def _lead_opened(self, lead_id: int) -> None:
        self._lead_id = lead_id

    def _lead_on_a_card(self) -> int:
        """The lead on one of the window's cards, 0 where there is none."""
        from leaddesk.ui.cards.lead import LeadCardView

        shown = (card.lead_id for card in self.window().findChildren(LeadCardView))
        return next((lead_id for lead_id in shown if lead_id), 0)

    def send_test(self) -> None:
        """Send the letter on the screen to whoever sits here."""
        from leaddesk.ui.letters.template_trial import hindrance, letter_to_oneself

        shell, drafted, row = self._shell, self.preview.drafted, self.editor.row
        post = shell.post
        why = hindrance(shell, drafted)
        if why or drafted is None or post is None or row is None:
            self.preview.tell(why)
            return
        work = letter_to_oneself(shell, drafted, dict(self.editor.files.kept), self.editor.files.attached())
        self.preview.tell(f"Sending to {shell.user.email}…")
        self.preview.test.setEnabled(False)

        def sent(_result: object) -> None:
            self.preview.test.setEnabled(True)
            self.preview.tell(f"Sent to {shell.user.email}.")

        def failed(error: Exception) -> None:
            self.preview.test.setEnabled(True)
            if isinstance(error, Refused | Unavailable):
                self.preview.tell(error.words)
            else:
                self.preview.tell("")
                shell.messages.bug(error)

        shell.lanes.run(self, lambda desk, _progress: post.send_test(desk, work(desk)), sent, failed=failed)

    # Commands

    def save(self) -> None:
        """A new version of the template on the screen."""
        row, command = self.editor.row, self.editor.command()
        if row is None or command is None or not self._may() or not self.editor.edited:
            return
        problems = self.editor.problem_words()
        typed = command.text

        def saved(done: Done[LetterTemplate]) -> None:
            self._saved(done, typed)

        def refused(why: Refused) -> None:
            if self.editor.row is not None and name_of(self.editor.row) == name_of(row):
                # The list of faults says the same, and all of them.
                self.editor.refuse(why.field or "", "" if why.field == "text" and problems else why.words)
            else:
                self._shell.messages.refused(why.words)

        self._shell.lanes.do(self, command, saved, failed=refused)

    def _saved(self, done: Done[LetterTemplate], typed: str) -> None:
        made, now = done.value, self.editor.row
        self._begun.pop((made.key, made.language), None)
        if now is not None and name_of(now) == (made.key, made.language):
            self.editor.saved(made, typed)
        else:
            self.editor.saved_elsewhere(made, typed)
        self.look()

    def reset(self) -> None:
        """Write with the shipped text again."""
        row = self.editor.row
        if row is None or row.version <= 0 or not self._may():
            return

        def done(_done: object) -> None:
            if self.editor.row is not None and name_of(self.editor.row) == name_of(row) and row.key not in LETTER_KEYS:
                self.editor.row = None
            self.look()

        def refused(why: Refused) -> None:
            self.editor.refuse(why.field or "", why.words)

        self._shell.lanes.do(self, ResetTemplate(key=row.key, language=row.language), done, failed=refused)

    def _open_versions(self) -> None:
        if self.editor.row is not None:
            dialog = VersionsDialog(self._shell, self.editor.row, self.window(), may=self._may())
            dialog.taken.connect(self.editor.take_text)
            self._open(dialog)

    def _open_new(self) -> None:
        now = self.editor.row
        known = {name_of(row) for row in self._rows()}
        kind = now.kind if now else LetterKind.FAREWELL
        written_in = self.written_in() or (now.language if now else "en")
        dialog = NewTemplateDialog(self._shell, known, kind, written_in, self._found.drafts, self.window())
        dialog.begun.connect(self._begin)
        self._open(dialog)

    def _open_signature(self) -> None:
        self._open(SignatureDialog(self._shell, self._found.drafts, self.window()))

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._closed)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.open()

    def _closed(self) -> None:
        self.dialog = None

    def _begin(self, row: TemplateRow) -> None:
        self._begun[name_of(row)] = row
        self.select(row.key, row.language)
        self.editor.keep()
        self._mark()
        self.editor.text.setFocus()


def _begun(place: str) -> Name | None:
    """The template a draft belongs to, if it is one's."""
    head, _, rest = place.partition(":")
    key, _, written_in = rest.rpartition(":")
    return (key, written_in) if head == "template" and key and written_in in LETTER_LANGUAGES else None


def _look(desk: Desk) -> _Found:
    """In a lane's thread."""
    return _Found(desk.read(Templates(counted=True)), desk.read(Drafts()))
