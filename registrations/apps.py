from django.apps import AppConfig


class RegistrationsConfig(AppConfig):
    name = "registrations"

    def ready(self) -> None:
        """A merge of companies takes this app's rows along and its undoing takes them apart; companies show them."""
        from companies import above
        from companies.signals import verdict_given, verdict_undone
        from registrations.company_figures import PROVIDER
        from registrations.services.merging import carry_back, take_over

        verdict_given.connect(take_over, dispatch_uid="registrations.take_over")
        verdict_undone.connect(carry_back, dispatch_uid="registrations.carry_back")
        above.provide(PROVIDER)
