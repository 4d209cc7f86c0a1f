"""A firm's rows in every relation, for merges."""

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from django.db import connection

from catalog.models import Industry, Territory
from core.clock import database_clock
from leads.models import Gift, Turn
from leads.services import giving
from partners.enums import MilestoneKind, PickKind
from partners.models import (
    Agreement,
    AgreementAcceptance,
    AgreementVersion,
    FirmMilestone,
    Group,
    GroupPick,
    OnboardingStep,
    Partner,
)
from partners.services import invite
from partners.services.history import record
from partners.services.steps import complete_step
from programs.models import Program
from programs.services import enrolling
from programs.services.journeys import mark_done
from programs.services.keeping import ConditionGiven
from programs.services.steps import save_step, source_of
from registrations.models import PrecheckLog
from tests.leads.makers import make_lead
from tests.partners.certificates.makers import make_type, placed
from tests.people import submitted
from tests.programs.makers import make_program

# Written by a merge itself, or by the tale of it, and not taken back with it.
_TELLING = {
    "partners_partnermerge",
    "partners_mergedrow",
    "partners_firmentry",
    "registrations_timelineentry",
    "registrations_timelinehead",
    "leads_leadhead",
    "django_session",
    "core_cache",
}


def furnish(partner: Partner, person, mara, olga, line, chance: Random, *, companies: Iterable[str]) -> None:
    """Some of everything that can point at a firm; `chance` leaves parts out and overlaps with the other firm."""
    now = database_clock()
    for code in chance.sample(["north", "south", "west"], chance.randint(1, 3)):
        partner.territories.add(Territory.objects.get_or_create(code=code, defaults={"name": code})[0])
    for code in chance.sample(["food", "steel"], chance.randint(0, 2)):
        partner.industries.add(Industry.objects.get_or_create(code=code, defaults={"name": code})[0])
    for name in companies:
        submitted(person, f"{name} {partner.name} AG", line, clock=database_clock)
    PrecheckLog.objects.create(user=person, partner=partner, asked="Acme", clear=True, at=now)
    iso = make_type() if not _types() else _types()[0]
    status = chance.choice(["verified", "verified", "submitted"])
    placed(partner, iso, number=chance.choice(["N-1", "N-2"]), valid_to=date(2027, 1, 1), status=status)
    for kind in chance.sample(MilestoneKind.values, chance.randint(0, 2)):
        at = now - timedelta(days=chance.randint(1, 99))
        FirmMilestone.objects.update_or_create(partner=partner, kind=kind, defaults={"at": at})
    _take_part(partner, olga, chance, now)
    version = _terms(olga)
    if chance.random() < 0.7:
        AgreementAcceptance.objects.create(version=version, partner=partner, by=person, at=now)
    record(partner, "edit", actor=olga, at=now)
    if chance.random() < 0.7:
        Turn.objects.create(partner=partner, weight=2)
    group, _ = Group.objects.get_or_create(
        name="Pilots", defaults={"created_at": now, "changed_at": now, "changed_by": olga}
    )
    if chance.random() < 0.7:
        GroupPick.objects.create(
            group=group,
            partner=partner,
            kind=chance.choice(PickKind.values),
            reason="Asked.",
            by=olga,
            at=now,
        )
    invite(
        email=chance.choice(["eve@x.example", "ann@x.example"]),
        name="",
        role=person.role,
        partner=partner,
        by=olga,
    )
    lead = make_lead(mara, f"Lead of {partner.name}", line, clock=database_clock)
    giving.give(lead, way="hand", by=mara, partner=partner)
    Gift.objects.filter(lead=lead).update(answer_by=now + timedelta(days=30))


def _take_part(partner: Partner, olga, chance: Random, now) -> None:
    """In a program with steps and a journey: invited or enrolled, and some of it done."""
    program = Program.objects.filter(name="Council").first()
    if program is None:
        ours = ConditionGiven("vendor", "Kick-off")
        program = make_program(olga, "Council", stages=[("One", []), ("Two", [ours])])
        for title, stage in (("Name a speaker", 1), ("Send a photo", 1), ("Speak", 2)):
            fields = {"title": title, "stage": stage, "stage_title": f"Part {stage}", "required": True}
            save_step(program, by=olga, version=program.version, fields=fields)
            program.refresh_from_db()
    if chance.random() < 0.4:
        enrolling.invite(program, partner, by=olga)
        return
    enrolment = enrolling.take_in(program, partner, at=now)
    if chance.random() < 0.5:
        mark_done(enrolment, program.stages.get(number=2).conditions.get(), by=olga)
    steps = OnboardingStep.objects.filter(partner=partner, source=source_of(program), stage=1)
    for step in chance.sample(list(steps), chance.randint(0, 2)):
        complete_step(step, by=olga)


def snapshot() -> dict[str, set[str]]:
    """Every row of every table as text, but for what tells of the merge; a firm's version counts edits, so it is left out."""
    found = {}
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name not in _TELLING]
        for table in tables:
            row = (
                "t"
                if table != "partners_partner"
                else "(SELECT p FROM (SELECT t.id, t.name, t.status, t.tier) p)"
            )
            cursor.execute(f"SELECT {row}::text FROM {table} t")
            found[table] = {text for (text,) in cursor.fetchall()}
    return found


def _types():
    from partners.models import CertificateType

    return list(CertificateType.objects.all())


def _terms(olga) -> AgreementVersion:
    agreement, made = Agreement.objects.get_or_create(title="Partner terms")
    if made:
        day = date(2026, 1, 1)
        AgreementVersion.objects.create(
            agreement=agreement,
            number=1,
            text="Be fair.",
            effective_on=day,
            accept_by=day,
            published_by=olga,
            published_at=database_clock(),
        )
    return agreement.versions.get()
