"""Families that are one family, though the portal counts them as two: found by what they share, joined by a person."""
