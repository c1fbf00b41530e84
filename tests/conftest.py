"""What every test may lean on."""

import os

from hypothesis import settings

# Before anything imports Qt: no test may need a screen.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

# A busy machine is no failure: examples are counted, not timed.
settings.register_profile("leaddesk", deadline=None)
settings.load_profile("leaddesk")

# A fresh database for each test, on both engines.
pytest_plugins = ["tests.engines"]
