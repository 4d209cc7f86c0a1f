"""The files of a reply, kept with its update after the same checks as an upload on the page."""

from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from core.clock import Clock
from core.errors import BadInput, DomainError
from core.uploads import check_upload
from registrations.models import Registration
from registrations.services import partner_actions
from registrations.services.attachments import attach
from registrations.services.mail_in.reading import Letter

_LONGEST = 300
_CUT = "The mail was too large to be read to its end."


@dataclass
class Files:
    """`good` passed the checks; `kept` are the names of those that are stored; `left` says of the others why not."""

    good: list[SimpleUploadedFile] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    left: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, letter: Letter, *, cut: bool) -> "Files":
        """The files of a mail, looked at. Of one that was `cut` off none is good: the last one is half a file."""
        files = cls()
        for file in letter.files():
            try:
                if cut:
                    raise BadInput(_CUT)
                check_upload(file)
            except BadInput as refused:
                files.leave(file, refused)
            else:
                file.seek(0)
                files.good.append(file)
        return files

    @property
    def found(self) -> bool:
        """Whether anything was attached."""
        return bool(self.good or self.left)

    def leave(self, file: SimpleUploadedFile, refused: DomainError) -> None:
        """Notes that a file is not kept."""
        self.left.append({"name": file.name or "file", "why": refused.message})

    def in_words(self) -> str:
        """For the log: what was kept, and what was not."""
        parts = [f"with {', '.join(self.kept)}"] if self.kept else []
        parts += [f"without {one['name']}: {one['why']}" for one in self.left]
        return "; ".join(parts)[:_LONGEST]


def update_with(
    files: Files, registration: Registration, *, by: User, note: str, clock: Clock
) -> Registration:
    """An update with the files that are good; the first of them is the evidence where the policy asks for one. A file for
    which there is no room is left, and the update stands. Raises what partner_actions.update does; nothing is kept then."""
    first: Any = files.good[0] if files.good else None
    updated = partner_actions.update(
        registration, by=by, fields={}, note=note, via="mail reply", upload=first, clock=clock
    )
    files.kept = [first.name] if first else []
    for file in files.good[1:]:
        try:
            attach(updated, file, by=by, clock=clock)
        except DomainError as refused:
            files.leave(file, refused)
        else:
            files.kept.append(file.name or "file")
    return updated
