"""The people and things of the matrix, made once for all of its rows; what a row does to them is rolled back after it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings

from accounts import enums
from accounts.models import User
from catalog.models import ProductLine
from partners.enums import PartnerStatus
from partners.models import Partner
from prm import navigation
from tests.access.objects import Things, make_things
from tests.people import make_user


@dataclass(frozen=True)
class World:
    """The things, and of each person by name: the key, and that of a session in which they are signed in."""

    things: Things
    keys: dict[str, int]
    sessions: dict[str, str]

    def client(self, name: str, **more: Any) -> Client:
        """A browser of that person's, signed in already."""
        client = Client(**more)
        client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[name]
        return client


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    media = tmp_path_factory.mktemp("media")
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(MEDIA_ROOT=media),
        _badges_counted_once(),
    ):
        vendors = {
            "mara": make_user("Mara", enums.CHANNEL_MANAGER),
            "olga": make_user("Olga", enums.CHANNEL_OPERATIONS),
            "ivan": make_user("Ivan", enums.AUDITOR),
            "ada": make_user("Ada", enums.ADMINISTRATOR),
        }
        north, south = (
            Partner.objects.create(
                name=name, country=country, status=PartnerStatus.ACTIVE, manager=vendors["mara"]
            )
            for name, country in (("Northgate", "DE"), ("Southridge", "FR"))
        )
        people = {
            **vendors,
            "alice": make_user("Alice", enums.PARTNER_REP, north),
            "bob": make_user("Bob", enums.PARTNER_ADMIN, north),
            "dan": make_user("Dan", enums.PARTNER_REP, north),
            "charlie": make_user("Charlie", enums.PARTNER_REP, south),
        }
        gateways, _ = ProductLine.objects.get_or_create(code="gateways", defaults={"name": "Gateways"})
        yield World(
            make_things(**people, gateways=gateways),
            {name: user.pk for name, user in people.items()},
            {name: _session_of(user) for name, user in people.items()},
        )
        transaction.set_rollback(True)


@contextmanager
def _badges_counted_once() -> Iterator[None]:
    """What waits for a person is the same at the beginning of each row: the numbers beside the entries of the sidebar are
    counted for their first page only. They took a third of the time that all thousands of pages take."""
    counted: dict[tuple[int, str], int] = {}

    def once(badge: Callable[[User], int]) -> Callable[[User], int]:
        def number(user: User) -> int:
            key = user.pk, badge.__name__
            if key not in counted:
                counted[key] = badge(user)
            return counted[key]

        return number

    badges = {entry.badge: once(entry.badge) for entry in navigation.ENTRIES if entry.badge}
    entries = [replace(entry, badge=entry.badge and badges[entry.badge]) for entry in navigation.ENTRIES]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(navigation, "ENTRIES", entries)
        yield


def _session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def things(db: None, world: World) -> Things:
    return world.things


def _person(name: str) -> Any:
    @pytest.fixture(name=name)
    def person(db: None, world: World) -> User:
        return User.objects.get(pk=world.keys[name])

    return person


alice, bob, dan, charlie = _person("alice"), _person("bob"), _person("dan"), _person("charlie")
mara, olga, ivan, ada = _person("mara"), _person("olga"), _person("ivan"), _person("ada")
