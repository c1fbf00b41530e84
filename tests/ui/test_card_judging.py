"""What a card says of a lead that may not be real, and of its numbers; by mouse and by key."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QEnterEvent
from pytestqt.qtbot import QtBot

from leaddesk.ui.shell import Shell
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.vocabulary import Channel, Status
from tests.ui.cards import Card

THROWAWAY = (PointInput(Channel.EMAIL, "x@mailinator.com"),)


@pytest.fixture
def card(shell: Shell, qtbot: QtBot) -> Card:
    return Card(shell, qtbot)


def by_click(card: Card) -> tuple[Callable[[], None], Callable[[], None]]:
    banner = card.view.banners.suspicious
    return banner.button.click, banner.other.click


def by_key(card: Card) -> tuple[Callable[[], None], Callable[[], None]]:
    trigger = card.shell.actions.trigger
    return lambda: trigger("lead_real"), lambda: trigger("lead_spam")


@pytest.mark.parametrize("way", [by_click, by_key])
def test_a_suspicious_lead_is_judged_real(card: Card, way: Callable[[Card], tuple[Callable[[], None], ...]]) -> None:
    lead = card.add(THROWAWAY, name="asdfgh")
    card.show(lead)
    banner = card.view.banners.suspicious
    assert banner.words.text() == (
        "Suspicious 100 %: “asdfgh” looks like keys hit at random (80); "
        "mailinator.com gives out throw-away mailboxes (70). Not in the queue until you say it is real."
    )
    assert (banner.button.text(), banner.other.text()) == ("It is real", "It is spam")
    way(card)[0]()
    card.settle()
    assert card.stored(lead).lead.suspicion_ok
    assert not banner.isVisible()


@pytest.mark.parametrize("way", [by_click, by_key])
def test_a_suspicious_lead_is_judged_spam(card: Card, way: Callable[[Card], tuple[Callable[[], None], ...]]) -> None:
    lead = card.add(THROWAWAY)
    card.show(lead)
    way(card)[1]()
    card.settle()
    stored = card.stored(lead).lead
    assert (stored.status, stored.parked_why) == (Status.DISQUALIFIED, "spam")
    assert not card.view.banners.suspicious.isVisible()
    assert card.view.banners.parked.isVisible()


def test_a_weak_sign_is_shown_and_light_ones_are_not(card: Card) -> None:
    card.show(card.add((PointInput(Channel.PHONE, "+442079460958"),), country="GB"))
    banner = card.view.banners.suspicious
    assert banner.isVisible()
    assert banner.words.text().startswith("Suspicious 35 %: phone +44 20 7946 0958 is of a range kept for stage")
    assert "queue" not in banner.words.text()
    card.show(card.add(name="", company="Acme"))
    assert not banner.isVisible()


def test_a_number_says_what_is_known_of_it_when_a_pointer_comes_near(card: Card) -> None:
    card.show(card.add((PointInput(Channel.PHONE, "+380671234507"), PointInput(Channel.EMAIL, "a@b.example"))))
    phone, email = card.view.points.rows
    assert phone.toolTip() == ""
    for row in (phone, email):
        row.enterEvent(QEnterEvent(QPointF(1, 1), QPointF(1, 1), QPointF(1, 1)))
    assert phone.toolTip() == "067 123 4507 · mobile · Ukraine · Europe/Kyiv"
    assert email.toolTip() == ""
