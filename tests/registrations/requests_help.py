"""What tests of extensions, appeals and letters share: a file, and a policy with other settings."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from policies.models import RegistrationPolicy
from policies.settings import settings_of
from tests.people import MONDAY


def letter(
    name: str = "letter.txt", content: bytes = b"Please wait for us until autumn."
) -> SimpleUploadedFile:
    """A file that shows something."""
    return SimpleUploadedFile(name, content)


def policy(*, begins: datetime = MONDAY, **settings: Any) -> RegistrationPolicy:
    """The next version of the policy, in force from `begins`."""
    last = RegistrationPolicy.objects.order_by("-version")[0]
    values = {**settings_of(last), **settings}
    return RegistrationPolicy.objects.create(
        version=last.version + 1, effective_from=begins, created_at=begins, **values
    )
