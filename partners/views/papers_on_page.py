"""What a firm's page says about its certificates, and about its agreements."""

from django.urls import reverse

from accounts.models import User
from core.clock import database_clock
from core.vendor_days import vendor_day
from partners.agreements.asking import asks_of
from partners.certificates.words import standing_of
from partners.models import Certificate, Partner
from partners.page_parts import Part
from partners.views.agreements.reading import firm_rows


def certificates(partner: Partner, reader: User) -> list[Part]:
    """How many it holds, and what asks for something: one query."""
    today = vendor_day(database_clock())
    rows = list(
        Certificate.objects.visible_to(reader)
        .filter(partner=partner)
        .select_related("partner")
        .with_followers()
    )
    standings = [standing_of(row, today) for row in rows]
    held = sum(1 for row in rows if row.holds_on(today))
    soon = sum(1 for standing in standings if standing.urge and standing.days is not None)
    lapsed = sum(1 for standing in standings if standing.urge >= 100)
    waiting = sum(1 for standing in standings if standing.label == "Being verified")
    notes = [
        f"{number} {words}"
        for number, words in ((lapsed, "lapsed"), (soon, "about to lapse"), (waiting, "being verified"))
        if number
    ]
    url = (
        f"{reverse('partners:certificates')}?view=all&firm={partner.code}"
        if reader.is_vendor
        else reverse("partners:our_certificates")
    )
    return [Part("certificates", "Certificates", url, held, ", ".join(notes), "file-certificate", 40)]


def agreements(partner: Partner, reader: User) -> list[Part]:
    """How many it accepted, and what is still to accept. For the vendor each of them besides, with who accepted it."""
    asks = asks_of(partner)
    if not asks and not reader.is_vendor:
        return []
    open_ones = [ask for ask in asks if ask.is_open]
    note = f"{len(open_ones)} to accept: {open_ones[0].agreement.title}" if open_ones else ""
    url, parts = reverse("partners:agreements"), []
    if reader.is_vendor and asks:
        url = f"{reverse('partners:partner', args=[partner.code])}#agreements-title"
        template, context = "partners/agreements/_firm_agreements.html", {"rows": firm_rows(asks)}
        parts.append(Part("agreement_rows", "Agreements", order=50, template=template, context=context))
    card = Part("agreements", "Agreements", url, len(asks) - len(open_ones), note, "file-text", 50)
    return [card, *parts]
