"""What somebody of a firm that is suspended or ended gets in place of a form whose sending would be refused: the page that
says what is so, why, and whom to ask."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from partners.enums import PartnerStatus
from partners.standing_words import standing_word


def not_now(request: HttpRequest, title: str, *, back: tuple[str, str] | None = None) -> HttpResponse | None:
    """The page, status 403, for people of such a firm; None for everybody else. `title` is what they wanted to do, `back`
    address and name of where they came from."""
    assert isinstance(request.user, User)
    word = standing_word(request.user)
    if word is None:
        return None
    url, label = back or ("", "")
    context = {"page_title": title, "word": word, "back_url": url, "back": label}
    return render(request, "partners/firm/not_now.html", context, status=403)


def not_any_more(
    request: HttpRequest, title: str, *, back: tuple[str, str] | None = None
) -> HttpResponse | None:
    """The same for what a suspended firm may still do, but one whose partnership ended may not."""
    member = getattr(request.user, "member", None)
    if member is None or member.partner.status != PartnerStatus.ENDED:
        return None
    return not_now(request, title, back=back)
