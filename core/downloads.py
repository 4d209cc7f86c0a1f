"""Serving a kept file: as a download that no browser runs or guesses about, or a PDF in a frame of our own. The caller has
checked who asks."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404

PDF = "application/pdf"


def as_download(stored: FieldFile, *, name: str, content_type: str) -> FileResponse:
    """The file under the name it came with. Raises Http404 when it is no longer there."""
    return _served(stored, name, content_type, policy="default-src 'none'; sandbox")


def in_a_frame(stored: FieldFile, *, name: str, content_type: str) -> FileResponse:
    """A PDF that a page of ours shows beside the fields it proves. Raises Http404 for every other kind: what a browser could
    run is fetched, never shown. The page's policy must allow the frame, and the view must let us alone frame it."""
    if content_type != PDF:
        raise Http404("Files of this kind are fetched, not shown.")
    # No sandbox: browsers show no PDF in one. Objects and styles are those of their own viewer.
    policy = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    return _served(stored, name, PDF, policy=policy, attached=False)


def _served(
    stored: FieldFile, name: str, content_type: str, *, policy: str, attached: bool = True
) -> FileResponse:
    try:
        content = stored.open("rb")
    except (FileNotFoundError, ValueError):
        raise Http404("The file is no longer there.") from None
    response = FileResponse(content, as_attachment=attached, filename=name, content_type=content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    # A policy of the response's own; the middleware leaves one that is there.
    response.headers["Content-Security-Policy"] = policy
    return response
