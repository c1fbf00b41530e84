"""Templates with files, shown filled, kept as versions, sent to oneself; and who may."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from pytestqt.qtbot import QtBot

from leaddesk.db.store import DbStore
from leaddesk.exchange.post_office import PostOffice
from leaddesk.ui.letters.template_new import NewTemplateDialog
from leaddesk.ui.letters.template_signature import SignatureDialog
from leaddesk.ui.letters.template_versions import VersionsDialog
from leaddesk.ui.shell import Shell
from leaddesk.workflow.mail import Attachment
from leaddesk.workflow.team import ChangeUser
from leaddesk.workflow.templates import LONGEST_ATTACHMENTS, SaveTemplate, Templates, TemplateVersions
from leaddesk.workflow.vocabulary import LetterKind
from tests.engines import TestClock, sit_down
from tests.mail_server import LoopbackSmtp
from tests.outbox.posting import Keyring, set_up
from tests.ui.letters.template_scene import TEXT, Screen
from tests.workflow.making import add


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
