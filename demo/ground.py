"""What stands before the first deal: catalogue, the vendor's staff, partners and their people."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from accounts.enums import CHANNEL_MANAGER
from accounts.models import Role, User
from catalog.models import Industry, ProductLine, Territory
from demo.files import table
from partners.enums import PartnerStatus
from partners.models import Member, Partner

PASSWORD = "green harbour seven lanterns"
"""One passphrase for everybody in the demo; `demo_accounts` prints it."""


def load_catalog() -> None:
    """Product lines, territories and industries."""
    for row in table("product_lines"):
        ProductLine.objects.get_or_create(code=row["code"], defaults={"name": row["name"]})
    for row in table("territories"):
        # The year that is told begins with them.
        values = {"name": row["name"], "countries": row["countries"].split(), "created_at": None}
        Territory.objects.get_or_create(code=row["code"], defaults=values)
    for row in table("industries"):
        Industry.objects.get_or_create(code=row["code"], defaults={"name": row["name"]})


def load_people(today: datetime) -> dict[str, User]:
    """Everybody by their short name, with firms and memberships. The suspended firm is active until its story says so."""
    people: dict[str, User] = {}
    # One hash for all: hashing is slow on purpose, and the passphrase is printed for everybody anyway.
    password = make_password(PASSWORD)
    roles = {role.code: role for role in Role.objects.all()}
    rows = table("people")
    for row in sorted(rows, key=lambda row: bool(row["partner"])):
        people[row["key"]] = User.objects.create(
            email=row["email"],
            name=row["name"],
            role=roles[row["role"]],
            time_zone=row["time_zone"],
            password=password,
        )
    # Overdue reviews go up the line: the channel managers report to the administrator.
    User.objects.filter(role=roles[CHANNEL_MANAGER]).update(manager=people["ada"])
    for row in table("partners"):
        partner = _partner(row, people[row["manager"]], today)
        joined = today - timedelta(days=int(row["joined"]))
        for person in rows:
            if person["partner"] == row["key"]:
                member = Member.objects.create(user=people[person["key"]], partner=partner)
                Member.objects.filter(pk=member.pk).update(joined_at=joined)
                User.objects.filter(pk=member.user_id).update(date_joined=joined)
    User.objects.filter(member=None).update(date_joined=today - timedelta(days=950))
    return people


def _partner(row: dict[str, str], manager: User, today: datetime) -> Partner:
    begins = PartnerStatus.ACTIVE if row["status"] == PartnerStatus.SUSPENDED else row["status"]
    fields = {name: row[name] for name in ("name", "kind", "tier", "country", "city", "website", "time_zone")}
    partner = Partner.objects.create(**fields, status=begins, manager=manager)
    Partner.objects.filter(pk=partner.pk).update(created_at=today - timedelta(days=int(row["joined"])))
    partner.territories.set(Territory.objects.filter(code__in=row["territories"].split()))
    partner.industries.set(Industry.objects.filter(code__in=row["industries"].split()))
    return partner
