"""How much of an upload is read. A school of 3,000 pupils fills a fiftieth of this; what is larger is no class list."""

from __future__ import annotations

MEGABYTE = 1024 * 1024

#: Bytes of the file as it came, looked at before a byte of it is read.
FILE = 50 * MEGABYTE
#: Bytes of one file inside a zip, and of all that are read together; counted while unpacking, whatever the zip says.
MEMBER = 200 * MEGABYTE
UNPACKED = 400 * MEGABYTE
MEMBERS = 200
#: A member that unpacks to more than this many times its size is a bomb, unless it stays small.
RATIO = 250
SMALL = 10 * MEGABYTE

SHEETS = 30
ROWS = 100_000
COLUMNS = 300
#: Characters of one cell and of one line of a text file.
CELL = 5_000
LINE = MEGABYTE
#: Distinct texts and formats that a workbook keeps in one place for all its cells.
SHARED_TEXTS = 1_000_000
SHARED_CHARACTERS = 30_000_000
#: Rows above the header, and rows from which columns are guessed.
TITLE_ROWS = 15
SAMPLE = 300
#: How many findings of one kind are listed one by one.
FINDINGS = 200

#: As long as the database keeps them.
NAME = 80
CLASS_NAME = 20
SOURCE_ID = 255
STREET = 120
POSTCODE = 10
CITY = 60
RELATION = 40
