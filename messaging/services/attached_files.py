"""The files behind attachments: copied into another draft, removed with a draft, found again when nobody knows them."""

from __future__ import annotations

from django.db import transaction

from messaging.files import store
from messaging.models import Attachment, Notice
from schools import clock


def copy_attachments(source: Notice, draft: Notice) -> None:
    """Give a draft the files of another notice, each in a copy of its own: what was sent keeps what it had."""
    for row in source.attachments.all():
        try:
            content = store.read(row.file)
        except FileNotFoundError:  # a backup was restored without its files
            continue
        row.pk, row.notice, row.is_frozen, row.added_at = None, draft, False, clock.now()
        keep_row(row, content)


def keep_row(row: Attachment, content: bytes) -> None:
    """Store the content and the row that names it: both or neither."""
    row.file = store.keep(content)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except BaseException:
        store.remove([row.file])
        raise


def remove_when_done(names: list[str]) -> None:
    """Remove files as soon as the transaction that let their rows go has ended well."""
    transaction.on_commit(lambda: store.remove(names))


def forget_lost_files() -> int:
    """Remove files that no row names: those of a process that was killed half-way. Returns how many."""
    return store.remove_unknown(set(Attachment.objects.values_list("file", flat=True)))
