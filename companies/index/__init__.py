"""The index of names in PostgreSQL: how it is written, kept in step with the names, rebuilt and asked."""
