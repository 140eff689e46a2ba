"""Backups: what is in one, how it is sealed, made and restored. Commands: ``backup`` and ``restore``."""
