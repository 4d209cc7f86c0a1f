"""Who is told about agreements."""

from django.urls import reverse

from notifications.services import notify
from partners.contacts import admins_of
from partners.models import AgreementVersion, Partner


def asked(version: AgreementVersion, partner: Partner) -> None:
    """The firm's admins are asked to accept a version by its date, once for each time that it is asked."""
    agreement = version.agreement
    for person in admins_of(partner):
        notify(
            event="agreement.asked",
            recipient=person,
            context={
                "terms": {
                    "title": agreement.title,
                    "number": version.number,
                    "changes": version.changes,
                    "effective_on": version.effective_on,
                    "accept_by": version.accept_by,
                },
                "partner_name": partner.name,
                "again": version.asked > 1,
            },
            occasion=f"agreement.asked:{agreement.code}:{version.number}:{version.asked}",
            link=reverse("partners:agreement", args=[agreement.code]),
            about=agreement.code,
        )
