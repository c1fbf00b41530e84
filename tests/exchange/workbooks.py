"""Workbooks written letter by letter, to have in them what no well-kept program writes."""

import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    + " ".join(f'xmlns:{name}="{_ODF}{name}:1.0"' for name in ("office", "table", "text", "style"))
    + f' xmlns:draw="{_ODF}drawing:1.0">'
    + "{styles}<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
)


def xlsx(
    path: Path,
    rows: str,
    *,
    texts: Iterable[str] = (),
    forms: Sequence[int | str] = (),
    old_epoch: bool = False,
    names: str = _MAIN,
    after: str = "",
) -> Path:
    """Write a workbook of one sheet; format 1 is the first of `forms` (a built-in's number, or a code), 0 is none."""
    codes = "".join(
        f'<numFmt numFmtId="{200 + at}" formatCode={quoteattr(form)}/>'
        for at, form in enumerate(forms)
        if isinstance(form, str)
    )
    formats = "".join(
        f'<xf numFmtId="{200 + at if isinstance(form, str) else form}"/>' for at, form in enumerate(forms)
    )
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _relations(f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{names}" xmlns:r="{_OFFICE}"><workbookPr date1904="{int(old_epoch)}"/>'
        '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(f"{_OFFICE}/worksheet", "worksheets/sheet1.xml"),
        "xl/sharedStrings.xml": f'<sst xmlns="{names}">{"".join(texts)}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{names}"><numFmts>{codes}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>{formats}</cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{names}"><sheetData>{rows}</sheetData>{after}</worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def _relations(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{kind}" Target="{target}"/></Relationships>'
    )


def ods(path: Path, *tables: str, styles: str = "") -> Path:
    """Write a package of OpenDocument with these tables in it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", "<manifest/>")
        package.writestr("content.xml", _ODS.format(tables="".join(tables), styles=styles))
    return path


def table(*rows: str, name: str = "S", more: str = "") -> str:
    """One sheet of OpenDocument."""
    return f'<table:table table:name="{name}" {more}>{"".join(rows)}</table:table>'


def row(*cells: str, more: str = "") -> str:
    """One row of OpenDocument."""
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def cell(text: str, more: str = "") -> str:
    """One cell of OpenDocument with a text in it."""
    return content(f"<text:p>{text}</text:p>", more)


def content(inner: str, more: str = "", kind: str = "string") -> str:
    """One cell of OpenDocument with anything in it."""
    return f'<table:table-cell office:value-type="{kind}" {more}>{inner}</table:table-cell>'


def changed(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The same package with one part written anew."""
    out = path.with_name(f"changed {path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            held = old.read(item)
            new.writestr(item.filename, change(held) if item.filename == part else held)
    return out
