"""How a database of ours is known, and which schema this program has. Plain numbers, for whoever looks first."""

APPLICATION_ID = 0x4C44534B
"""“LDSK” in the file's header: how we know a SQLite file is ours."""

SCHEMA_VERSION = 6
"""Bumped by every migration; SQLite keeps it in `PRAGMA user_version`, PostgreSQL in `leaddesk_schema`."""
