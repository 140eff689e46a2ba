"""Logging a talk without a network: what a device takes along, and what it brings back (rulings 9)."""
