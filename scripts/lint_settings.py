"""The portal's settings with the migration linter, which production does not install."""

from prm.settings import *  # noqa: F403
from prm.settings import INSTALLED_APPS as _PORTAL

INSTALLED_APPS = [*_PORTAL, "django_migration_linter"]
