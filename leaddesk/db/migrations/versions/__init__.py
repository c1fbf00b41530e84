"""Revisions, named by the version they lead to."""
