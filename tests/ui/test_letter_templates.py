"""Letter templates on the screen: listed, edited, looked through, shown filled, saved as versions, sent to oneself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from leaddesk.db.store import DbStore
from leaddesk.exchange.post_office import PostOffice
from leaddesk.ui.letters.template_list import count_words, version_words
from leaddesk.ui.letters.template_new import NewTemplateDialog
from leaddesk.ui.letters.template_signature import SignatureDialog
from leaddesk.ui.letters.template_versions import VersionsDialog
from leaddesk.ui.letters.templates import TemplatesPane
from leaddesk.ui.shell import Shell
from leaddesk.workflow.cards import Drafts
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.letters import LetterSaved
from leaddesk.workflow.mail import Attachment
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.team import ChangeUser
from leaddesk.workflow.templates import LONGEST_ATTACHMENTS, SaveTemplate, Templates, TemplateVersions
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import LetterKind
from tests.engines import TestClock, sit_down
from tests.mail_server import LoopbackSmtp
from tests.outbox.posting import Keyring, set_up
from tests.workflow.making import add

TEXT = "Subject: Prices for {{ name }}\n\nDear {{ name }}, here they are.\n"


@dataclass
class Screen:
    """The pane on the screen."""

    pane: TemplatesPane
    shell: Shell
    qtbot: QtBot

    @property
    def desk(self) -> Desk:
        return self.shell.lanes.desk

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.shell.lanes.idle() and not self.pane.editor._rest.isActive(), timeout=10_000)

    def select(self, key: str, written_in: str = "en") -> None:
        self.pane.select(key, written_in)
        self.settle()

    def write(self, text: str) -> None:
        self.pane.editor.text.put_in_place(text)
        self.settle()

    def click(self, button: QWidget) -> None:
        assert button.isVisible()
        assert button.isEnabled()
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def title_of(self, key: str, written_in: str = "en") -> str:
        return next(r.title for r in self.desk.read(Templates()) if (r.key, r.language) == (key, written_in))

    def listed(self) -> list[str]:
        return [str(self.pane.list.templates.index(at).data()) for at in range(self.pane.list.templates.rowCount())]

    def unsaved(self) -> list[str]:
        return [e.row.key for e in self.pane.list.templates.entries if e.row and e.unsaved]

    def paper(self) -> str:
        return self.pane.preview.paper.toPlainText()

    def dialog(self, kind: type[Any]) -> Any:
        assert isinstance(self.pane.dialog, kind)
        return self.pane.dialog


@pytest.fixture
def shown_in(qtbot: QtBot) -> Iterator[Callable[[Shell], Screen]]:
    """Shows the pane of a shell."""
    made: list[Screen] = []

    def show(shell: Shell) -> Screen:
        pane = TemplatesPane(shell)
        qtbot.addWidget(pane)
        pane.resize(1300, 740)
        pane.show()
        pane.activate()
        made.append(Screen(pane, shell, qtbot))
        made[-1].settle()
        return made[-1]

    yield show
    for one in made:
        qtbot.waitUntil(one.shell.lanes.idle, timeout=10_000)


@pytest.fixture
def screen(shell: Shell, shown_in: Callable[[Shell], Screen]) -> Screen:
    return shown_in(shell)


# The list


def test_templates_stand_by_kind_in_the_language_chosen(screen: Screen) -> None:
    QAbstractItemModelTester(screen.pane.list.templates, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert screen.listed()[:2] == ["Farewells", "Farewell · too expensive"]
    assert [words for words in screen.listed() if words in ("Farewells", "Greetings", "Offers", "Come back")] == [
        "Farewells",
        "Greetings",
        "Offers",
        "Come back",
    ]
    assert len(screen.listed()) == 11 + 4
    hungarian, everything = screen.pane.languages.button(3), screen.pane.languages.button(0)
    screen.select("farewell.plans")
    screen.click(hungarian)
    row = screen.pane.editor.row
    assert row is not None
    assert (row.key, row.language) == ("farewell.plans", "hu")
    screen.click(everything)
    assert len(screen.listed()) == 66 + 4
    assert screen.pane.editor.row is row


def test_a_row_says_whose_words_they_are_and_what_came_of_its_letters(screen: Screen) -> None:
    desk = screen.desk
    for number in range(2):
        lead = add(desk, f"p{number}@firm.example", country="HU", language="en")
        letter = desk.do(RefuseLead(lead_id=lead.id, reason="price")).value.letter
        assert letter is not None
        desk.do(LetterSaved(letter.id))
    desk.do(SaveTemplate(key="farewell.price", language="en", text=TEXT, title="Ours"))
    screen.pane.look()
    screen.settle()
    row = next(e.row for e in screen.pane.list.templates.entries if e.row)
    assert (row.title, version_words(row.version)) == ("Ours", "version 1")
    assert count_words(row) == ("2 written", "0 % answered · 0 % came back · 0 converted")
    heard = screen.pane.list.templates.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard == "Ours, en, version 1, 2 written, 0 % answered · 0 % came back · 0 converted"


# Editing


def test_faults_stand_below_the_text_by_line_while_typing(screen: Screen) -> None:
    editor = screen.pane.editor
    screen.select("offer")
    screen.write("Subject: {{ nme }}\n\nHello\n{% if name %}\n")
    assert [words.partition(":")[0] for words in editor.problem_words()] == ["Line 1", "Line 4"]
    assert "name" in editor.problem_words()[0]
    assert editor.problems.isVisible()
    assert [s.cursor.blockNumber() for s in editor.text.extraSelections()] == [0, 3]
    editor.problems.activated.emit(editor.problems.model().index(1, 0))
    assert editor.text.textCursor().blockNumber() == 3
    assert screen.pane.preview.error.isVisible()
    screen.write(TEXT)
    assert editor.problem_words() == []
    assert not editor.problems.isVisible()
    assert editor.text.extraSelections() == []
    assert not screen.pane.preview.error.isVisible()


def test_a_refused_save_says_why_and_loses_nothing(screen: Screen) -> None:
    screen.select("offer")
    screen.write("No subject\n")
    screen.click(screen.pane.editor.save)
    assert "must be the subject" in screen.pane.editor.problem_words()[0]
    assert screen.pane.editor.text.property("wrong")
    assert screen.pane.editor.text.toPlainText() == "No subject\n"
    assert screen.desk.read(TemplateVersions("offer", "en")) == []
    assert screen.shell.messages.said == []


def test_saving_makes_a_version_and_every_letter_keeps_its_text(screen: Screen) -> None:
    screen.select("offer")
    before = screen.pane.editor.text.toPlainText()
    assert not screen.pane.editor.save.isEnabled()
    screen.write(TEXT)
    screen.pane.editor.title.setText("Price list")
    screen.shell.actions.trigger("save_note")
    screen.settle()
    saved = screen.desk.read(TemplateVersions("offer", "en"))
    assert [(v.number, v.text, v.title, v.current) for v in saved] == [(1, TEXT, "Price list", True)]
    assert not screen.pane.editor.edited
    assert screen.pane.editor.chip.text() == "version 1"
    assert screen.unsaved() == []
    assert "template:offer:en" not in screen.desk.read(Drafts())
    screen.click(screen.pane.editor.reset)
    assert screen.pane.editor.text.toPlainText() == before
    assert screen.pane.editor.chip.text() == "shipped"
    screen.shell.lanes.do(screen.pane, Undo())
    screen.settle()
    assert (screen.pane.editor.text.toPlainText(), screen.title_of("offer")) == (TEXT, "Price list")


def test_what_is_typed_outlives_other_templates_and_the_window(
    screen: Screen, shown_in: Callable[[Shell], Screen], store: DbStore, clock: TestClock, qtbot: QtBot
) -> None:
    screen.select("offer")
    screen.write(TEXT + "Half a th")
    screen.pane.editor.title.setText("Mine")
    screen.select("comeback", "ru")
    assert not screen.pane.editor.edited
    screen.select("offer")
    assert screen.pane.editor.text.toPlainText() == TEXT + "Half a th"
    assert screen.unsaved() == ["offer"]
    qtbot.keyClick(screen.pane.editor.text, Qt.Key.Key_Escape)
    screen.shell.closing.emit()
    screen.settle()
    later = Shell(clock)
    with qtbot.waitSignal(later.opened):
        later.open(lambda: sit_down(store, clock))
    again = shown_in(later)
    again.select("offer")
    assert again.pane.editor.text.toPlainText() == TEXT + "Half a th"
    assert again.pane.editor.title.text() == "Mine"
    again.click(again.pane.editor.drop)
    assert not again.pane.editor.edited
    again.pane.editor.text.undo()
    assert again.pane.editor.text.toPlainText() == TEXT + "Half a th"
    again.click(again.pane.editor.drop)
    again.pane.close()
    later.closing.emit()
    again.settle()
    assert "template:offer:en" not in again.desk.read(Drafts())
    later.lanes.stop()


def test_a_newer_version_of_somebody_else_is_told_and_overwrites_nothing(
    screen: Screen, store: DbStore, clock: TestClock
) -> None:
    screen.select("offer")
    screen.write(TEXT + "Mine.\n")
    sit_down(store, clock).do(SaveTemplate(key="offer", language="en", text=TEXT + "Theirs.\n"))
    screen.pane.look()
    screen.settle()
    assert screen.pane.editor.text.toPlainText() == TEXT + "Mine.\n"
    assert "Version 1 is in use since you began" in screen.pane.editor.note.text()
    screen.click(screen.pane.editor.save)
    assert [v.text for v in screen.desk.read(TemplateVersions("offer", "en"))] == [TEXT + "Mine.\n", TEXT + "Theirs.\n"]


def test_persian_runs_from_right_to_left(screen: Screen) -> None:
    for written_in, way in (("fa", Qt.LayoutDirection.RightToLeft), ("hu", Qt.LayoutDirection.LeftToRight)):
        screen.select("farewell.price", written_in)
        document = screen.pane.editor.text.document()
        assert document.defaultTextOption().textDirection() is way
        assert screen.pane.preview.paper.document().defaultTextOption().textDirection() is way


def test_a_field_is_picked_at_the_cursor(screen: Screen) -> None:
    editor, qtbot = screen.pane.editor, screen.qtbot
    screen.select("offer")
    screen.write("Subject: Offer for \n\nHello\n")
    editor.text.go_to_line(1)
    qtbot.keyClick(editor.text, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert editor.picker.isVisible()
    model = editor.picker.list.choices
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    heard = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard == "Name, Gábor Kovács, The person’s whole name, as on the card."
    assert model.rowCount() == 16
    qtbot.keyClicks(editor.picker.search, "company")
    qtbot.keyClick(editor.picker.search, Qt.Key.Key_Return)
    assert not editor.picker.isVisible()
    assert editor.text.document().firstBlock().text() == "Subject: Offer for {{ company }}"
    editor.text.go_to_line(3)
    screen.click(editor.fields)
    qtbot.keyClicks(editor.picker.search, "else")
    qtbot.keyClick(editor.picker.search, Qt.Key.Key_Return)
    qtbot.keyClicks(editor.text, "friend")
    screen.settle()
    line = editor.text.document().findBlockByNumber(2).text()
    assert line == "Hello{% if company %}{{ company }}{% else %}friend{% endif %}"
    assert editor.problem_words() == []


def test_nothing_covers_anything_where_there_is_little_room(screen: Screen) -> None:
    pane = screen.pane
    screen.select("offer")
    screen.write("Subject: {{ nme }}\n\n{% if %}\n{% endif\n")
    pane.resize(1180, 470)
    screen.settle()
    parts = (pane.editor.text, pane.editor.problems, pane.editor.files, pane.editor.note, pane.editor.save)
    places = [part.geometry() for part in parts if part.isVisible()]
    assert len(places) == len(parts)
    assert all(above.bottom() < below.top() for above, below in pairwise(places))
    assert pane.width() == 1180
    buttons = (pane.editor.save, pane.editor.versions, pane.editor.reset, pane.preview.test, pane.new)
    assert all(button.width() >= button.sizeHint().width() for button in buttons)


# Files


def test_files_are_attached_kept_in_the_draft_weighed_and_taken_away(screen: Screen, tmp_path: Path) -> None:
    prices = tmp_path / "Прайс лист.pdf"
    prices.write_bytes(b"%PDF" + bytes(250_000))
    files = screen.pane.editor.files
    screen.select("offer")
    files.attach(prices)
    screen.settle()
    assert files.names() == ["Прайс лист.pdf"]
    assert screen.pane.preview.files.text() == "With Прайс лист.pdf (0.3 MB)"
    screen.select("comeback")
    assert files.names() == []
    screen.select("offer")
    assert files.names() == ["Прайс лист.pdf"]
    screen.click(screen.pane.editor.save)
    saved = screen.desk.read(TemplateVersions("offer", "en"))[0]
    assert list(saved.attachments) == ["Прайс лист.pdf"]
    assert not screen.pane.editor.edited
    assert files.words() == "Прайс лист.pdf (0.3 MB)"
    screen.click(files.buttons["Прайс лист.pdf"])
    screen.click(screen.pane.editor.save)
    assert screen.desk.read(TemplateVersions("offer", "en"))[0].attachments == {}


def test_files_too_big_or_gone_are_refused_in_place(screen: Screen, tmp_path: Path) -> None:
    files = screen.pane.editor.files
    screen.select("offer")
    big, film, gone = tmp_path / "big.zip", tmp_path / "film.mp4", tmp_path / "gone.pdf"
    with big.open("wb") as file:
        file.truncate(LONGEST_ATTACHMENTS + 1)
    with film.open("wb") as file:
        file.truncate(LONGEST_ATTACHMENTS - 100)
    (tmp_path / "small.txt").write_text("prices " * 100, encoding="utf-8")
    for path, words in ((big, "at most 10.0 MB"), (gone, "could not be read"), (film, "")):
        files.attach(path)
        screen.settle()
        assert words in files.error.text()
    files.attach(tmp_path / "small.txt")
    screen.settle()
    assert "at most 10.0 MB" in files.error.text()
    assert files.names() == ["film.mp4"]


# The preview


def test_the_letter_is_shown_for_a_real_lead_as_it_is_typed(screen: Screen) -> None:
    assert "made-up" in screen.pane.preview.lead.who.text()
    screen.select("farewell.price")
    assert "Gábor Kovács" in screen.paper()
    lead = add(screen.desk, "olena@firm.example", name="Olena Hrytsenko", company="Firm & Co", country="UA")
    add(screen.desk, name="Mari Tamm", company="Tamm OÜ", country="EE")
    preview = screen.pane.preview
    screen.qtbot.keyClicks(preview.lead.search, "hryts")
    screen.settle()
    screen.qtbot.keyClick(preview.lead.search, Qt.Key.Key_Return)
    screen.settle()
    assert (preview.lead.lead_id, preview.lead.who.text()) == (lead.id, "for Olena Hrytsenko, Firm & Co")
    screen.write(TEXT)
    assert screen.paper() == "Prices for Olena Hrytsenko\n\nDear Olena Hrytsenko, here they are."
    cursor = preview.paper.textCursor()
    cursor.setPosition(screen.paper().index("Dear") + len("Dear O"))
    assert cursor.charFormat().background().color() == screen.shell.theme.token("yellow_soft")
    screen.click(preview.html_button)
    assert "here they are" in screen.paper()
    assert preview.subject.text() == "Prices for Olena Hrytsenko"
    assert preview.paper.loadResource(2, QUrl("https://tracker.example/pixel.png")) is None


def test_the_lead_worked_on_last_is_shown_and_whether_it_can_be_written_to(
    shell: Shell, shown_in: Callable[[Shell], Screen]
) -> None:
    desk = shell.lanes.desk
    first = add(desk, "olena@firm.example", name="Olena Hrytsenko")
    last = add(desk, name="Mari Tamm")
    screen = shown_in(shell)
    assert screen.pane.preview.lead.lead_id == last.id
    assert screen.pane.preview.note.text() == "This lead cannot be written to: no e-mail on the card."
    screen.pane.show_lead(first.id)
    screen.settle()
    assert screen.pane.preview.lead.who.text() == "for Olena Hrytsenko"
    assert not screen.pane.preview.note.isVisible()
    screen.select("greeting")
    screen.write("Subject: {{ holiday }}\n\nHappy {{ holiday }}!\n")
    assert screen.pane.preview.note.text() == "The holiday is made up here."
    assert screen.paper() == "New Year’s Day\n\nHappy New Year’s Day!"


# Versions, and templates of one's own


def test_an_older_text_is_looked_at_and_taken_again(screen: Screen) -> None:
    shipped = screen.desk.read(Templates(LetterKind.OFFER, "en"))[0].text
    for words in ("One.", "Two."):
        screen.desk.do(SaveTemplate(key="offer", language="en", text=TEXT + words))
    screen.pane.look()
    screen.select("offer")
    screen.click(screen.pane.editor.versions)
    dialog = screen.dialog(VersionsDialog)
    seen = [(v.title, v.detail, v.current) for v in dialog.versions]
    when = "02 Mar 2026"
    assert [(title, when in detail and "Olena Boss" in detail, current) for title, detail, current in seen] == [
        ("Version 2", True, True),
        ("Version 1", True, False),
        ("Shipped", False, False),
    ]
    screen.qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    assert dialog.text.toPlainText() == TEXT + "One."
    screen.qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    assert dialog.text.toPlainText() == shipped
    screen.click(dialog.take)
    assert screen.pane.editor.text.toPlainText() == shipped
    assert screen.pane.editor.edited
    screen.pane.editor.text.undo()
    assert screen.pane.editor.text.toPlainText() == TEXT + "Two."


def test_a_template_of_ones_own_is_begun_kept_saved_and_taken_out_of_use(screen: Screen) -> None:
    screen.click(screen.pane.new)
    dialog = screen.dialog(NewTemplateDialog)
    for word, words in (("", "Write a word"), ("Опоздали", "Write a word"), ("price", "already")):
        dialog.word.setText(word)
        screen.click(dialog.begin)
        assert words in dialog.error.text()
        assert dialog.word.text() == word
    dialog.word.setText("late_delivery")
    dialog.title.setText("Too late")
    screen.click(dialog.begin)
    row = screen.pane.editor.row
    assert row is not None
    assert (row.key, row.kind, row.reason) == ("farewell.late_delivery", LetterKind.FAREWELL, "late_delivery")
    assert screen.paper()
    assert "Too late" in screen.listed()
    screen.write(TEXT)
    screen.click(screen.pane.editor.save)
    assert screen.title_of("farewell.late_delivery") == "Too late"
    assert screen.pane.editor.chip.text() == "version 1"
    assert screen.pane.editor.reset.text() == "Take out of use"
    screen.click(screen.pane.editor.reset)
    assert "Too late" not in screen.listed()
    assert screen.pane.editor.row is not None
    assert screen.pane.editor.row.key == "farewell.price"


def test_one_begun_and_dropped_is_gone(screen: Screen) -> None:
    screen.click(screen.pane.new)
    dialog = screen.dialog(NewTemplateDialog)
    dialog.kind.setCurrentIndex(dialog.kind.findData("offer"))
    dialog.word.setText("spring")
    screen.click(dialog.begin)
    assert screen.unsaved() == ["offer.spring"]
    assert screen.paper()
    screen.click(screen.pane.editor.drop)
    assert screen.unsaved() == []
    assert "offer.spring" not in screen.listed()


# Sending to oneself


@pytest.fixture
def server() -> Iterator[LoopbackSmtp]:
    with LoopbackSmtp() as made:
        yield made


def test_a_letter_is_sent_to_oneself_with_its_files(screen: Screen, server: LoopbackSmtp, tmp_path: Path) -> None:
    preview, desk = screen.pane.preview, screen.desk
    screen.select("offer")
    screen.click(preview.test)
    assert "No mail server is set" in preview.told.text()
    screen.shell.post = PostOffice(Keyring())
    set_up(desk, server)
    screen.shell.lanes.do(screen.pane, SaveTemplate(key="offer", language="en", text=TEXT, files=(PRICES,)))
    screen.settle()
    screen.click(preview.test)
    assert "e-mail address is not known" in preview.told.text()
    me = desk.do(ChangeUser(desk.user.id, {"email": "boss@nordwind.example"})).value
    screen.shell.know_user(me)
    (tmp_path / "new.txt").write_text("fresh", encoding="utf-8")
    screen.pane.editor.files.attach(tmp_path / "new.txt")
    screen.settle()
    screen.click(preview.test)
    assert preview.told.text() == "Sent to boss@nordwind.example."
    letter = server.messages[0]
    assert letter.to == "boss@nordwind.example"
    parsed = letter.parsed()
    assert parsed["Subject"] == "Prices for Gábor Kovács"
    assert [part.get_filename() for part in parsed.iter_attachments()] == ["prices.txt", "new.txt"]
    assert preview.test.isEnabled()


def test_a_mail_server_that_says_no_is_quoted_in_place(screen: Screen, server: LoopbackSmtp) -> None:
    from tests.mail_server import Step

    screen.shell.post = PostOffice(Keyring())
    set_up(screen.desk, server)
    me = screen.desk.do(ChangeUser(screen.desk.user.id, {"email": "boss@nordwind.example"})).value
    screen.shell.know_user(me)
    screen.pane.look()
    screen.shell.lanes.do(screen.pane, SaveTemplate(key="offer", language="en", text=TEXT), quiet=True)
    screen.settle()
    server.on(Step.RCPT, "550 5.1.1 No such user")
    screen.click(screen.pane.preview.test)
    assert "No such user" in screen.pane.preview.told.text()
    assert screen.pane.preview.test.isEnabled()


PRICES = Attachment("prices.txt", "text/plain", b"headset 40\n")


# Who may


def test_ones_own_signature_stands_under_the_letter_at_once(screen: Screen) -> None:
    add(screen.desk, name="Mari Tamm")
    screen.pane.activate()
    screen.select("farewell.price")
    assert "Olena Boss" in screen.paper()
    screen.click(screen.pane.preview.signature)
    dialog = screen.dialog(SignatureDialog)
    assert dialog.text.placeholderText().startswith("Olena Boss")
    dialog.text.setPlainText("x" * 1001)
    screen.qtbot.keyClick(dialog.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    screen.settle()
    assert "at most 1000" in dialog.error.text()
    dialog.text.setPlainText("Cheerio,\nO. B.")
    dialog.reject()
    screen.settle()
    screen.click(screen.pane.preview.signature)
    dialog = screen.dialog(SignatureDialog)
    assert dialog.text.toPlainText() == "Cheerio,\nO. B."
    screen.click(dialog.save)
    assert "Cheerio,\nO. B." in screen.paper()
    assert screen.shell.user.signature == "Cheerio,\nO. B."
    assert not screen.shell.typed["signature"]


def test_an_operator_reads_and_tries_them_and_changes_nothing(
    qtbot: QtBot, store: DbStore, clock: TestClock, shown_in: Callable[[Shell], Screen]
) -> None:
    shell = Shell(clock)
    with qtbot.waitSignal(shell.opened):
        shell.open(lambda: sit_down(store, clock, "anna"))
    screen = shown_in(shell)
    editor = screen.pane.editor
    screen.select("offer")
    assert editor.why_not.isVisible()
    assert "team lead" in editor.why_not.text()
    assert editor.text.isReadOnly()
    assert editor.title.isReadOnly()
    shown = (editor.save, editor.reset, editor.fields, editor.files.add, screen.pane.new)
    assert not [button for button in shown if button.isVisible()]
    qtbot.keyClick(editor.text, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert not editor.picker.isVisible()
    shell.actions.trigger("save_note")
    screen.settle()
    assert screen.desk.read(TemplateVersions("offer", "en")) == []
    screen.click(editor.versions)
    dialog = screen.dialog(VersionsDialog)
    assert not dialog.take.isVisible()
    dialog.reject()
    screen.settle()
    shell.lanes.stop()
