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

for _name, _value in env.mail().items():
    globals()[_name] = _value
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", f"{PORTAL_NAME} <no-reply@portal.example>")

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
