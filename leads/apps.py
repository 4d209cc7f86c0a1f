from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"

    def ready(self) -> None:
        """What apps below ask of leads, without knowing them: claims on companies and
        what becomes of a firm's own, what waits for a partner, what a company
        has, what a merge takes along, what becomes of a firm's leads with its status, and what their timelines hold."""
        from companies import above
        from companies.signals import verdict_given, verdict_undone
        from leads.company_figures import PROVIDER
        from leads.firm_parts import leads_of
        from leads.in_cases import PROVIDER as IN_CASES
        from leads.program_parts import leads_in
        from leads.services import claims, firm_merging, merging, passed, taking_up
        from leads.services.firm_changes import ENTRY
        from leads.waiting import leads_to_answer
        from partners import consequences, page_parts
        from partners.merging import relations
        from programs import contents
        from registrations import chains, waiting
        from registrations import claims as claims_below

        chains.provide(IN_CASES)
        claims_below.provide(claims.claims_of)
        claims_below.provide_own(taking_up.own_leads)
        claims_below.provide_teller(passed.tell_passed)
        waiting.provide(leads_to_answer)
        above.provide(PROVIDER)
        consequences.provide(ENTRY)
        page_parts.provide(leads_of)
        contents.provide(leads_in)
        verdict_given.connect(merging.carry_over, dispatch_uid="leads.carry_over")
        verdict_undone.connect(merging.carry_back, dispatch_uid="leads.carry_back")
        relations.provide(*firm_merging.RELATIONS, check=firm_merging.clashes)
