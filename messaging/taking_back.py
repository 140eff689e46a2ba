"""What the page of a sent notice says of taking it back, and which notice replaces which. Reads only."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.db.models import Count, Q

from messaging.models import Delivery, DeliveryStatus, Notice, NoticeStatus
from messaging.outbox import lying
from schools import clock
from schools.posts import works_for
from schools.scope import scope_of


def may_take_back(notice: Notice, user: object) -> bool:
    """Its author; of a colleague who works for the school no more, its head: nobody else could stop what is wrong."""
    scope = scope_of(user)
    if notice.author_id == scope.user_id:
        return True
    return notice.school_id in scope.led_schools and not works_for(notice.author_id, notice.school)


class TakingBack:
    """For one notice and who looks at it."""

    def __init__(self, notice: Notice, user: object) -> None:
        self.notice = notice
        self.user = user
        is_sent = notice.status in (NoticeStatus.PUBLISHING, NoticeStatus.PUBLISHED)
        self.is_possible = is_sent and may_take_back(notice, user)

    @cached_property
    def _versions(self) -> list[Notice]:
        related = Q(pk=self.notice.corrects_id) | Q(corrects_id=self.notice.pk, published_at__isnull=False)
        rows = Notice.objects.visible_to(self.user).filter(related)
        stopped = Q(status=NoticeStatus.CANCELLED, corrects_id=self.notice.pk)
        return list(rows.exclude(stopped).order_by("-published_at"))

    @property
    def replaced(self) -> Notice | None:
        """The earlier notice that this one replaces."""
        return next((row for row in self._versions if row.pk == self.notice.corrects_id), None)

    @property
    def replaced_by(self) -> Notice | None:
        """The newest notice that replaces this one."""
        return next((row for row in self._versions if row.corrects_id == self.notice.pk), None)

    @cached_property
    def _counted(self) -> dict[str, tuple[int, int, int]]:
        """By status how many deliveries, how many of them somebody opened, and how many lie printed and unopened."""
        rows = Delivery.objects.filter(notice=self.notice).order_by().values_list("status")
        lie = Count("pk", filter=lying() & Q(opened_at=None))
        return {
            status: (count, opened, printed)
            for status, count, opened, printed in rows.annotate(Count("pk"), Count("opened_at"), lie=lie)
        }

    @property
    def waiting(self) -> int:
        """Deliveries that can still be stopped, printed letters that nobody gave yet among them."""
        return self._counted.get(DeliveryStatus.QUEUED, (0, 0, 0))[0] + self._lying

    @property
    def left(self) -> int:
        """Deliveries that have left or are leaving, or that a parent found in the portal before they did."""
        left = sum(opened if status in _STAYED else count for status, (count, opened, _) in self._counted.items())
        return left - self._lying

    @property
    def _lying(self) -> int:
        return sum(printed for _count, _opened, printed in self._counted.values()) if self.is_possible else 0

    @property
    def undo_seconds(self) -> int:
        """How long the undo button is shown; 0 when something has left or the time is over."""
        if not self.is_possible or self.left or self.notice.published_at is None:
            return 0
        passed = (clock.now() - self.notice.published_at).total_seconds()
        return max(0, round(settings.UNDO_SECONDS - passed))


_STAYED = (DeliveryStatus.QUEUED, DeliveryStatus.CANCELLED)
