"""manage.py demo_accounts: who can sign in to the demo."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import User
from demo.files import table
from demo.ground import PASSWORD


class Command(BaseCommand):
    help = "Prints the demo's accounts as a table: role, name, e-mail, password."

    def handle(self, *args: Any, **options: Any) -> None:
        shown = [row["email"] for row in table("people") if row["shown"]]
        found = {
            user.email: user
            for user in User.objects.filter(email__in=shown).select_related("member__partner")
        }
        if not found:
            self.stdout.write("The demo is not loaded.")
            return
        rows = [("Role", "Name", "E-mail", "Password")]
        for user in (found[email] for email in shown if email in found):
            firm = f", {user.member.partner}" if hasattr(user, "member") else ""
            rows.append((f"{user.role}{firm}", user.name, user.email, PASSWORD))
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        for row in rows:
            self.stdout.write(
                "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            )
        self.stdout.write("Everybody else in the demo has the same password.")
