"""The Letters page by keyboard, with a real mail server behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from leaddesk.exchange.post_office import PostOffice
from leaddesk.ui.columns import ColumnMemory
from leaddesk.ui.letters.add_answer import AddAnswerDialog
from leaddesk.ui.letters.list_pane import ListPane
from leaddesk.ui.letters.questions import questions_in
from leaddesk.ui.letters.saying import leaves, span
from leaddesk.ui.pages.letters import LettersPage
from leaddesk.ui.shell import Shell
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.letters import EditLetter
from leaddesk.workflow.outbox import Outbox, OutboxNow
from leaddesk.workflow.replies import Replies, SaveReply
from leaddesk.workflow.vocabulary import LetterState
from tests.engines import START, TestClock
from tests.mail_server import LoopbackSmtp, Step
from tests.outbox.posting import MINUTE, Keyring, refuse, set_up, stored
from tests.ui.listing import close_dialogs

CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


@dataclass
class Floor:
    """The page on the screen, the desk and the world behind it."""

    page: LettersPage
    shell: Shell
    desk: Desk
    clock: TestClock
    server: LoopbackSmtp
    qtbot: QtBot

    def settle(self) -> None:
        for _ in range(3):
            self.page.pane.table.viewport().repaint()
            self.qtbot.waitUntil(self._at_rest)

    def _at_rest(self) -> bool:
        panes: tuple[ListPane, ...] = (self.page.letters, self.page.answers)
        at_rest = not self.page.is_resting and not any(pane.model.fetching for pane in panes)
        return at_rest and self.shell.lanes.idle() and self.shell.postman.idle()

    def post(self, seconds: int = MINUTE) -> None:
        """Let the time pass, and what is due leave."""
        self.clock.forward(seconds=seconds)
        self.shell.postman.look()
        self.settle()

    def turn_to(self, tab: str) -> None:
        self.page.show_tab(tab)
        self.settle()

    def texts(self, key: str) -> list[str]:
        model = self.page.pane.model
        at = [column.key for column in model.columns].index(key)
        return [str(model.index(row, at).data()) for row in range(model.rowCount())]

    def tabs(self) -> list[str]:
        bar = self.page.tabs
        return [bar.tabText(place) for place in range(bar.count()) if bar.tabText(place) != "Templates"]

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.page.pane.table, key, modifier)
        self.settle()


@pytest.fixture
def server() -> Iterator[LoopbackSmtp]:
    with LoopbackSmtp() as running:
        yield running
        running.forgive()


@pytest.fixture
def floor(
    qtbot: QtBot, shell: Shell, desk_here: Desk, clock: TestClock, server: LoopbackSmtp, tmp_path: Path
) -> Iterator[Floor]:
    shell.post = PostOffice(Keyring())
    set_up(desk_here, server)
    memory = ColumnMemory(QSettings(str(tmp_path / "tables.ini"), QSettings.Format.IniFormat))
    page = LettersPage(shell, memory)
    for pane in (page.letters, page.answers):
        QAbstractItemModelTester(pane.model, pane)
    qtbot.addWidget(page)
    page.resize(1330, 780)
    made = Floor(page, shell, desk_here, clock, server, qtbot)
    page.show()
    shell.postman.start()
    page.activate()
    made.settle()
    yield made
    close_dialogs(shell, qtbot)
    page.close()
    shell.postman.end()


def look(floor: Floor) -> None:
    """See what was written behind the page's back."""
    floor.page.activate()
    floor.settle()


def test_a_letter_waits_leaves_and_is_found_among_the_sent(floor: Floor) -> None:
    letter = refuse(floor.desk, "olena@x.example")
    look(floor)
    assert floor.tabs()[:3] == ["Outbox 1", "Drafts", "Sent"]
    assert floor.texts("lead") == ["Olena Hrytsenko"]
    assert floor.texts("when") == ["leaves in 60 s"]
    floor.clock.forward(seconds=17)
    floor.page._tick()
    assert floor.texts("when") == ["leaves in 43 s"]
    assert floor.page.letter.state.text() == "Leaves in 43 s."
    floor.post()
    assert floor.page.letters.stack.currentWidget() is floor.page.letters.empty
    assert floor.tabs()[:3] == ["Outbox", "Drafts", "Sent 1"]
    floor.turn_to("sent")
    assert floor.texts("state") == ["sent"]
    assert floor.page.letter.paper.text() == (letter.subject, letter.body)
    assert floor.page.letter.paper.body.isReadOnly()
    assert "from sales@nordwind.example" in floor.page.letter.state.text()


def test_what_failed_says_why_and_is_sent_again(floor: Floor) -> None:
    floor.server.on(Step.RCPT, "550 5.1.1 No such user", times=1)
    letter = refuse(floor.desk, "olena@x.example")
    floor.post()
    floor.turn_to("failed")
    assert floor.tabs()[3] == "Failed 1"
    assert "No such user" in floor.page.letter.state.text()
    floor.press(Qt.Key.Key_Return, CONTROL)
    assert floor.tabs()[:4] == ["Outbox 1", "Drafts", "Sent", "Failed"]
    floor.post()
    assert stored(floor.desk, letter).state is LetterState.SENT
    assert len(floor.server.messages) == 1


def test_only_a_person_says_what_became_of_an_uncertain_letter(floor: Floor) -> None:
    floor.server.on(Step.DOT, drop=True, times=2)
    first = refuse(floor.desk, "a@x.example", name="First")
    second = refuse(floor.desk, "b@x.example", name="Second")
    floor.post()
    look(floor)
    assert not floor.page.standing.uncertain.isHidden()
    assert floor.page.standing.uncertain.words.text().startswith("2 letters are uncertain")
    floor.page.standing.uncertain.button.click()
    floor.settle()
    assert floor.page.tab == "uncertain"
    assert floor.page.standing.uncertain.isHidden(), "they are all in sight"
    shown = floor.page.letter.letter
    assert shown is not None
    floor.press(Qt.Key.Key_A, ALT)
    floor.press(Qt.Key.Key_N, ALT)
    other = second if shown.id == first.id else first
    assert stored(floor.desk, shown).state is LetterState.SENT
    assert stored(floor.desk, other).state is LetterState.FAILED
    assert floor.page.standing.uncertain.isHidden()
    floor.post(3600)
    assert len(floor.server.messages) == 2, "nothing was sent by itself"


def test_a_letter_is_taken_out_changed_and_sent_by_hand(floor: Floor) -> None:
    letter = refuse(floor.desk, "olena@x.example")
    look(floor)
    floor.press(Qt.Key.Key_Delete)
    assert floor.tabs()[:2] == ["Outbox", "Drafts 1"]
    floor.turn_to("drafts")
    floor.shell.actions.trigger("edit")
    view = floor.page.letter
    assert view.editing
    view.paper.body.setPlainText("In my own words")
    view.address.setText("nonsense")
    view.save()
    floor.settle()
    assert "no e-mail address" in view.error.text()
    assert view.paper.body.toPlainText() == "In my own words"
    view.address.setText("other@x.example")
    floor.qtbot.keyClick(view.paper.body, Qt.Key.Key_Return, CONTROL)
    floor.settle()
    assert not view.editing
    floor.page.pane.table.setFocus()
    floor.press(Qt.Key.Key_Return, CONTROL)
    assert stored(floor.desk, letter).state is LetterState.QUEUED
    floor.turn_to("outbox")
    floor.press(Qt.Key.Key_Return, CONTROL)
    floor.qtbot.waitUntil(lambda: stored(floor.desk, letter).state is LetterState.SENT)
    floor.settle()
    [arrived] = floor.server.messages
    assert arrived.to == "other@x.example"
    assert "In my own words" in arrived.parsed().get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_what_is_typed_into_a_waiting_letter_outlives_esc_and_the_letter_leaving(floor: Floor) -> None:
    letter = refuse(floor.desk, "olena@x.example")
    look(floor)
    view = floor.page.letter
    floor.shell.actions.trigger("edit")
    view.paper.body.setPlainText("Half a thou")
    floor.qtbot.keyClick(view.paper.body, Qt.Key.Key_Escape)
    floor.settle()
    assert not view.editing
    assert view.paper.text() == (letter.subject, letter.body)
    assert not view.kept.isHidden()
    floor.shell.actions.trigger("edit")
    assert view.paper.body.toPlainText() == "Half a thou"
    assert "It leaves as it was, unless you save" in view.state.text()
    floor.post()
    assert view.editing, "the hand is not pushed away"
    assert view.paper.body.toPlainText() == "Half a thou"
    view.save()
    floor.settle()
    assert "stays as it was" in view.error.text() or "by now, as it was" in view.error.text()
    assert stored(floor.desk, letter).body == letter.body


def test_two_people_change_one_letter(floor: Floor) -> None:
    letter = refuse(floor.desk, "olena@x.example")
    look(floor)
    view = floor.page.letter
    floor.shell.actions.trigger("edit")
    view.paper.body.setPlainText("Mine")
    floor.desk.do(EditLetter(letter_id=letter.id, subject="Theirs too", body="Theirs"))
    view.save()
    floor.settle()
    assert stored(floor.desk, letter).body == "Theirs"
    assert "Whose words stand?" in view.error.text()
    assert view.paper.body.toPlainText() == "Mine"
    view.mine.click()
    floor.settle()
    assert (stored(floor.desk, letter).body, view.editing) == ("Mine", False)


def test_many_letters_at_once(floor: Floor) -> None:
    letters = [refuse(floor.desk, f"p{n}@x.example", name=f"Person {n}") for n in range(3)]
    look(floor)
    floor.page.letters.table.selectAll()
    many = floor.page.letters.many
    assert many.count.text() == "3 chosen"
    assert [words for words, button in many.buttons.items() if not button.isHidden()] == ["Send now", "Take out"]
    many.buttons["Take out"].click()
    floor.settle()
    floor.turn_to("drafts")
    floor.page.letters.table.selectAll()
    many.buttons["Send"].click()
    floor.settle()
    assert {stored(floor.desk, letter).state for letter in letters} == {LetterState.QUEUED}
    floor.server.on(Step.RCPT, "550 5.1.1 Nobody here", times=3)
    floor.post()
    floor.turn_to("failed")
    floor.page.letters.table.selectAll()
    many.buttons["Send again"].click()
    floor.settle()
    assert floor.shell.messages.said[-1].words == "3 letters are sent again"
    floor.post()
    assert len(floor.server.messages) == 3


def test_other_ways_out(floor: Floor, tmp_path: Path) -> None:
    letter = refuse(floor.desk, "olena@x.example")
    links: list[str] = []
    floor.shell.open_link = lambda link: bool(links.append(link) or True)
    floor.shell.choose_file = lambda name: tmp_path / name
    from leaddesk.window import mail_link

    floor.shell.mail_link = mail_link
    look(floor)
    floor.shell.actions.trigger("letter_file")
    floor.settle()
    floor.shell.actions.trigger("letter_pdf")
    floor.shell.actions.trigger("letter_mail")
    floor.shell.actions.trigger("letter_copy")
    floor.settle()
    assert sorted(path.suffix for path in tmp_path.iterdir() if letter.subject[:5] in path.name) == [".eml", ".pdf"]
    assert letter.subject in QApplication.clipboard().text()
    assert links[0].startswith("mailto:olena@x.example")
    assert stored(floor.desk, letter).state is LetterState.QUEUED, "a copy does not keep it from leaving"
    floor.press(Qt.Key.Key_Delete)
    floor.turn_to("drafts")
    floor.shell.actions.trigger("letter_copy")
    floor.settle()
    assert stored(floor.desk, letter).state is LetterState.SAVED
    assert floor.shell.messages.said[-1].operation


def test_answers_are_read_and_corrected(floor: Floor) -> None:
    letter = refuse(floor.desk, "olena@x.example")
    floor.post()
    floor.desk.do(SaveReply(lead_id=letter.lead_id, text="1) price", answers={"1": "price"}))
    floor.turn_to("answers")
    look(floor)
    assert floor.tabs()[-1] == "Answers 1"
    assert floor.texts("lead") == ["Olena Hrytsenko"]
    assert floor.texts("answers") == ["1 of 3"]
    view = floor.page.answer
    asked = questions_in(letter.body)
    assert len(asked) == 3
    assert view.questions.labels["2"].text() == f"2. {asked['2']}"
    view.questions.edits["2"].setPlainText("Half of it")
    floor.shell.actions.trigger("save_note")
    floor.settle()
    assert floor.desk.read(Replies())[0].reply.answers == {"1": "price", "2": "Half of it"}
    assert floor.texts("answers") == ["2 of 3"]
    view.questions.edits["1"].setPlainText("")
    floor.shell.actions.trigger("save_note")
    floor.settle()
    assert floor.desk.read(Replies())[0].reply.answers == {"2": "Half of it"}


def test_an_answer_runs_the_way_it_is_written_whatever_our_letter_was(floor: Floor) -> None:
    letter = refuse(floor.desk, "ali@x.example", language="fa")
    assert stored(floor.desk, letter).language == "fa"
    floor.post()
    answers = {"1": "قیمت", "2": "15 %", "3": "next year"}
    floor.desk.do(SaveReply(lead_id=letter.lead_id, text="1. The price\n2. 15 %", answers=answers))
    floor.turn_to("answers")
    look(floor)
    view = floor.page.answer
    edits = view.questions.edits

    def runs(edit: QPlainTextEdit) -> str:
        option = edit.document().defaultTextOption()
        to_the_left = option.textDirection() is Qt.LayoutDirection.RightToLeft
        assert bool(option.alignment() & Qt.AlignmentFlag.AlignRight) is to_the_left
        return "rtl" if to_the_left else "ltr"

    assert runs(view.text) == "ltr"
    assert [runs(edits[number]) for number in "123"] == ["rtl", "rtl", "ltr"]
    edits["3"].setPlainText("سال بعد")
    edits["1"].setPlainText("the price")
    assert [runs(edits[number]) for number in "123"] == ["ltr", "rtl", "rtl"]
    edits["1"].setPlainText("")
    assert runs(edits["1"]) == "rtl"
    floor.page._do("answer")
    floor.settle()
    [dialog] = [w for w in QApplication.topLevelWidgets() if isinstance(w, AddAnswerDialog) and w.isVisible()]
    assert runs(dialog.text) == "rtl"
    floor.qtbot.keyClicks(dialog.text, "ok")
    assert runs(dialog.text) == "ltr"
    dialog.reject()
    floor.settle()


def test_an_answer_told_by_telephone_is_written_down(floor: Floor) -> None:
    letter = refuse(floor.desk, "olena@x.example")
    floor.post()
    floor.turn_to("sent")
    floor.shell.actions.trigger("letter_answer")
    floor.settle()
    [dialog] = [w for w in QApplication.topLevelWidgets() if isinstance(w, AddAnswerDialog) and w.isVisible()]
    dialog.save()
    floor.settle()
    assert dialog.error.text() == "Write down what they answered."
    dialog.text.setPlainText("She liked us")
    dialog.questions.edits["3"].setPlainText("In spring")
    floor.qtbot.keyClick(dialog.text, Qt.Key.Key_Return, CONTROL)
    floor.settle()
    [row] = floor.desk.read(Replies())
    assert (row.reply.text, row.reply.answers, row.reply.letter_id) == ("She liked us", {"3": "In spring"}, letter.id)
    assert floor.texts("state") == ["answered"]


def test_without_a_mail_server_the_page_says_what_to_do(floor: Floor) -> None:
    from leaddesk.workflow.settings import ChangeSetting

    wished: list[str] = []
    floor.shell.settings_requested.connect(wished.append)
    floor.desk.do(ChangeSetting("letters.smtp_host", ""))
    refuse(floor.desk, "olena@x.example")
    look(floor)
    assert "No mail server is set up" in floor.page.standing.server.words.text()
    floor.page.standing.server.button.click()
    assert wished == ["Mail server"]
    floor.turn_to("drafts")
    floor.press(Qt.Key.Key_Return, CONTROL)
    assert "No mail server is set up" in floor.shell.messages.said[-1].words


def test_searching_the_sent(floor: Floor) -> None:
    for name in ("Anna Kovalenko", "Boris Ivanov"):
        refuse(floor.desk, f"{name.split()[0].lower()}@x.example", name=name)
    floor.post()
    floor.turn_to("sent")
    floor.page.search.setText("boris")
    floor.page.search.settle()
    floor.settle()
    assert floor.texts("lead") == ["Boris Ivanov"]
    floor.page.search.setText("nobody at all")
    floor.page.search.settle()
    floor.settle()
    assert floor.page.letters.stack.currentWidget() is floor.page.letters.nothing


def test_list_and_letter_speak_of_the_same_moment_and_of_no_more_than_the_undo_minute(floor: Floor) -> None:
    refuse(floor.desk, "olena@x.example")
    look(floor)
    floor.clock.forward(seconds=5)
    letter = refuse(floor.desk, "maria@x.example", name="Maria Nowak")
    look(floor)
    assert sorted(floor.texts("when")) == ["leaves in 55 s", "leaves in 60 s"]
    floor.clock.forward(seconds=2)
    floor.page.letter.show_letter(letter.id)
    floor.settle()
    assert sorted(floor.texts("when")) == ["leaves in 53 s", "leaves in 58 s"]
    assert floor.page.letter.state.text() == "Leaves in 58 s."
    floor.server.on(Step.CONNECT, drop=True)
    floor.post()
    paused = floor.desk.read(OutboxNow()).paused_until
    assert paused is not None
    look(floor)
    why, in_all = floor.texts("why")[0], leaves(paused, floor.clock.now())
    assert "broke off" in why
    assert floor.texts("when") == [in_all, in_all]
    assert floor.page.letter.state.text() == f"{in_all.capitalize()}. {why}"


def test_the_words_for_waiting() -> None:
    assert [span(timedelta(seconds=s)) for s in (-5, 0, 43, 99, 300, 7200)] == [
        "0 s",
        "0 s",
        "43 s",
        "99 s",
        "5 min",
        "2 h",
    ]
    assert leaves(START + timedelta(minutes=5), START, tries=2) == "tried again in 5 min"
    assert leaves(START, START) == "leaves now"
    assert leaves(START, START, paused_until=START + timedelta(minutes=4)) == "leaves in 4 min"


def test_questions_are_read_in_any_digits() -> None:
    body = "Salam\n ۱. Niyə?\n ۲) Qiymət?\nplain\n 3. When?\n 4. More?"
    assert questions_in(body) == {"1": "Niyə?", "2": "Qiymət?", "3": "When?"}


def test_outbox_and_letters_are_the_same(floor: Floor) -> None:
    made: list[Letter] = [refuse(floor.desk, f"n{n}@x.example", name=f"N{n}") for n in range(3)]
    look(floor)
    assert (
        floor.page.letters.model.rowCount() == len(floor.desk.read(Outbox(states=(LetterState.QUEUED,)))) == len(made)
    )


def test_templates_are_made_in_turns_and_come_only_while_their_tab_is_in_front(floor: Floor) -> None:
    page = floor.page
    page.show_tab("templates")
    assert page.templates.pane is None
    page.show_tab("sent")
    floor.settle()
    made = page.templates.pane
    assert made is not None
    assert page.whole.currentWidget() is page.split
    page.show_tab("templates")
    assert made.isVisible()
    assert page.templates.pane is made
    assert set(made.parts()) < set(page.parts())
    floor.settle()
    assert made.editor.row is not None
