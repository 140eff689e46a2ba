"""What a test committed is gone after it, what Django needs stays, and the guards stand again."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction

from schools import audit
from schools.models import AuditEntry
from tests import factories as make
from tests.emptying import empty_tables, filled_tables

pytestmark = pytest.mark.django_db(transaction=True)


def test_rows_that_never_go_do_and_are_guarded_again() -> None:
    user = make.make_user()
    audit.record(actor=user, verb="read", target=user, school_id=None)
    kinds = ContentType.objects.count()
    assert AuditEntry.objects.exists()
    empty_tables(connection)
    assert filled_tables(connection) == []
    assert ContentType.objects.count() == kinds > 0
    user = make.make_user()
    audit.record(actor=user, verb="read", target=user, school_id=None)
    with pytest.raises(DatabaseError, match="do not change"), transaction.atomic():
        AuditEntry.objects.all()._raw_delete(using="default")
