import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


def _id():
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def _to(model, on_delete=django.db.models.deletion.CASCADE, related_name="+", **more):
    return models.ForeignKey(on_delete=on_delete, related_name=related_name, to=model, **more)


_USER = settings.AUTH_USER_MODEL
_DEAL = "registrations.registration"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_absences"),
        ("notifications", "0001_initial"),
        ("registrations", "0003_reminder_ladder"),
    ]

    operations = [
        migrations.CreateModel(
            name="Look",
            fields=[
                _id(),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("registration", _to(_DEAL, related_name="looks")),
                ("user", _to(_USER)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("registration", "user"), name="look_one_per_person")
                ]
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                _id(),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(max_length=400)),
                ("created_at", models.DateTimeField()),
                ("user", _to(_USER, related_name="saved_views")),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("user"),
                        django.db.models.functions.text.Lower("name"),
                        name="saved_view_name_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Snooze",
            fields=[
                _id(),
                ("until", models.DateTimeField()),
                ("reason", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("by", _to(_USER, django.db.models.deletion.PROTECT)),
                (
                    "registration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="snooze", to=_DEAL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                _id(),
                ("due_at", models.DateTimeField()),
                ("level", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("message", _to("notifications.message", django.db.models.deletion.SET_NULL, null=True)),
                ("registration", _to(_DEAL, related_name="escalations")),
                ("told", _to(_USER, django.db.models.deletion.PROTECT, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("registration", "due_at", "level"), name="escalation_once"
                    )
                ]
            },
        ),
    ]
