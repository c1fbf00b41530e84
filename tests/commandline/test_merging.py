"""`merge` on the command line, and what an old number still does there."""

from tests.commandline.conftest import Line


def test_two_cards_become_one_and_the_old_number_leads_on(leaddesk: Line) -> None:
    done = leaddesk("merge", "1", "2", "--field", "name=lose", "--json").json
    assert (done["lead"], done["merged"]) == (1, 2)
    assert done["undo"]
    shown = leaddesk("lead", "show", "2", "--json").json
    assert (shown["id"], shown["name"], shown["merged"]) == (1, "Тарас Бойко", [2])
    assert shown["phones"] == ["+380577054121", "+380577054122"]
    called = leaddesk("call", "2", "--outcome", "no_answer", "--json")
    assert called.code == 0, called
    again = leaddesk("undo", done["undo"], "--json")
    assert (again.code, "came after and stands on it" in again.json["error"]) == (1, True)
    leaddesk("undo")
    assert leaddesk("undo", "--json").json["undone"].startswith("Merged Тарас Бойко (card 2)")
    assert leaddesk("lead", "show", "2", "--json").json["id"] == 2
    assert leaddesk("check").code == 0


def test_a_dry_run_shows_both_side_by_side(leaddesk: Line) -> None:
    shown = leaddesk("merge", "1", "2", "--dry-run", "--json").json
    assert (shown["lead"], shown["would_merge"], shown["better"]) == (1, 2, 2)
    name = next(row for row in shown["rows"] if row["field"] == "name")
    assert (name["keep_value"], name["lose_value"], name["taken"]) == ("Olena Hrytsenko", "Тарас Бойко", "keep")
    told = leaddesk("merge", "1", "2", "--dry-run")
    assert "Kept as Name (merged card 2): Тарас Бойко" in told.out
    assert leaddesk("lead", "list", "--json").json["total"] == 3


def test_what_cannot_be_merged_is_refused(leaddesk: Line) -> None:
    assert (leaddesk("merge", "1", "1").code, leaddesk("merge", "1", "99").code) == (1, 1)
    wrong = leaddesk("merge", "1", "2", "--field", "shoe=keep", "--json")
    assert (wrong.code, wrong.json["field"]) == (1, "shoe")
    assert leaddesk("merge", "1").code == 2
    assert leaddesk("merge", "--certain", "1", "2").code == 2


def test_certain_pairs_are_merged_at_once(leaddesk: Line) -> None:
    none = leaddesk("merge", "--certain", "--json").json
    assert (none["lead"], none["merged"]) == (None, 0)
    for _ in range(2):
        leaddesk("lead", "add", "--name", "Olena Hrytsenko", "--phone", "+380577054121", "--company", "Klochkivska Trade",
                 "--email", "lead1@klochkivska.example", "--even-if-known")  # fmt: skip
    assert leaddesk("duplicates", "--json").code == 0
    done = leaddesk("merge", "--certain", "--json").json
    assert done["merged"] == 2
    assert len(done["groups"]) == 1
    assert leaddesk("lead", "list", "--json").json["total"] == 3
    leaddesk("undo")
    assert leaddesk("lead", "list", "--json").json["total"] == 5
