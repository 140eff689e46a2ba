"""Whether a database knows the letters of all languages: a PostgreSQL that was made without saying so may not."""

from __future__ import annotations

from django.db import connections


def made_otherwise(alias: str = "default") -> str:
    """How the database is made, when not for our letters: one of SQL_ASCII counts bytes and cuts names in two, one of
    the locale C finds no Élise for élise. "" when it is as it should be."""
    connection = connections[alias]
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()"
        )
        encoding, rules = cursor.fetchone()
        if encoding == "UTF8":
            cursor.execute("SELECT upper('é') = 'É'")
            if cursor.fetchone()[0]:
                return ""
    return f"{encoding}, {rules}"


def refusal(made: str) -> str:
    """What to do about it, for who is making a new place."""
    return (
        f"The database is made for other letters than those of all languages ({made}). Make it anew: "
        "createdb --template template0 --encoding UTF8 --locale C.UTF-8"
    )
