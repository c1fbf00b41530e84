"""Times every user action beside the bare driver doing the least work for the same answer, in the same run.

What an action is stands in `action.py`, which there are in `catalogue.py`, one module per feature beside it; what
the bare driver must do in `limits.py` and, for commands, `replay.py`; what may be spent in `budgets.py`.
"""
