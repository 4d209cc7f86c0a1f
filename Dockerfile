# One image for web, worker, beat and the migration step; docker-compose.yml says which is which.
FROM python:3.11.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DJANGO_SETTINGS_MODULE=prm.settings VAR_DIR=/var/lib/concord

RUN groupadd --system --gid 10001 concord \
 && useradd --system --uid 10001 --gid concord --home-dir /srv/concord --no-create-home concord \
 && install -d -o concord -g concord -m 0750 /var/lib/concord

WORKDIR /srv/concord
COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt
COPY . .

# Static files are part of the image. The settings want an environment; nothing of this one is kept.
RUN SECRET_KEY=build-only DATABASE_URL=postgresql://build@127.0.0.1:1/build CELERY_BROKER_URL=memory:// \
    EMAIL_URL=smtp://127.0.0.1:1 STATIC_ROOT=/srv/concord/staticfiles \
    python manage.py collectstatic --no-input --verbosity 0
ENV STATIC_ROOT=/srv/concord/staticfiles

USER concord
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-m", "prm.healthcheck"]
CMD ["gunicorn", "prm.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--no-control-socket", \
     "--graceful-timeout", "25", "--access-logfile", "-", "--worker-tmp-dir", "/dev/shm"]
