"""The colours the look is made of, by what they are for. Plain data: the frame paints with them before the theme is.

Values from the design's “Look”; `theme` derives the others from these.
"""

from __future__ import annotations

LIGHT = {
    "bg": "#f4f5f7",
    "panel": "#ffffff",
    "line": "#e3e6ea",
    "ink": "#1b1f24",
    "mute": "#667080",
    "accent": "#2457d6",
    "hot": "#c8321f",
    "warm": "#b26a00",
    "cold": "#2a6f97",
    "ok": "#1f7a4d",
    "rail": "#12161d",
    "rail_on": "#262d39",
    "rail_ink": "#c3cad5",
    "rail_on_ink": "#ffffff",
    "accent_ink": "#ffffff",
    "toast": "#1b1f24",
    "toast_ink": "#ffffff",
    "toast_link": "#9dbaff",
    "yellow_soft": "#fff3cc",
}
DARK = {
    "bg": "#14181f",
    "panel": "#1c222b",
    "line": "#2b3440",
    "ink": "#e8ecf1",
    "mute": "#93a0b0",
    "accent": "#5b8cff",
    "hot": "#ff7d68",
    "warm": "#f3c169",
    "cold": "#8cc6e6",
    "ok": "#83d6a7",
    "rail": "#0f1319",
    "rail_on": "#262e3a",
    "rail_ink": "#b4bdca",
    "rail_on_ink": "#ffffff",
    "accent_ink": "#0b1220",
    "toast": "#e8ecf1",
    "toast_ink": "#14181f",
    "toast_link": "#1d4cc4",
    "yellow_soft": "#4b411f",
}
