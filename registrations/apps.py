from django.apps import AppConfig


class RegistrationsConfig(AppConfig):
    name = "registrations"

    def ready(self) -> None:
        """A merge of companies takes this app's rows along and its undoing takes them apart; companies show them, and
        versions of the policy their simulations."""
        from companies import above
        from companies.signals import verdict_given, verdict_undone
        from core import old_files
        from core.health import add_figure
        from partners import consequences, page_parts
        from partners.groups.fields import add_field
        from partners.merging import relations
        from policies import concerned, may, mine, simulations
        from registrations import waiting
        from registrations.company_figures import PROVIDER
        from registrations.facts import open_of, protected_by_version
        from registrations.firm_parts import registrations_of
        from registrations.firm_steps import steps_to_do
        from registrations.group_fields import product_line_field
        from registrations.measures import provide_measures
        from registrations.rights import firms_at_work
        from registrations.services import draft_files, firm_merging
        from registrations.services.firm_changes import ENTRY
        from registrations.services.mail_in import readings
        from registrations.services.merging import carry_back, take_over
        from registrations.simulation.panel import panel_of, simulated_of, trials_of

        provide_measures()
        old_files.provide(draft_files.give_up)
        add_figure("incoming_mail", readings.figure)
        add_field(product_line_field())
        verdict_given.connect(take_over, dispatch_uid="registrations.take_over")
        verdict_undone.connect(carry_back, dispatch_uid="registrations.carry_back")
        above.provide(PROVIDER)
        consequences.provide(ENTRY)
        page_parts.provide(registrations_of)
        waiting.provide(steps_to_do)
        concerned.provide(firms_at_work)
        may.provide_open_deals(open_of)
        mine.provide_protected(protected_by_version)
        simulations.provide(panel_of)
        simulations.provide_simulated(simulated_of)
        simulations.provide_trials(trials_of)
        relations.provide(*firm_merging.RELATIONS, check=firm_merging.clashes, hook=firm_merging.note)
