from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"

    def ready(self) -> None:
        """What apps below ask of programs, without knowing them: what uses a group, a field of groups, what a certificate is
        good for, what happens to a firm that is suspended or merged, parts of its page. And the figures known here."""
        from partners import consequences, page_parts
        from partners.certificates import earning, gates, granted, obtaining
        from partners.groups import fields, lapsing, uses
        from partners.merging import relations
        from programs import audience_gates, circles, group_field, joining_gates, stage_gates, tier_gates
        from programs.earning import earned_by_training, instead_of_papers, same_learning
        from programs.firm_page import RELATIONS, parts_of
        from programs.group_uses import uses_of_groups
        from programs.leaving import programs_as_if
        from programs.obtaining import trainings_that_grant
        from programs.own_measures import provide_own
        from programs.services import firm_merging
        from programs.services.firm_changes import ENTRY
        from programs.training import names_granting

        provide_own()
        uses.provide(uses_of_groups, objects=circles.objections)
        fields.add_field(group_field.FIELD)
        lapsing.follow(group_field.FIELD.code, programs_as_if)
        gates.provide(opens=tier_gates.opens, prepare=tier_gates.prepare, asks=tier_gates.asks)
        gates.provide(opens=audience_gates.opens, prepare=audience_gates.prepare, asks=audience_gates.asks)
        gates.provide(opens=joining_gates.opens, prepare=joining_gates.prepare)
        gates.provide(opens=stage_gates.opens, prepare=stage_gates.prepare, asks=stage_gates.asks)
        granted.provide(names_granting)
        earning.provide(earned_by_training, papers=instead_of_papers, beside=same_learning)
        obtaining.provide(trainings_that_grant)
        consequences.provide(ENTRY)
        page_parts.provide(parts_of)
        relations.provide(*RELATIONS, hook=firm_merging.follow)
