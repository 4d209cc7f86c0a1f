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
NORTHGATE = "alice bob dan"  # everybody of alice's firm


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
    Row("registrations:incoming", get="olga ivan ada"),
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
    Row("registrations:take_back_proposal", "agreement", post=REFEREES, spends=True),
    Row("registrations:revoke", "held", post=REFEREES),
    Row("registrations:reopen", "refused", post=REFEREES),
    Row("registrations:look", "in_review", post=VENDOR),
    *(
        Row(f"registrations:{name}", "in_review", post=REFEREES)
        for name in ("take", "hand_over", "snooze", "wake")
    ),
    Row("registrations:bulk", post=REFEREES),
    Row("registrations:undo_bulk", post=REFEREES),
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
    Row("partners:our_certificates", get=PARTNERS),
    Row("partners:submit_certificate", "partner", get=f"bob {OPERATIONS}", post=f"bob {OPERATIONS}"),
    Row("partners:certificates", get=VENDOR),
    Row("partners:certificate_queue", get=OPERATIONS),
    Row("partners:certificate_types", get=VENDOR),
    Row("partners:new_certificate_type", get=OPERATIONS, post=OPERATIONS),
    Row("partners:certificate_type", "certificate_type", get=OPERATIONS, post=OPERATIONS),
    *(
        Row(f"partners:{name}", "certificate", get=f"alice bob dan {VENDOR}", hidden="charlie")
        for name in ("certificate", "certificate_file", "certificate_framed_file")
    ),
    Row("partners:withdraw_certificate", "certificate", post=f"bob {OPERATIONS}"),
    *(
        Row(f"partners:{name}_certificate", "certificate", post=OPERATIONS)
        for name in ("verify", "reject", "revoke")
    ),
    Row("partners:agreements", get=ALL),
    Row("partners:agreement", "terms", get=ALL),
    Row("partners:agreement_file", "terms_version", get=ALL),
    Row("partners:accept_agreement", "terms", post="bob"),
    Row("partners:new_agreement", get=OPERATIONS, post=OPERATIONS),
    Row("partners:publish_agreement", "terms", get=OPERATIONS, post=OPERATIONS),
    Row("partners:ask_agreement", "terms", post=OPERATIONS),
    Row("partners:end_agreement", "terms", post=OPERATIONS, spends=True),
    Row("partners:choose_merge", "partner", get=OPERATIONS),
    Row("partners:merge", "two_partners", get=OPERATIONS, post=OPERATIONS),
    Row("partners:undo_merge", "partner_merge", post=OPERATIONS, spends=True),
    Row("partners:edit_own", get="bob", post="bob"),
    Row(
        "partners:member",
        "colleague",
        get=f"bob dan {OPERATIONS}",
        post=f"bob dan {OPERATIONS}",
        hidden="charlie",
    ),
    *(
        Row(f"partners:{name}", "partner", get=f"alice bob dan {VENDOR}", hidden="charlie")
        for name in ("onboarding", "history")
    ),
    Row("partners:tick_step", "firm_step", post=f"alice bob dan {OPERATIONS}", hidden="charlie"),
    Row("partners:standing", "firm_change", get=OPERATIONS, post=OPERATIONS),
    Row("partners:our_steps", get=VENDOR),
    Row("partners:plans", get=VENDOR),
    Row("partners:new_plan", post=OPERATIONS),
    Row("partners:plan_activation", "plan", post=OPERATIONS),
    Row("partners:new_step", "plan", get=OPERATIONS, post=OPERATIONS),
    Row("partners:edit_step", "plan_step", get=OPERATIONS, post=OPERATIONS),
    Row("partners:remove_step", "plan_step", post=OPERATIONS, spends=True),
    Row("partners:new_item", get=OPERATIONS, post=OPERATIONS),
    Row("partners:edit_item", "checklist_item", get=OPERATIONS, post=OPERATIONS),
    Row("partners:remove_item", "checklist_item", post=OPERATIONS, spends=True),
    # Applying, and deciding on applications
    Row("partners:apply", get=ALL, post=ALL, public=True),
    Row("partners:applied", get=ALL, public=True),
    Row("partners:confirm_application", "application_link", get=ALL, post=ALL, public=True),
    Row("partners:applications", get=VENDOR),
    Row("partners:application", "application", get=VENDOR),
    *(
        Row(f"partners:{name}", "application", get=OPERATIONS, post=OPERATIONS)
        for name in ("accept_application", "decline_application")
    ),
    Row("partners:note_application", "application", post=OPERATIONS),
    Row("partners:tick_check", "application_check", post=OPERATIONS),
    # Groups
    Row("partners:groups", get=VENDOR),
    Row("partners:group", "group", get=VENDOR),
    Row("partners:new_group", get=OPERATIONS, post=OPERATIONS),
    *(Row(f"partners:{name}", post=OPERATIONS) for name in ("group_rule", "group_preview")),
    *(
        Row(f"partners:{name}", "group", get=OPERATIONS, post=OPERATIONS)
        for name in ("change_group", "pick_firm", "delete_group")
    ),
    Row("partners:group_history", "group", get=VENDOR),
    Row("partners:drop_pick", "group_pick", post=OPERATIONS),
    # Programs, tiers, training
    Row("programs:list", get=VENDOR),
    Row("programs:ours", get=PARTNERS),
    Row("programs:new", get=OPERATIONS, post=OPERATIONS),
    Row("programs:program", "program", get=f"{NORTHGATE} {VENDOR}", hidden="charlie"),
    *(
        Row(f"programs:{name}", "program", get=OPERATIONS, post=OPERATIONS)
        for name in ("change", "new_stage", "new_step", "invite", "contents", "new_incentive")
    ),
    Row("programs:incentive", "incentive", get=OPERATIONS, post=OPERATIONS),
    Row("programs:delete_incentive", "incentive", post=OPERATIONS),
    Row("programs:step", "joining_step", get=OPERATIONS, post=OPERATIONS),
    Row("programs:delete_step", "joining_step", post=OPERATIONS),
    *(Row(f"programs:{name}", "program", post=OPERATIONS) for name in ("open", "close")),
    Row("programs:stage", "program_stage", get=OPERATIONS, post=OPERATIONS),
    *(Row(f"programs:{name}", "program_stage", post=OPERATIONS) for name in ("move_stage", "delete_stage")),
    Row("programs:apply", "program", get="bob", post="bob"),
    Row("programs:answer", "program", post="bob"),
    Row("programs:enrolment", "application_to_program", get=VENDOR),
    Row("programs:approve", "application_to_program", post=OPERATIONS),
    *(
        Row(f"programs:{name}", "application_to_program", get=OPERATIONS, post=OPERATIONS)
        for name in ("refuse", "end")
    ),
    Row("programs:step_done", "program_step", post=OPERATIONS),
    Row("programs:tiers", get=VENDOR),
    Row("programs:our_tier", get=PARTNERS),
    Row("programs:criteria", get=VENDOR, post=OPERATIONS),
    Row("programs:drop_criterion", "criterion", get=OPERATIONS, post=OPERATIONS),
    Row("programs:firm_tier", "partner", get=VENDOR),
    Row("programs:enter_figure", "partner", get=REFEREES, post=REFEREES),
    Row("programs:move", "tier_move", get=VENDOR),
    *(Row(f"programs:{name}", "tier_move", post=REFEREES) for name in ("approve_move", "decline_move")),
    Row("programs:training", get=PARTNERS),
    Row("programs:path", "training_path", get=NORTHGATE, hidden="charlie"),
    Row("programs:begin_path", "training_path", post=NORTHGATE, hidden="charlie"),
    *(
        Row(f"programs:{name}", "training_module", get="alice", hidden="bob dan charlie")
        for name in ("module", "module_file")
    ),
    *(
        Row(f"programs:{name}", "training_module", post="alice", hidden="bob dan charlie")
        for name in ("module_done", "start_quiz")
    ),
    Row("programs:attempt", "attempt", get="alice", post="alice", hidden="bob dan charlie"),
    Row("programs:training_desk", get=VENDOR),
    *(Row(f"programs:new_{name}", get=OPERATIONS, post=OPERATIONS) for name in ("module", "path")),
    *(
        Row(f"programs:{name}", "training_module", get=OPERATIONS, post=OPERATIONS)
        for name in ("change_module", "edit_quiz")
    ),
    Row("programs:publish_module", "training_module", post=OPERATIONS),
    Row("programs:change_path", "training_path", get=OPERATIONS, post=OPERATIONS),
    Row("programs:publish_path", "training_path", post=OPERATIONS),
    Row("programs:path_people", "training_path", get=VENDOR),
    # The library
    Row("programs:library", get=ALL),
    Row("programs:content", "document", get=f"{NORTHGATE} {VENDOR}", hidden="charlie"),
    Row("programs:content_file", "document_version", post=f"{NORTHGATE} {VENDOR}", hidden="charlie"),
    Row("programs:content_opened", "announcement", post=NORTHGATE, hidden="charlie"),
    Row("programs:acknowledge_content", "announcement", post=NORTHGATE, hidden="charlie"),
    Row("programs:new_content", "content_kind", get=OPERATIONS, post=OPERATIONS),
    Row("programs:change_content", "document", get=OPERATIONS, post=OPERATIONS),
    *(
        Row(f"programs:{name}_content", "document", post=OPERATIONS)
        for name in ("publish", "withdraw", "put_back", "discard")
    ),
    Row("programs:content_readers", "document", get=VENDOR),
    Row("programs:content_version", "document_version", get=VENDOR),
    # Policies and reports
    Row("policies:registration_policy", get=ALL),
    Row("policies:version", "policy", get=ALL),
    Row("policies:new_version", post=OPERATIONS),
    Row("policies:versions", get=VENDOR),
    Row("policies:compare_versions", get=ALL),
    *(
        Row(f"policies:{name}", "policy_draft", get=OPERATIONS, post=OPERATIONS)
        for name in ("edit_draft", "publish_draft")
    ),
    Row("policies:draft_live", "policy_draft", post=OPERATIONS),
    Row("policies:delete_draft", "other_policy_draft", post=OPERATIONS, spends=True),
    Row("policies:withdraw_version", "scheduled", post=OPERATIONS, spends=True),
    Row("policies:ask", get=PARTNERS),
    Row("policies:requirements", get=VENDOR),
    Row("policies:requirement", "line", get=VENDOR),
    Row("policies:change_requirement", "line", get=OPERATIONS, post=OPERATIONS),
    Row("policies:take_back_requirement", "requirement", post=OPERATIONS, spends=True),
    Row("policies:rights", get=VENDOR),
    Row("policies:new_right", get=OPERATIONS, post=OPERATIONS),
    Row("policies:right", "right", get=VENDOR),
    Row("policies:end_right", "right", get=OPERATIONS, post=OPERATIONS),
    Row("policies:routes", get=VENDOR),
    Row("policies:new_route", get=OPERATIONS, post=OPERATIONS),
    Row("policies:edit_route", "route", get=OPERATIONS, post=OPERATIONS),
    Row("policies:move_route", "route", post=OPERATIONS),
    Row("policies:end_route", "other_route", post=OPERATIONS, spends=True),
    Row("policies:guidance", get=VENDOR),
    Row("policies:new_text", get=OPERATIONS, post=OPERATIONS),
    Row("policies:edit_text", "guidance", get=OPERATIONS, post=OPERATIONS),
    Row("policies:end_text", "other_guidance", post=OPERATIONS, spends=True),
    Row("registrations:simulate", "policy", get=OPERATIONS, post=OPERATIONS),
    Row("registrations:try_right", get=OPERATIONS, post=OPERATIONS),
    *(
        Row(f"registrations:{name}", about, get=OPERATIONS, post=OPERATIONS)
        for name, about in (
            ("try_given_right", "right"),
            ("try_end", "right"),
            ("try_requirement", "line"),
            ("try_written_requirement", "requirement"),
        )
    ),
    Row("registrations:simulation", "simulation", get=VENDOR),
    Row("registrations:export_simulation", "simulation", get=VENDOR),
    Row("registrations:cancel_simulation", "simulation", post=OPERATIONS, spends=True),
    Row("reports:export_open_registrations", "csv", get=VENDOR),
    Row("reports:open_registrations", get=VENDOR),
]
