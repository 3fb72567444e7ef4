"""The first run: documents come into the folder, what was understood is shown, `kb.toml` is written."""
