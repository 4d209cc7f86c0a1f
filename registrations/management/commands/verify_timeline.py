"""`manage verify_timeline [CODE]`: does the sums of the hash chains, in the database or in a case file: those of
registrations and of whatever other apps keep timelines of, such as leads."""

import json
import zipfile
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import chain
from registrations.chains import Verdict, providers
from registrations.models import Registration
from registrations.services.case_file.collecting import FORMAT
from registrations.services.timeline import chains


@dataclass
class _Entry:
    number: int
    previous_hash: str
    hash: str
    content: dict[str, Any]


class Command(BaseCommand):
    help = "Verifies the hash chain of the timeline of a registration or a lead, of all of them, or of a case file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "code", nargs="?", help="a registration or a lead, such as R-7KQ2MXA; all of them without it"
        )
        parser.add_argument("--case", help="a case file (zip or case.json) instead of the database")

    def handle(self, *args: Any, **options: Any) -> None:
        results = _in_file(options["case"]) if options["case"] else _in_database(options["code"])
        count = entries = broken = 0
        for code, length, fault in results:
            count, entries = count + 1, entries + length
            if fault:
                broken += 1
                self.stderr.write(f"{code}: broken. {fault}")
            elif options["code"] or options["case"]:
                self.stdout.write(f"{code}: intact, {_entries(length)}")
        if broken:
            raise CommandError(f"{broken} of {count} timelines are broken.")
        self.stdout.write(f"intact: {count} {'timeline' if count == 1 else 'timelines'}, {_entries(entries)}")


def _entries(number: int) -> str:
    return "1 entry" if number == 1 else f"{number} entries"


def _in_database(code: str | None) -> Iterator[tuple[str, int, str]]:
    for found, length, broken in _chains(code.strip().upper() if code else None):
        if broken is None or isinstance(broken, int):
            yield found, length, f"Entry {broken} is missing." if broken else ""
        else:
            yield found, length, _fault(broken.number, broken.kind, broken.at.isoformat())


def _chains(code: str | None) -> Iterator[Verdict]:
    """All of them, or the one with this code."""
    if code is None:
        yield from chains()
        for provider in providers():
            yield from provider.verify(None)
        return
    ids = list(Registration.objects.filter(code=code).values_list("pk", flat=True))
    if ids:
        yield from chains(ids)
        return
    found = [verdict for provider in providers() for verdict in provider.verify(code)]
    if not found:
        kinds = " or ".join(["registration", *(provider.subject for provider in providers())])
        raise CommandError(f"There is no {kinds} {code}.")
    yield from found


def _in_file(path: str) -> Iterator[tuple[str, int, str]]:
    try:
        case = json.loads(_content(path))
        if case["format"] != FORMAT:
            raise CommandError(f"{path} is no case file.")
        yield from _in_part(case["registrations"], "registration")
        for provider in providers():
            yield from _in_part(case.get(provider.name, []), provider.subject)  # not in files of before
    except (KeyError, TypeError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise CommandError(f"{path} cannot be read as a case file: {error}") from error


def _in_part(rows: list[dict[str, Any]], subject: str) -> Iterator[tuple[str, int, str]]:
    for row in rows:
        entries = [_entry(entry, subject, row["code"]) for entry in row["timeline"]]
        broken = chain.first_broken(entries, lambda entry: chain.seal(entry.content))
        if isinstance(broken, _Entry):
            fault = _fault(broken.number, broken.content["kind"], broken.content["at"])
        elif broken:
            fault = f"Entry {broken} is missing."
        else:
            ends = (row["chain"]["entries"], row["chain"]["last_hash"])
            whole = ends == (len(entries), entries[-1].hash if entries else "")
            fault = "" if whole else f"It ends at entry {len(entries)}, not at {ends[0]}."
        yield row["code"], len(entries), fault


def _content(path: str) -> bytes:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return archive.read("case.json")
    with open(path, "rb") as file:
        return file.read()


def _entry(entry: dict[str, Any], subject: str, code: str) -> _Entry:
    content = {**entry["content"], subject: code}
    return _Entry(content["number"], content["previous"], entry["hash"], content)


def _fault(number: int, kind: str, at: str) -> str:
    return (
        f"Entry {number} ({kind}, {at}) does not fit: it, or one before it, was changed after it was written."
    )
