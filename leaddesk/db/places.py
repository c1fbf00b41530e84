"""Where open tasks stand in the queue. Plain numbers, for whoever looks before all else is imported."""

TO_THE_MINUTE, FOR_A_DAY, PLANNED_CALL, PLANNED, PROMISED = range(5)
"""A call promised to the minute, one promised for a day, a planned one; what is planned, and what is promised, and no call."""

POOL = 0
"""Stands for the owner of a lead that nobody has."""
