"""The `cohost` command, and `python -m cohost`."""

import signal
import sys


def main() -> int:
    """Nothing stands that Ctrl-C would have to tidy up before the command runs: it ends at once."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from cohost import cli

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
