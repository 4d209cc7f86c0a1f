"""The vendor's name, logo and colour for every page."""

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, object]:
    """`portal`: whose portal this is."""
    return {
        "portal": {
            "name": settings.PORTAL_NAME,
            "logo": settings.PORTAL_LOGO,
            "colour": settings.PORTAL_COLOUR,
            "url": settings.PORTAL_URL,
        }
    }
