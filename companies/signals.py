"""What apps above may listen to, since this app doesn't know them. Sent inside the transaction: an error undoes all."""

from django.dispatch import Signal

# verdict: Verdict, gone: Company | None (the one that was merged away), survivor: Company | None
verdict_given = Signal()

# verdict: Verdict, restored: Company | None (the company that stands for itself again), survivor: Company | None
verdict_undone = Signal()
