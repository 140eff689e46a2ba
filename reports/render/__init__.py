"""One report model, many readers: the blocks of a chapter become a page or a PDF, with the same figures."""

# The evaluation freezes what is rendered here, and this renders what is bound there: whoever begins here begins there.
import reports.evaluation  # noqa: F401
