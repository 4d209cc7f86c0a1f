"""The vendor's named accounts, through the same import that operations use."""

import csv
import io
from datetime import date, timedelta

from accounts.models import User
from companies.services import import_named_accounts
from core.clock import Clock
from demo.files import table


def load_named_accounts(today: date, *, by: User, clock: Clock) -> int:
    """Imports the table; its dates are days from today. Returns how many claims came in."""
    rows = table("named_accounts")
    for row in rows:
        for column in ("effective_from", "ends_on"):
            if row[column]:
                row[column] = (today + timedelta(days=int(row[column]))).isoformat()
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    report = import_named_accounts(out.getvalue().encode(), by=by, dry_run=False, clock=clock)
    if report.errors:
        raise ValueError(f"the demo's named accounts do not load: {report.errors}")
    return report.created
