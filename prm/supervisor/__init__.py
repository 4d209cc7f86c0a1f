"""Runs the portal on one machine with nothing else installed: `python -m prm.supervisor up|manage|reset`.

It starts PostgreSQL and Valkey out of their wheels, prepares the database, and watches the web server, the worker and
beat. Django runs in child processes only. Why it is built this way: docs/decisions/0001-embedded-servers.md.
"""
