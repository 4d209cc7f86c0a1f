from django.apps import AppConfig
from django.db.models import Q


class PoliciesConfig(AppConfig):
    name = "policies"

    def ready(self) -> None:
        """Certificates open product lines; rights end with the partnership, and go along where two records become one;
        groups that a requirement names are used. The version in force says from when on companies count as one."""
        from companies.thresholds import provide as provide_thresholds
        from partners import consequences
        from partners.certificates import gates
        from partners.groups import uses
        from partners.merging import relations
        from policies.gates import asks, opens, prepare
        from policies.group_uses import uses_of_groups
        from policies.services.firm_changes import ENTRY
        from policies.thresholds import thresholds_in_force

        provide_thresholds(thresholds_in_force)
        gates.provide(opens=opens, prepare=prepare, asks=asks)
        uses.provide(uses_of_groups)
        consequences.provide(ENTRY)
        relations.provide(
            relations.Relation(
                "policies.ExclusiveRight.partner",
                "Distribution rights",
                shows="code",
                returns=Q(pk__isnull=False),  # given to that firm, whatever its end was set to meanwhile
            )
        )
