"""The demo world: an invented town quarter, a school year of it, and the pages with which a visitor enters it."""
