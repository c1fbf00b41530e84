"""Answers on the Letters page: read, corrected, written down; and the words for waiting."""

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from leaddesk.ui.letters.add_answer import AddAnswerDialog
from leaddesk.ui.letters.questions import questions_in
from leaddesk.ui.letters.saying import leaves, span
from leaddesk.workflow.replies import Replies, SaveReply
from tests.engines import START
from tests.outbox.posting import refuse, stored
from tests.ui.letters.page_scene import CONTROL, Floor, look


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
