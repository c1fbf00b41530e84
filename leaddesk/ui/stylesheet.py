"""The stylesheet of the whole program, made from the theme's tokens and nothing else.

Widgets say what they are by the property `look`; sizes stand on a grid of 4 px, corners are 8 px.
"""

from __future__ import annotations

from string import Template

_SHEET = Template("""
QToolTip { background: $panel; color: $ink; border: 1px solid $strong_line; padding: 2px 4px; }
QWidget[look="window"], QDialog { background: $bg; }
QDialog[look="paper"] { background: $panel; }
QFrame[look="panel"] { background: $panel; border: 1px solid $line; border-radius: 8px; }
QFrame[look="box"] { background: $head; border: 1px dashed $key_line; border-radius: 8px; }
QFrame[look="card"] { background: $panel; border: 1px solid $line; border-radius: 8px; }
QFrame[look="line_down"] { background: $line; border: 0; max-width: 1px; min-width: 1px; }
QFrame[look="topbar"] { background: $panel; border: 0; border-bottom: 1px solid $line; }
QFrame[look="status"] { background: $panel; border: 0; border-top: 1px solid $line; }
QFrame[look="rail"] { background: $rail; border: 0; }
QFrame[look="line"] { background: $line; border: 0; max-height: 1px; min-height: 1px; }
QFrame[look="head"] { background: $head; border: 0; border-bottom: 1px solid $line; }
QFrame[look="toast"] { background: $toast; border: 0; border-radius: 8px; }
QFrame[look="toast"] QLabel { color: $toast_ink; }
QFrame[look="warm_banner"] { background: $warm_soft; border: 0; border-radius: 8px; }
QFrame[look="yellow_banner"] { background: $yellow_soft; border: 0; border-radius: 8px; }
QFrame[look="ok_banner"] { background: $ok_soft; border: 0; border-radius: 8px; }
QFrame[look="cold_banner"] { background: $cold_soft; border: 0; border-radius: 8px; }
QFrame[look="popup"] { background: $panel; border: 1px solid $strong_line; border-radius: 8px; }

QLabel { background: transparent; }
QLabel[look="title"] { font-size: ${title}pt; font-weight: 600; }
QLabel[look="heading"] { font-weight: 600; }
QLabel[look="number"] { font-size: ${number}pt; font-weight: 700; }
QLabel[look="section"] { color: $mute; font-size: ${small}pt; letter-spacing: 0.5px; }
QLabel[look="mute"] { color: $mute; }
QLabel[look="small"] { color: $mute; font-size: ${small}pt; }
QLabel[look="figure"] { font-size: ${large}pt; font-weight: 600; }
QLabel[look="alarm"] { color: $hot_text; font-size: ${large}pt; font-weight: 600; }
QLabel[look="error"] { color: $hot_text; }
QLabel[look="key"] { background: $key_bg; border: 1px solid $key_line; border-bottom: 2px solid $key_line;
    border-radius: 4px; padding: 0 4px; font-size: ${small}pt; color: $ink; }

QPushButton { background: $panel; color: $ink; border: 1px solid $key_line; border-radius: 8px;
    padding: 5px 12px; min-height: 20px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $select; border-color: $accent; }
QPushButton:focus { border: 2px solid $focus; padding: 4px 11px; }
QPushButton:disabled { color: $mute; background: $bg; border-color: $line; }
QPushButton[look="primary"] { background: $accent; color: $accent_on; border: 1px solid $accent; font-weight: 600; }
QPushButton[look="primary"]:hover { background: $accent_hover; }
QPushButton[look="primary"]:focus { border: 2px solid $ink; }
QPushButton[look="primary"]:disabled { background: $chip; color: $mute; border-color: $line; }
QPushButton[look="danger"] { color: $hot_text; border-color: $hot; }
QPushButton[look="flat"] { background: transparent; border: 1px solid transparent; }
QPushButton[look="flat"]:hover { background: $hover; }
QPushButton[look="flat"]:focus { border: 2px solid $focus; }
QPushButton[look="link"] { background: transparent; border: 1px solid transparent; color: $accent_text; padding: 2px 4px;
    min-height: 16px; text-align: left; }
QPushButton[look="link"]:focus { border: 1px solid $focus; }
QPushButton[look="quiet"] { background: transparent; border: 1px solid transparent; color: $mute; padding: 0 4px;
    min-height: 14px; font-size: ${small}pt; }
QPushButton[look="quiet"]:hover { color: $ink; }
QPushButton[look="quiet"]:focus { border: 1px solid $focus; }
QPushButton[look="toast"] { background: transparent; border: 1px solid transparent; color: $toast_link; font-weight: 600;
    padding: 2px 6px; min-height: 16px; }
QPushButton[look="toast"]:focus, QPushButton[look="toast"]:hover { border: 1px solid $toast_link; }
QPushButton[look="filter"] { border-radius: 12px; padding: 2px 10px; min-height: 18px; }
QPushButton::menu-indicator { image: url("look:arrow-down.png"); width: 10px; height: 10px;
    subcontrol-origin: content; subcontrol-position: center right; left: 4px; }
QPushButton[look="filter"]:checked { background: $select; border-color: $accent; color: $ink; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 8px; padding: 4px; color: $ink; }
QToolButton:hover { background: $hover; }
QToolButton:focus { border: 1px solid $focus; }
QToolButton[look="more"]::menu-indicator { image: none; width: 0; }
QToolButton[look="rail"] { color: $rail_ink; padding: 6px 2px; font-size: ${small}pt; border: 2px solid transparent; }
QToolButton[look="rail"]:hover { background: $rail_on; }
QToolButton[look="rail"]:checked { background: $rail_on; color: $rail_on_ink; font-weight: 600; }
QToolButton[look="rail"]:focus { border: 2px solid $accent; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox { background: $panel; color: $ink;
    border: 1px solid $key_line; border-radius: 8px; padding: 5px 8px; selection-background-color: $accent;
    selection-color: $accent_on; }
QLineEdit, QPlainTextEdit, QTextEdit { placeholder-text-color: $mute; }
QLineEdit { min-height: 20px; }
QPlainTextEdit[look="bare"], QPlainTextEdit[look="bare"]:focus, QPlainTextEdit[look="bare"]:disabled,
QPlainTextEdit[look="bare"]:read-only {
    border: 1px solid transparent; background: transparent; padding: 2px 6px; }
QComboBox, QAbstractSpinBox { min-height: 20px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {
    border: 2px solid $focus; padding: 4px 7px; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"], QAbstractSpinBox[wrong="true"] {
    border: 2px solid $hot; padding: 4px 7px; }
QLineEdit[look="chip"], QLineEdit[look="chip"]:focus { border-radius: 12px; min-height: 18px; padding: 2px 10px; }
QLineEdit:read-only, QPlainTextEdit:read-only { background: $head; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled { color: $mute; background: $bg; }
QComboBox::drop-down { border: 0; width: 24px; }
QComboBox::down-arrow { image: url("look:arrow-down.png"); width: 10px; height: 10px; }
QComboBox QAbstractItemView { background: $panel; color: $ink; border: 1px solid $strong_line; padding: 4px;
    selection-background-color: $select; selection-color: $ink; outline: 0; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; border: 2px solid transparent; border-radius: 4px; padding: 2px 4px; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid $focus; }
QCheckBox:disabled { color: $mute; }
QCheckBox::indicator, QAbstractItemView::indicator { width: 14px; height: 14px; background: $panel;
    border: 1px solid $box_line; border-radius: 4px; }
QAbstractItemView::indicator { width: 12px; height: 12px; }
QRadioButton::indicator { width: 14px; height: 14px; background: $panel; border: 1px solid $box_line; border-radius: 8px; }
QRadioButton::indicator:hover { border-color: $accent; }
QRadioButton::indicator:checked { width: 8px; height: 8px; background: $panel; border: 4px solid $accent; }
QCheckBox::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked { background: $accent; border-color: $accent;
    image: url("look:tick-$tick.png"); }
QCheckBox::indicator:disabled { background: $bg; border-color: $key_line; }
QCheckBox::indicator:checked:disabled { background: $chip; border-color: $key_line; image: url("look:tick-grey.png"); }

QAbstractItemView { background: $panel; color: $ink; border: 0; outline: 0; alternate-background-color: $head;
    selection-background-color: $select; selection-color: $ink; }
QListView[look="nav"]::item { padding: 6px 8px; border-radius: 6px; }
QListView[look="nav"]::item:hover { background: $hover; }
QListView[look="nav"]::item:selected { background: $select; color: $ink; }
QListView[look="nav"]:focus { border: 0; }
QListView[look="nav"]::item:selected:focus { border: 1px solid $focus; }
QListView[look="framed"] { border: 1px solid $key_line; border-radius: 8px; padding: 4px; }
QListView[look="framed"]:focus { border: 2px solid $focus; padding: 3px; }
QTableView { gridline-color: $line; }
QTableView[look="report"] { border: 2px solid transparent; border-radius: 8px; }
QTableView[look="report"]:focus { border: 2px solid $focus; }
QTableView[look="report"]::item { padding: 0 5px; }
QHeaderView { background: $panel; border: 0; }
QHeaderView::section { background: $panel; color: $mute; border: 0; border-bottom: 1px solid $line; padding: 6px 8px;
    font-size: ${small}pt; font-weight: 600; }
QHeaderView::section:hover { color: $ink; }
QTableCornerButton::section { background: $panel; border: 0; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $mute; padding: 8px 2px; margin-right: 16px; border: 0;
    border-bottom: 2px solid transparent; }
QTabBar[look="tight"] { font-size: ${small}pt; }
QTabBar[look="tight"]::tab { margin-right: 8px; }
QTabBar::tab:selected { color: $ink; font-weight: 600; border-bottom: 2px solid $accent; }
QTabBar::tab:hover { color: $ink; }
QTabBar::tab:focus { color: $accent_text; border-bottom: 3px solid $focus; }

QMenu { background: $panel; color: $ink; border: 1px solid $strong_line; padding: 4px; }
QMenu::item { padding: 6px 24px; border-radius: 4px; }
QMenu::item:selected { background: $select; color: $ink; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QScrollArea { background: transparent; border: 0; }
QScrollArea[look="panel"] { background: $panel; border: 1px solid $line; border-radius: 8px; padding: 1px; }
QScrollArea > QWidget > QWidget[look="scrolled"] { background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $key_line; border-radius: 4px; margin: 2px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: $strong_line; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QProgressBar { background: $line; border: 0; border-radius: 4px; min-height: 8px; max-height: 8px; text-align: center; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QProgressBar[look="thin"] { background: transparent; min-height: 2px; max-height: 2px; border-radius: 0; }
QCalendarWidget QWidget { alternate-background-color: $head; }
""")


def stylesheet(tokens: dict[str, str], points: int) -> str:
    """The sheet for these tokens and this base size in points."""
    return _SHEET.substitute(
        tokens,
        accent_on=tokens["accent_ink"],
        tick="white" if tokens["accent_ink"] == "#ffffff" else "black",
        small=points - 1.5,
        large=points + 1,
        number=points + 2,
        title=points + 5,
    )
