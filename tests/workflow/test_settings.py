"""Settings, read as typed and refused in words."""

import pytest

from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.settings import DECLARED, ChangeSetting, Settings, SettingsNow, hours_in
from leaddesk.workflow.undo import Redo, Undo
from tests.engines import TestClock
from tests.workflow.making import KYIV, add, call, drawable


def test_every_default_fits_its_own_declaration() -> None:
    for one in DECLARED:
        assert one.title
        assert one.help
        if isinstance(one.default, bool | int):
            assert one.parse(str(one.default)) == one.default
        elif isinstance(one.default, str):
            assert one.parse(one.default) == one.default
    assert hours_in(Settings()).default.weekly[6] is None


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("nonsense", "1"),
        ("cadence.in_all", "0"),
        ("cadence.in_all", "many"),
        ("look.theme", "pink"),
        ("hours.default", "always"),
        ("hours.countries", "DE"),
        ("hours.countries", '{"DE": "always"}'),
        ("hours.countries", "[1]"),
        ("phones.region", "Nowhere"),
        ("dial.pattern", "tel:me"),
    ],
)
def test_what_cannot_be_is_refused(desk: Desk, key: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        desk.do(ChangeSetting(key, words))
    assert refused.value.words
    assert desk.read(SettingsNow()) == Settings()


def test_hours_of_a_country_keep_its_leads_out(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    assert drawable(desk) == [lead.id]
    desk.do(ChangeSetting("hours.countries", '{"ua": "Tue-Fri 10:00-12:00"}'))
    assert drawable(desk) == []
    clock.forward(hours=24)
    assert drawable(desk) == [lead.id]
    desk.do(ChangeSetting("hours.default", "Mon 00:00-24:00"))
    assert drawable(desk) == [lead.id]


def test_a_changed_cap_holds_from_the_next_call(desk: Desk) -> None:
    lead = add(desk, KYIV)
    desk.do(ChangeSetting("cadence.in_all", "2"))
    assert "attempt 2 of 2" in call(desk, lead, "busy").next_action
    assert "parked" in call(desk, lead, "busy").next_action


def test_settings_are_undone_and_belong_to_the_team_lead(desk: Desk, operator_desk: Desk) -> None:
    desk.do(ChangeSetting("queue.hold_minutes", "5"))
    desk.do(ChangeSetting("queue.hold_minutes", "7"))
    desk.do(Undo())
    assert desk.read(SettingsNow()).number("queue.hold_minutes") == 5
    desk.do(Undo())
    assert desk.read(SettingsNow()) == Settings()
    desk.do(Redo())
    assert desk.read(SettingsNow()).number("queue.hold_minutes") == 5
    with pytest.raises(Refused, match="team lead"):
        operator_desk.do(ChangeSetting("queue.hold_minutes", "9"))
