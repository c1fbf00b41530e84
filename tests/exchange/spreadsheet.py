"""LibreOffice, where the machine has it, and what it made of a file of ours."""

import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_LIKE_ANYBODY = "44,34,76,1,,0,false,true,false,false,false,0,true"
"""Commas, double quotes, UTF-8, from the first line; the last asks for formulas to be evaluated, which by itself
LibreOffice would not do in a text file."""
_AND_OTHER_SIGNS = _LIKE_ANYBODY.replace("44,", "44/59/9,", 1)
WAYS = {"commas": _LIKE_ANYBODY, "commas, semicolons and tabs": _AND_OTHER_SIGNS}


def office() -> str:
    """LibreOffice's program; skips where there is none."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        pytest.skip("LibreOffice is not on this machine; the rule itself is asserted on our cells")
    return found


def opened(path: Path, folder: Path, way: str = "") -> ET.Element:
    """The file as LibreOffice opened it, saved as a flat OpenDocument sheet."""
    folder.mkdir(exist_ok=True)
    # A profile of its own: a second LibreOffice on one profile waits for the first.
    command = [office(), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "fods"]
    if way:
        command.append(f"--infilter=CSV:{way}")
    subprocess.run([*command, "--outdir", folder, path], check=True, capture_output=True, timeout=120)
    # Our own conversion of our own list, not a stranger's XML.
    return ET.parse(folder / f"{path.stem}.fods").getroot()  # noqa: S314


def cells(sheet: ET.Element) -> Iterator[ET.Element]:
    yield from sheet.iter(f"{_TABLE}table-cell")


def formulas(sheet: ET.Element) -> list[str]:
    """The formulas of the cells that have one."""
    return [cell.attrib[f"{_TABLE}formula"] for cell in cells(sheet) if f"{_TABLE}formula" in cell.attrib]


def texts(sheet: ET.Element) -> list[str]:
    """What is shown in each cell that shows anything."""
    shown = ("\n".join("".join(line.itertext()) for line in cell.iter(f"{_TEXT}p")) for cell in cells(sheet))
    return [text for text in shown if text]
