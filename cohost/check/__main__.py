"""`python -m cohost.check`: a `Job` on stdin, the page's body on stdout."""

from __future__ import annotations

import sys

import msgspec

from cohost.check.file import view_of
from cohost.check.findings import find
from cohost.check.live import Job
from cohost.check.page.render import fragment
from cohost.check.problems import problems


def main() -> int:
    job = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Job)
    found = find(job.built, job.on)
    view = view_of(job.built, found, problems(job.built, found), live=True)
    sys.stdout.buffer.write(fragment(view).encode())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
