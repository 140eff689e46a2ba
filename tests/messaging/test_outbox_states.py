"""Whatever happens in whatever order, a delivery only moves as the table says, and a final row never moves."""

from __future__ import annotations

from itertools import product

import pytest

from messaging.models import Delivery, DeliveryEvent, DeliveryStatus, Reason
from messaging.outbox.transitions import TRANSITIONS, move
from messaging.services import publish_notice
from tests import factories as make


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after"), list(product(DeliveryStatus.values, DeliveryStatus.values)))
def test_a_row_moves_only_as_the_table_says(before: str, after: str) -> None:
    school_class = make.make_class()
    make.make_family(school_class)
    notice = make.make_notice(school_class)
    publish_notice(notice=notice, by=notice.author)
    reason = Reason.REFUSED if before == "FAILED" else ""
    Delivery.objects.update(status=before, reason=reason)
    moved = move(Delivery.objects.all(), after, reason=Reason.BOUNCED if after == "FAILED" else "")
    assert bool(moved) == (after in TRANSITIONS[before])
    assert Delivery.objects.get().status == (after if moved else before)
    assert DeliveryEvent.objects.count() == len(moved)
