"""The report on a show, from its log: numbers (`summarise`), a page, a row a question as CSV. Pure."""

from cohost.report.page import STYLE, page, writer_cells
from cohost.report.summary import platforms, summarise, voice, waiting_times, writer
from cohost.report.tables import COLUMNS, as_csv
from cohost.report.timing import quantile

__all__ = [
    "COLUMNS", "STYLE", "as_csv", "page", "platforms", "quantile", "summarise", "voice", "waiting_times",
    "writer", "writer_cells",
]  # fmt: skip
