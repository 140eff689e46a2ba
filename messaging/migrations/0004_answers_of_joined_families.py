from django.db import migrations, models

from parents.guards import goes_with_its_family


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0003_voice_invitations"),
        ("parents", "0011_joined_families"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="answer", name="answer_of_family_once"),
        migrations.AddField(
            model_name="answer",
            name="stands",
            field=models.BooleanField(db_default=True),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("family__isnull", False), ("stands", True)),
                fields=("notice", "family"),
                name="answer_of_family_once",
            ),
        ),
        goes_with_its_family("messaging_answer"),
        goes_with_its_family("messaging_notice"),
        goes_with_its_family("messaging_thread"),
    ]
