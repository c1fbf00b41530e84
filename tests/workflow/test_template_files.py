"""What a template carries is counted as a whole, and can be read back."""

import pytest

from leaddesk.workflow.changes import Changes
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.mail import Attachment
from leaddesk.workflow.templates import LONGEST_ATTACHMENTS, SaveTemplate, StoredFiles, StoredSizes

TEXT = "Subject: Prices\n\nHere they are.\n"
PRICES = Attachment("prices.txt", "text/plain", b"headset 40\n")


def test_the_files_of_a_template_are_read_back_with_their_sizes(desk: Desk) -> None:
    saved = desk.do(SaveTemplate(key="offer", language="en", text=TEXT, files=(PRICES,))).value
    key = saved.attachments["prices.txt"]
    assert desk.read(StoredFiles(saved.attachments)) == (PRICES,)
    assert desk.read(StoredSizes((key, "nothing"))) == {key: len(PRICES.content)}
    assert desk.read(StoredSizes(())) == {}
    with pytest.raises(Refused, match=r"lost\.pdf is gone"):
        desk.read(StoredFiles({"lost.pdf": "nothing"}))


def test_files_kept_from_the_version_before_count_as_well(desk: Desk) -> None:
    big = Attachment("film.mp4", "video/mp4", bytes(LONGEST_ATTACHMENTS - 4))
    first = desk.do(SaveTemplate(key="offer", language="en", text=TEXT, files=(big,))).value
    again = SaveTemplate(key="offer", language="en", text=TEXT, files=(PRICES,), kept=first.attachments)
    with pytest.raises(Refused, match="at most 10") as refused:
        desk.do(again)
    assert refused.value.field == "files"
    small = Attachment("film.mp4", "video/mp4", b"cut")
    cut = desk.do(SaveTemplate(key="offer", language="en", text=TEXT, files=(small,), kept=first.attachments)).value
    assert desk.read(StoredFiles(cut.attachments)) == (small,)


def test_whoever_shows_templates_hears_of_a_new_version(desk: Desk) -> None:
    heard: list[Changes] = []
    desk.listen(heard.append)
    desk.do(SaveTemplate(key="offer", language="en", text=TEXT))
    assert [changes.settings for changes in heard] == [True]
