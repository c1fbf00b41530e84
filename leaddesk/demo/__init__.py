"""The demo: a floor full of made-up people, believable and the same for the same seed.

Nobody in it exists: addresses end in .example, numbers are kept for fiction where a country keeps any.
"""

from leaddesk.demo.filling import FillDemo, Made, fill

__all__ = ["FillDemo", "Made", "fill"]
