"""A letter sent to oneself, to see in one's own mailbox what a template makes."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from leaddesk.workflow.letter_html import as_html
from leaddesk.workflow.mail import Outgoing
from leaddesk.workflow.outbox import can_send, sender_address
from leaddesk.workflow.templates import StoredFiles

if TYPE_CHECKING:
    from collections.abc import Callable

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.letters import Drafted
    from leaddesk.workflow.mail import Attachment


def hindrance(shell: Shell, drafted: Drafted | None) -> str:
    """Why no letter can be sent to oneself, and what to do; "" where one can."""
    if drafted is None:
        return "Mend the template first: it makes no letter yet."
    if shell.post is None or not can_send(shell.settings):
        return "No mail server is set. Enter it in Settings, Mail server."
    if not shell.user.email.strip():
        return "Your own e-mail address is not known. Have an admin enter it for you."
    return ""


def letter_to_oneself(
    shell: Shell, drafted: Drafted, kept: dict[str, str], new: tuple[Attachment, ...]
) -> Callable[[Desk], Outgoing]:
    """What makes the letter, in a lane: stored files are read there. Raises `Refused` for a file that is gone."""
    user, sender = shell.user, sender_address(shell.settings, shell.user.email)

    def make(desk: Desk) -> Outgoing:
        host = sender.rpartition("@")[2].encode("idna").decode("ascii")
        names = {file.name for file in new}
        stored = desk.read(StoredFiles({name: key for name, key in kept.items() if name not in names}))
        return Outgoing(
            message_id=f"<test-{secrets.token_hex(10)}@{host}>",
            sender_name=user.name,
            sender_address=sender,
            to_address=user.email,
            to_name=user.name,
            subject=drafted.subject,
            text=drafted.body,
            html=as_html(drafted.body, drafted.language),
            language=drafted.language,
            attachments=(*stored, *new),
        )

    return make
