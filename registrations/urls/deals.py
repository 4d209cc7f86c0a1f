"""Registering deals and keeping them alive."""

from django.urls import URLPattern, path, register_converter

from registrations.views import (
    actions,
    agreements,
    case_file,
    drafts,
    files,
    listing,
    offers,
    overview,
    page,
    receipt,
    register,
    still_active,
)


class Code:
    """An opaque public code (core.codes) in an address, so that no word such as 'new' is ever taken for one."""

    regex = "[A-Z]-[0-9A-Z]{4,14}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Code, "code")

urlpatterns: list[URLPattern] = [
    path("registrations/overview/", overview.overview, name="overview"),
    path("registrations/", listing.registrations, name="list"),
    path("registrations/new/", register.new, name="new"),
    path("registrations/precheck/", register.precheck, name="precheck"),
    path("registrations/<code:code>/", page.registration, name="registration"),
    path("registrations/<code:code>/details/", drafts.details, name="details"),
    path("registrations/<code:code>/autosave/", drafts.autosave, name="autosave"),
    path("registrations/<code:code>/check/", drafts.check, name="check"),
    path("registrations/<code:code>/submitted/", drafts.submitted, name="submitted"),
    path("registrations/<code:code>/discard/", drafts.discard, name="discard"),
    path("registrations/<code:code>/use-again/", drafts.use_again, name="use_again"),
    path("registrations/<code:code>/update/", actions.update, name="update"),
    path("registrations/<code:code>/answer/", actions.answer, name="answer"),
    path("registrations/<code:code>/withdraw/", actions.withdraw, name="withdraw"),
    path("registrations/<code:code>/won/", actions.won, name="won"),
    path("registrations/<code:code>/lost/", actions.lost, name="lost"),
    path("registrations/<code:code>/case-file/", case_file.case_file, name="case_file"),
    path("registrations/<code:code>/attach/", files.attach, name="attach"),
    path("attachments/<code:code>/", files.download, name="attachment"),
    path("decisions/<code:code>/", receipt.receipt, name="receipt"),
    path("agreements/<code:code>/", agreements.agreement, name="agreement"),
    path("agreements/<code:code>/agree/", agreements.agree, name="agree"),
    path("agreements/<code:code>/disagree/", agreements.disagree, name="disagree"),
    path("offers/<code:code>/", offers.offer, name="offer"),
    path("offers/<code:code>/accept/", offers.accept, name="accept_offer"),
    path("offers/<code:code>/decline/", offers.decline, name="decline_offer"),
    path("offers/mail/<str:token>/", offers.offer_link, name="offer_link"),
    path("still-active/<str:token>/", still_active.still_active, name="still_active"),
]
