"""Files understood once for all: what somebody put right about a header is known for the next file with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.intake import WHY_LEFT_OUT, WORD_KINDS, OnDuplicate, Options
from leaddesk.workflow.intake_entities import ImportProfile
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.intake import LeadFile
    from leaddesk.workflow.ports import Work


def signature(columns: Sequence[str]) -> str:
    """What files of one origin share: their headers, whatever the case, the blanks and the order.

    Rows left out of one, mended, are still of that origin.
    """
    own = (header for header in columns if header.strip() != WHY_LEFT_OUT)
    return "\n".join(sorted(" ".join(header.split()).casefold() for header in own))


@dataclass(frozen=True)
class ProfileOf(Question["ImportProfile | None"]):
    """How a file is to be brought in: by the profile's name, else as files with this header were last."""

    columns: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Profiles(Question[list[ImportProfile]]):
    """The profiles somebody gave a name, by name."""


@dataclass(frozen=True)
class RememberFile(Command[ImportProfile]):
    """Keep how a file's columns and words were understood, under a name or for its header alone."""

    columns: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]
    options: Mapping[str, Any]
    name: str = ""
    role: ClassVar[Role] = Role.TEAM_LEAD
    undoable: ClassVar[bool] = False

    def handle(self, work: Work) -> ImportProfile:
        """The profile as it is now. Raises `Refused` for a name that says nothing."""
        if self.name and not self.name.strip():
            raise Refused("Give the profile a name, such as “Web form”.", field="name")
        name, header = self.name.strip(), signature(tuple(self.columns))
        values: dict[str, Any] = {
            "columns": dict(self.columns),
            "words": {kind: dict(words) for kind, words in self.words.items() if words},
            "options": dict(self.options),
            "user_id": work.user.id,
            "at": work.now,
        }
        there = work.find(ImportProfile, name=name) if name else work.find(ImportProfile, header=header, name="")
        work.words = f"Remembered how {f'“{name}”' if name else 'files with this header'} come in"
        if there:
            return work.change(there[0], header=header, **values)
        return work.add(ImportProfile(name=name, header=header, **values))


@dataclass(frozen=True)
class ForgetProfile(Command[None]):
    """Forget a profile: the next file with its header is understood from its own words again."""

    profile_id: int
    role: ClassVar[Role] = Role.TEAM_LEAD

    def handle(self, work: Work) -> None:
        """Raises `Refused` where there is none."""
        found = work.get(ImportProfile, self.profile_id)
        work.remove(found)
        work.words = f"Forgot how “{found.name or 'files with this header'}” come in"


def understood(desk: Desk, file: LeadFile, options: Options) -> Options:
    """The options with what was decided about files like this one before; what is decided now goes before it.

    Raises `Refused` for a profile there is not.
    """
    profile = desk.read(ProfileOf(file.columns, options.profile))
    if profile is None:
        if options.profile:
            raise Refused(f"There is no profile “{options.profile}”.", field="profile")
        return options
    known = set(file.columns)
    columns = {header: field or "extra" for header, field in profile.columns.items() if header in known}
    words = {kind: {**profile.words.get(kind, {}), **options.words.get(kind, {})} for kind in WORD_KINDS}
    kept = {}
    if options.profile:
        kept = {
            name: profile.options[name]
            for name in ("source", "region", "owner")
            if profile.options.get(name) and not getattr(options, name)
        }
        kept["requests"] = options.requests or bool(profile.options.get("requests"))
        if profile.options.get("on_duplicate") and options.on_duplicate is OnDuplicate.AGAIN:
            kept["on_duplicate"] = OnDuplicate(profile.options["on_duplicate"])
    return replace(options, overrides={**columns, **options.overrides}, words=words, **kept)
