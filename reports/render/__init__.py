"""One report model, many readers: the blocks of a chapter become a page or a PDF, with the same figures."""
