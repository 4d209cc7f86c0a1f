"""Serving a kept file: as a download that no browser runs or guesses about. The caller has checked who asks."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404


def as_download(stored: FieldFile, *, name: str, content_type: str) -> FileResponse:
    """The file under the name it came with. Raises Http404 when it is no longer there."""
    try:
        content = stored.open("rb")
    except (FileNotFoundError, ValueError):
        raise Http404("The file is no longer there.") from None
    response = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    # A policy of the response's own; the middleware leaves one that is there.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
