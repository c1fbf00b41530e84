"""Names, keys and exit codes of the command line are a contract: add, never change."""

from pathlib import Path

import pytest

from tests.commandline.conftest import Line

CSV = "Name,Phone,Email\nIvan Franko,+380577054999,ivan@franko.example\nNobody,,\n"

BATCH = "batch rows created updated skipped duplicates suppressed rejected suspicious seconds columns encoding delimiter undo"

CASES = {
    "import": (["import", "list.csv"], BATCH),
    "import, dry": (["import", "list.csv", "--dry-run", "--rejects", "left.csv", "--map", "Name=name"], "batch rows created"),
    "export": (["export", "leads", "--out", "out.csv", "--where", "status=new"], "rows file"),
    "lead add": (["lead", "add", "--name", "Ірина", "--phone", "057 705 41 99", "--region", "UA"], "id name status undo"),
    "lead show": (["lead", "show", "2"], "id timeline completeness score duplicates phones tasks extra"),
    "lead edit": (["lead", "edit", "1", "decides=yes", "source=exhibition"], "id decides undo"),
    "lead list": (["lead", "list", "--status", "new", "--limit", "1"], "leads total"),
    "duplicates": (["duplicates", "--min", "0.8"], "pairs leads seconds total"),
    "search": (["search", "705 41", "--limit", "2"], "hits ms"),
    "note": (["note", "1", "rings twice"], "note lead undo"),
    "next": (["next"], "lead why phone local_time name held_until"),
    "queue": (["queue", "--later"], "rows total"),
    "release": (["release"], "released"),
    "call": (["call", "1", "--outcome", "no_answer", "--note", "n", "--duration", "5"], "call status next_action undo"),
    "outcomes": (["outcomes"], "outcomes"),
    "task add": (["task", "add", "1", "--kind", "offer", "--at", "in 2 h"], "task lead due undo"),
    "task done": (["task", "done", "1", "--next", "call", "--at", "tomorrow 10:00"], "task undo"),
    "task move": (["task", "move", "1", "--at", "tomorrow"], "task due undo"),
    "task list": (["task", "list"], "tasks total"),
    "convert": (["convert", "1", "--field", "tax_number=32855961", "--person", "Ira;boss;;i@k.example"], "client lead linked"),
    "refuse": (["refuse", "1", "--reason", "price", "--until", "in 3 months"], "refusal letter return_at undo"),
    "refuse, more": (["refuse", "1", "--reason", "price", "--kind", "not_now", "--greet"], "refusal letter letter_state"),
    "letters list": (["letters", "list", "--state", "draft"], "letters total sent failed queued"),
    "letters answers": (["letters", "answers"], "answers total"),
    "letters template list": (["letters", "template", "list"], "templates total"),
    "letters template show": (["letters", "template", "show", "farewell"], "key language text version versions"),
    "reasons list": (["reasons", "list"], "reasons total"),
    "reasons save": (["reasons", "save", "no_time", "--title", "No time"], "key title undo"),
    "reasons retire": (["reasons", "retire", "plans"], "key retired undo"),
    "greetings list": (["greetings", "list"], "greetings total"),
    "greetings allow": (["greetings", "allow", "1"], "leads undo"),
    "report": (["report"], "columns rows reports"),
    "report refusals": (["report", "refusals", "--by", "month"], "columns rows total"),
    "report deferred": (["report", "deferred"], "columns rows total"),
    "defer": (["defer", "1", "--until", "2026-09-01", "--why", "holidays"], "lead return_at undo"),
    "return": (["return"], "returned"),
    "suppress": (["suppress", "+380577054121"], "value kind undo"),
    "qualify": (["qualify", "1"], "lead status undo"),
    "disqualify": (["disqualify", "1", "--why", "spam"], "lead status undo"),
    "spam": (["spam", "1", "--bar"], "leads left_out undo"),
    "user add": (["user", "add", "bela", "--name", "Béla", "--role", "team_lead"], "login leads tasks callbacks drafts"),
    "user list": (["user", "list"], "users total"),
    "user away": (["user", "away", "anna", "--until", "in 2 weeks"], "away_until leads tasks callbacks drafts"),
    "reassign": (["reassign", "--from", "me", "--to", "anna", "--note", "please"], "leads tasks callbacks drafts undo"),
    "reassign, dry": (["reassign", "--from", "me", "--dry-run"], "leads tasks callbacks drafts"),
    "history": (["history", "2"], "operations"),
    "undo": (["undo"], "undone"),
    "set": (["set", "cadence.in_all"], "key value default help"),
    "set, changed": (["set", "cadence.in_all", "5"], "key value default help undo"),
    "set, all": (["set"], "settings"),
    "backup": (["backup", "copy.db"], "file bytes"),
    "check": (["check"], "ok problems"),
    "bench": (["bench", "--only", "block", "--samples", "2", "--no-budgets"], "actions skipped over ok leads calls engine database"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_command_answers_with_one_object_of_its_keys(name: str, leaddesk: Line) -> None:
    Path("list.csv").write_text(CSV, encoding="utf-8")
    args, keys = CASES[name]
    told = leaddesk("--json", *args)
    assert told.code == 0, told
    assert set(keys.split()) <= set(told.json)
    assert told.err == ""


@pytest.mark.parametrize("name", CASES)
def test_each_command_answers_people_in_words(name: str, leaddesk: Line) -> None:
    Path("list.csv").write_text(CSV, encoding="utf-8")
    told = leaddesk(*CASES[name][0])
    assert told.code == 0, told
    assert told.out.strip()
    assert not told.out.startswith("{")
    assert told.err == ""


def test_nothing_of_the_contract_lacks_a_command() -> None:
    from leaddesk.commandline.root import COMMANDS

    here = "run demo tour import export lead search next queue call outcomes task convert refuse defer return suppress "
    here += "unsuppress letters report user reassign history undo redo set backup check"
    assert set(here.split()) <= set(COMMANDS)


def test_a_day_on_the_command_line(leaddesk: Line) -> None:
    drawn = leaddesk("next", "--json").json
    assert (drawn["lead"], drawn["phone"], drawn["local_time"]) == (1, "+380577054121", "11:00")
    done = leaddesk("call", "1", "--outcome", "callback", "--at", "15:30", "--json").json
    assert done["next_action"].startswith("call back today 15:30 their time")
    due = leaddesk("lead", "show", "1", "--json").json["tasks"][0]["due_at"]
    assert due == "2026-03-02T13:30:00Z"
    refused = leaddesk("refuse", "3", "--reason", "budget", "--until", "2026-09-01", "--eml", "bye.eml", "--json").json
    assert refused["return_at"] == "2026-09-01T05:00:00Z"
    assert b"lead3@klochkivska.example" in Path("bye.eml").read_bytes()
    assert leaddesk("return", "3", "--json").json["returned"] == 1
    client = leaddesk("convert", "1", "--field", "legal_name=ТОВ", "--json").json
    assert client == {**client, "client": 1, "lead": 1, "linked": True}
    assert leaddesk("undo", "--json").json["undone"].startswith("Olena Hrytsenko converted")
    assert leaddesk("redo", "--json").json["redone"].startswith("Olena Hrytsenko converted")
    words = [o["words"] for o in leaddesk("history", "1", "--json").json["operations"]]
    assert words[0].startswith("Redone")
    assert leaddesk("check").code == 0


def test_next_says_why_there_is_nobody(leaddesk: Line) -> None:
    for lead in (1, 2, 3):
        leaddesk("defer", lead, "--until", "in 3 months")
    drawn = leaddesk("next", "--json").json
    assert (drawn["lead"], drawn["phone"]) == (None, None)
    assert "Nothing is due now" in drawn["why"]


def test_two_draws_give_two_leads_until_they_are_released(leaddesk: Line) -> None:
    assert leaddesk("next", "--json").json["lead"] == 1
    assert leaddesk("next", "--json").json["lead"] == 3
    leaddesk("release")
    assert leaddesk("next", "--json").json["lead"] == 1


def test_global_options_work_before_and_after_the_command(leaddesk: Line, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    assert leaddesk("--db", other, "--json", "lead", "list").json["total"] == 0
    assert leaddesk("lead", "list", "--db", other, "--json").json["total"] == 0
    assert leaddesk("lead", "list", "--json").json["total"] == 3
    assert leaddesk("note", "1", "--as", "anna", "--json", "from Anna").code == 0
    assert leaddesk("history", "1", "--json").json["operations"][0]["user_name"] == "Anna Operator"


def test_words_that_look_like_options_stay_words(leaddesk: Line) -> None:
    assert leaddesk("note", "--", "1", "--json").out.startswith("Note on")


def test_quiet_says_nothing_about_what_went_well(leaddesk: Line) -> None:
    assert leaddesk("--quiet", "note", "1", "hush").out == ""
    assert leaddesk("--quiet", "lead", "list").out != ""


def test_leads_go_from_one_person_to_another_and_to_the_pool(leaddesk: Line) -> None:
    moved = leaddesk("reassign", "--from", "me", "--to", "anna", "--json").json
    assert (moved["leads"], moved["tasks"], moved["callbacks"]) == (1, 1, 1)
    assert leaddesk("lead", "list", "--owner", "anna", "--json").json["total"] == 1
    assert leaddesk("reassign", "--from", "anna", "--json").json["leads"] == 1
    assert leaddesk("lead", "list", "--owner", "pool", "--json").json["total"] == 3
    assert leaddesk("reassign", "--from", "anna").out == "Anna Operator has no open leads.\n"


def test_somebody_goes_away_and_comes_back(leaddesk: Line) -> None:
    assert leaddesk("user", "away", "anna", "--until", "2026-03-09 09:00", "--json").code == 0
    assert leaddesk("user", "back", "anna", "--json").json["away_until"] is None
    again = leaddesk("user", "back", "anna", "--json")
    assert (again.code, again.json["field"]) == (1, "login")


def test_a_suppressed_number_is_allowed_again(leaddesk: Line) -> None:
    leaddesk("suppress", "+380577054121")
    assert leaddesk("lead", "show", "1", "--json").json["reach"] == "barred"
    assert leaddesk("unsuppress", "+380577054121", "--json").json["value"] == "+380577054121"
    assert leaddesk("lead", "show", "1", "--json").json["reach"] == "phone"


def test_export_brings_back_what_import_took(leaddesk: Line) -> None:
    Path("list.csv").write_text("Имя;Телефон;Любимый цвет\nІван Франко;+380577054999;синій\n", encoding="utf-8")
    assert leaddesk("import", "list.csv", "--json").json["created"] == 1
    assert leaddesk("export", "leads", "--out", "back.csv", "--where", "search=Франко", "--json").json["rows"] == 1
    assert "синій" in Path("back.csv").read_text(encoding="utf-8-sig")
    assert leaddesk("undo").code == 0
    assert leaddesk("lead", "list", "--json").json["total"] == 3


def test_lists_give_phones_as_e164(leaddesk: Line) -> None:
    leaddesk("lead", "add", "--name", "Olha Bondar", "--phone", "057 705 41 33", "--region", "UA")
    found = leaddesk("lead", "list", "--search", "Bondar", "--json").json["leads"]
    assert [row["phone"] for row in found] == ["+380577054133"]


def test_an_edit_takes_numbers_and_the_owner(leaddesk: Line) -> None:
    card = leaddesk("lead", "list", "--limit", "1", "--json").json["leads"][0]
    leaddesk("lead", "edit", str(card["id"]), "phone=+380577054199", "owner=me", "interest=headsets", "--json")
    after = leaddesk("lead", "show", str(card["id"]), "--json").json
    assert after["phones"][0] == "+380577054199"
    assert after["interest"] == "headsets"
    assert after["owner_id"] is not None
