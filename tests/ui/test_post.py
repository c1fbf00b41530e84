"""Letters leave by themselves while the window is open, in a lane of their own, and never hold the window up."""

import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from pytestqt.qtbot import QtBot

from leaddesk.exchange.post_office import PostOffice
from leaddesk.ui.main_window import MainWindow
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.settings import ChangeSetting
from leaddesk.workflow.vocabulary import LetterState, Status
from tests.engines import TestClock
from tests.mail_server import LoopbackSmtp, Step
from tests.mailbox_server import PASSWORD, USER, mailbox_server
from tests.outbox.posting import MINUTE, Keyring, refuse, set_up, stored
from tests.ui.watchdog import Watchdog
from tests.workflow.making import now_is


@pytest.fixture
def server() -> Iterator[LoopbackSmtp]:
    with LoopbackSmtp() as running:
        yield running
        running.forgive()


@pytest.fixture(autouse=True)
def threads_before() -> set[threading.Thread]:
    """Threads that other windows of this process left: theirs, not ours."""
    return set(threading.enumerate())


def left_behind(before: set[threading.Thread]) -> list[str]:
    return [thread.name for thread in set(threading.enumerate()) - before if thread.name.startswith("post")]


@pytest.fixture
def posting(window: MainWindow, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window with a real post office."""
    window.shell.post = PostOffice(Keyring())
    window.shell.postman.start()
    qtbot.waitUntil(window.shell.postman.idle)
    yield window
    window.shell.postman.end()


def at_rest(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.shell.lanes.idle() and window.shell.postman.idle())


def desk_of(window: MainWindow) -> Desk:
    return window.shell.lanes.desk


def test_a_letter_leaves_by_itself_once_its_minute_is_over(
    posting: MainWindow, qtbot: QtBot, clock: TestClock, server: LoopbackSmtp
) -> None:
    desk, postman = desk_of(posting), posting.shell.postman
    set_up(desk, server)
    letter = refuse(desk, "olena@klochkivska.example")
    postman.look()
    at_rest(posting, qtbot)
    assert server.messages == []
    clock.forward(seconds=MINUTE)
    with qtbot.waitSignal(postman.sent) as sent:
        pass
    assert sent.args[0].sent == 1
    assert [m.to for m in server.messages] == ["olena@klochkivska.example"]
    assert stored(desk, letter).state is LetterState.SENT
    at_rest(posting, qtbot)
    assert not [t for t in posting.shell.messages.said if "letter" in t.words.lower()], "what went well needs no words"


def test_what_goes_wrong_is_said_once_with_the_way_to_it(
    posting: MainWindow, qtbot: QtBot, clock: TestClock, server: LoopbackSmtp
) -> None:
    desk = desk_of(posting)
    set_up(desk, server)
    server.on(Step.RCPT, "550 5.1.1 No such user", to="gone@x.example")
    server.on(Step.DOT, drop=True, times=1)
    refuse(desk, "gone@x.example", name="Gone")
    refuse(desk, "perhaps@x.example", name="Perhaps")
    clock.forward(seconds=MINUTE)
    with qtbot.waitSignal(posting.shell.postman.sent):
        posting.shell.postman.look()
    at_rest(posting, qtbot)
    posting.shell.postman.look()
    at_rest(posting, qtbot)
    said = [toast for toast in posting.shell.messages.said if toast.action and toast.action[0] == "Look"]
    assert [toast.words for toast in said] == ["A letter failed", "A letter may have arrived or not"]


def test_the_window_answers_while_a_server_keeps_us_waiting(
    posting: MainWindow, qtbot: QtBot, clock: TestClock, server: LoopbackSmtp, watchdog: Watchdog
) -> None:
    desk, shell = desk_of(posting), posting.shell
    set_up(desk, server)
    server.on(Step.DOT, stall=True)
    letter = refuse(desk, "slow@x.example")
    clock.forward(seconds=MINUTE)
    shell.postman.look()
    qtbot.waitUntil(lambda: server.seen(Step.DOT) == 1)
    assert not shell.postman.idle()
    assert shell.lanes.idle(), "the lanes of the floor know nothing of it"
    again = refuse(desk, "other@x.example", name="Other")
    posting.look_again()
    qtbot.waitUntil(shell.lanes.idle)
    assert watchdog.stop() < 200
    server.forgive()
    at_rest(posting, qtbot)
    assert stored(desk, letter).state is LetterState.SENT
    assert stored(desk, again).state is LetterState.QUEUED


def test_closing_waits_a_little_for_a_stalling_server_and_then_hangs_up(
    threads_before: set[threading.Thread],
    posting: MainWindow,
    qtbot: QtBot,
    clock: TestClock,
    server: LoopbackSmtp,
) -> None:
    desk, postman = desk_of(posting), posting.shell.postman
    set_up(desk, server)
    server.on(Step.DOT, stall=True)
    letter = refuse(desk, "slow@x.example")
    waiting = refuse(desk, "next@x.example", name="Next")
    clock.forward(seconds=MINUTE)
    postman.look()
    qtbot.waitUntil(lambda: server.seen(Step.DOT) == 1)
    postman.patience_s = 0.2
    posting.close()
    postman.end()
    assert left_behind(threads_before) == []
    assert stored(desk, letter).state is LetterState.UNCERTAIN
    assert stored(desk, waiting).state is LetterState.QUEUED, "the next one was not begun"
    assert server.seen(Step.DOT) == 1


def test_without_a_password_it_is_said_on_the_spot_and_nothing_is_tried(
    posting: MainWindow, qtbot: QtBot, clock: TestClock, server: LoopbackSmtp
) -> None:
    desk = desk_of(posting)
    set_up(desk, server, smtp_user="anna")
    refuse(desk, "olena@klochkivska.example")
    clock.forward(seconds=MINUTE)
    with qtbot.waitSignal(posting.shell.postman.trouble):
        posting.shell.postman.look()
    at_rest(posting, qtbot)
    assert "no password" in posting.shell.postman.why
    assert server.connections == 0


def test_an_errand_for_somebody_who_has_gone_is_dropped(posting: MainWindow, qtbot: QtBot) -> None:
    came: list[object] = []
    posting.shell.postman.run(posting, lambda door, desk: door.has_password(desk, "smtp"), came.append, came.append)
    at_rest(posting, qtbot)
    assert came == [False]
    posting.shell.postman.run(
        posting, lambda door, desk: door.keep_password(desk, "smtp", "x"), came.append, lambda e: came.append(str(e))
    )
    at_rest(posting, qtbot)
    assert came[1:] == ["Say first whom to sign in as."]


def test_the_end_leaves_no_thread_behind(threads_before: set[threading.Thread], posting: MainWindow) -> None:
    posting.shell.postman.end()
    posting.shell.postman.look()
    assert posting.shell.postman.idle()
    assert left_behind(threads_before) == []


def test_what_has_left_is_not_undone_but_the_rest_can_be(
    posting: MainWindow, qtbot: QtBot, clock: TestClock, server: LoopbackSmtp
) -> None:
    desk = desk_of(posting)
    set_up(desk, server)
    letter = refuse(desk, "olena@klochkivska.example")
    clock.forward(seconds=MINUTE)
    posting.shell.postman.look()
    qtbot.waitUntil(lambda: len(server.messages) == 1)
    at_rest(posting, qtbot)
    posting.undo_redo.undo()
    at_rest(posting, qtbot)
    told = posting.shell.messages.said[-1]
    assert "has left" in told.words
    assert told.action is not None
    assert told.action[0] == "Undo the rest"
    told.action[1]()
    at_rest(posting, qtbot)
    assert "but for the letter" in posting.shell.messages.said[-1].words
    assert now_is(desk, Lead(id=letter.lead_id)).status is Status.NEW
    assert stored(desk, letter).state is LetterState.SENT


def reply_to(server: LoopbackSmtp, text: str) -> bytes:
    """What the reader of the first letter writes back."""
    letter = server.messages[0].parsed()
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = server.messages[0].to, str(letter["From"])
    message["Subject"], message["In-Reply-To"] = f"Re: {letter['Subject']}", str(letter["Message-ID"])
    message["Message-ID"] = f"<{abs(hash(text))}@klochkivska.example>"
    message["Date"] = "Mon, 02 Mar 2026 10:00:00 +0000"
    message.set_content(text)
    return message.as_bytes()


def test_an_answer_is_announced_with_the_way_to_whoever_wrote_it(
    posting: MainWindow, qtbot: QtBot, clock: TestClock, server: LoopbackSmtp
) -> None:
    desk, shell = desk_of(posting), posting.shell
    set_up(desk, server)
    letter = refuse(desk, "olena@klochkivska.example")
    clock.forward(seconds=MINUTE)
    shell.postman.look()
    qtbot.waitUntil(lambda: len(server.messages) == 1)
    at_rest(posting, qtbot)
    with mailbox_server() as mailbox:
        how = mailbox.settings()
        shell.post = PostOffice(Keyring({f"imap:{USER}": PASSWORD}))
        for key, value in (
            ("host", how.host),
            ("port", str(how.port)),
            ("security", str(how.security)),
            ("user", USER),
        ):
            desk.do(ChangeSetting(f"letters.imap_{key}", value))
        mailbox.deliver(reply_to(server, "1) price"))
        with qtbot.waitSignal(shell.postman.collected) as collected:
            shell.postman.collect()
        assert collected.args == [1]
        at_rest(posting, qtbot)
        told = next(toast for toast in shell.messages.said if "answered" in toast.words)
        assert told.words == "Olena Hrytsenko answered the farewell letter"
        opened: list[int] = []
        shell.lead_requested.connect(opened.append)
        assert told.action is not None
        told.action[1]()
        assert opened == [letter.lead_id]
        at_rest(posting, qtbot)
        shell.postman.collect()
        at_rest(posting, qtbot)
        assert sum("answered" in toast.words for toast in shell.messages.said) == 1, "said once"
    clock.forward(minutes=6)
    with qtbot.waitSignal(shell.postman.trouble):
        shell.postman.look()
    at_rest(posting, qtbot)
    assert shell.postman.why
