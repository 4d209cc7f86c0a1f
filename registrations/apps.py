from django.apps import AppConfig


class RegistrationsConfig(AppConfig):
    name = "registrations"

    def ready(self) -> None:
        """An undone merge of companies takes this app's rows apart, too."""
        from companies.signals import verdict_undone
        from registrations.services.merging import carry_back

        verdict_undone.connect(carry_back, dispatch_uid="registrations.carry_back")
