"""Keeping: tables, queries, transactions and migrations on SQLite and PostgreSQL. No Qt and no rules."""
