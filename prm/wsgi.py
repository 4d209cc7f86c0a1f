"""The WSGI entry point that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from companies.matching import read_tables

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings")

application = get_wsgi_application()
read_tables()  # or whoever asks a fresh process first would wait for it
