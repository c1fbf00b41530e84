"""What each connection tells a server at its beginning. Plain text, for whoever looks before all else is imported."""

SESSION = (
    # Compiling a report that takes a second takes half of one.
    ("jit", "off"),
    # Disks seek as fast as they read: servers rarely know, and read whole tables where a narrow index would do.
    ("random_page_cost", "1.1"),
    # A million ids are sorted in memory.
    ("work_mem", "32MB"),
    # As on SQLite: somebody else's command takes milliseconds, so whoever has the row after this is stuck.
    ("lock_timeout", "15s"),
    # A machine put to sleep in the middle of a command holds its rows no longer than this.
    ("idle_in_transaction_session_timeout", "10min"),
)
"""As far as the server knows of it. Only speed hangs on that."""
TELL = (
    "SELECT set_config(name, told.value, false) FROM pg_settings "  # noqa: S608 - our own words
    f"JOIN (VALUES {', '.join(map(repr, SESSION))}) AS told(name, value) USING (name)"
)
