"""The files a template's letters carry, such as the price list."""

from __future__ import annotations

import json
import mimetypes
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui.widgets import ErrorLabel, FlowLayout, MutedLabel, PlainButton, SectionLabel
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.mail import Attachment
from leaddesk.workflow.templates import LONGEST_ATTACHMENTS, StoredSizes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leaddesk.ui.shell import Shell

MEGA = 1_000_000


def size_words(size: int) -> str:
    """A size as people say it."""
    return f"{size / MEGA:.1f} MB" if size >= MEGA / 10 else f"{max(1, round(size / 1000))} kB"


def read_file(path: Path) -> Attachment:
    """A file with its kind. Raises `Refused` for one that cannot be read, or is too big for any letter."""
    try:
        size = path.stat().st_size
        if size > LONGEST_ATTACHMENTS:
            raise Refused(
                f"{path.name} has {size_words(size)}; a letter carries at most {size_words(LONGEST_ATTACHMENTS)}.",
                field="files",
            )
        content = path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise Refused(f"{path.name} could not be read: {why}. Choose another file.", field="files") from error
    return Attachment(path.name, mimetypes.guess_type(path.name)[0] or "application/octet-stream", content)


class TemplateFiles(QWidget):
    """Each file as a button that takes it away. `changed` says that there are others now."""

    changed = Signal()

    def __init__(self, shell: Shell) -> None:
        """None."""
        super().__init__()
        self._shell = shell
        self.kept: dict[str, str] = {}
        self.new: dict[str, tuple[Path, Attachment]] = {}
        self._sizes: dict[str, int] = {}
        self._template = 0
        self._may = True
        self.buttons: dict[str, PlainButton] = {}
        self.label = SectionLabel("Files that go with it")
        self.add = PlainButton("Attach a file…", kind="link")
        self.add.clicked.connect(self._choose)
        self.total = MutedLabel()
        self.error = ErrorLabel()
        self._holder = QWidget()
        self._flow = FlowLayout(self._holder, 6)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.label)
        head.addWidget(self.total, 1)
        head.addWidget(self.add)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(head)
        box.addWidget(self._holder)
        box.addWidget(self.error)

    def show_files(self, kept: Mapping[str, str], paths: str = "") -> None:
        """The files of another template: stored ones with their keys, and places of those only chosen so far."""
        self._template += 1
        self.kept, self.new = dict(kept), {}
        self.error.say("")
        self._show()
        self._weigh()
        for path in _listed(paths):
            self.attach(Path(path))

    def allow(self, *, may: bool) -> None:
        """Whether files may be added and taken away."""
        self._may = may
        self._show()

    def attach(self, path: Path) -> None:
        """Read a file in the background and add it."""
        template = self._template

        def read(file: Attachment) -> None:
            if template == self._template:
                self._add(path, file)

        def failed(error: Exception) -> None:
            if not isinstance(error, Refused):
                self._shell.messages.bug(error)
            elif template == self._template:
                self.error.say(error.words)

        self._shell.lanes.read(self, lambda _desk: read_file(path), read, failed=failed)

    def take_away(self, name: str) -> None:
        """Letters go without this file from now on."""
        self.kept.pop(name, None)
        self.new.pop(name, None)
        self.error.say("")
        self._show()
        self.changed.emit()

    def names(self) -> list[str]:
        """All of them."""
        return [*self.kept, *(name for name in self.new if name not in self.kept)]

    def weight(self) -> int:
        """Bytes of all together, as far as they are known."""
        return sum(len(f.content) for _p, f in self.new.values()) + sum(
            self._sizes.get(key, 0) for name, key in self.kept.items() if name not in self.new
        )

    def values(self) -> dict[str, str]:
        """What to keep of it in a draft."""
        return {
            "kept": json.dumps(self.kept, ensure_ascii=False, sort_keys=True) if self.kept else "",
            "paths": json.dumps([str(path) for path, _f in self.new.values()], ensure_ascii=False) if self.new else "",
        }

    def attached(self) -> tuple[Attachment, ...]:
        """Those that are not stored yet."""
        return tuple(file for _path, file in self.new.values())

    def words(self) -> str:
        """The files in words, for the preview."""
        return ", ".join(f"{name} ({size_words(self._size_of(name))})" for name in self.names())

    def _size_of(self, name: str) -> int:
        return len(self.new[name][1].content) if name in self.new else self._sizes.get(self.kept[name], 0)

    def _add(self, path: Path, file: Attachment) -> None:
        before = self.new.get(file.name)
        self.new[file.name] = (path, file)
        size = self.weight()
        if size > LONGEST_ATTACHMENTS:
            del self.new[file.name]
            if before is not None:
                self.new[file.name] = before
            most = size_words(LONGEST_ATTACHMENTS)
            self.error.say(
                f"With {file.name} the files would have {size_words(size)}; a letter carries at most {most}."
            )
            return
        self.error.say("")
        self._show()
        self.changed.emit()

    def _weigh(self) -> None:
        unknown = tuple(key for key in self.kept.values() if key not in self._sizes)
        if unknown:
            self._shell.lanes.ask(self, StoredSizes(unknown), self._weighed, key="sizes")

    def _weighed(self, sizes: dict[str, int]) -> None:
        self._sizes.update(sizes)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self._flow.clear()
        self.buttons = {}
        for name in self.names():
            button = PlainButton(f"{name} · {size_words(self._size_of(name))}" + ("  ✕" if self._may else ""))
            button.setProperty("look", "filter")
            button.setAccessibleName(f"Take away {name}" if self._may else name)
            button.setToolTip("Take it away" if self._may else "")
            button.setEnabled(self._may)
            button.clicked.connect(partial(self.take_away, name))
            self._flow.addWidget(button)
            self.buttons[name] = button
        self._holder.setVisible(bool(self.buttons))
        self.add.setVisible(self._may)
        self.total.setText(size_words(self.weight()) if len(self.buttons) > 1 else "" if self.buttons else "none")

    def _choose(self) -> None:
        dialog = QFileDialog(self, "Attach a file")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, paths: list[str]) -> None:
        for path in paths:
            self.attach(Path(path))


def _listed(paths: str) -> list[str]:
    try:
        found = json.loads(paths or "[]")
    except ValueError:
        return []
    return [str(path) for path in found] if isinstance(found, list) else []
