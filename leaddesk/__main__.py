"""`python -m leaddesk` is `leaddesk`."""

import sys

from leaddesk.cli import main

if __name__ == "__main__":
    sys.exit(main())
