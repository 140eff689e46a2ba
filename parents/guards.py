"""What is written for a family that was joined with another one is the other one's: the database sees to it.

Who read which family it is before two were joined, and writes after, waits for the one who joins and names a family
that has no children any more. On PostgreSQL the row is told before it is written, on SQLite right after.
"""

from __future__ import annotations

from schools.guards import Editor, Guard, run

_STANDS = "m.joined_id = {family} AND m.undone_at IS NULL"
#: A family that is locked is being joined or parted. Who saw the database as it was before begins anew (40001).
_FUNCTION = f"""
CREATE FUNCTION parents_family_that_took_it_in() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kept bigint;
BEGIN
  LOOP
    PERFORM 1 FROM parents_family WHERE id = NEW.family_id FOR SHARE;
    SELECT m.kept_id INTO kept FROM parents_familymerge m WHERE {_STANDS.format(family="NEW.family_id")};
    EXIT WHEN kept IS NULL;
    NEW.family_id := kept;
  END LOOP;
  RETURN NEW;
END $$"""  # noqa: S608 - words of ours

#: The family that took in the new row's, and perhaps was taken in itself.
_LAST = """
WITH RECURSIVE taken(id) AS (
  SELECT NEW.family_id UNION
  SELECT m.kept_id FROM taken JOIN parents_familymerge m ON m.joined_id = taken.id AND m.undone_at IS NULL
)
SELECT id FROM taken WHERE NOT EXISTS (
  SELECT 1 FROM parents_familymerge m WHERE m.joined_id = taken.id AND m.undone_at IS NULL
)"""


def joined_families() -> Guard:
    """What ``goes_with_its_family`` needs, once."""

    def add(editor: Editor) -> None:
        if editor.connection.vendor == "postgresql":
            run(editor, _FUNCTION)

    def remove(editor: Editor) -> None:
        if editor.connection.vendor == "postgresql":
            run(editor, "DROP FUNCTION parents_family_that_took_it_in()")

    return Guard(add, remove)


def goes_with_its_family(table: str) -> Guard:
    """A row of ``table`` that comes to name a joined family names the one that took it in."""
    name = f"{table}_with_its_family"

    def add(editor: Editor) -> None:
        if editor.connection.vendor == "postgresql":
            run(
                editor,
                f"CREATE TRIGGER {name}_insert BEFORE INSERT ON {table} FOR EACH ROW "
                "WHEN (NEW.family_id IS NOT NULL) EXECUTE FUNCTION parents_family_that_took_it_in()",
                f"CREATE TRIGGER {name}_update BEFORE UPDATE OF family_id ON {table} FOR EACH ROW "
                "WHEN (NEW.family_id IS NOT NULL AND NEW.family_id IS DISTINCT FROM OLD.family_id) "
                "EXECUTE FUNCTION parents_family_that_took_it_in()",
            )
            return
        joined = f"EXISTS (SELECT 1 FROM parents_familymerge m WHERE {_STANDS.format(family='NEW.family_id')})"  # noqa: S608
        changed = f"NEW.family_id IS NOT OLD.family_id AND {joined}"
        for event, when in (("INSERT", joined), ("UPDATE OF family_id", changed)):
            put = f"UPDATE {table} SET family_id = ({_LAST}) WHERE id = NEW.id"  # noqa: S608
            run(
                editor,
                f"CREATE TRIGGER {name}_{event[:6].lower()} AFTER {event} ON {table} FOR EACH ROW WHEN {when} "
                f"BEGIN {put}; END",
            )

    def remove(editor: Editor) -> None:
        on = f" ON {table}" * (editor.connection.vendor == "postgresql")
        run(editor, *(f"DROP TRIGGER IF EXISTS {name}_{event}{on}" for event in ("insert", "update")))

    return Guard(add, remove)
