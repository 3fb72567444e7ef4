"""Install what the wire tests need and PyPI does not carry: Debian's Chromium, an IRC server. Run by
`make test`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

CHROMIUM = "/usr/bin/chromium"
IRC = "/usr/sbin/ngircd"
NEEDED = {CHROMIUM: ("chromium", "fonts-noto-core", "fonts-noto-cjk"), IRC: ("ngircd",)}


def main() -> int:
    """0 when everything is there; else install it, or say how."""
    packages = [name for file, names in NEEDED.items() if not os.path.exists(file) for name in names]
    if not packages:
        return 0
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        sys.stderr.write(
            f"the tests need {' and '.join(NEEDED)}: install the packages (as root: apt-get install "
            f"{' '.join(packages)}), then run `make test` again\n"
        )
        return 1
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in ([apt, "update", "-qq"], [apt, "install", "-y", "-qq", *packages]):
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            sys.stderr.write(f"{' '.join(command)} failed with {done.returncode}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
