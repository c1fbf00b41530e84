"""Words can be read on every ground, light and dark."""

import pytest
from pytestqt.qtbot import QtBot

from leaddesk.ui.theme import AA, DARK, LIGHT, NOT_TEXT, contrast, current, derive

PAIRS = [
    ("ink", "bg"),
    ("ink", "panel"),
    ("ink", "head"),
    ("ink", "select"),
    ("ink", "yellow_soft"),
    ("ink", "key_bg"),
    ("mute", "bg"),
    ("mute", "panel"),
    ("mute", "head"),
    ("mute", "select"),
    ("chip_ink", "chip"),
    ("accent_ink", "accent"),
    ("accent_ink", "accent_hover"),
    ("rail_ink", "rail"),
    ("rail_on_ink", "rail_on"),
    ("toast_ink", "toast"),
    ("toast_link", "toast"),
    *((f"{kind}_ink", f"{kind}_soft") for kind in ("hot", "warm", "cold", "ok")),
    *((f"{kind}_text", ground) for kind in ("hot", "warm", "cold", "ok", "accent") for ground in ("panel", "select")),
]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), PAIRS)
def test_words_reach_aa_contrast(words: str, ground: str, dark: bool) -> None:
    tokens = derive(DARK if dark else LIGHT, dark=dark)
    assert contrast(tokens[words], tokens[ground]) >= AA


def test_contrast_is_as_the_standard_counts_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_the_look_chosen_reaches_palette_and_sheet(qtbot: QtBot, qapp: object) -> None:
    from PySide6.QtGui import QPalette
    from PySide6.QtWidgets import QApplication

    theme = current()
    for wish, given in (("dark", DARK), ("light", LIGHT)):
        with qtbot.waitSignal(theme.changed):
            theme.choose(wish)
        assert theme.dark is (wish == "dark")
        assert QApplication.palette().color(QPalette.ColorRole.Window).name() == given["bg"]
        assert given["panel"] in QApplication.instance().styleSheet()
        assert theme.token("accent").name() == given["accent"]
    theme.choose("system")


def test_every_icon_declared_can_be_drawn(qtbot: QtBot) -> None:
    from leaddesk.ui.actions import DECLARED, PAGES

    names = {action.icon for action in DECLARED if action.icon} | {icon for _, _, icon in PAGES}
    for name in names:
        image = current().icon(name).pixmap(32, 32).toImage()
        inked = sum(image.pixelColor(x, y).alpha() > 128 for x in range(32) for y in range(32))
        assert inked > 20, name


@pytest.mark.parametrize("wish", ["light", "dark"])
def test_a_box_to_tick_is_seen_ticked_or_not(qtbot: QtBot, wish: str) -> None:
    from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

    theme = current()
    theme.choose(wish)
    ground, box = QWidget(), QCheckBox("")
    qtbot.addWidget(ground)
    ground.setProperty("look", "window")
    QVBoxLayout(ground).addWidget(box)
    ground.show()

    def colours() -> list[str]:
        image = box.grab().toImage()
        return [image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())]

    background, accent = theme.token("bg").name(), theme.token("accent").name()
    outline = sum(contrast(colour, background) >= NOT_TEXT for colour in colours())
    box.setChecked(True)
    ticked = colours()
    theme.choose("system")
    assert outline >= 4 * 8, "four sides, without the round corners"
    assert ticked.count(accent) > 40
    tick = derive(DARK if wish == "dark" else LIGHT, dark=wish == "dark")["accent_ink"]
    assert ticked.count(tick) > 4
