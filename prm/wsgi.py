"""The WSGI entry point that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings")

application = get_wsgi_application()

from companies.matching import read_tables  # noqa: E402

read_tables()  # or whoever asks a fresh process first would wait for it
