from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "policies"

    def ready(self) -> None:
        """Certificates open product lines; rights end with the partnership, and go along where two records become one;
        groups that a requirement names are used."""
        from partners import consequences
        from partners.certificates import gates
        from partners.groups import uses
        from partners.merging import relations
        from policies.gates import closes, opens
        from policies.group_uses import uses_of_groups
        from policies.services.firm_changes import ENTRY

        gates.provide(opens=opens, closes=closes)
        uses.provide(uses_of_groups)
        consequences.provide(ENTRY)
        relations.provide(
            relations.Relation("policies.ExclusiveRight.partner", "Exclusive rights", shows="code")
        )
