"""The index that the search asks, and the triggers that tell which names it doesn't show yet."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions
from django.db import migrations, models

# Written by hand: Django would give the primary key a second index, for LIKE, which nothing reads.
_WORD = """
CREATE TABLE companies_word (
    word text COLLATE "C" NOT NULL PRIMARY KEY,
    names integer NOT NULL,
    typos integer[] NOT NULL
);
"""

# Whoever changes a name, its withdrawal or its company's merging leaves a mark; turning marks into entries is Python's
# part. A merge locks the names, so that an entry being written at the same moment is written before or after it.
_TRIGGERS = """
CREATE FUNCTION companies_mark_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO companies_unindexedname (name_id, marked_in)
    VALUES (NEW.id, pg_current_xact_id()::text::bigint);
    RETURN NULL;
END $$;

CREATE FUNCTION companies_forget_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM companies_nameentry WHERE name_id = OLD.id;
    RETURN NULL;
END $$;

CREATE FUNCTION companies_mark_company() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM companies_companyname WHERE company_id = NEW.id AND withdrawn_at IS NULL
      ORDER BY id FOR NO KEY UPDATE;
    INSERT INTO companies_unindexedname (name_id, marked_in)
    SELECT id, pg_current_xact_id()::text::bigint FROM companies_companyname
     WHERE company_id = NEW.id AND withdrawn_at IS NULL;
    RETURN NULL;
END $$;

CREATE TRIGGER companyname_is_new AFTER INSERT ON companies_companyname
    FOR EACH ROW WHEN (NEW.withdrawn_at IS NULL) EXECUTE FUNCTION companies_mark_name();
CREATE TRIGGER companyname_changed AFTER UPDATE ON companies_companyname
    FOR EACH ROW WHEN (
        OLD.text IS DISTINCT FROM NEW.text OR OLD.company_id IS DISTINCT FROM NEW.company_id
        OR (OLD.withdrawn_at IS NULL) <> (NEW.withdrawn_at IS NULL)
    ) EXECUTE FUNCTION companies_mark_name();
CREATE TRIGGER companyname_is_gone AFTER DELETE ON companies_companyname
    FOR EACH ROW EXECUTE FUNCTION companies_forget_name();
CREATE TRIGGER company_merging_changed AFTER UPDATE ON companies_company
    FOR EACH ROW WHEN ((OLD.merged_into_id IS NULL) <> (NEW.merged_into_id IS NULL))
    EXECUTE FUNCTION companies_mark_company();
"""

_NO_TRIGGERS = """
DROP TRIGGER companyname_is_new ON companies_companyname;
DROP TRIGGER companyname_changed ON companies_companyname;
DROP TRIGGER companyname_is_gone ON companies_companyname;
DROP TRIGGER company_merging_changed ON companies_company;
DROP FUNCTION companies_mark_name(), companies_forget_name(), companies_mark_company();
"""

_UNUSED = """
ALTER TABLE companies_companyname ALTER COLUMN keys SET DEFAULT '{}', ALTER COLUMN normalised SET DEFAULT '';
"""
_USED = "ALTER TABLE companies_companyname ALTER COLUMN keys DROP DEFAULT, ALTER COLUMN normalised DROP DEFAULT;"

# Names that are there already: the beat job writes their entries, or `manage reindex_companies` at once.
_FIRST_MARKS = """
INSERT INTO companies_unindexedname (name_id, marked_in)
SELECT n.id, 0 FROM companies_companyname n JOIN companies_company c ON c.id = n.company_id
 WHERE n.withdrawn_at IS NULL AND c.merged_into_id IS NULL ORDER BY n.id;
"""


class Migration(migrations.Migration):
    dependencies = [("companies", "0002_memory")]

    operations = [
        migrations.CreateModel(
            name="IndexState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.IntegerField()),
                ("names", models.BigIntegerField(default=0)),
                ("counted_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="indexstate_has_one_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="NameEntry",
            fields=[
                (
                    "name",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="entry",
                        serialize=False,
                        to="companies.companyname",
                    ),
                ),
                ("core", models.TextField()),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="companies.company",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "name entries",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["keys"], name="nameentry_keys"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UnindexedName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("marked_in", models.BigIntegerField()),
                (
                    "name",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="companies.companyname",
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_WORD, "DROP TABLE companies_word")],
            state_operations=[
                migrations.CreateModel(
                    name="Word",
                    fields=[
                        (
                            "word",
                            models.TextField(db_collation="C", primary_key=True, serialize=False),
                        ),
                        ("names", models.IntegerField()),
                        (
                            "typos",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.IntegerField(), size=None
                            ),
                        ),
                    ],
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="word",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["typos"], name="word_typos"
            ),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(
                django.db.models.functions.Right(
                    models.Func(
                        "phone",
                        models.Value("[^0-9]"),
                        models.Value(""),
                        models.Value("g"),
                        function="regexp_replace",
                    ),
                    8,
                ),
                condition=models.Q(("phone", ""), _negated=True),
                name="company_phone",
            ),
        ),
        migrations.RemoveIndex(model_name="companyname", name="companyname_keys"),
        migrations.RemoveIndex(model_name="companyname", name="companyname_trigrams"),
        migrations.RemoveIndex(model_name="companyname", name="companyname_normalised"),
        # Code of the release before still reads and writes these two; the release after this one drops them.
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_UNUSED, _USED)],
            state_operations=[
                migrations.RemoveField(model_name="companyname", name="keys"),
                migrations.RemoveField(model_name="companyname", name="normalised"),
            ],
        ),
        migrations.AddIndex(
            model_name="companyname",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.Upper("text"), name="gin_trgm_ops"
                ),
                name="companyname_letters",
            ),
        ),
        migrations.RunSQL(_TRIGGERS, _NO_TRIGGERS),
        migrations.RunSQL(_FIRST_MARKS, migrations.RunSQL.noop),
    ]
