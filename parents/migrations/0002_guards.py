from django.db import migrations

from parents.guards import goes_with_its_family, joined_families
from schools.guards import goes_with_its_pupil, insert_only, joined_pupils, no_overlap, no_overlap_in_time

OF_A_FAMILY = (
    "parents_attendance",
    "parents_conferenceslot",
    "parents_contactmoment",
    "parents_familymembership",
    "parents_followup",
    "parents_interpreterrequest",
    "parents_legalhold",
    "parents_ownversion",
)
OF_A_PUPIL = (
    "parents_absence",
    "parents_conferenceslot",
    "parents_contactmoment_pupils",
    "parents_familymembership",
    "parents_followup",
    "parents_growthnote",
    "parents_guardianship",
    "parents_interpreterrequest",
)
OF_A_CHILD = ("parents_consent", "parents_datarequest")


class Migration(migrations.Migration):
    dependencies = [("parents", "0001_core"), ("schools", "0002_guards")]

    operations = [
        no_overlap("parents_familymembership", "pupil_id"),
        no_overlap("parents_guardianship", "pupil_id", "guardian_id"),
        no_overlap("parents_absence", "pupil_id", unless="taken_back_at"),
        no_overlap_in_time("parents_conferencehour", "teacher_id"),
        insert_only("parents_contactstatistics"),
        insert_only("parents_erased"),
        joined_families(),
        *(goes_with_its_family(table) for table in OF_A_FAMILY),
        joined_pupils("child_id"),
        *(goes_with_its_pupil(table) for table in OF_A_PUPIL),
        *(goes_with_its_pupil(table, "child_id") for table in OF_A_CHILD),
    ]
