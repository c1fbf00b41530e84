"""Holiday greetings: only to who allowed them, once, and never unasked."""

import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from leaddesk.workflow.assignment import AssignLeads
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.festive import Occasion, ahead, name_in, occasion_of, occasions
from leaddesk.workflow.greetings import AllowGreetings, DeclineGreetings, GreetingsDue, WriteGreetings
from leaddesk.workflow.leads import EditLead
from leaddesk.workflow.letters import LetterById
from leaddesk.workflow.outbox import Outbox, WithdrawLetters
from leaddesk.workflow.parking import BringBack, DeferLead, ReturnDueLeads
from leaddesk.workflow.points import RemovePoint
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.settings import ChangeSetting
from leaddesk.workflow.suppressions import Suppress
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import LetterKind, LetterState, Status
from tests.engines import Opener, TestClock, sit_down
from tests.workflow.making import add, card, now_is

CHRISTMAS = "2026-12-25 Christmas Day"
BEFORE = datetime(2026, 12, 22, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> TestClock:
    """Three days before Christmas."""
    return TestClock(BEFORE)


def parked(desk: Desk, name: str = "Kati", country: str = "HU", *, greet: bool = True, refused: bool = True) -> Lead:
    lead = add(desk, f"{name.lower()}@kati.example", name=name, country=country)
    if refused:
        desk.do(RefuseLead(lead_id=lead.id, reason="price", greet=greet, letter="none"))
    else:
        desk.do(DeferLead(lead_id=lead.id, until=BEFORE + timedelta(days=300)))
        if greet:
            desk.do(AllowGreetings(lead_ids=(lead.id,)))
    return lead


def due(desk: Desk) -> list[tuple[int, str]]:
    return [(one.lead_id, one.occasion) for one in desk.read(GreetingsDue())]


def with_server(desk: Desk) -> None:
    desk.do(ChangeSetting("letters.smtp_host", "smtp.example.com"))
    desk.do(ChangeSetting("letters.from_address", "sales@nordwind.example"))


# Which days


@pytest.mark.parametrize(
    ("country", "days"),
    [
        ("HU", ["01-01 New Year's Day", "03-28 Easter", "12-25 Christmas Day"]),
        ("EE", ["01-01 New Year's Day", "03-28 Easter", "06-24 Midsummer Day", "12-25 Christmas Day"]),
        ("UA", ["01-01 New Year's Day", "05-02 Easter", "12-25 Christmas Day"]),
        ("RU", ["01-01 New Year's Day", "01-07 Christmas Day"]),
        ("AZ", ["01-01 New Year's Day", "03-09 Eid al-Fitr", "03-20 Nowruz", "05-16 Eid al-Adha"]),
        ("IR", ["03-10 Eid al-Fitr", "03-21 Nowruz", "05-17 Eid al-Adha"]),
        ("XX", []),
        ("", []),
    ],
)
def test_only_days_of_joy_each_once(country: str, days: list[str]) -> None:
    assert [one.key.removeprefix("2027-") for one in occasions(country, 2027)] == days


def test_nobody_anywhere_is_greeted_on_a_day_of_mourning() -> None:
    import holidays

    from leaddesk.workflow.festive import _data

    joyful = {entry["name"] for entry in _data()["days"]}
    found = {one.name for country in holidays.list_supported_countries() for one in occasions(country, 2027)}
    assert found == joyful
    called = " ".join(name for entry in _data()["days"] for name in entry["called"]).casefold()
    for word in (
        "martyr",
        "remembrance",
        "memorial",
        "victory",
        "veteran",
        "armistice",
        "ashura",
        "genocide",
        "good fri",
    ):
        assert word not in called


def test_a_year_ends_between_the_days_ahead() -> None:
    assert [one.key for one in ahead("HU", date(2026, 12, 28), 5)] == ["2027-01-01 New Year's Day"]
    assert ahead("HU", date(2026, 12, 26), 5) == []


@pytest.mark.parametrize(
    ("language", "name"),
    [("hu", "Karácsony"), ("ru", "Рождество"), ("fa", "کریسمس"), ("uk", "Christmas Day"), ("en", "Christmas Day")],
)
def test_a_holiday_is_called_as_the_letter_speaks(language: str, name: str) -> None:
    assert name_in(Occasion(date(2026, 12, 25), "Christmas Day"), "DE" if language == "en" else "XX", language) == name


def test_the_librarys_own_words_stand_in_where_we_have_none() -> None:
    assert name_in(Occasion(date(2027, 6, 24), "Midsummer Day"), "LV", "lv") == "Jāņu diena"
    assert name_in(Occasion(date(2027, 6, 24), "Midsummer Day"), "LV", "hu") == "Midsummer Day"


def test_calendars_are_loaded_for_nobody_who_does_not_greet() -> None:
    code = "import sys, leaddesk.db.answers; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Who


def test_parked_leads_that_allowed_it_are_proposed_in_their_language(desk: Desk) -> None:
    kati, jaan = parked(desk), parked(desk, "Jaan", "EE", refused=False)
    parked(desk, "Silent", greet=False)
    parked(desk, "Nowhere", "")
    at_work = add(desk, "work@kati.example", name="At work", country="HU")
    desk.do(AllowGreetings(lead_ids=(at_work.id,)))
    found = desk.read(GreetingsDue())
    assert [(one.lead_id, one.occasion, one.holiday, one.language, one.to_address) for one in found] == [
        (kati.id, CHRISTMAS, "Karácsony", "hu", "kati@kati.example"),
        (jaan.id, CHRISTMAS, "Jõulud", "et", "jaan@kati.example"),
    ]


def test_greetings_are_proposed_some_days_ahead_by_the_leads_calendar(desk: Desk, clock: TestClock) -> None:
    lead = parked(desk)
    clock.moment = datetime(2026, 12, 19, 22, 59, tzinfo=UTC)
    assert due(desk) == []
    clock.forward(minutes=1)
    assert due(desk) == [(lead.id, CHRISTMAS)], "the 20th has begun in Budapest"
    clock.moment = datetime(2026, 12, 25, 22, 59, tzinfo=UTC)
    assert due(desk) == [(lead.id, CHRISTMAS)]
    clock.forward(minutes=1)
    assert due(desk) == []


def test_who_may_not_be_written_to_is_not_proposed(desk: Desk) -> None:
    no_mail, _barred, back, no_address = (parked(desk, name) for name in ("A", "B", "C", "D"))
    desk.do(EditLead(lead_id=no_mail.id, values={"no_mail": True}))
    desk.do(Suppress("b@kati.example"))
    desk.do(BringBack(back.id))
    [point] = _points(desk, no_address)
    desk.do(RemovePoint(point))
    assert due(desk) == []
    with pytest.raises(Refused, match="asked not to be written to"):
        desk.do(WriteGreetings(lead_ids=(no_mail.id,), occasion=CHRISTMAS))


def _points(desk: Desk, lead: Lead) -> list[int]:
    return [point.id for point in card(desk, lead).points]


def test_operators_greet_their_own_and_the_pools(desk: Desk, operator_desk: Desk) -> None:
    own, pool, other = (parked(desk, name) for name in ("A", "B", "C"))
    desk.do(AssignLeads(lead_ids=(own.id,), owner_id=operator_desk.user.id))
    desk.do(AssignLeads(lead_ids=(other.id,), owner_id=desk.user.id))
    assert due(operator_desk) == [(own.id, CHRISTMAS), (pool.id, CHRISTMAS)]
    with pytest.raises(Refused, match="belongs to somebody else"):
        operator_desk.do(WriteGreetings(lead_ids=(other.id,), occasion=CHRISTMAS))


# Writing


def test_greetings_go_into_the_outbox_when_somebody_says_so(desk: Desk) -> None:
    with_server(desk)
    kati, jaan, silent = parked(desk), parked(desk, "Jaan", "EE"), parked(desk, "Silent", greet=False)
    done = desk.do(WriteGreetings(lead_ids=(kati.id, jaan.id, silent.id), occasion=CHRISTMAS))
    assert done.words == "2 greetings for Christmas Day put into the outbox"
    assert done.value.left_out == ((silent.id, "Silent: they did not ask for greetings"),)
    one, other = done.value.letters
    assert (one.kind, one.state, one.occasion, one.language) == (
        LetterKind.GREETING,
        LetterState.QUEUED,
        CHRISTMAS,
        "hu",
    )
    assert "Karácsony" in one.subject
    assert "Jõulud" in other.body
    assert one.message_id
    assert due(desk) == []
    desk.do(Undo())
    assert desk.read(LetterById(one.id)) is None
    assert [lead_id for lead_id, _ in due(desk)] == [kati.id, jaan.id]


def test_without_a_mail_server_they_are_drafts(desk: Desk) -> None:
    kati = parked(desk)
    done = desk.do(WriteGreetings(lead_ids=(kati.id,), occasion=CHRISTMAS))
    assert done.words == "1 greeting for Christmas Day written as drafts"
    assert [letter.state for letter in done.value.letters] == [LetterState.DRAFT]
    assert due(desk) == []


def test_once_for_an_occasion_and_not_again_for_sixty_days(desk: Desk, clock: TestClock) -> None:
    kati = parked(desk)
    desk.do(WriteGreetings(lead_ids=(kati.id,), occasion=CHRISTMAS))
    with pytest.raises(Refused, match="greeted already"):
        desk.do(WriteGreetings(lead_ids=(kati.id,), occasion=CHRISTMAS))
    clock.moment = datetime(2026, 12, 30, 9, tzinfo=UTC)
    assert due(desk) == [], "Christmas was a week ago"
    clock.moment = datetime(2027, 3, 25, 9, tzinfo=UTC)
    assert due(desk) == [(kati.id, "2027-03-28 Easter")]


def test_a_greeting_taken_out_of_the_outbox_makes_room_for_the_next_holiday(desk: Desk, clock: TestClock) -> None:
    kati = parked(desk)
    [letter] = desk.do(WriteGreetings(lead_ids=(kati.id,), occasion=CHRISTMAS)).value.letters
    desk.do(WithdrawLetters(letter_ids=(letter.id,)))
    assert due(desk) == [], "not for this one again"
    clock.moment = datetime(2026, 12, 30, 9, tzinfo=UTC)
    assert due(desk) == [(kati.id, "2027-01-01 New Year's Day")]


def test_not_this_time(desk: Desk, operator_desk: Desk, clock: TestClock) -> None:
    kati, jaan = parked(desk), parked(desk, "Jaan", "EE")
    assert desk.do(DeclineGreetings(lead_ids=(kati.id,), occasion=CHRISTMAS)).words == (
        "No greeting for Christmas Day: 1 lead"
    )
    assert due(desk) == due(operator_desk) == [(jaan.id, CHRISTMAS)]
    operator_desk.do(DeclineGreetings(lead_ids=(jaan.id,), occasion=CHRISTMAS))
    assert due(desk) == []
    with pytest.raises(Refused):
        desk.do(WriteGreetings(lead_ids=(kati.id,), occasion=CHRISTMAS))
    desk.do(Undo())
    assert due(desk) == [(kati.id, CHRISTMAS)]
    clock.moment = datetime(2026, 12, 29, 9, tzinfo=UTC)
    assert [lead_id for lead_id, _ in due(desk)] == [kati.id, jaan.id], "another occasion"


def test_what_is_no_occasion_is_said(desk: Desk) -> None:
    kati = parked(desk)
    for command in (WriteGreetings, DeclineGreetings):
        with pytest.raises(Refused, match="is no holiday") as refused:
            desk.do(command(lead_ids=(kati.id,), occasion="Christmas"))
        assert refused.value.field == "occasion"
    assert occasion_of(CHRISTMAS) == Occasion(date(2026, 12, 25), "Christmas Day")


def test_two_windows_that_greet_at_once_write_one_letter_each(opened: Opener, clock: TestClock) -> None:
    stores = (opened(), opened())
    desks = [sit_down(stores[0], clock), sit_down(stores[1], clock, "anna")]
    leads = [parked(desks[0], f"Kati{n}") for n in range(6)]
    both, written = threading.Barrier(2), []

    def greet(desk: Desk) -> None:
        both.wait(30)
        try:
            done = desk.do(WriteGreetings(lead_ids=tuple(lead.id for lead in leads), occasion=CHRISTMAS))
        except Refused:
            return
        written.extend(letter.lead_id for letter in done.value.letters)

    threads = [threading.Thread(target=greet, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(written) == [lead.id for lead in leads]
    assert len(desks[0].read(Outbox())) == 6


def test_a_year_goes_by_without_a_greeting_nobody_asked_for(desk: Desk, clock: TestClock) -> None:
    with_server(desk)
    kati = parked(desk, refused=False)
    for _ in range(400):
        clock.forward(days=1)
        desk.read(GreetingsDue())
        desk.do(ReturnDueLeads(automatic=True))
    assert now_is(desk, kati).status is Status.IN_PROGRESS
    assert desk.read(Outbox()) == []


# Allowing


def test_greetings_are_allowed_and_taken_back_for_many(desk: Desk) -> None:
    ids = tuple(parked(desk, f"Kati{n}", greet=False).id for n in range(3))
    never = parked(desk, "Never", greet=False, refused=False)
    desk.do(RefuseLead(lead_id=never.id, reason="price", never_again=True))
    done = desk.do(AllowGreetings(lead_ids=(*ids, never.id)))
    assert done.words == "Holiday greetings for 3 leads"
    assert done.value.left_out == ((never.id, "Never asked to be left alone."),)
    assert [lead_id for lead_id, _ in due(desk)] == list(ids)
    desk.do(AllowGreetings(lead_ids=ids[:1], allow=False))
    assert [lead_id for lead_id, _ in due(desk)] == list(ids[1:])
    desk.do(Undo())
    assert [lead_id for lead_id, _ in due(desk)] == list(ids)
    with pytest.raises(Refused, match="left alone"):
        desk.do(AllowGreetings(lead_ids=(never.id,)))
