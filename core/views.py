"""Pages that belong to no app: health, the vendor's colour, a refused form."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from core.health import examine


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing else, so that a database that is away does not get the web server restarted."""
    return JsonResponse({"alive": True})


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and every known background process has a fresh pulse, else 503; figures as JSON."""
    health = examine()
    return JsonResponse({"ready": health.ready, **health.report}, status=200 if health.ready else 503)


@require_safe
@cache_control(public=True, max_age=86_400)
def theme(request: HttpRequest) -> HttpResponse:
    """The vendor's colour as a style sheet. Pages add the colour to the address, so a change shows at once."""
    colours = {"portal": {"colour": settings.PORTAL_COLOUR}}
    return render(None, "core/theme.css", colours, content_type="text/css; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "", **_: Any) -> HttpResponse:
    """A form whose protection token is missing or old: said in plain words. `reason` is for the log only."""
    return render(request, "errors/csrf.html", status=403)
