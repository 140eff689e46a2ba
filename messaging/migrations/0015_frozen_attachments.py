from django.db import migrations

from schools.guards import frozen_when


class Migration(migrations.Migration):
    dependencies = [("messaging", "0014_attachments")]

    operations = [frozen_when("messaging_attachment", "is_frozen")]
