"""The download: case.html to read, case.json to verify, and the sums of both."""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import NotAllowed
from registrations.enums import Audience
from registrations.models import Registration
from registrations.services import timeline
from registrations.services.case_file.collecting import collect, registrations_of
from registrations.services.case_file.page import page_of

PERMISSION = "registrations.export_case"


@dataclass(frozen=True)
class CaseFile:
    """A finished download."""

    name: str
    content: bytes


def export_case(registration: Registration, *, by: User, clock: Clock = database_clock) -> CaseFile:
    """Everything about the dispute that `registration` is part of, for vendor staff who may export it.

    Who exported it is written on the timeline of each registration in it, for the vendor, before it is read: the file
    holds its own entry. Raises NotAllowed.
    """
    if not (by.is_vendor and by.may(PERMISSION)):
        raise NotAllowed("Your role does not include case files.")
    with transaction.atomic():
        found = [row.pk for row in registrations_of(registration)]
        # In the order in which everybody locks registrations. While they are held nothing of them changes.
        rows = (
            Registration.objects.filter(pk__in=found).order_by("rank", "pk").select_for_update(of=("self",))
        )
        locked = list(rows.select_related("partner", "company", "currency", "owner", "reviewer"))
        at = clock()
        for row in locked:
            data = {"asked_for": registration.code, "registrations": len(locked)}
            timeline.record(row, "case_exported", actor=by, at=at, audience=Audience.VENDOR, data=data)
        case = collect(locked, by=by, at=at)
    return CaseFile(f"case-{registration.code}-{at:%Y-%m-%d}.zip", _packed(case, at))


def _packed(case: dict[str, Any], at: datetime) -> bytes:
    files = {
        "case.html": render_to_string("registrations/case_file/case.html", page_of(case)).encode(),
        "case.css": render_to_string("registrations/case_file/case.css").encode(),
        "case.json": json.dumps(case, ensure_ascii=False, indent=1, sort_keys=True).encode(),
    }
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**files, "SHA256SUMS": sums.encode()}.items():
            archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
