from django.db import migrations
from django.db.models import F


def let_unanswered_questions_wait(apps, editor):
    """What nobody answered yet waits since it was asked."""
    threads = apps.get_model("messaging", "Thread").objects

    threads.filter(first_reply_at__isnull=True, asked_by_family=True).update(waits_on=F("asked_on"))


def forget(apps, editor):
    apps.get_model("messaging", "Thread").objects.update(waits_on=None)


def mark_old_replies_as_told(apps, editor):
    """Replies of before this table knew the word are not announced now."""

    posts = apps.get_model("messaging", "ThreadPost").objects
    posts.filter(by_user__isnull=False).update(told_at=F("written_at"))


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_conversations")]

    operations = [
        migrations.RunPython(let_unanswered_questions_wait, forget),
        migrations.RunPython(mark_old_replies_as_told, migrations.RunPython.noop),
    ]
