"""Every real file that is kept beside the repository is looked into as the wizard does: shown, or refused in words."""

from pathlib import Path

import pytest

from leaddesk.ui.dialogs.import_wizard_preview import Choices, Preview, read_preview
from leaddesk.window import ImportDoor
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Refused
from tests.shared_data import shared

FOLDERS = ("import_samples", "csv_torture")


@pytest.mark.parametrize("folder", FOLDERS)
def test_real_files_are_shown_or_refused_in_words(desk: Desk, folder: str) -> None:
    door, shown, refused = ImportDoor(), 0, []
    for path in sorted(path for path in shared(folder).rglob("*") if path.is_file()):
        try:
            preview = look(desk, door, path)
        except Refused as error:
            refused.append(error.words)
            continue
        shown += 1
        assert [column.header for column in preview.plan] == list(preview.file.columns)
        for row in preview.rows:
            assert len(row.cells) == len(preview.plan)
            assert all(0 <= at < len(row.cells) for at in row.problems)
    assert all(words.endswith(".") for words in refused), refused
    assert shown > 3 * len(refused), refused


def look(desk: Desk, door: ImportDoor, path: Path) -> Preview:
    return read_preview(desk, door, path, door.open(path), Choices().options(), first_look=True)
