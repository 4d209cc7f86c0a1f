from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "policies"

    def ready(self) -> None:
        """Certificates open product lines; rights end with the partnership, and go along where two records become one."""
        from partners import consequences
        from partners.certificates import gates
        from partners.merging import relations
        from policies.gates import closes, opens
        from policies.services.firm_changes import ENTRY

        gates.provide(opens=opens, closes=closes)
        consequences.provide(ENTRY)
        relations.provide(
            relations.Relation("policies.ExclusiveRight.partner", "Exclusive rights", shows="code")
        )
