"""The portal's settings, read from the environment: apps.py, security.py, jobs.py and this page. See docs/operations.md."""

from prm.settings import env
from prm.settings.apps import *  # noqa: F403
from prm.settings.jobs import *  # noqa: F403
from prm.settings.paths import BASE_DIR, VAR_DIR
from prm.settings.security import *  # noqa: F403
from prm.settings.security import DEBUG

ROOT_URLCONF = "prm.urls"
WSGI_APPLICATION = "prm.wsgi.application"

_DATABASE = env.database()
DATABASES = {
    "default": {
        **_DATABASE,
        "CONN_MAX_AGE": env.whole_number("DATABASE_KEEP_SECONDS", default=600),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "options": "-c lock_timeout=5s -c statement_timeout=30s",
            **_DATABASE.get("OPTIONS", {}),  # such as sslmode, from the address
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all web processes. In the database, so that sign-in does not depend on the broker.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}

# The vendor whose portal this is.
PORTAL_NAME = env.text("PORTAL_NAME", "Concord")
PORTAL_LOGO = env.text("PORTAL_LOGO", "")
PORTAL_COLOUR = env.colour("PORTAL_COLOUR", "#0b5cad")
PORTAL_URL = env.text("PORTAL_URL", "http://127.0.0.1:8000").rstrip("/")
# When the vendor's people work: the clocks of reviews run in these hours, less the country's public holidays.
VENDOR_COUNTRY = env.text("VENDOR_COUNTRY", "").upper()
VENDOR_TIME_ZONE = env.zone("VENDOR_TIME_ZONE", "UTC")
VENDOR_HOURS = env.hours("VENDOR_HOURS", "09:00-17:00")
# Business days (of the firm's country) in which a partner accepts or declines a lead before it is pulled back.
LEAD_ANSWER_BUSINESS_DAYS = env.whole_number("LEAD_ANSWER_BUSINESS_DAYS", default=3, least=1)
# Days in the pool after which whoever keeps a lead hears that nobody claims it, and hears it again.
LEAD_POOL_DAYS = env.whole_number("LEAD_POOL_DAYS", default=14, least=1)
# Days between the approval of a move to a lower tier and the move itself; figures that recover in them take it back.
TIER_NOTICE_DAYS = env.whole_number("TIER_NOTICE_DAYS", default=30, least=1)
# Days after which files of drafts that nobody submitted, and those that no row names, leave the disk.
DRAFT_FILES_DAYS = env.whole_number("DRAFT_FILES_DAYS", default=90, least=1)

for _name, _value in env.mail().items():
    globals()[_name] = _value
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", f"{PORTAL_NAME} <no-reply@portal.example>")

# Replies to reminders: the address that takes them, the mailbox where they lie, and who vouches for their senders.
MAIL_IN_ADDRESS = env.mail_address("MAIL_IN_ADDRESS")
MAIL_IN_URL = env.text("MAIL_IN_URL", "")
MAIL_IN_TRUSTED_SERVER = env.text("MAIL_IN_TRUSTED_SERVER", "")

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "core.formats"
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", str(VAR_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
MAILBOX_DIR = VAR_DIR / "mailbox"

# Every answer of the pre-check takes this long, or a multiple of it: docs/decisions/0009-pre-check.md. Keep it above the
# 99th percentile that `make bench ARGS=precheck` finds on your data; 0 switches it off.
PRECHECK_SECONDS = env.whole_number("PRECHECK_MILLISECONDS", default=400) / 1000

UPLOAD_LIMIT_BYTES = env.whole_number("UPLOAD_LIMIT_BYTES", default=10 * 1024 * 1024, least=1)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# The address is unique by a constraint on lower(email), which this check does not look for.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    # Two lines for each sweep would bury what matters; a task that fails is still an error.
    "loggers": {"celery.worker.strategy": {"level": "WARNING"}, "celery.app.trace": {"level": "WARNING"}},
}
