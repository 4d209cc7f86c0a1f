"""Pages of tiers: criteria, moves to decide, where a firm stands."""
