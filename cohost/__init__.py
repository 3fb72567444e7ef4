"""An AI co-host for cross-border live selling."""

import os

for _library in ("OPENBLAS", "OMP", "MKL"):  # before numpy: its threads fight the models' over few cores
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

__version__ = "0.1.0"
