"""A file comes to a card, and goes: by who writes the card, or with a package."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from messaging.attachments import size_words
from messaging.files.checking import CheckedFile
from reports.cardfiles import BYTES_OF_ALL, OF_A_CARD, OF_ALL
from reports.cardversions import keep_versions
from reports.models import CardFile, KeptFile
from reports.publication import nameless
from schools import audit, clock
from schools.models import Method, User


def add_card_file(*, method: Method, file: CheckedFile, title: str, language: str, by: User | None) -> CardFile:
    """Let a cleaned file go with a card, from now on and in the next edition.

    Raises ValidationError for a title with somebody in it, the very same file twice on the card, and one too many.
    """
    title = nameless(title, "title")
    with transaction.atomic():
        _hold_cards()
        known = list(CardFile.objects.values_list("method_id", "kept__sha256"))
        if (method.pk, file.sha256) in known:
            raise ValidationError({"file": _("This file is with the card already.")})
        if sum(row[0] == method.pk for row in known) >= OF_A_CARD:
            words = _("A card takes %(count)d files. Remove one first, or put pages together in one PDF.")
            raise ValidationError(words % {"count": OF_A_CARD})
        row = put_on_card(method=method, file=file, title=title, language=language, by=by)
        if is_too_much():
            raise ValidationError(too_many())
        keep_versions()
        audit.record(actor=by, verb="added a file to a card", target=row, card=method.slug, file=row.kept.code)
    return row


def put_on_card(
    *, method: Method, file: CheckedFile, title: str, language: str, by: User | None, brought_sha256: str = ""
) -> CardFile:
    """The rows of a file on a card; whoever calls has looked at how many there are. Within a transaction."""
    mark = file.sha256
    facts = {"code": mark[:16], "kind": file.kind.value, "size": len(file.content), "content": file.content}
    kept, _is_new = KeptFile.objects.get_or_create(sha256=mark, defaults=facts)
    return CardFile.objects.create(
        method=method, kept=kept, title=title, language=language, brought_sha256=brought_sha256,
        added_at=clock.now(), added_by=by,
    )  # fmt: skip


def remove_card_file(*, row: CardFile, by: User) -> None:
    """Take a file off a card. Its content goes too when no card and no edition has it; twice is once."""
    with transaction.atomic():
        _hold_cards()
        if not CardFile.objects.filter(pk=row.pk).delete()[0]:
            return
        forget_unused()
        keep_versions()
        audit.record(actor=by, verb="removed a file of a card", target=row.method, file=row.kept.code)


def is_too_much() -> bool:
    """Whether the draaiboek carries more files, or more bytes, than one package takes."""
    told = CardFile.objects.aggregate(files=Count("pk"), bytes=Sum("kept__size"))
    return told["files"] > OF_ALL or (told["bytes"] or 0) > BYTES_OF_ALL


def too_many() -> str:
    words = _("The draaiboek takes %(count)d files of %(size)s together. Remove some of other cards first.")
    return words % {"count": OF_ALL, "size": size_words(BYTES_OF_ALL)}


def forget_unused() -> None:
    """Contents that no card and no edition has any more."""
    KeptFile.objects.filter(cards=None, editions=None).delete()


def _hold_cards() -> None:
    """One at a time, so that the draaiboek together never takes too many."""
    list(Method.objects.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
