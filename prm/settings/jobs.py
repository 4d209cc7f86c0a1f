"""Celery's settings. Each line is one that lost nothing when workers and brokers were killed: docs/decisions/0002-jobs.md."""

from celery.schedules import crontab

from prm.settings import env

CELERY_BROKER_URL = env.text("CELERY_BROKER_URL")
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,  # longer than CELERY_TASK_TIME_LIMIT
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
}
# A web request never waits for the broker: the outbox sweep picks up what could not be announced.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# Beat only says 'sweep now'; the database decides what is due. `expires` keeps a stopped worker from a storm.
CELERY_BEAT_SCHEDULE = {
    "send-outbox": {"task": "notifications.send_outbox", "schedule": 15.0, "options": {"expires": 15}},
    "send-reminders": {
        "task": "registrations.send_reminders",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "expire-registrations": {
        "task": "registrations.expire_registrations",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "sweep-leads": {
        "task": "leads.sweep_leads",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "escalate-overdue": {
        "task": "registrations.escalate_overdue",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "note-new-rules": {
        "task": "registrations.note_new_rules",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "suggest-doubles": {
        "task": "companies.suggest_doubles",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600},
    },
    "move-waitlist": {
        "task": "registrations.move_waitlist",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "run-simulations": {
        "task": "registrations.run_simulations",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "tell-of-versions": {
        "task": "policies.tell_of_versions",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "tell-of-what-binds": {
        "task": "policies.tell_of_what_binds",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "warn-of-certificates": {
        "task": "partners.warn_of_certificates",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600},
    },
    "sweep-firms": {
        "task": "partners.sweep_firms",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "ask-to-accept": {
        "task": "partners.ask_to_accept",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "index-names": {"task": "companies.index_names", "schedule": 60.0, "options": {"expires": 60}},
    **(
        {
            "receive-mail": {
                "task": "registrations.receive_mail",
                "schedule": 60.0,
                "options": {"expires": 60},
            }
        }
        if env.text("MAIL_IN_URL", "")
        else {}
    ),
    "sweep-programs": {
        "task": "programs.sweep_programs",
        "schedule": crontab(minute="*/30"),
        "options": {"expires": 1800},
    },
    "compute-tiers": {
        "task": "programs.compute_tiers",
        "schedule": crontab(hour="3", minute="20"),
        "options": {"expires": 14_400},
    },
    "sweep-content": {
        "task": "programs.sweep_content",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "tell-arrivals": {
        "task": "programs.tell_arrivals",
        "schedule": crontab(hour="4", minute="10"),
        "options": {"expires": 14_400},
    },
    "remove-old-files": {
        "task": "core.remove_old_files",
        "schedule": crontab(hour="2", minute="40"),
        "options": {"expires": 14_400},
    },
    "heartbeat": {"task": "core.heartbeat", "schedule": 30.0, "options": {"expires": 30}},
}
