from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import migrations

BRUSSELS = ZoneInfo("Europe/Brussels")


def move_letters(apps, editor):
    """Every letter of a batch becomes a row of its own; a batch that was given was given as a whole."""
    batches, letters = apps.get_model("messaging", "LetterBatch"), apps.get_model("messaging", "PrintedLetter")
    part_model = apps.get_model("messaging", "LetterPart")
    for batch in batches.objects.select_related("notice").order_by("pk").iterator(chunk_size=200):
        ids = list(batch.deliveries.order_by("pk").values_list("pk", "status", "reason", "guardian_id"))
        classes = _classes(apps, batch.notice_id)
        batch.school_id, batch.state, batch.ready_at = batch.notice.school_id, "READY", batch.created_at
        batch.letters_total = batch.letters_done = len(ids)
        batch.save()
        part = part_model.objects.create(batch=batch, number=1, letters=len(ids))
        given = batch.given_on and datetime.combine(batch.given_on, time(15, 30), BRUSSELS)
        letters.objects.bulk_create(
            letters(
                batch=batch,
                part=part,
                delivery_id=pk,
                school_class_id=classes.get(guardian),
                position=place,
                given_on=batch.given_on if status == "DELIVERED" else None,
                given_by_id=batch.given_by_id if status == "DELIVERED" else None,
                given_at=given if status == "DELIVERED" else None,
                returned_on=batch.created_at.date() if reason == "RETURNED" else None,
            )
            for place, (pk, status, reason, guardian) in enumerate(ids, 1)
        )


def _classes(apps, notice):
    """The class with which each guardian's letter goes along: of the first child that the notice is about."""
    rows = apps.get_model("messaging", "NoticePupil").objects.filter(notice_id=notice, school_class__isnull=False)
    link = "pupil__guardianships__guardian_id"
    found = {}
    for guardian, school_class in rows.order_by("school_class__name", "pupil_id").values_list(link, "school_class_id"):
        found.setdefault(guardian, school_class)
    return found


def move_back(apps, editor):
    """The old columns know one day for the whole batch. A batch of several notices becomes one for each."""
    batches, letters = apps.get_model("messaging", "LetterBatch"), apps.get_model("messaging", "PrintedLetter")
    for batch in batches.objects.order_by("pk"):
        by_notice = {}
        for letter in letters.objects.filter(batch=batch).select_related("delivery").order_by("position"):
            by_notice.setdefault(letter.delivery.notice_id, []).append(letter)
        for number, (notice, rows) in enumerate(by_notice.items()):
            old = batch
            if number:
                old = batches(created_at=batch.created_at, made_by_id=batch.made_by_id, state="STOPPED")
            given = next((row for row in rows if row.given_on), None)
            old.notice_id, old.school_id = notice, batch.school_id
            old.given_on, old.given_by_id = (given.given_on, given.given_by_id) if given else (None, None)
            old.save()
            old.deliveries.set([row.delivery_id for row in rows])
    letters.objects.all().delete()
    apps.get_model("messaging", "LetterPart").objects.all().delete()
    batches.objects.filter(notice__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [("messaging", "0007_letter_states")]

    operations = [migrations.RunPython(move_letters, move_back)]
