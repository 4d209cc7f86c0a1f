from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"

    def ready(self) -> None:
        """What apps below ask of programs, without knowing them: what uses a group, a field of groups, what a certificate is
        good for, what happens to a firm that is suspended or merged, parts of its page. And the figures known here."""
        from partners import consequences, page_parts
        from partners.certificates import gates
        from partners.groups import fields, uses
        from partners.merging import relations
        from programs import audience_gates, group_field, tier_gates
        from programs.firm_page import RELATIONS, parts_of
        from programs.group_uses import uses_of_groups
        from programs.own_measures import provide_own
        from programs.services import firm_merging
        from programs.services.firm_changes import ENTRY

        provide_own()
        uses.provide(uses_of_groups)
        fields.add_field(group_field.FIELD)
        gates.provide(opens=tier_gates.opens, closes=tier_gates.closes)
        gates.provide(opens=audience_gates.opens, closes=audience_gates.closes)
        consequences.provide(ENTRY)
        page_parts.provide(parts_of)
        relations.provide(*RELATIONS, hook=firm_merging.follow)
