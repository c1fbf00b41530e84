"""Dialogs: only where a page of its own is worth leaving the day for."""
