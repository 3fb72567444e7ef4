"""`python -m cohost`."""

import sys

from cohost.cli import main

if __name__ == "__main__":
    sys.exit(main())
