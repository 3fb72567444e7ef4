"""Install what the wire tests need and PyPI does not carry: Debian's Chromium. Run by `make test`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

CHROMIUM = "/usr/bin/chromium"
FONTS = ("fonts-noto-core", "fonts-noto-cjk")


def main() -> int:
    """0 when Chromium is there; else install it, or say how."""
    if os.path.exists(CHROMIUM):
        return 0
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        sys.stderr.write(
            f"the browser tests need {CHROMIUM}: install the package chromium (as root: apt-get install "
            "chromium), then run `make test` again\n"
        )
        return 1
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in ([apt, "update", "-qq"], [apt, "install", "-y", "-qq", "chromium", *FONTS]):
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            sys.stderr.write(f"{' '.join(command)} failed with {done.returncode}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
