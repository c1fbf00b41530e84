"""The settings of the watched folder: where files are dropped, and as what they come in."""

from __future__ import annotations

from leaddesk.workflow.declared import Declared

WATCHED_GROUP = "Watched folder"

WATCHED: tuple[Declared, ...] = (
    Declared(
        "watch.on",
        "Bring in what is dropped into a folder",
        default=False,
        help="By the window of any team lead or admin, while it is open; “leaddesk import --watch” does it without one.",
        group=WATCHED_GROUP,
    ),
    Declared(
        "watch.folder",
        "Folder",
        "",
        "Files are moved from it to its folders done and failed, each with a report beside it.",
        WATCHED_GROUP,
    ),
    Declared(
        "watch.profile",
        "Profile",
        "",
        "How they come in: a name given at the end of an import, or by “leaddesk import --save-profile”. Empty: as "
        "files with the same columns did last.",
        WATCHED_GROUP,
    ),
    Declared(
        "watch.seconds",
        "Look every (seconds)",
        10,
        "A file is taken once it has not grown between two looks.",
        WATCHED_GROUP,
        2,
        3600,
    ),
)
