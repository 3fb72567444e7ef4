"""How each kind of suite runs: one module a kind, each with `load` and `running`."""
