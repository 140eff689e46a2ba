from __future__ import annotations

from tests.emptying import insert_only_tables_can_be_emptied

__all__ = ["insert_only_tables_can_be_emptied"]
