"""Passwords: kept by the system's keyring, or not at all."""

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringLocked, PasswordDeleteError

from leaddesk.exchange.keyring_secrets import KeyringSecrets
from leaddesk.workflow.errors import Unavailable


class Drawer(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("no such password")


class Locked(Drawer):
    """One whose owner waved the question for its password away."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked(f"locked, {password} not kept")


class Odd(Drawer):
    """One that raises what no library promised, as Windows does for secrets over 2560 octets."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(1783, "CredWrite", f"stub received bad data: {password}")


@pytest.fixture(autouse=True)
def _own_keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("LEADDESK_SMTP_PASSWORD", raising=False)
    monkeypatch.delenv("LEADDESK_IMAP_PASSWORD", raising=False)
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def test_a_password_is_kept_and_forgotten() -> None:
    drawer = Drawer()
    keyring.set_keyring(drawer)
    secrets = KeyringSecrets()
    assert secrets.get("smtp") is None
    secrets.put("smtp", "пароль s3cret")
    assert drawer.kept == {("LeadDesk", "smtp"): "пароль s3cret"}
    assert secrets.get("smtp") == "пароль s3cret"
    assert secrets.get("imap") is None
    secrets.put("smtp", "")
    secrets.put("smtp", "")
    assert secrets.get("smtp") is None
    assert drawer.kept == {}


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring, Locked, Odd])
def test_a_keyring_that_does_not_keep_is_said(
    backend: type[KeyringBackend], capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    keyring.set_keyring(backend())
    secrets = KeyringSecrets()
    assert secrets.get("smtp") is None
    with pytest.raises(Unavailable) as caught:
        secrets.put("smtp", "s3cret")
    assert "LEADDESK_SMTP_PASSWORD" in caught.value.words
    assert "keyring" in caught.value.words
    assert "s3cret" not in caught.value.words
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    secrets.put("smtp", "")
    assert "s3cret" not in "".join(capfd.readouterr()) + caplog.text


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("smtp", "LEADDESK_SMTP_PASSWORD"),
        ("smtp:anna@x.example", "LEADDESK_SMTP_PASSWORD"),
        ("imap", "LEADDESK_IMAP_PASSWORD"),
    ],
)
def test_the_environment_goes_first(monkeypatch: pytest.MonkeyPatch, name: str, variable: str) -> None:
    keyring.set_keyring(Drawer())
    secrets = KeyringSecrets()
    secrets.put(name, "from the keyring")
    monkeypatch.setenv(variable, "from outside")
    assert secrets.get(name) == "from outside"
    monkeypatch.setenv(variable, "")
    assert secrets.get(name) == "from the keyring"
    monkeypatch.setenv("LEADDESK_SMTP_PASSWORD", "for letters only")
    assert secrets.get("database") is None
