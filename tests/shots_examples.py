"""The table to extend: for each URL name with a code in its address, labels and what finds the arguments for a person."""

from functools import partial

from accounts.models import User
from companies.models import Company, NamedAccount
from leads.enums import LeadStatus
from leads.models import Lead
from partners.models import (
    Agreement,
    Application,
    Certificate,
    ChecklistItem,
    Group,
    OnboardingPlan,
    Partner,
    PlanStep,
)
from policies.models import ExclusiveRight, Guidance, ReviewRoute
from programs.models import ContentItem, Criterion, Enrolment, Module, Move, Program
from programs.models import Path as TrainingPath
from registrations.enums import Status
from registrations.models import Appeal, Extension
from tests.shots_finders import (
    GROUP,
    LETTERS,
    OPEN_DEAL,
    Finder,
    alias,
    announced,
    anonymous,
    application_token,
    asked,
    attempt,
    content_version,
    deal,
    disputable,
    double,
    drafted,
    firm_status,
    first,
    given_step,
    invitation_token,
    lapsing,
    living_token,
    named,
    offer,
    offer_token,
    own_firm,
    pk_of,
    planned,
    product_line,
    receipt,
    row_of,
    simulated,
    stage,
    tried,
    two_firms,
    version,
    with_a_line,
)

EXAMPLES: dict[str, dict[str, Finder]] = {
    "registrations:registration": {str(status.value): deal(status) for status in Status},
    "registrations:details": {"": deal(Status.DRAFT)},
    "registrations:check": {"": deal(Status.DRAFT)},
    "registrations:submitted": {"": deal(Status.IN_REVIEW)},
    "registrations:discard": {"": deal(Status.DRAFT)},
    "registrations:use_again": {"": deal(Status.REFUSED)},
    "registrations:update": {"": OPEN_DEAL},
    "registrations:answer": {"": deal(Status.INFORMATION_ASKED)},
    "registrations:withdraw": {"": OPEN_DEAL},
    "registrations:won": {"": OPEN_DEAL},
    "registrations:lost": {"": OPEN_DEAL},
    "registrations:ask_extension": {"": OPEN_DEAL},
    "registrations:release": {"": OPEN_DEAL},
    "registrations:extension": {"open": asked(Extension, "open"), "granted": asked(Extension, "granted")},
    "registrations:appeal": {"": disputable},
    "registrations:appeal_page": {"open": asked(Appeal, "open"), "dismissed": asked(Appeal, "refused")},
    "registrations:customer_letter": {"": with_a_line},
    "registrations:propose": {"": named("Hollis and Vane Packaging")},
    "registrations:offer": {"": offer},
    "registrations:offer_link": {"": anonymous(offer_token)},
    "registrations:line": {"": named("Hollis and Vane Packaging")},
    "registrations:receipt": {"refused": receipt},
    "registrations:still_active": {"good": anonymous(living_token)},
    "registrations:review_item": {
        "spelling": named("Mueller Maschinenbau"),
        "overdue": named("Nordic Fairy Lines"),
        "named-account": named("Vantage Aerospace"),
        "check-failed": named("Zephyr Glass Works"),
        "waitlisted": named("Hollis and Vane Packaging"),
        "held": named("International Business Machines Corp."),
    },
    "leads:lead": {str(status.value): first(Lead, status=status) for status in LeadStatus},
    "leads:change": {"": first(Lead, status=LeadStatus.NEW)},
    "leads:give": {"": first(Lead, company_name__startswith="Zementwerk")},
    "leads:take_back": {"": first(Lead, status=LeadStatus.GIVEN)},
    "leads:close": {"": first(Lead, status=LeadStatus.NEW)},
    "leads:accept": {"": first(Lead, company_name__startswith="Drahtzieherei")},
    "leads:decline": {"": first(Lead, company_name__startswith="Drahtzieherei")},
    "companies:company": {
        "disputed": first(Company, name__startswith="Hollis"),
        "group": GROUP,
        "family": first(Company, name__startswith="Nordhavn Shipping A"),
    },
    **{f"companies:{name}": {"": GROUP} for name in ("facts", "add_name", "no_parent", "choose_parent")},
    "companies:choose_merge": {"": first(Company, name__startswith="Hollis")},
    "companies:withdraw_name": {"": alias},
    "companies:merge": {"": double},
    "companies:parent": {"": double},
    "companies:named_account": {"": first(NamedAccount, reference="KA-1001")},
    "partners:partner": {
        "active": first(Partner, name="Northgate Automation"),
        "suspended": first(Partner, status="suspended"),
        "onboarding": first(Partner, status="onboarding"),
    },
    "partners:certificate": {
        "lapsing": lapsing,
        "to_verify": first(Certificate, status="submitted"),
        "rejected": first(Certificate, status="rejected"),
    },
    "partners:submit_certificate": {"": own_firm},
    "partners:certificate_type": {"": lambda user: ("cyber-resilience",) if user is not None else None},
    "partners:agreement": {"": first(Agreement, title="Partner terms")},
    "partners:publish_agreement": {"": first(Agreement, title="Partner terms")},
    "partners:choose_merge": {"": first(Partner, name="Northgate Automation")},
    "partners:merge": {"": two_firms},
    "partners:edit_partner": {"": first(Partner, name="Northgate Automation")},
    "partners:group": {
        "": first(Group, name="Plant builders"),
        "by-hand": first(Group, name="Gold and platinum"),
    },
    **{
        f"partners:{name}": {"": first(Group, name="Plant builders")}
        for name in ("change_group", "pick_firm")
    },
    "partners:group_history": {"": first(Group, name="Plant builders")},
    "partners:delete_group": {
        "": first(Group, name="New partners"),
        "used": first(Group, name="Plant builders"),
    },
    "programs:program": {
        "specialists": first(Program, name="Edge Specialists"),
        "council": first(Program, name="Partner council"),
    },
    **{
        f"programs:{name}": {"": first(Program, name="Edge Specialists")}
        for name in ("change", "new_stage", "new_step", "invite", "apply", "contents", "new_incentive")
    },
    "programs:incentive": {"": planned},
    "programs:step": {"": given_step},
    "programs:stage": {"": stage},
    "programs:enrolment": {
        "enrolled": first(Enrolment, status="enrolled", program__name="Edge Specialists"),
        "applied": first(Enrolment, status="applied"),
    },
    "programs:refuse": {"": first(Enrolment, status="applied")},
    "programs:end": {"": first(Enrolment, status="enrolled")},
    "programs:firm_tier": {"": first(Partner, name="Northgate Automation")},
    "programs:enter_figure": {"": first(Partner, name="Northgate Automation")},
    "programs:drop_criterion": {"": pk_of(Criterion)},
    "programs:move": {status: first(Move, status=status) for status in ("proposed", "noticed", "done")},
    **{
        f"programs:{name}": {"": first(TrainingPath, name="Selling with us")}
        for name in ("path", "change_path", "path_people")
    },
    "programs:module": {"": first(Module, name="Registering a deal well")},
    **{
        f"programs:{name}": {"": first(Module, name="Registering a deal well")}
        for name in ("change_module", "edit_quiz")
    },
    "programs:attempt": {"": attempt},
    "programs:content": {
        "page": first(ContentItem, kind="page"),
        "file": first(ContentItem, kind="file"),
        "asked": first(ContentItem, current__title__startswith="Evidence"),
        "draft": first(ContentItem, current=None),
    },
    "programs:change_content": {"": first(ContentItem, kind="file")},
    "programs:new_content": {"": lambda user: ("announcement",) if user is not None else None},
    "programs:content_readers": {"": first(ContentItem, current__title__startswith="Evidence")},
    "programs:content_version": {"": content_version},
    "partners:invite": {"": first(Partner, name="Northgate Automation")},
    "partners:onboarding": {"": first(Partner, name="Kestrel Edge Works")},
    "partners:history": {
        "suspended": first(Partner, status="suspended"),
        "onboarding": first(Partner, name="Kestrel Edge Works"),
    },
    "partners:standing": {name: firm_status(name) for name in ("suspend", "end")},
    "partners:member": {
        "": lambda user: (User.objects.get(name="Alice Berger").pk,) if user is not None else None
    },
    "partners:application": {
        "double": first(Application, name="Northgate Automation GmbH"),
        "looked-at": first(Application, name__startswith="Andes"),
        "declined": first(Application, state="declined"),
    },
    **{
        f"partners:{name}": {"": first(Application, name__startswith="Andes")}
        for name in ("accept_application", "decline_application")
    },
    "partners:new_step": {"": pk_of(OnboardingPlan)},
    "partners:edit_step": {"": pk_of(PlanStep)},
    "partners:edit_item": {"": pk_of(ChecklistItem)},
    "partners:confirm_application": {
        state: anonymous(partial(application_token, state)) for state in ("received", "accepted", "declined")
    },
    "registrations:simulate": {"": drafted},
    "registrations:simulation": {"": simulated, "change": tried},
    "registrations:try_given_right": {"": first(ExclusiveRight)},
    "registrations:try_end": {"": first(ExclusiveRight)},
    "registrations:try_requirement": {"": product_line},
    "registrations:try_written_requirement": {"": announced},
    "policies:version": {"first": version(1), "second": version(2), "ahead": version(3)},
    **{f"policies:{name}": {"": drafted} for name in ("edit_draft", "publish_draft")},
    **{f"policies:{name}": {"": product_line} for name in ("requirement", "change_requirement")},
    "policies:right": {"": first(ExclusiveRight)},
    "policies:end_right": {"": first(ExclusiveRight)},
    "policies:edit_route": {"": row_of(ReviewRoute)},
    "policies:edit_text": {"": row_of(Guidance)},
    "partners:accept_invitation": {"": anonymous(invitation_token)},
    "notifications:mail": LETTERS,
    "notifications:mail_html": LETTERS,
}
