from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"

    def ready(self) -> None:
        """What apps below ask of leads, without knowing them: claims on companies, what waits for a partner, what a company
        has, and what a merge takes along."""
        from companies import above
        from companies.signals import verdict_given, verdict_undone
        from leads.company_figures import PROVIDER
        from leads.services import claims, merging
        from leads.waiting import leads_to_answer
        from registrations import claims as claims_below
        from registrations import waiting

        claims_below.provide(claims.claims_of)
        waiting.provide(leads_to_answer)
        above.provide(PROVIDER)
        verdict_given.connect(merging.carry_over, dispatch_uid="leads.carry_over")
        verdict_undone.connect(merging.carry_back, dispatch_uid="leads.carry_back")
