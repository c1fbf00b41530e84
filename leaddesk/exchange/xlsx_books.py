"""What is in an .xlsx or .xlsm: its sheets and where their rows are, its cell formats, the year it counts days from.

ECMA-376 part 1, 18.2 and 18.8; part 2 for the relations between parts. Relations tell where a part is, not its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath

from leaddesk.exchange.number_forms import Form, form_of
from leaddesk.exchange.packed import Attributes, Package, readable
from leaddesk.exchange.xlsx_sheets import Styles, XlsxSheet

_TOP = "_rels/.rels"
_USUAL = "xl/workbook.xml"


@dataclass(frozen=True)
class _Relation:
    """What a part is to another, as “worksheet”, and where it is."""

    kind: str
    part: str


@dataclass(frozen=True)
class _Named:
    """A sheet as the workbook lists it."""

    name: str
    visible: bool
    relation: str


def is_xlsx(package: Package) -> bool:
    """Whether there is a workbook in XML in it."""
    return _workbook(package) in package


def open_xlsx(package: Package) -> tuple[XlsxSheet, ...]:
    """Return the sheets in the order of their tabs. Raises Refused where the package is damaged."""
    with readable(package.path):
        workbook = _workbook(package)
        relations = _relations(package, workbook)
        names, old_epoch = _listed(package, workbook)
        texts = _first(relations, "sharedStrings") or join(dirname(workbook), "sharedStrings.xml")
        forms = _forms(package, _first(relations, "styles") or join(dirname(workbook), "styles.xml"))
        return tuple(
            _sheet(package.path, named, relations[named.relation], texts, Styles(forms, old_epoch)) for named in names
        )


def _sheet(path: Path, named: _Named, relation: _Relation, texts: str, styles: Styles) -> XlsxSheet:
    part = relation.part if relation.kind == "worksheet" else None
    return XlsxSheet(path, named.name, named.visible and part is not None, part, texts, styles)


def _workbook(package: Package) -> str:
    relations = _relations(package, "") if _TOP in package else {}
    return _first(relations, "officeDocument") or _USUAL


def _first(relations: dict[str, _Relation], kind: str) -> str | None:
    return next((relation.part for relation in relations.values() if relation.kind == kind), None)


def _relations(package: Package, part: str) -> dict[str, _Relation]:
    """Return the relations of a part (of the package itself where it is "") by their ids."""
    folder = dirname(part)
    found: dict[str, _Relation] = {}

    def start(element: str, attributes: Attributes) -> None:
        if _local(element) == "Relationship":
            values = _values(attributes)
            kind = values.get("Type", "").rpartition("/")[2]
            found[values.get("Id", "")] = _Relation(kind, normpath(join(folder, values.get("Target", ""))))

    package.settings(join(folder, "_rels", f"{part.removeprefix(folder).lstrip('/')}.rels"), start)
    return found


def _listed(package: Package, workbook: str) -> tuple[list[_Named], bool]:
    """Return the sheets, and whether days are counted from 1904."""
    names: list[_Named] = []
    old_epoch = False

    def start(element: str, attributes: Attributes) -> None:
        nonlocal old_epoch
        match _local(element):
            case "workbookPr":
                old_epoch = _values(attributes).get("date1904", "").lower() in {"1", "true", "on"}
            case "sheet":
                values = _values(attributes)
                visible = values.get("state", "visible") == "visible"
                names.append(_Named(values.get("name", ""), visible, values.get("id", "")))

    package.settings(workbook, start)
    return names, old_epoch


def _forms(package: Package, styles: str) -> dict[str, Form]:
    """Return which cell formats are dates or spans, by their place in the list that cells name them by."""
    codes: dict[str, str] = {}
    numbers: list[str] = []
    within = False

    def start(element: str, attributes: Attributes) -> None:
        nonlocal within
        match _local(element):
            case "numFmt":
                values = _values(attributes)
                codes[values.get("numFmtId", "")] = values.get("formatCode", "")
            case "cellXfs":
                within = True
            case "xf" if within:
                numbers.append(_values(attributes).get("numFmtId", ""))

    def end(element: str) -> None:
        nonlocal within
        if _local(element) == "cellXfs":
            within = False

    if styles in package:
        package.settings(styles, start, end)
    told = {str(place): form_of(number, codes.get(number) or None) for place, number in enumerate(numbers)}
    return {place: form for place, form in told.items() if form is not None}


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _values(attributes: Attributes) -> dict[str, str]:
    """Return attributes by their local names: r:id is named otherwise by other programs."""
    pairs = iter(attributes)
    return {_local(name): value for name, value in zip(pairs, pairs, strict=True)}
