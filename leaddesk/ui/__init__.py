"""The window: pages, cards and keys drawn with Qt. It asks the desk and never the database."""
