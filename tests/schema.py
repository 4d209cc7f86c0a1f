"""What a database is made of, as lines that two databases can be compared by."""

from django.db import connection

_SHAPE = """
SELECT 'column ' || table_name || '.' || column_name || ' ' || udt_name || ' ' || is_nullable
    || coalesce(' ' || character_maximum_length, '') || coalesce(' ' || column_default, '') || ' ' || is_identity
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND prokind IN ('f', 'p')
"""


def shape() -> list[str]:
    """Columns, constraints, indexes, triggers and functions of this process's database, sorted."""
    with connection.cursor() as cursor:
        cursor.execute(_SHAPE)
        return sorted(row[0] for row in cursor.fetchall())
