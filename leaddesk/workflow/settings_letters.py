"""The settings of letters: what stands in them, the mail server they leave by, the mailbox answers come to."""

from __future__ import annotations

from leaddesk.workflow.declared import Declared

_SECURITY = ("starttls", "tls", "none")

LETTERS: tuple[Declared, ...] = (
    Declared("letters.company", "Our company’s name", "LeadDesk", "Stands in letters.", "Letters"),
    Declared("letters.offer", "What we sell, in a few words", "our offer", "Stands in letters and scripts.", "Letters"),
    Declared(
        "letters.undo_seconds",
        "Letters leave after (seconds)",
        60,
        "Until then undo takes refusal and letter back together.",
        "Letters",
        0,
        3600,
    ),
    Declared(
        "letters.smtp_host",
        "Mail server (SMTP)",
        "",
        "Such as smtp.example.com. Empty: letters stay drafts and leave as files.",
        "Mail server",
    ),
    Declared(
        "letters.smtp_port",
        "Port",
        587,
        "587 with STARTTLS, 465 with TLS, as your provider says.",
        "Mail server",
        1,
        65535,
    ),
    Declared(
        "letters.smtp_security",
        "Encryption",
        "starttls",
        "How the wire is kept private.",
        "Mail server",
        choices=_SECURITY,
    ),
    Declared(
        "letters.smtp_user",
        "Sign in as",
        "",
        "Empty: without signing in. The password is kept in this machine’s keyring, never in the database.",
        "Mail server",
    ),
    Declared(
        "letters.from_address",
        "Letters come from",
        "",
        "One address for the whole floor; empty: each user’s own e-mail.",
        "Mail server",
    ),
    Declared(
        "letters.per_minute",
        "Letters a minute at most",
        20,
        "Providers block who sends faster than they allow.",
        "Mail server",
        1,
        1000,
    ),
    Declared(
        "letters.give_up_hours",
        "Try again for (hours)",
        48,
        "After temporary errors; then the letter has failed and says why.",
        "Mail server",
        1,
        240,
    ),
    Declared(
        "letters.unsubscribe",
        "Unsubscribe address",
        "",
        "Where mail programs send a wish to be left alone: an e-mail or https address. Empty: where answers go.",
        "Mail server",
    ),
    Declared(
        "letters.reply_to",
        "Answers go to",
        "",
        "The mailbox answers are read from; empty: the sender’s own address.",
        "Answers",
    ),
    Declared(
        "letters.plus_address",
        "Tell answers apart by a plus-address",
        default=False,
        help="sales+TOKEN@example.com; only if your mail server delivers that to sales@example.com.",
        group="Answers",
    ),
    Declared(
        "letters.imap_host",
        "Mailbox server (IMAP)",
        "",
        "Read only, nothing is marked or moved. Empty: answers are not read.",
        "Answers",
    ),
    Declared("letters.imap_port", "Port", 993, "993 with TLS, 143 with STARTTLS.", "Answers", 1, 65535),
    Declared(
        "letters.imap_security", "Encryption", "tls", "How the wire is kept private.", "Answers", choices=_SECURITY
    ),
    Declared("letters.imap_user", "Sign in as", "", "The password is kept in this machine’s keyring.", "Answers"),
    Declared("letters.imap_folder", "Folder", "INBOX", "The folder answers arrive in.", "Answers"),
    Declared("letters.imap_minutes", "Look every (minutes)", 5, "How often the mailbox is read.", "Answers", 1, 1440),
    Declared(
        "letters.greet_days",
        "Propose greetings ahead by (days)",
        5,
        "Holiday greetings are proposed this early and sent only when somebody says so.",
        "Letters",
        0,
        30,
    ),
)
