import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The columns that the rows of letters replaced go; what must hold from now on is asked of the database."""

    dependencies = [("messaging", "0008_move_letters")]

    operations = [
        migrations.AlterField(
            "letterbatch",
            "school",
            models.ForeignKey("schools.school", django.db.models.deletion.PROTECT, related_name="+"),
        ),
        migrations.RemoveField("letterbatch", "deliveries"),
        migrations.RemoveField("letterbatch", "given_by"),
        migrations.RemoveField("letterbatch", "given_on"),
        migrations.AddIndex(
            "letterbatch",
            models.Index(fields=["claimed_until"], condition=models.Q(state="MAKING"), name="letter_batch_making"),
        ),
        migrations.AddIndex("letterbatch", models.Index(fields=["school", "-id"], name="letter_batch_of_school")),
        migrations.AddConstraint(
            "letterbatch",
            models.CheckConstraint(
                condition=models.Q(state__in=["MAKING", "READY", "FAILED", "STOPPED"]),
                name="letter_batch_state_known",
            ),
        ),
        migrations.AddConstraint(
            "letterbatch",
            models.CheckConstraint(
                condition=~models.Q(state="FAILED") | ~models.Q(problem=""),
                name="letter_batch_failed_has_problem",
            ),
        ),
        migrations.AddConstraint(
            "letterbatch",
            models.CheckConstraint(
                condition=~models.Q(state="READY") | models.Q(ready_at__isnull=False),
                name="letter_batch_ready_has_moment",
            ),
        ),
    ]
