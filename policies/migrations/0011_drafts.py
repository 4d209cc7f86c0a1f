"""A version is a draft until it is published; while it is one, it may be changed, contradict itself and be deleted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

# As in 0003, but that a draft, which has no beginning yet, is given one when it is published.
SQL = """
CREATE OR REPLACE FUNCTION policies_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.effective_from <= clock_timestamp() AND OLD.withdrawn_at IS NULL THEN
    RAISE EXCEPTION 'version % of the registration policy applies and is never changed', OLD.version
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF OLD.withdrawn_at IS NOT NULL THEN
    RAISE EXCEPTION 'version % of the registration policy was taken back and stays so', OLD.version
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.effective_from IS NOT NULL AND NEW.effective_from IS NULL THEN
    RAISE EXCEPTION 'version % of the registration policy is published and no draft any more', OLD.version
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.effective_from IS NOT NULL AND NEW.effective_from <= clock_timestamp() AND NEW.withdrawn_at IS NULL THEN
    RAISE EXCEPTION 'a waiting version of the registration policy begins when its time comes, not before'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
BACK = """
CREATE OR REPLACE FUNCTION policies_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.effective_from <= clock_timestamp() AND OLD.withdrawn_at IS NULL THEN
    RAISE EXCEPTION 'version % of the registration policy applies and is never changed', OLD.version
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF OLD.withdrawn_at IS NOT NULL THEN
    RAISE EXCEPTION 'version % of the registration policy was taken back and stays so', OLD.version
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.effective_from <= clock_timestamp() AND NEW.withdrawn_at IS NULL THEN
    RAISE EXCEPTION 'a waiting version of the registration policy begins when its time comes, not before'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


def _person(**options):
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, **options
    )


def _add(name, field):
    return migrations.AddField("registrationpolicy", name, field)


def _only_for_drafts(name, condition):
    return [
        migrations.RemoveConstraint("registrationpolicy", name),
        migrations.AddConstraint(
            "registrationpolicy", models.CheckConstraint(condition=Q(effective_from=None) | condition, name=name)
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("policies", "0010_right_notice"),
    ]
    operations = [
        migrations.AlterField("registrationpolicy", "effective_from", models.DateTimeField(null=True)),
        _add("authors", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
        _add("revision", models.PositiveIntegerField(default=1, db_default=1)),
        _add("changed_at", models.DateTimeField(null=True)),
        _add("changed_by", _person()),
        _add("unfinished", models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))),
        _add("published_by", _person()),
        _add("published_at", models.DateTimeField(null=True)),
        *_only_for_drafts("policy_scores_in_order", Q(review_score__lte=F("same_score"))),
        *_only_for_drafts("policy_reminder_in_time", Q(reminder_days__lt=F("protection_days"))),
        migrations.AddConstraint(
            "registrationpolicy",
            models.CheckConstraint(
                condition=Q(effective_from=None) | Q(published_at=None) | Q(effective_from__gte=F("published_at")),
                name="policy_never_back_dated",
            ),
        ),
        migrations.RunSQL(SQL, BACK),
        migrations.CreateModel(
            name="VersionNews",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("announced", "Announced"), ("taken_back", "Taken back")], max_length=12),
                ),
                ("firms", models.PositiveIntegerField()),
                ("told_at", models.DateTimeField()),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="news", to="policies.registrationpolicy"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(kind__in=["announced", "taken_back"]), name="news_kind_known"),
                    models.UniqueConstraint(fields=["policy", "kind"], name="news_told_once"),
                ],
            },
        ),
    ]
