from django.db import migrations

from schools.guards import frozen_when


class Migration(migrations.Migration):
    dependencies = [("messaging", "0017_recordings")]

    operations = [frozen_when("messaging_recording", "is_frozen")]
