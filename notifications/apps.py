"""The app that tells people."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from core.health import add_figure
        from notifications.backlog import backlog

        add_figure("outbox", backlog)
