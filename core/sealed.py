"""A file that is looked at before it counts travels with the page, signed: nothing waits on the server for somebody who
never confirms."""

import base64
import zlib
from typing import Any

from django.core import signing

_SECONDS = 3600


class SealBroken(Exception):
    """The upload is too old, was tampered with, or is another person's."""


def seal(content: bytes, *, user_id: Any, purpose: str) -> str:
    """A text that holds `content` for an hour, for this person and purpose alone."""
    packed = {"content": base64.b85encode(zlib.compress(content)).decode(), "user": user_id}
    return signing.dumps(packed, salt=purpose)


def unseal(sealed: str, *, user_id: Any, purpose: str) -> bytes:
    """The content again. Raises SealBroken."""
    try:
        packed = signing.loads(sealed, salt=purpose, max_age=_SECONDS)
    except signing.BadSignature as error:
        raise SealBroken from error
    if packed["user"] != user_id:
        raise SealBroken
    return zlib.decompress(base64.b85decode(packed["content"]))
