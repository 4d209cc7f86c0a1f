"""Who may do what at which address: one row an address. A route that is not listed here fails the test.

`get` and `post` name the people who get in (None: the method is not answered at all). `hidden` names those for whom the
object does not exist (404). Everybody else signed in gets 403; anonymous people are sent to sign in, unless `public`.
A POST that `spends` its object is tried with the first of those who get in only.
"""

from dataclasses import dataclass

PARTNERS = "alice bob dan charlie"
FIRM = "alice bob"  # who reach alice's registrations on the partner's side
REFEREES = "mara ada"
OPERATIONS = "olga ada"
VENDOR = "mara olga ivan ada"
LEAD_GIVERS = "mara olga ada"
ALL = f"{PARTNERS} {VENDOR}"
OUTSIDE = "dan charlie"


@dataclass(frozen=True)
class Row:
    """One address. `about` names the object that fills the route's arguments (tests/access/objects.py)."""

    route: str
    about: str = ""
    get: str | None = None
    post: str | None = None
    hidden: str = ""
    public: bool = False
    spends: bool = False


def _deal(
    route: str, about: str, *, get: str | None = None, post: str | None = None, spends: bool = False
) -> Row:
    """A page of one registration of alice's, open to her firm only."""
    return Row(f"registrations:{route}", about, get, post, hidden=OUTSIDE, spends=spends)


ROWS = [
    Row("home", get=ALL),
    Row("core:live", get=ALL, public=True),
    Row("core:ready", get=ALL, public=True),
    Row("core:theme", get=ALL, public=True),
    # Sign-in, from django-allauth: everybody gets the pages; what they do is in tests/accounts
    *(
        Row(f"account_{name}", get=ALL, post=ALL, public=True)
        for name in ("login", "signup", "reset_password")
    ),
    *(
        Row(f"account_{name}", get=ALL, public=True)
        for name in ("inactive", "reset_password_done", "reset_password_from_key_done")
    ),
    Row("account_email", get=ALL, post=ALL, public=True),
    Row("account_reset_password_from_key", "broken_key", get=ALL, post=ALL, public=True),
    *(
        Row(f"account_{name}", get=ALL, post=ALL)
        for name in ("logout", "reauthenticate", "change_password", "set_password")
    ),
    # Notices and mail
    Row("notifications:notices", get=ALL),
    Row("notifications:read_all", post=ALL),
    Row("notifications:open", "notice", post="alice", hidden=ALL.replace("alice", "")),
    Row("notifications:outbox", get="olga ivan ada"),
    Row("notifications:resend", "message", post=OPERATIONS),
    # Registering
    Row("registrations:overview", get=PARTNERS),
    Row("registrations:list", get=ALL),
    Row("registrations:new", get=PARTNERS, post=PARTNERS),
    Row("registrations:precheck", post=PARTNERS),
    Row("registrations:registration", "held", get=f"{FIRM} {VENDOR}", hidden=OUTSIDE),
    _deal("details", "draft", get=FIRM, post=FIRM),
    _deal("autosave", "draft", post=FIRM),
    _deal("check", "draft", get=FIRM, post=FIRM),
    _deal("submitted", "held", get=FIRM),
    _deal("discard", "draft", post=FIRM, spends=True),
    Row("registrations:case_file", "held", post=VENDOR),
    _deal("use_again", "refused", post=FIRM),
    _deal("update", "held", get=FIRM, post=FIRM),
    _deal("answer", "asked", get=FIRM, post=FIRM),
    _deal("withdraw", "held", get=FIRM, post=FIRM),
    _deal("won", "held", get=FIRM, post=FIRM),
    _deal("lost", "held", get=FIRM, post=FIRM),
    _deal("attach", "held", get=FIRM, post=FIRM),
    Row("registrations:attachment", "attachment", get=f"{FIRM} {VENDOR}", hidden=OUTSIDE),
    Row("registrations:receipt", "decision", get=f"{FIRM} {VENDOR}", hidden=OUTSIDE),
    Row("registrations:appeal", "decision", get=FIRM, post=FIRM, hidden=OUTSIDE),
    Row(
        "registrations:appeal_page", "appeal", get=f"{FIRM} {VENDOR}", post="ada", hidden=OUTSIDE
    ),  # mara decided first
    Row("registrations:extension", "extension", get=f"{FIRM} {VENDOR}", post=REFEREES, hidden=OUTSIDE),
    _deal("ask_extension", "held", get=FIRM, post=FIRM),
    _deal("release", "held", get=FIRM, post=FIRM),
    # Both partners of a proposal answer it; charlie's page shows nothing of alice's.
    Row("registrations:agreement", "agreement", get=f"{FIRM} charlie", hidden="dan"),
    *(
        Row(f"registrations:{name}", "agreement", post=f"{FIRM} charlie", hidden="dan", spends=True)
        for name in ("agree", "disagree")
    ),
    Row("registrations:offer", "offer", get=FIRM, hidden=OUTSIDE),
    Row("registrations:accept_offer", "offer", post=FIRM, hidden=OUTSIDE, spends=True),
    Row("registrations:decline_offer", "offer", post=FIRM, hidden=OUTSIDE, spends=True),
    Row("registrations:offer_link", "offer_link", get=ALL, post=ALL, public=True),
    Row("registrations:still_active", "still_active", get=ALL, post=ALL, public=True),
    # Refereeing
    Row("registrations:queue", get=VENDOR),
    Row("registrations:review_item", "in_review", get=VENDOR),
    Row("registrations:review_candidates", "in_review", get=VENDOR),
    *(
        Row(f"registrations:{name}", "in_review", post=REFEREES)
        for name in ("assign", "refuse", "ask_information", "waitlist", "same_company", "different_company")
    ),
    Row("registrations:line", "waitlisted", get=REFEREES, post=REFEREES),
    Row("registrations:propose", "rival", get=REFEREES, post=REFEREES),
    Row("registrations:revoke", "held", post=REFEREES),
    Row("registrations:look", "in_review", post=VENDOR),
    *(
        Row(f"registrations:{name}", "in_review", post=REFEREES)
        for name in ("take", "hand_over", "snooze", "wake")
    ),
    Row("registrations:bulk", post=REFEREES),
    Row("registrations:save_view", post=VENDOR),
    Row("registrations:rename_view", "saved_view", post="mara", hidden="olga ivan ada"),
    Row("registrations:delete_view", "saved_view", post="mara", hidden="olga ivan ada", spends=True),
    Row("registrations:customer_letter", "contested", get=REFEREES, post=REFEREES),
    Row("registrations:requests", get=VENDOR),
    Row("registrations:undo", "decision", post="mara", spends=True),  # only who decided
    # Leads
    Row("leads:list", get=VENDOR),
    Row("leads:ours", get=PARTNERS),
    Row("leads:new", get=LEAD_GIVERS, post=LEAD_GIVERS),
    Row("leads:import", get=LEAD_GIVERS, post=LEAD_GIVERS),
    Row("leads:confirm_import", post=LEAD_GIVERS),
    Row("leads:import_example", get=LEAD_GIVERS),
    Row("leads:rotation", get=LEAD_GIVERS, post=LEAD_GIVERS),
    Row("leads:give_many", post=LEAD_GIVERS),
    Row("leads:lead", "lead_given", get=f"alice bob dan {VENDOR}", hidden="charlie"),
    *(
        Row(f"leads:{name}", "lead_new", get=LEAD_GIVERS, post=LEAD_GIVERS)
        for name in ("change", "give", "close")
    ),
    Row("leads:take_back", "lead_given", get=LEAD_GIVERS, post=LEAD_GIVERS),
    Row("leads:claim", "lead_pooled", post="alice bob dan", hidden="charlie", spends=True),
    Row("leads:accept", "lead_given", get="alice bob dan", post="alice bob dan", hidden="charlie"),
    Row("leads:decline", "lead_given", get="alice bob dan", post="alice bob dan", hidden="charlie"),
    # Companies
    Row("companies:search", get=VENDOR),
    Row("companies:company", "company", get=VENDOR),
    Row("companies:doubles", get=VENDOR),
    Row("companies:answer_double", "double", post=REFEREES),
    *(
        Row(f"companies:{name}", "company", get=REFEREES, post=REFEREES)
        for name in ("facts", "add_name", "no_parent")
    ),
    *(Row(f"companies:{name}", "company", get=REFEREES) for name in ("choose_merge", "choose_parent")),
    *(Row(f"companies:{name}", "two_companies", get=REFEREES, post=REFEREES) for name in ("parent", "merge")),
    Row("companies:withdraw_name", "alias", get=REFEREES, post=REFEREES, spends=True),
    Row("companies:different", "two_companies", post=REFEREES),
    Row("companies:undo_change", "company_change", post=REFEREES, spends=True),
    Row("companies:undo_verdict", "verdict", post=REFEREES, spends=True),
    Row("companies:named_accounts", get=VENDOR),
    Row("companies:named_account", "named_account", get=VENDOR),
    Row("companies:import_named_accounts", get=OPERATIONS, post=OPERATIONS),
    Row("companies:confirm_import", post=OPERATIONS),
    Row("companies:import_example", get=OPERATIONS),
    # Firms and people
    Row("accounts:profile", get=ALL, post=ALL),
    Row("accounts:away", get=VENDOR, post=VENDOR),
    Row("accounts:cancel_absence", "absence", post="mara", hidden="olga ivan ada", spends=True),
    Row("accounts:single_keys", post=ALL),
    Row("partners:list", get=VENDOR),
    Row("partners:new_partner", get=OPERATIONS, post=OPERATIONS),
    Row("partners:partner", "partner", get=f"alice bob dan {VENDOR}", hidden="charlie"),
    Row("partners:edit_partner", "partner", get=OPERATIONS, post=OPERATIONS),
    Row("partners:firm", get=PARTNERS),
    Row("partners:invite", "partner", get=f"bob {OPERATIONS}", post=f"bob {OPERATIONS}"),
    Row("partners:people", get=OPERATIONS),
    Row("partners:invite_staff", get=OPERATIONS, post=OPERATIONS),
    Row("partners:deactivate", "colleague", post=f"bob {OPERATIONS}"),
    Row("partners:reactivate", "colleague", post=f"bob {OPERATIONS}"),
    Row("partners:set_manager", "staff", post=OPERATIONS),
    Row("partners:revoke_invitation", "invitation", post=f"bob {OPERATIONS}", spends=True),
    Row("partners:accept_invitation", "invitation_link", get=ALL, post=ALL, public=True),
    # Policies and reports
    Row("policies:registration_policy", get=ALL),
    Row("policies:version", "policy", get=ALL),
    Row("policies:new_version", get=OPERATIONS, post=OPERATIONS),
    Row("policies:withdraw_version", "scheduled", post=OPERATIONS, spends=True),
    Row("reports:export_open_registrations", "csv", get=VENDOR),
    Row("reports:open_registrations", get=VENDOR),
]
