"""The parts of the Letters page."""
