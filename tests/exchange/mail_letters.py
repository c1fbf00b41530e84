"""Letters as other people's programs write them, for the tests of reading them."""

import base64
import quopri

from leaddesk.exchange.mail_reading import read, read_strictly
from leaddesk.workflow.mail import Incoming

OURS = "<letter-7@leaddesk.example>"
THREE = {"1": "price", "2": "10% less", "3": "spring"}
"""Answers to the three questions of `QUOTE`."""
QUOTE = """\
> Dear Olena,
>
> Three short questions would help us do better:
> 1. What decided it: the price, the date, the service, or something else?
> 2. At what price would you have chosen us?
> 3. When would it be worth talking again?
>
> Should you need it sooner: there is a smaller plan.
>
> Anna"""


def letter(body: str, *headers: str, charset: str = "utf-8", html: bool = False, encoding: str = "8bit") -> bytes:
    """A reply to our letter, as bytes on the wire. `headers` replace those of the same name."""
    given = {
        "From": "Olena Klochko <olena@klochkivska.example>",
        "To": "Anna <sales+k7f3x@leaddesk.example>",
        "Subject": "Re: Thank you for your time",
        "Date": "Tue, 3 Mar 2026 11:00:00 +0200",
        "Message-ID": "<reply-1@klochkivska.example>",
        "In-Reply-To": OURS,
        "Content-Type": f"text/{'html' if html else 'plain'}; charset={charset}",
        "Content-Transfer-Encoding": encoding,
    }
    given |= dict(header.split(": ", 1) for header in headers)
    data = body.replace("\n", "\r\n").encode(charset)
    data = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(encoding, bytes)(data)
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value)
    return head.encode() + b"\r\n" + data


def found(message: bytes) -> Incoming:
    incoming = read_strictly(message)
    assert incoming is not None
    assert read(message) == incoming
    return incoming


def said(text: str) -> Incoming:
    return found(letter(text))


def several(kind: str, *parts: str, more: str = "") -> bytes:
    """A reply of several parts; each part comes with its own headers."""
    body = "".join(f"--=_b1\n{part}\n" for part in parts) + "--=_b1--\n"
    return letter(body, f'Content-Type: multipart/{kind}; boundary="=_b1"{more}')


PLAIN, HTML = "Content-Type: text/plain; charset=utf-8\n\n", "Content-Type: text/html; charset=utf-8\n\n"
