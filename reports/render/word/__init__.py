"""The report as a Word document (DOCX): the same content as the PDF, to be read, commented on and adapted."""

from reports.render.word.playbook import playbook_word
from reports.render.word.writer import word_of

__all__ = ["DOCX", "playbook_word", "word_of"]

#: What a Word document is called on the wire.
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
