"""An import that was cut short, words of another system, files understood once for all."""

from pathlib import Path

import pytest

from leaddesk.db.check import check
from leaddesk.db.store import DbStore
from leaddesk.exchange.importing import write_rejects
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Call, ImportBatch, Lead, LeadExtra, Source, User
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.intake import ImportResult, Options, run_import
from leaddesk.workflow.intake_profiles import ForgetProfile, Profiles, RememberFile
from leaddesk.workflow.intake_words import choices
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Status, Temperature
from tests.workflow.intake_files import bring, everything, stored, written

ROWS = "".join(f"Person {n},p{n}@x.org\n" if n % 100 else "-,n/a\n" for n in range(1, 1300))


def cut_short(desk: Desk, folder: Path, at: int) -> None:
    def die(done: int, _total: int) -> None:
        if done >= at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_import(desk, written(folder, "Name,Email\n" + ROWS), Options(source="Fair"), die)


def go_on(desk: Desk, folder: Path, **options: str) -> ImportResult:
    return run_import(desk, written(folder, "Name,Email\n" + ROWS), Options(**options))


def test_it_goes_on_where_it_stopped(desk: Desk, store: DbStore, tmp_path: Path) -> None:
    before = everything(store)
    cut_short(desk, tmp_path, 800)
    result = go_on(desk, tmp_path)
    assert (result.resumed, result.counts.rows, result.counts.created) == (800, 1299, 1287)
    assert result.counts.rejected == len(result.rejects) == 12
    leads = stored(desk, Lead)
    assert len({lead.name for lead in leads}) == len(leads) == 1287
    assert {source.name for source in stored(desk, Source)} == {"Fair"}
    assert [(b.state, b.rows_done) for b in stored(desk, ImportBatch)] == [("done", 1299)]
    assert check(store) == []
    desk.do(Undo(result.operation))
    left = everything(store)
    left["import_reject"] = before["import_reject"]
    assert left == before
    assert go_on(desk, tmp_path).resumed == 0


def test_kept_half_way_and_gone_on_with(desk: Desk, tmp_path: Path) -> None:
    file = written(tmp_path, "Name,Email\n" + ROWS)
    seen: list[int] = []
    result = run_import(desk, file, Options(), lambda done, _: seen.append(done), lambda: len(seen) == 1)
    assert (result.cancelled, len(stored(desk, Lead))) == (True, 396)
    assert stored(desk, ImportBatch)[0].state == "stopped"
    assert go_on(desk, tmp_path).resumed == 400
    assert len(stored(desk, Lead)) == 1287


def test_two_at_once_do_not_double(desk: Desk, tmp_path: Path) -> None:
    other: list[ImportResult] = []

    def another(done: int, _total: int) -> None:
        if done == 400:
            other.append(go_on(desk, tmp_path))

    with pytest.raises(Refused, match="by somebody else"):
        run_import(desk, written(tmp_path, "Name,Email\n" + ROWS), Options(), another)
    assert other[0].resumed == 400
    assert len(stored(desk, Lead)) == 1287


# Words of other systems

WORDS = "Name,Phone,Lead Status,Lead Source,Lead Owner,Rating\nAda,660-485-0224,Working,Messe,Bob,5 stars\n"


def test_words_are_said_and_put_right(desk: Desk, tmp_path: Path) -> None:
    users = len(stored(desk, User))
    dry = bring(desk, tmp_path, WORDS, dry_run=True)
    use = dry.words["source"]["Messe"]
    assert (use.ours, use.rows, use.known) == ("Messe", 1, False)
    words = {
        "status": {"Working": "qualified"},
        "source": {"Messe": "Fair"},
        "owner": {"Bob": desk.user.login},
        "temperature": {"5 stars": "hot"},
    }
    result = bring(desk, tmp_path, WORDS, words=words, overrides={"Rating": "temperature"})
    lead = stored(desk, Lead)[0]
    assert (lead.status, lead.temperature, lead.owner_id) == (Status.QUALIFIED, Temperature.HOT, desk.user.id)
    assert [source.name for source in stored(desk, Source)] == ["Fair"]
    assert len(stored(desk, User)) == users
    assert result.words["status"]["Working"].ours == "qualified"
    assert result.statuses["Working"] == ("qualified", 1)


def test_what_was_put_right_is_known_next_time(desk: Desk, tmp_path: Path) -> None:
    words = {"status": {"Working": "qualified"}}
    bring(desk, tmp_path, WORDS, words=words, overrides={"Rating": "temperature", "Lead Source": "extra"})
    later = WORDS.replace("Ada", "Bea").replace("0224", "0225")
    dry = bring(desk, tmp_path, later, dry_run=True)
    assert (dry.columns["Rating"], dry.columns["Lead Source"]) == ("temperature", None)
    assert dry.words["status"]["Working"].ours == "qualified"
    again = bring(desk, tmp_path, later, dry_run=True, overrides={"Rating": "note"})
    assert again.columns["Rating"] == "note"


def test_a_profile_has_a_name_and_its_own_ways(desk: Desk, tmp_path: Path) -> None:
    columns = {"Wer": "name", "Womit": "phone", "Note": ""}
    desk.do(RememberFile(columns, {}, {"source": "Form", "region": "DE", "requests": True}, "Web form"))
    text = "Wer,Womit,Note\nAda,030 901820,x\n"
    result = bring(desk, tmp_path, text, "again", region="", profile="Web form")
    assert result.columns == {"Wer": "name", "Womit": "phone", "Note": None}
    assert stored(desk, Source)[0].name == "Form"
    assert bring(desk, tmp_path, text, "again", region="", profile="Web form").counts.came_again == 1
    with pytest.raises(Refused, match="no profile"):
        bring(desk, tmp_path, text, profile="Other")
    kept = desk.read(Profiles())
    assert [profile.name for profile in kept] == ["Web form"]
    desk.do(ForgetProfile(kept[0].id))
    assert desk.read(Profiles()) == []


def test_every_kind_of_word_has_its_choices(desk: Desk) -> None:
    assert ("refused", "refused") in choices(desk, "status")
    assert ("hot", "hot") in choices(desk, "temperature")
    assert (desk.user.login, desk.user.name) in choices(desk, "owner")
    assert len(choices(desk, "outcome")) > 5
    assert choices(desk, "source") == []


def test_how_the_last_call_ended_is_kept_as_a_call(desk: Desk, tmp_path: Path) -> None:
    outcome = choices(desk, "outcome")[0][0]
    text = "Name,Phone,Ende\nAda,660-485-0224,NA\n"
    bring(desk, tmp_path, text, overrides={"Ende": "outcome"}, words={"outcome": {"NA": outcome}})
    call = stored(desk, Call)[0]
    assert (call.outcome, call.user_id) == (outcome, None)


def test_rows_left_out_come_in_once_they_are_mended(desk: Desk, tmp_path: Path) -> None:
    result = bring(desk, tmp_path, "Name;Phone;Größe\n-;;44\nBea;660-485-0224;\n", overrides={"Größe": "role"})
    where = tmp_path / "left out.csv"
    write_rejects(where, ("Name", "Phone", "Größe"), result.rejects)
    mended = where.read_text(encoding="utf-8-sig").replace("-,,44", "Ada,660-485-0225,44")
    back = run_import(desk, written(tmp_path, mended, "mended.csv"), Options(region="US"))
    assert back.counts.created == 1
    ada = stored(desk, Lead)[-1]
    assert (ada.name, ada.role) == ("Ada", "44")
    assert not any("left out" in header for extra in stored(desk, LeadExtra) for header in extra.fields)
