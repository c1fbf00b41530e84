"""Letters that came back, as the mail servers of the world write them."""

import base64

import pytest

from leaddesk.exchange.mail_reading import read_strictly
from leaddesk.workflow.mail import Incoming, IncomingKind

OURS = "<letter-7@leaddesk.example>"
RETURNED = f"""\
Received: from leaddesk.example by mx.leaddesk.example; Mon, 2 Mar 2026 09:00:01 +0000
From: Anna Operator <sales@leaddesk.example>
Reply-To: Anna <sales+k7f3x@leaddesk.example>
To: olena@klochkivska.example
Subject: Thank you for your time
Message-ID: {OURS}
"""


def report(
    status: str,
    *,
    human: str = "Your letter could not be delivered.",
    returned: str = RETURNED,
    as_type: str = "message/rfc822",
    sender: str = "MAILER-DAEMON@mx.leaddesk.example",
    encoding: str = "",
    kind: str = "delivery-status",
    more: str = "",
) -> bytes:
    """A delivery report (RFC 3464) around one block of status."""
    if encoding == "base64":
        status = base64.encodebytes(status.encode()).decode()
    cte = f"Content-Transfer-Encoding: {encoding}\n" if encoding else ""
    return f"""\
Return-Path: <>
From: {sender}
To: sales@leaddesk.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-1@mx.leaddesk.example>
Date: Mon, 2 Mar 2026 09:00:02 +0000
Auto-Submitted: auto-replied
{more}MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind};
\tboundary="B/9"

This is a MIME-encapsulated message.

--B/9
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

{human}

--B/9
Content-Type: message/{kind}
{cte}
{status}
--B/9
Content-Type: {as_type}

{returned}
--B/9--
""".encode()


def plain(sender: str, subject: str, body: str, *headers: str) -> bytes:
    """A bounce in a server's own words."""
    head = [
        f"From: {sender}",
        "To: sales@leaddesk.example",
        f"Subject: {subject}",
        "Message-ID: <b@mx.example>",
        *headers,
    ]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


POSTFIX = """\
Reporting-MTA: dns; mx.leaddesk.example
X-Postfix-Queue-ID: 4F1C52A0
Arrival-Date: Mon,  2 Mar 2026 09:00:01 +0000 (UTC)

Final-Recipient: rfc822; olena@klochkivska.example
Original-Recipient: rfc822;olena@klochkivska.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.klochkivska.example
Diagnostic-Code: smtp; 550 5.1.1 <olena@klochkivska.example>: Recipient address
    rejected: User unknown in virtual mailbox table
"""
EXCHANGE = """\
Reporting-MTA: dns;AM0PR01MB1234.eurprd01.prod.exchangelabs.example
Received-From-MTA: dns;mx.leaddesk.example

Original-recipient: rfc822;Olena@Klochkivska.example
Final-recipient: rfc822;olena@klochkivska.onmicrosoft.example
Action: failed
Status: 5.1.10
Diagnostic-code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient Olena@Klochkivska.example not found by SMTP address lookup
"""
GMAIL = """\
Reporting-MTA: dns; googlemail.com
Arrival-Date: Mon, 02 Mar 2026 01:00:02 -0800 (PST)
X-Original-Message-ID: <letter-7@leaddesk.example>

Final-Recipient: rfc822; olena@klochkivska.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try
 550-5.1.1 double-checking the recipient's email address for typos.
 550 5.1.1  https://support.google.com/mail/?p=NoSuchUser - gsmtp
Last-Attempt-Date: Mon, 02 Mar 2026 01:00:02 -0800 (PST)
"""
EXIM = """\
Reporting-MTA: dns; mx.leaddesk.example

Action: failed
Final-Recipient: rfc822;olena@klochkivska.example
Status: 5.0.0
Remote-MTA: dns; mail.klochkivska.example
Diagnostic-Code: smtp; 550 No such person at this address
"""
TWO = """\
Reporting-MTA: dns; mx.leaddesk.example

Final-Recipient: rfc822; boss@klochkivska.example
Action: delivered
Status: 2.0.0

Final-Recipient: rfc822; olena@klochkivska.example
Action: failed
Status: 5.2.1 (mailbox disabled)
"""


def found(message: bytes) -> Incoming:
    incoming = read_strictly(message)
    assert incoming is not None
    return incoming


@pytest.mark.parametrize(
    ("message", "words"),
    [
        pytest.param(report(POSTFIX), "550 5.1.1 <olena@klochkivska.example>: Recipient address rejected", id="postfix"),
        pytest.param(report(POSTFIX, as_type="text/rfc822-headers"), "550 5.1.1", id="postfix, headers only"),
        pytest.param(report(POSTFIX, encoding="base64"), "550 5.1.1", id="status in base64"),
        pytest.param(report(POSTFIX.replace("\n", "\r\n")), "550 5.1.1", id="status with other line ends"),
        pytest.param(report(GMAIL, sender="Mail Delivery Subsystem <mailer-daemon@googlemail.example>"), "550-5.1.1 The email account", id="gmail"),
        pytest.param(report(EXIM, more="X-Failed-Recipients: olena@klochkivska.example\n"), "550 No such person", id="exim"),
        pytest.param(report(TWO), "5.2.1 the mailbox cannot take it", id="one of two"),
    ],
)  # fmt: skip
def test_delivery_reports(message: bytes, words: str) -> None:
    incoming = found(message)
    assert incoming.kind is IncomingKind.BOUNCE
    assert incoming.address == "olena@klochkivska.example"
    assert incoming.permanent
    assert incoming.words.startswith(words)
    assert incoming.refers_to[0] == OURS
    assert incoming.token == "k7f3x", "the answers' address stands in the letter that came back"
    assert incoming.message_id == "<bounce-1@mx.leaddesk.example>"


def test_exchange_names_the_address_we_wrote_to() -> None:
    incoming = found(report(EXCHANGE, sender="postmaster@klochkivska.onmicrosoft.example"))
    assert (incoming.address, incoming.permanent) == ("Olena@Klochkivska.example", True)
    assert incoming.words.startswith("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"Action: failed": "Action: delayed", "5.1.1": "4.4.1"}, "550 4.4.1"),
        ({"5.1.1": "4.4.1", "550": "451"}, "451 4.4.1"),
        ({"Status: 5.1.1": "Status: 4.2.2", "smtp; 550 5.1.1": "smtp; 452"}, "452"),
        ({"Action: failed": "Action: delayed"}, "550 5.1.1"),
    ],
)
def test_what_is_late_or_may_pass_does_not_mark_the_address_for_good(changes: dict[str, str], words: str) -> None:
    status = POSTFIX
    for old, new in changes.items():
        status = status.replace(old, new)
    incoming = found(report(status))
    assert (incoming.kind, incoming.permanent) == (IncomingKind.BOUNCE, False)
    assert incoming.address == "olena@klochkivska.example"
    assert incoming.words.startswith(words)


@pytest.mark.parametrize(
    "message",
    [
        report(POSTFIX.replace("failed", "delivered").replace("5.1.1", "2.1.5")),
        report(POSTFIX.replace("failed", "relayed").replace("5.1.1", "2.0.0")),
        report("Final-Recipient: rfc822;olena@klochkivska.example\nDisposition: manual-action; displayed", kind="disposition-notification"),
    ],
    ids=["delivered", "relayed", "read"],
)  # fmt: skip
def test_a_report_that_all_went_well_is_no_bounce(message: bytes) -> None:
    assert found(message).kind is IncomingKind.AUTO


def test_a_report_that_lost_its_returned_letter_still_names_the_address() -> None:
    message = report(POSTFIX, more=f"In-Reply-To: {OURS}\n")
    cut = message[: message.index(b"Content-Type: message/rfc822")]
    incoming = found(cut)
    assert incoming.address == "olena@klochkivska.example"
    assert incoming.refers_to == (OURS,)


QMAIL = f"""\
Hi. This is the qmail-send program at mx.leaddesk.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<olena@klochkivska.example>:
192.0.2.7 does not like recipient.
Remote host said: 550 5.1.1 sorry, no mailbox here by that name
Giving up on 192.0.2.7.

--- Below this line is a copy of the message.

Return-Path: <sales@leaddesk.example>
{RETURNED}
We are sorry.
"""
EXIM_TEXT = f"""\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  olena@klochkivska.example
    host mail.klochkivska.example [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<olena@klochkivska.example>:
    550 5.1.1 User unknown

------ This is a copy of the message, including all the headers. ------

{RETURNED}
"""
OLD_GMAIL = f"""\
Delivery to the following recipient failed permanently:

     olena@klochkivska.example

Technical details of permanent failure:
Google tried to deliver your message, but it was rejected by the server for the recipient domain.
The error that the other server returned was:
550 5.1.1 No such user

----- Original message -----

{RETURNED}
"""
SENDMAIL = f"""\
   ----- The following addresses had permanent fatal errors -----
<olena@klochkivska.example>
    (reason: 550 5.1.1 User unknown)

   ----- Original message follows -----

{RETURNED}
"""


YAHOO = f"""\
Sorry, we were unable to deliver your message to the following address.

<olena@klochkivska.example>:
554: delivery error: dd Not a valid recipient

--- Below this line is a copy of the message.

{RETURNED}
"""


@pytest.mark.parametrize(
    ("message", "words"),
    [
        pytest.param(plain("MAILER-DAEMON@mx.leaddesk.example", "Failure Notice", YAHOO), "554: delivery error", id="yahoo"),
        pytest.param(plain("MAILER-DAEMON@mx.leaddesk.example", "failure notice", QMAIL, "Return-Path: <>"), "<olena@klochkivska.example>: 192.0.2.7 does not like", id="qmail"),
        pytest.param(plain("Mail Delivery System <Mailer-Daemon@mx.leaddesk.example>", "Mail delivery failed", EXIM_TEXT, "X-Failed-Recipients: olena@klochkivska.example"), "olena@klochkivska.example host mail", id="exim"),
        pytest.param(plain("bounces@hoster.example", "Mail delivery failed", EXIM_TEXT, "X-Failed-Recipients: olena@klochkivska.example"), "olena@klochkivska.example host mail", id="exim of a host with another name"),
        pytest.param(plain("Mail Delivery Subsystem <mailer-daemon@googlemail.example>", "Delivery Status Notification (Failure)", OLD_GMAIL, "X-Failed-Recipients: olena@klochkivska.example"), "Technical details", id="gmail of old"),
        pytest.param(plain("postmaster@mx.leaddesk.example", "Returned mail: see transcript for details", SENDMAIL), "<olena@klochkivska.example> (reason: 550", id="sendmail"),
        pytest.param(plain("delivery@mx.leaddesk.example", "Undeliverable", SENDMAIL, "Return-Path: <>"), "<olena@klochkivska.example> (reason: 550", id="nobody"),
    ],
)  # fmt: skip
def test_bounces_in_a_servers_own_words(message: bytes, words: str) -> None:
    incoming = found(message)
    assert incoming.kind is IncomingKind.BOUNCE
    assert incoming.address == "olena@klochkivska.example"
    assert incoming.permanent
    assert words in incoming.words
    assert OURS in incoming.refers_to


def test_a_server_that_is_still_trying_marks_nothing_for_good() -> None:
    body = EXIM_TEXT.replace("could not be delivered", "has not yet been delivered").replace(
        "a permanent", "a temporary"
    )
    body = body.replace("550 5.1.1 User unknown", "451 4.7.1 Greylisted")
    message = plain("Mailer-Daemon@mx.example", "Warning: message 1abc delayed 24 hours", body)
    incoming = found(message)
    assert (incoming.kind, incoming.permanent, incoming.address) == (
        IncomingKind.BOUNCE,
        False,
        "olena@klochkivska.example",
    )


def test_a_postmaster_who_says_nothing_of_a_letter_is_a_machine_and_a_person_who_tells_of_one_a_person() -> None:
    news = plain("postmaster@mx.example", "Maintenance on Sunday", "The server rests.")
    assert found(news).kind is IncomingKind.AUTO
    person = plain(
        "Olena <olena@klochkivska.example>", "Re: Thank you", "Your letter to boss@klochkivska.example failed."
    )
    assert found(person).kind is IncomingKind.REPLY
