"""Files that nobody needs leave the disk after DRAFT_FILES_DAYS; what a row names stays, whatever its age. On real files."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from core.clock import database_clock
from core.old_files import FOLDERS, file_columns, remove_old_files
from partners.models import Certificate
from partners.services.certificates import verify_certificate, withdraw_certificate
from programs.services.content.keeping import Audience, Said, change_item, create_item, discard_draft
from registrations.models import Attachment, Registration
from registrations.services import drafts, submission
from registrations.services.attachments import attach
from tests.partners.certificates.makers import handed_in, make_type, paper_file
from tests.people import draft_for

DAYS = timedelta(days=91)


@pytest.fixture(autouse=True)
def _disk(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def kept() -> set[str]:
    """What lies on the disk now."""
    root = Path(default_storage.location)  # type: ignore[attr-defined]
    return {str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()}


def aged(days: float = 91) -> None:
    """All files on the disk become so old."""
    root = Path(default_storage.location)  # type: ignore[attr-defined]
    then = (database_clock() - timedelta(days=days)).timestamp()
    for name in kept():
        os.utime(root / name, (then, then))


def evidence(draft, person) -> str:
    upload = SimpleUploadedFile("offer.pdf", b"%PDF-1.7 an offer")
    return str(attach(draft, upload, by=person).file.name)


def test_evidence_of_drafts_that_were_given_up(alice, gateways):
    """Thrown away or untouched for long: gone. Touched lately, or submitted: kept. The draft itself stays and says so."""
    named = {}
    for name in ("thrown away", "untouched", "touched", "submitted"):
        draft = draft_for(alice, f"{name.title()} AG", gateways)
        named[name] = (draft, evidence(draft, alice))
    drafts.discard_draft(named["thrown away"][0], by=alice)
    submission.submit(named["submitted"][0], by=alice)
    assert remove_old_files().removed == 0 and len(kept()) == 4  # nothing is old yet

    old = database_clock() - DAYS
    Attachment.objects.update(added_at=old)
    Registration.objects.update(changed_at=old)
    Registration.objects.filter(discarded_at__isnull=False).update(discarded_at=old)
    Registration.objects.filter(pk=named["touched"][0].pk).update(changed_at=database_clock())
    aged()
    done = remove_old_files()
    assert (done.released, done.removed) == (2, 2)
    assert kept() == {named["touched"][1], named["submitted"][1]}
    stale = Registration.objects.get(pk=named["untouched"][0].pk)
    assert stale.attachments.count() == 0 and stale.timeline.latest("number").kind == "files_given_up"
    assert remove_old_files().removed == 0


def test_a_draft_with_one_new_file_keeps_them_all(alice, gateways):
    draft = draft_for(alice, "Two Files AG", gateways)
    evidence(draft, alice)
    Attachment.objects.update(added_at=database_clock() - DAYS)
    Registration.objects.update(changed_at=database_clock() - DAYS)
    evidence(draft, alice)
    aged()
    assert remove_old_files().removed == 0 and len(kept()) == 2


def test_papers_of_certificates(northgate, bob, olga):
    """Taken back unseen: gone, and the page says so. Decided on, or waiting: kept for good."""
    kinds = [make_type(f"kind-{number}") for number in range(3)]
    waiting, taken, verified = (
        handed_in(northgate, kind, bob, upload=paper_file(f"{kind.code}.pdf")) for kind in kinds
    )
    withdraw_certificate(taken, by=bob, version=1)
    verify_certificate(verified, by=olga, version=1)
    aged()
    done = remove_old_files()
    assert (done.released, done.removed) == (1, 1)
    assert kept() == {waiting.file.name, verified.file.name}
    assert Certificate.objects.get(pk=taken.pk).file_sha256 == taken.file_sha256  # what it was stays known


def test_files_that_no_row_names(client, olga):
    """An upload that was replaced in a draft, and one of a draft that was thrown away; what two versions share stays."""

    def said(title: str) -> Said:
        return Said(title=title, upload=SimpleUploadedFile("a.pdf", b"%PDF-1.7 " + title.encode()))

    everybody = Audience(for_all=True)
    item = create_item(by=olga, kind="file", said=said("First"), audience=everybody)
    (first,) = kept()
    change_item(item, by=olga, version=1, said=said("Second"), audience=everybody)
    thrown = create_item(by=olga, kind="file", said=said("Thrown"), audience=everybody)
    discard_draft(thrown, by=olga, version=1)
    current = item.versions.get().file.name
    assert len(kept()) == 3
    aged(89)
    assert remove_old_files().removed == 0
    aged(91)
    call_command("remove_old_files")
    assert kept() == {current} and first not in kept()
    call_command("remove_old_files", now=(database_clock() + timedelta(days=5000)).isoformat())
    assert kept() == {current}


def test_every_column_of_files_is_asked_and_lies_in_a_folder_that_is_swept(db):
    """A table that comes later is asked by itself; where it keeps files elsewhere, this says so."""
    columns = file_columns()
    assert {model.__name__ for model, _ in columns} >= {
        "Attachment",
        "Certificate",
        "AgreementVersion",
        "ContentVersion",
        "Module",
    }
    for model, column in columns:
        name = model._meta.get_field(column).generate_filename(model(), "x.pdf")
        assert name.split("/")[0] in FOLDERS, model
