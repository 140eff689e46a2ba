import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

USER = settings.AUTH_USER_MODEL


def link(to: str, on_delete=django.db.models.deletion.PROTECT, **options):
    return models.ForeignKey(to, on_delete, **{"related_name": "+", "null": True} | options)


CASCADE = {"on_delete": django.db.models.deletion.CASCADE, "null": False}
STATES = [("MAKING", "being made"), ("READY", "ready to print"), ("FAILED", "not made"), ("STOPPED", "stopped")]
PROBLEMS = [
    ("LAYOUT", "a letter could not be laid out"),
    ("DISK", "the file could not be kept"),
    ("GAVE_UP", "tried several times"),
]
MARKS = [("ANSWERED", "answer noted"), ("ILLEGIBLE", "not legible"), ("CALL", "asks for a call")]
BATCH_FIELDS = {
    "school": link("schools.school"),
    "school_class": link("schools.schoolclass"),
    "state": models.CharField(max_length=7, choices=STATES, default="MAKING"),
    "problem": models.CharField(max_length=8, choices=PROBLEMS, blank=True),
    "letters_total": models.PositiveIntegerField(default=0),
    "letters_done": models.PositiveIntegerField(default=0),
    "file": models.CharField(max_length=80, blank=True),
    "ready_at": models.DateTimeField(null=True),
    "claim_token": models.UUIDField(null=True),
    "claimed_until": models.DateTimeField(null=True),
}


class Migration(migrations.Migration):
    """Room for the states of a batch and of each letter; the next step moves what there is."""

    dependencies = [
        ("messaging", "0006_frozen_texts"),
        ("parents", "0001_core"),
        ("schools", "0001_core"),
    ]

    operations = [
        migrations.AddField("answer", "entered_by", link(USER)),
        *(migrations.AddField("letterbatch", name, field) for name, field in BATCH_FIELDS.items()),
        migrations.AlterField("letterbatch", "notice", link("messaging.notice")),
        migrations.CreateModel(
            "LetterPart",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("batch", link("messaging.letterbatch", related_name="parts", **CASCADE)),
                ("number", models.PositiveSmallIntegerField()),
                ("letters", models.PositiveIntegerField()),
                ("file", models.CharField(max_length=80, blank=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["batch", "number"],
                "constraints": [models.UniqueConstraint(fields=["batch", "number"], name="letter_part_once")],
            },
        ),
        migrations.CreateModel(
            "PrintedLetter",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("batch", link("messaging.letterbatch", related_name="letters", **CASCADE)),
                ("part", link("messaging.letterpart", **CASCADE)),
                (
                    "delivery",
                    models.OneToOneField(
                        "messaging.delivery", django.db.models.deletion.CASCADE, related_name="printed"
                    ),
                ),
                ("school_class", link("schools.schoolclass")),
                ("position", models.PositiveIntegerField()),
                ("given_on", models.DateField(null=True)),
                ("given_by", link(USER)),
                ("given_at", models.DateTimeField(null=True)),
                ("by_post", models.BooleanField(default=False)),
                ("returned_on", models.DateField(null=True)),
                ("strip", models.CharField(max_length=9, choices=MARKS, blank=True)),
                ("strip_key", models.SlugField(blank=True)),
                ("strip_on", models.DateField(null=True)),
                ("strip_by", link(USER)),
                ("follow_up", link("parents.followup", django.db.models.deletion.SET_NULL)),
            ],
            options={
                "ordering": ["batch", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=["batch", "position"], name="printed_letter_place_once"),
                    models.CheckConstraint(
                        condition=models.Q(given_on__isnull=True, given_by__isnull=True, given_at__isnull=True)
                        | models.Q(given_on__isnull=False, given_by__isnull=False, given_at__isnull=False),
                        name="printed_letter_given_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(strip="ANSWERED") | ~models.Q(strip_key=""),
                        name="printed_letter_strip_says",
                    ),
                ],
            },
        ),
    ]
