"""Wiring of the portal: settings, urls, Celery. No domain code lives here."""

from prm.celery import app as celery_app

__all__ = ["celery_app"]
