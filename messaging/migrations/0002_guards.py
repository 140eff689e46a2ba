from django.db import migrations

from parents.guards import goes_with_its_family
from schools.guards import frozen_when, goes_with_its_pupil, insert_only


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_core"), ("parents", "0002_guards")]

    operations = [
        insert_only("messaging_deliveryevent", may_delete=True),
        insert_only("messaging_jobrun", deletable_after_days=400),
        insert_only("messaging_dailydeliveries", may_delete=True),
        frozen_when("messaging_noticetext", "is_frozen"),
        frozen_when("messaging_attachment", "is_frozen"),
        frozen_when("messaging_recording", "is_frozen"),
        *(goes_with_its_family(f"messaging_{name}") for name in ("answer", "notice", "thread")),
        *(goes_with_its_pupil(f"messaging_{name}") for name in ("noticepupil", "thread")),
    ]
