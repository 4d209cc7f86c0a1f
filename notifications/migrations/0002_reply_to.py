"""Where a reply to a mail goes, for those that the portal reads."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]
    operations = [
        migrations.AddField("message", "reply_to", models.CharField(blank=True, db_default="", default="", max_length=254)),
    ]
