"""The command line: one module of commands per feature, all through the same `Desk` as the window."""
