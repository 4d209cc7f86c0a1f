"""A receipt says the whole rule, however much is missing for it: text in place of 300 characters, without a rewrite."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0014_sent_back")]
    operations = [migrations.AlterField("decision", "rule", models.TextField(max_length=2000))]
