"""Rosters of schools: read a file into checked rows and findings, show what would change, apply it or nothing."""
