"""The people and things of the matrix, made once for all of its rows; what a row does to them is rolled back after it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from accounts import enums
from accounts.models import User
from catalog.models import ProductLine
from partners.enums import PartnerStatus
from partners.models import Partner
from tests.access.objects import Things, make_things
from tests.people import make_user


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Things, dict[str, int]]]:
    """The things, and each person's key by name."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(MEDIA_ROOT=media):
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
        yield make_things(**people, gateways=gateways), {name: user.pk for name, user in people.items()}
        transaction.set_rollback(True)


@pytest.fixture
def things(db: None, world: tuple[Things, dict[str, int]]) -> Things:
    return world[0]


def _person(name: str) -> Any:
    @pytest.fixture(name=name)
    def person(db: None, world: tuple[Things, dict[str, int]]) -> User:
        return User.objects.get(pk=world[1][name])

    return person


alice, bob, dan, charlie = _person("alice"), _person("bob"), _person("dan"), _person("charlie")
mara, olga, ivan, ada = _person("mara"), _person("olga"), _person("ivan"), _person("ada")
