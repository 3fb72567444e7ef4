"""Shared by all tests: a small knowledge base that no document of the demo brand resembles."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("shared machines", deadline=None)  # no test is a timed assertion
hypothesis.settings.load_profile("shared machines")

KB_TOML = """
[brand]
name = "Probe"
host_lang = "en"
disclosure = "AI assistant of Probe"
[[product]]
id = "lamp"
name = "Probe lamp"
models = ["PL-7"]
pinned = true
[[market]]
code = "DE"
lang = "de"
currency = "EUR"
scheme = ["CE"]
[[market]]
code = "US"
lang = "en"
currency = "USD"
scheme = ["FCC"]
[[fact]]
product = "lamp"
market = "DE"
attribute = "price"
value = 41.5
unit = "EUR"
as_of = 2026-01-02
"""


@pytest.fixture(scope="session")
def probe_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lamp: 37 h of battery, 412 g, 41.50 EUR in Germany, an expired OEKO-TEX paper."""
    folder = tmp_path_factory.mktemp("probe")
    (folder / "kb.toml").write_text(KB_TOML, encoding="utf-8")
    (folder / "spec.md").write_text(
        "# Probe lamp PL-7\n\n| Item | Value |\n|---|---|\n| Battery life | 37 h at half brightness |\n"
        "| Weight | 412 g |\n",
        encoding="utf-8",
    )
    (folder / "shipping.csv").write_text("market,delivery\nGermany,11 working days\n", encoding="utf-8")
    (folder / "oeko.md").write_text(
        "# Certificate RX-1234\n\nScheme: OEKO-TEX STANDARD 100. Product: Probe lamp, model PL-7. "
        "Valid until 2025-03-31.\n",
        encoding="utf-8",
    )
    return folder
