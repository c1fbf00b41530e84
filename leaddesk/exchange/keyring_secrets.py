"""Passwords in the system's own keyring: Windows Credential Manager, macOS Keychain, Secret Service."""

from __future__ import annotations

import contextlib
import os

from leaddesk.workflow.errors import Unavailable

SERVICE = "LeadDesk"
OVERRIDES = {"smtp": "LEADDESK_SMTP_PASSWORD", "imap": "LEADDESK_IMAP_PASSWORD"}
"""Environment variables that go before the keyring, for machines without one, by the first word of a secret's name."""


class KeyringSecrets:
    """A `Secrets` over `keyring`, which is imported at first use. Nothing it raises has the secret in it.

    Backends raise what their systems raise, not only what `keyring` promises; hence the broad excepts.
    """

    def get(self, name: str) -> str | None:
        """The password, None where there is none, or no keyring, or one that its owner did not unlock."""
        override = os.environ.get(overridden_by(name), "")
        if override:
            return override
        import keyring

        try:
            return keyring.get_password(SERVICE, name)
        except Exception:  # noqa: BLE001 - see the class
            return None

    def put(self, name: str, secret: str) -> None:
        """Keep it, and look whether it was kept; "" forgets it. Raises `Unavailable`."""
        import keyring

        if not secret:
            with contextlib.suppress(Exception):  # nothing there to forget
                keyring.delete_password(SERVICE, name)
            return
        try:
            keyring.set_password(SERVICE, name, secret)
            kept = keyring.get_password(SERVICE, name) == secret
        except Exception:  # noqa: BLE001 - see the class
            kept = False
        if not kept:
            raise Unavailable(_no_keyring(name))


def overridden_by(name: str) -> str:
    """The environment variable that goes before the keyring for this secret, "" for none: `smtp`, `smtp:anna@…`."""
    return OVERRIDES.get(name.partition(":")[0].casefold(), "")


def _no_keyring(name: str) -> str:
    variable = overridden_by(name)
    other = f", or start LeadDesk with the environment variable {variable} set to the password" if variable else ""
    return (
        "This machine's keyring did not keep the password. Unlock or set up the keyring "
        "(Windows Credential Manager, macOS Keychain, GNOME Keyring or KWallet) and enter the password again"
        + other
        + "."
    )
