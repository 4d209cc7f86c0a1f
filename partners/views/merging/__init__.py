"""Pages of a merge: choosing the other record, the plan, doing it, taking it back."""
