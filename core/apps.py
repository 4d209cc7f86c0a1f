from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        """What Django says of bad input is said in the portal's words."""
        from core.plain_words import say_plainly

        say_plainly()
