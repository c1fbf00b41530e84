"""Letters, templates, reasons and reports from the command line, with a real mail server and a real mailbox."""

import csv
import io
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import keyring
import pytest

from tests.commandline.conftest import Line
from tests.engines import TestClock
from tests.exchange.test_keyring_secrets import Drawer
from tests.mail_server import LoopbackSmtp, Step
from tests.mailbox_server import PASSWORD, USER, mailbox_server

SECRET = "пароль-s3cret 1"


@pytest.fixture
def server() -> Iterator[LoopbackSmtp]:
    with LoopbackSmtp() as running:
        yield running


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    """A keyring of the test's own."""
    before = keyring.get_keyring()
    own = Drawer()
    keyring.set_keyring(own)
    yield own
    keyring.set_keyring(before)


def set_up(leaddesk: Line, server: LoopbackSmtp) -> None:
    wanted = {
        "smtp_host": server.host,
        "smtp_port": server.port,
        "smtp_security": "none",
        "from_address": "sales@a.example",
    }
    for key, value in wanted.items():
        assert leaddesk("set", f"letters.{key}", value).code == 0


def refuse(leaddesk: Line, lead: int, *more: str, reason: str = "price") -> int:
    """Gives the letter's id."""
    told = leaddesk("refuse", lead, "--reason", reason, "--json", *more)
    assert told.code == 0, told
    return int(told.json["letter"])


def pipe_in(monkeypatch: pytest.MonkeyPatch, octets: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(octets), encoding="cp1251"))


# Sending


def test_without_a_mail_server_nothing_is_sent_and_the_words_say_what_to_do(leaddesk: Line) -> None:
    refuse(leaddesk, 1)
    for command in ("send", "test"):
        told = leaddesk("letters", command, "--json")
        assert (told.code, told.json["field"]) == (1, "letters.smtp_host")
    assert leaddesk("letters", "queue", "--drafts").code == 1
    listed = leaddesk("letters", "list", "--json").json
    assert (listed["total"], listed["counts"], listed["ready"]) == (1, {"draft": 1}, False)


def test_send_does_not_wait_for_the_rest_of_the_undo_minute(leaddesk: Line, server: LoopbackSmtp) -> None:
    set_up(leaddesk, server)
    unspoken = leaddesk("refuse", "1", "--reason", "price", "--language", "xx", "--json")
    assert (unspoken.code, unspoken.json["field"]) == (1, "language")
    told = leaddesk(
        "refuse", "1", "--reason", "price", "--language", "hu", "--kind", "not_now", "--greet", "--json"
    ).json
    assert (told["letter_state"], told["kind"]) == ("queued", "not_now")
    assert told["send_after"] == "2026-03-02T09:01:00Z"
    sent = leaddesk("letters", "send", "--json").json
    assert sent == {
        "sent": 1, "failed": 0, "queued": 0, "uncertain": 0, "withdrawn": 0, "why": None, "next_at": None,
    }  # fmt: skip
    assert [m.to for m in server.messages] == ["lead1@klochkivska.example"]
    shown = leaddesk("letters", "show", told["letter"], "--json").json
    assert (shown["state"], shown["language"], shown["reason"], shown["answers"]) == ("sent", "hu", "Too expensive", [])
    assert leaddesk("lead", "show", "1", "--json").json["greet"] is True
    assert leaddesk("letters", "send").out == "0 sent\n"
    assert len(server.messages) == 1


def test_a_server_that_cannot_be_reached_is_exit_three_and_the_letters_wait(leaddesk: Line) -> None:
    with LoopbackSmtp() as gone:
        set_up(leaddesk, gone)
    letter = refuse(leaddesk, 1)
    told = leaddesk("letters", "send", "--json")
    assert told.code == 3
    assert (told.json["sent"], told.json["queued"], told.json["error"]) == (0, 1, told.json["why"])
    in_words = leaddesk("letters", "send")
    assert (in_words.code, in_words.out) == (3, "")
    assert "1 waiting" in in_words.err
    assert leaddesk("letters", "show", letter, "--json").json["state"] == "queued"
    tried = leaddesk("letters", "test", "--json")
    assert (tried.code, tried.json["ok"], tried.json["smtp"]["ok"], tried.json["imap"]) == (3, False, False, None)


def test_one_bad_address_fails_alone(leaddesk: Line, server: LoopbackSmtp) -> None:
    set_up(leaddesk, server)
    letters = [refuse(leaddesk, lead) for lead in (1, 3)]
    server.on(Step.RCPT, "550 5.1.1 No such user", to="lead1@klochkivska.example")
    told = leaddesk("letters", "send", "--json")
    assert (told.code, told.json["sent"], told.json["failed"], told.json["queued"]) == (0, 1, 1, 0)
    failed = leaddesk("letters", "list", "--state", "failed", "--json").json["letters"]
    assert [row["id"] for row in failed] == letters[:1]
    assert "No such user" in failed[0]["reply"]
    server.forgive()
    assert leaddesk("letters", "again", letters[0], "--json").json["state"] == "queued"
    assert leaddesk("letters", "send", "--json").json["sent"] == 1
    assert len(server.messages) == 2


def test_an_uncertain_letter_waits_for_somebody_to_find_out(leaddesk: Line, server: LoopbackSmtp) -> None:
    set_up(leaddesk, server)
    first, second = refuse(leaddesk, 1), refuse(leaddesk, 3)
    server.on(Step.DOT, drop=True)
    assert leaddesk("letters", "send", "--json").json["uncertain"] >= 1
    server.forgive()
    leaddesk("letters", "send")
    states = {row["id"]: row["state"] for row in leaddesk("letters", "list", "--json").json["letters"]}
    uncertain = [letter for letter in (first, second) if states[letter] == "uncertain"]
    assert uncertain
    assert leaddesk("letters", "arrived", uncertain[0], "--json").json["state"] == "sent"
    assert leaddesk("letters", "lost", uncertain[0], "--json").code == 1


def test_letters_go_into_the_outbox_and_out_of_it(leaddesk: Line, server: LoopbackSmtp) -> None:
    first, second = refuse(leaddesk, 1), refuse(leaddesk, 3, "--letter", "farewell.other")
    set_up(leaddesk, server)
    queued = leaddesk("letters", "queue", "--drafts", "--json").json
    assert (queued["queued"], queued["letters"], queued["left_out"]) == (2, [first, second], [])
    assert leaddesk("letters", "take-out", first, "--json").json["taken_out"] == 1
    left = leaddesk("letters", "queue", first, second, "--json").json
    assert (left["letters"], left["left_out"]) == ([first], [{"letter": second, "why": "it is queued"}])
    leaddesk("undo")
    assert leaddesk("letters", "show", first, "--json").json["state"] == "withdrawn"
    assert leaddesk("letters", "queue").code == 2
    assert leaddesk("refuse", "2", "--reason", "plans", "--draft", "--json").json["letter_state"] == "draft"


def test_a_letter_leaves_as_a_file_and_is_not_sent_as_well(
    leaddesk: Line, server: LoopbackSmtp, tmp_path: Path
) -> None:
    set_up(leaddesk, server)
    letter = refuse(leaddesk, 1)
    file = tmp_path / "до встречи.eml"
    saved = leaddesk("letters", "save", letter, file, "--json").json
    assert (saved["state"], saved["queued"]) == ("saved", 0)
    assert b"lead1@klochkivska.example" in file.read_bytes()
    assert leaddesk("letters", "send", "--json").json["sent"] == 0
    told = leaddesk("letters", "save", letter, tmp_path / "nowhere" / "x.eml", "--json")
    assert (told.code, told.json["field"]) == (1, "file")
    assert leaddesk("letters", "save", "99", file).code == 1
    by_hand = leaddesk("refuse", "3", "--reason", "price", "--eml", tmp_path / "bye.eml", "--json").json
    assert (by_hand["letter_state"], by_hand["send_after"]) == ("saved", None)
    assert server.messages == []


def test_undo_after_the_letter_left_names_what_still_can_be_undone(leaddesk: Line, server: LoopbackSmtp) -> None:
    set_up(leaddesk, server)
    told = leaddesk("refuse", "1", "--reason", "price", "--until", "in 3 months", "--json").json
    leaddesk("letters", "send")
    for args in ((), (told["undo"],)):
        refused = leaddesk("undo", *args)
        assert refused.code == 1
        assert f"leaddesk undo {told['undo']} --rest" in refused.err
    undone = leaddesk("undo", told["undo"], "--rest", "--json").json
    assert "but for the letter" in undone["words"]
    card = leaddesk("lead", "show", "1", "--json").json
    assert (card["status"], card["return_at"]) == ("new", None)
    (refusal,) = card["refusals"]
    assert (refusal["letter"], refusal["letter_state"], refusal["became"]) == (told["letter"], "sent", "taken_back")
    assert leaddesk("report", "refusals", "--json").json["rows"] == []


def test_others_letters_are_not_an_operators_to_see(leaddesk: Line) -> None:
    letter = refuse(leaddesk, 1)
    leaddesk("lead", "edit", "1", "owner=me")
    for args in (("show", letter), ("save", letter, "x.eml")):
        assert leaddesk("--as", "anna", "letters", *args).code == 1
    assert leaddesk("--as", "anna", "letters", "list", "--json").json["total"] == 0
    assert not Path("x.eml").exists()


# Answers


def test_answers_are_read_from_the_mailbox_and_stand_on_the_card(
    leaddesk: Line, server: LoopbackSmtp, drawer: Drawer, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    none_set = leaddesk("letters", "read", "--json")
    assert (none_set.code, none_set.json["field"]) == (1, "letters.imap_host")
    with mailbox_server() as mailbox:
        set_up(leaddesk, server)
        letter = refuse(leaddesk, 1, "--language", "en")
        leaddesk("letters", "send")
        how = mailbox.settings()
        for key, value in {"host": how.host, "port": how.port, "security": "none", "user": USER}.items():
            leaddesk("set", f"letters.imap_{key}", value)
        pipe_in(monkeypatch, PASSWORD.encode())
        assert leaddesk("letters", "password", "imap", "--json").json["kept"] is True
        assert leaddesk("letters", "test", "--json").json["imap"]["ok"] is True
        assert leaddesk("letters", "read", "--json").json == {"answers": 0}
        sent = server.messages[0].parsed()
        reply = EmailMessage()
        reply["From"] = "lead1@klochkivska.example"
        reply["To"] = str(sent["From"])
        reply["Subject"] = "Re: bye"
        reply["Message-ID"] = "<one@klochkivska.example>"
        reply["In-Reply-To"] = str(sent["Message-ID"])
        reply.set_content("1. the price\n2. ten percent less\n")
        mailbox.deliver(reply.as_bytes())
        assert leaddesk("letters", "read").out == "1 new answer\n"
    answered = leaddesk("letters", "answers", "--lead", "1", "--json").json
    assert [row["answers"] for row in answered["answers"]] == [{"1": "the price", "2": "ten percent less"}]
    card = leaddesk("lead", "show", "1", "--json").json
    assert card["status"] == "in_progress"
    (refusal,) = card["refusals"]
    assert refusal["answers"] == {"1": "the price", "2": "ten percent less"}
    assert (refusal["became"], refusal["became_words"]) == ("in_work", "came back 2 Mar 2026, in work")
    assert refusal["returned_at"] == "2026-03-02T09:00:00Z"
    assert "1. the price" in leaddesk("letters", "show", letter).out
    assert leaddesk("letters", "list", "--answered", "--json").json["total"] == 1
    rows = leaddesk("report", "refusals", "--by", "template", "--json").json
    assert dict(zip(rows["columns"], rows["rows"][0], strict=True))["answer_rate"] == 100.0


# Passwords


def test_a_password_is_piped_in_kept_and_never_shown(
    leaddesk: Line, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe_in(monkeypatch, b"")
    nobody = leaddesk("letters", "password", "smtp", "--json")
    assert (nobody.code, nobody.json["field"]) == (1, "letters.smtp_user")
    leaddesk("set", "letters.smtp_user", "sales@a.example")
    pipe_in(monkeypatch, b"\xef\xbb\xbf" + SECRET.encode() + b"\r\n")
    told = leaddesk("letters", "password", "smtp", "--json")
    assert told.json == {"which": "smtp", "kept": True}
    assert list(drawer.kept.values()) == [SECRET]
    assert SECRET not in told.out + told.err
    pipe_in(monkeypatch, b"\n")
    assert leaddesk("letters", "password", "smtp").code == 1
    assert list(drawer.kept.values()) == [SECRET]
    assert leaddesk("letters", "password", "smtp", "--forget").code == 0
    assert drawer.kept == {}
    assert leaddesk("letters", "password", "smtp", SECRET).code == 2


# Templates and reasons


def test_a_template_is_shown_changed_and_written_with(leaddesk: Line, tmp_path: Path) -> None:
    listed = leaddesk("letters", "template", "list", "--language", "et", "--kind", "farewell", "--json").json
    assert "farewell.price" in {row["key"] for row in listed["templates"]}
    text = leaddesk("letters", "template", "show", "farewell.price", "--language", "et").out
    file = tmp_path / "прощание.txt"
    file.write_text("\ufeff" + text.rstrip("\n") + "\nÕnne!\n", encoding="utf-8")
    price_list = tmp_path / "hinnad.pdf"
    price_list.write_bytes(b"%PDF-1.4")
    saved = leaddesk(
        "letters", "template", "save", "farewell.price", file, "--language", "et", "--attach", price_list, "--json"
    ).json
    assert (saved["key"], saved["version"], saved["attachments"]) == ("farewell.price", 1, ["hinnad.pdf"])
    again = leaddesk("letters", "template", "save", "farewell.price", file, "--language", "et", "--json").json
    assert (again["version"], again["attachments"]) == (2, ["hinnad.pdf"])
    letter = refuse(leaddesk, 1, "--language", "et")
    shown = leaddesk("letters", "show", letter, "--json").json
    assert "Õnne!" in shown["body"]
    assert (shown["template_version"], shown["attachments"]) == (2, ["hinnad.pdf"])
    assert leaddesk("letters", "template", "reset", "farewell.price", "--language", "et").code == 0
    assert leaddesk("letters", "template", "show", "farewell.price", "--language", "et", "--json").json["version"] == 0
    bad = tmp_path / "bad.txt"
    bad.write_bytes("Тема".encode("cp1251"))
    told = leaddesk("letters", "template", "save", "farewell.price", bad, "--language", "ru", "--json")
    assert (told.code, told.json["field"]) == (1, "file")


def test_reasons_are_data(leaddesk: Line) -> None:
    first = leaddesk("reasons", "save", "no_time", "--json")
    assert (first.code, first.json["field"]) == (1, "title")
    made = leaddesk(
        "reasons", "save", "no_time", "--title", "No time", "--days", "60", "--title-in", "ru=Нет времени", "--json"
    )
    assert (made.json["key"], made.json["default_days"], made.json["titles"]) == ("no_time", 60, {"ru": "Нет времени"})
    changed = leaddesk("reasons", "save", "no_time", "--hint", "Ask when.", "--kind", "not_now", "--json").json
    assert (changed["title"], changed["hint"], changed["default_days"]) == ("No time", "Ask when.", 60)
    refuse(leaddesk, 1, "--letter", "farewell.not_now", reason="no_time")
    titles = {r["key"]: r for r in leaddesk("reasons", "list", "--language", "ru", "--json").json["reasons"]}
    assert (titles["no_time"]["title"], titles["no_time"]["used"]) == ("Нет времени", 1)
    assert leaddesk("reasons", "retire", "no_time", "--json").json["retired"] is True
    assert "no_time" not in leaddesk("reasons", "list").out
    assert "no_time" in leaddesk("reasons", "list", "--all").out
    assert leaddesk("--as", "anna", "reasons", "retire", "price").code == 1


# Reports


def test_a_report_is_a_table_on_the_screen_in_json_and_in_a_file(leaddesk: Line, tmp_path: Path) -> None:
    leaddesk("reasons", "save", "price", "--title", "=1+1 or so")
    refuse(leaddesk, 1)
    leaddesk("refuse", "3", "--reason", "budget", "--until", "in 3 months")
    told = leaddesk("report", "refusals", "--from", "2026-03", "--to", "2026", "--json").json
    row = dict(zip(told["columns"], told["rows"][0], strict=True))
    assert (row["day"], row["reason.price"], row["reason.budget"], row["total"]) == ("2026-03-02", 1, 1, 2)
    assert (told["from"], told["to"]) == ("2026-03-01", "2026-12-31")
    assert told["total"][-2:] == [2, 0]
    assert (
        leaddesk("report", "refusals", "--from", "yesterday", "--to", "yesterday").out
        == "Nothing to count in these days.\n"
    )
    assert "in all" in leaddesk("report", "refusals", "--by", "reason").out
    file = tmp_path / "отказы.csv"
    assert leaddesk("report", "refusals", "--out", file, "--json").json["file"] == str(file)
    heads, cells = csv.reader(file.read_text(encoding="utf-8-sig").splitlines())
    assert (heads[1], cells[0], cells[1]) == ("'=1+1 or so", "2026-03-02", "1")
    assert leaddesk("report", "refusals", "--out", tmp_path / "x.xlsx").code == 0
    assert leaddesk("report", "refusals", "--out", tmp_path / "x.pdf").code == 1
    parked = leaddesk("report", "deferred", "--json").json
    assert parked["rows"][0][:3] == ["2026-06", 0, 1]
    assert "never" in leaddesk("report", "deferred").out


@pytest.mark.parametrize(
    ("args", "field"),
    [
        (("profit",), "name"),
        (("refusals", "--by", "colour"), "by"),
        (("refusals", "--from", "tomorrowish"), "from"),
        (("refusals", "--to", "2026-02-30"), "to"),
        (("refusals", "--from", "2026-03-02", "--to", "2026-03-01"), "to"),
    ],
)
def test_a_report_there_is_not_is_refused(leaddesk: Line, args: tuple[str, ...], field: str) -> None:
    told = leaddesk("report", *args, "--json")
    assert (told.code, told.json["field"]) == (1, field)
