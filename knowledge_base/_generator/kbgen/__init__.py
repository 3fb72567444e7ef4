"""Builds the demo brand's documents from the data in ``content/``.

``source`` reads content files into documents; ``paper`` turns a document into HTML,
``press`` prints HTML to PDF or an image, ``scan`` ages an image, ``office`` writes
docx and xlsx, ``finish`` makes files reproducible, ``truth`` writes and checks the
ground truth, ``catalogue`` writes ``kb.toml``.
"""
