"""Texts that were changed or taken back before they began replace nothing any more, and an end that is still to come is the
beginning of the text that replaces it: what was to end for one that was taken back or put off goes on."""

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Now


def mend(apps, schema_editor):
    texts = apps.get_model("policies", "Guidance").objects
    never_shown = texts.filter(ended_at=F("begins_at"), replaces__isnull=False).order_by("pk")
    for pk in list(never_shown.values_list("pk", flat=True)):
        replaced = texts.get(pk=pk).replaces_id  # what the row before has handed on
        texts.filter(pk=pk).update(replaces=None)
        texts.filter(replaces=pk).update(replaces=replaced)
    ending = texts.filter(ended_at__gt=Now()).exclude(ended_at=F("begins_at"))
    ending.filter(replaced_by__isnull=True).update(ended_at=None, ended_by=None)
    for text in ending.filter(replaced_by__begins_at__gt=Now()).select_related("replaced_by"):
        texts.filter(pk=text.pk).update(ended_at=text.replaced_by.begins_at)
    begun = ending.filter(replaced_by__begins_at__lte=Now())
    texts.filter(pk__in=begun.values("pk")).update(ended_at=Now())


class Migration(migrations.Migration):
    dependencies = [("policies", "0018_right_news")]
    operations = [migrations.RunPython(mend, migrations.RunPython.noop)]
