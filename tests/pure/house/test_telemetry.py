"""What operators read on stderr: one line a message, an exception too."""

import logging
import sys

import pytest

from cohost.telemetry import setup_logging


@pytest.mark.parametrize("verbose", [False, True])
def test_an_exception_is_one_line_unless_more_is_asked_for(
    verbose: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    before = root.level
    setup_logging(verbose)
    try:
        int("seven\nwords")
    except ValueError:
        logging.getLogger("cohost.x").exception("reading %s", "a")
    sys.stderr.flush()
    told = capsys.readouterr().err
    root.setLevel(before)
    assert "ERROR cohost.x: reading a" in told
    if verbose:
        assert "Traceback" in told
    else:
        assert told.count("\n") == 1
        assert "(ValueError: invalid literal" in told
