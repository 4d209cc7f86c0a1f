"""What somebody did of a path's modules on other paths (P5): what of it counts, what has to be done anew, and where."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core.clock import database_clock
from core.errors import WrongStatus
from core.vendor_days import vendor_day
from partners.models import Certificate, CertificateType
from partners.services.certificates import revoke_certificate
from programs.models import Module, Path, Take
from programs.services.training import keeping, taking
from tests.programs.makers import (
    QUESTIONS,
    RIGHT,
    at,
    make_module,
    make_path,
    make_type,
    pass_path,
    told,
)

MONTH = 30


@pytest.fixture
def kind(db) -> CertificateType:
    return make_type()


def holds_until(take: Take, days: int) -> Take:
    """As if what the take granted ended in so many days, or so many days ago."""
    end = vendor_day(database_clock()) + timedelta(days=days)
    assert take.certificate is not None
    Certificate.objects.filter(code=take.certificate.code).update(valid_to=end)
    Take.objects.filter(pk=take.pk).update(valid_until=end)
    take.refresh_from_db()
    return take


def done_on(take: Take) -> list[str]:
    return list(take.done.order_by("module__name").values_list("module__name", flat=True))


def put(path: Path, olga, *modules: Module, clock=database_clock) -> Path:
    """Operations change the modules of a path."""
    return keeping.save_path(
        path, by=olga, fields={"name": path.name}, modules=modules, version=path.version, clock=clock
    )


def test_modules_done_elsewhere_count_unless_their_quiz_is_another_now(olga, alice):
    shared, changed = make_module(olga, "Shared"), make_module(olga, "Changed")
    pass_path(alice, make_path(olga, "One", shared, changed), clock=at(0))
    keeping.save_quiz(changed, by=olga, questions=QUESTIONS[:1], pass_mark=100, version=changed.version)
    take = taking.begin(make_path(olga, "Two", shared, changed), by=alice, clock=at(1))
    assert [row.module.name for row in take.done.select_related("module")] == ["Shared"]


@pytest.mark.parametrize("quiz", [True, False])
def test_a_path_whose_modules_were_all_done_elsewhere_is_passed_where_it_is_begun(client, olga, alice, quiz):
    one, two = (make_module(olga, name, quiz=quiz) for name in ("One", "Two"))
    short = make_path(olga, "Short", one, grants=make_type())
    pass_path(alice, make_path(olga, "Long", one, two), clock=at(0))
    assert told("training.passed") == ["alice@northgate.example"]

    client.force_login(alice)
    page = client.post(reverse("programs:begin_path", args=[short.code]), follow=True)

    take = Take.objects.get(path=short)
    assert take.passed_at == take.started_at and take.certificate == Certificate.objects.get()
    assert page.redirect_chain[-1][0] == reverse("programs:path", args=[short.code])
    assert "Passed" in page.text and take.certificate.number in page.text
    assert told("training.passed") == ["alice@northgate.example"] * 2


@pytest.mark.parametrize("end", ["lapsed", "lapses soon", "revoked"])
def test_what_earned_a_certification_that_is_over_does_not_bring_it_back(client, olga, alice, kind, end):
    """One click on another path that grants it did, with nothing learned."""
    rules, more = make_module(olga, "Rules"), make_module(olga, "More")
    first = pass_path(alice, make_path(olga, "Seller", rules, more, grants=kind))
    germany = make_path(
        olga, "Germany", rules, make_module(olga, "Extra")
    )  # without a certification: no way around
    assert done_on(taking.begin(germany, by=alice)) == ["Rules"]
    if end == "revoked":
        revoke_certificate(
            first.certificate, by=olga, version=first.certificate.version, reason="Somebody else sat it."
        )
    else:
        holds_until(first, -MONTH if end == "lapsed" else MONTH)
    short = make_path(olga, "Seller, short", rules, grants=kind)

    client.force_login(alice)
    client.post(reverse("programs:begin_path", args=[short.code]))

    take = Take.objects.get(path=short)
    assert (take.passed_at, done_on(take), Certificate.objects.count()) == (None, [], 1)
    pass_path(alice, short, clock=database_clock)
    take.refresh_from_db()
    assert take.certificate.status == "verified" and Certificate.objects.count() == 2
    shorter = make_path(olga, "Seller, shorter", rules, grants=kind)
    assert taking.begin(shorter, by=alice).certificate is not None  # what earned the new one counts


@pytest.mark.parametrize("end", ["lapsed", "revoked"])
@pytest.mark.parametrize("together", [True, False])
def test_a_path_begun_before_does_not_bring_back_a_certification_that_is_over(
    client, olga, alice, kind, end, together
):
    """What counted on it then came from the path that was passed, or was done for both at once."""
    rules, more = make_module(olga, "Rules"), make_module(olga, "More")
    longer = make_path(olga, "Longer", rules, more, grants=kind)
    if together:
        taking.begin(longer, by=alice)
    first = pass_path(alice, make_path(olga, "Seller", rules, grants=kind))
    take = taking.begin(longer, by=alice)
    assert done_on(take) == ["Rules"]
    if end == "revoked":
        revoke_certificate(
            first.certificate, by=olga, version=first.certificate.version, reason="Somebody else sat it."
        )
    else:
        holds_until(first, -MONTH)

    assert _pass(more, alice) == ()

    take.refresh_from_db()
    assert (take.passed_at, done_on(take), Certificate.objects.count()) == (None, ["More"], 1)
    client.force_login(alice)
    assert "Begin the quiz" in client.get(reverse("programs:module", args=[rules.code])).text
    assert [path.name for path in _pass(rules, alice)] == ["Longer"]
    take.refresh_from_db()
    assert take.certificate.status == "verified" and Certificate.objects.count() == 2


def test_a_path_that_is_made_shorter_does_not_bring_back_a_certification_that_is_over(olga, alice, kind):
    rules, more = make_module(olga, "Rules"), make_module(olga, "More")
    first = pass_path(alice, make_path(olga, "Seller", rules, grants=kind))
    longer = make_path(olga, "Longer", rules, more, grants=kind)
    take = taking.begin(longer, by=alice)
    revoke_certificate(first.certificate, by=olga, version=first.certificate.version, reason="x")

    put(longer, olga, rules)

    take.refresh_from_db()
    assert (take.passed_at, done_on(take), Certificate.objects.count()) == (None, [], 1)


def test_it_counts_for_another_certification_and_while_its_own_is_good_for_long(olga, alice, kind):
    rules = make_module(olga, "Rules")
    first = pass_path(alice, make_path(olga, "Seller", rules, grants=kind), clock=at(0))
    assert (
        taking.begin(make_path(olga, "Again", rules, grants=kind), by=alice, clock=at(1)).passed_at == at(1)()
    )
    revoke_certificate(first.certificate, by=olga, version=first.certificate.version, reason="x", clock=at(2))
    other = make_path(olga, "Engineer", rules, grants=make_type("engineer", "Certified engineer"))
    assert taking.begin(other, by=alice, clock=at(3)).passed_at == at(3)()


@pytest.mark.parametrize("in_order", [True, False])
def test_a_renewal_goes_on_beside_another_path_with_the_same_module(client, olga, alice, kind, in_order):
    """The module's page showed it as the other path has it: passed, with no button."""
    rules, extra, more = (make_module(olga, name) for name in ("Rules", "Extra", "More"))
    seller = make_path(olga, "Seller", rules, more, grants=kind, in_order=in_order)
    holds_until(pass_path(alice, seller), 2 * MONTH)
    renewal = taking.begin(seller, by=alice)
    germany = taking.begin(make_path(olga, "Germany", rules, extra, in_order=in_order), by=alice)
    assert (done_on(renewal), done_on(germany)) == ([], ["Rules"])

    client.force_login(alice)
    page = client.get(reverse("programs:module", args=[rules.code])).text
    assert "Begin the quiz" in page and "You passed it." not in page and "Seller" in page
    client.post(reverse("programs:start_quiz", args=[rules.code]))
    attempt = alice.attempts.get(submitted_at=None)
    answered = reverse("programs:attempt", args=[attempt.code])
    way_on = client.post(answered, {"q0": "0", "q1": ["0", "2"]}, follow=True).text
    assert reverse("programs:path", args=[seller.code]) in way_on
    assert (done_on(renewal), done_on(germany)) == (["Rules"], ["Rules"])
    page = client.get(reverse("programs:module", args=[rules.code])).text
    assert "You passed it." in page and "Begin the quiz" not in page
    assert [path.name for path in _pass(more, alice)] == ["Seller"]


def test_a_module_without_a_quiz_has_its_button_and_leads_on_along_the_renewal(client, olga, alice, kind):
    rules, extra, more = (make_module(olga, name, quiz=False) for name in ("Rules", "Extra", "More"))
    seller = make_path(olga, "Seller", rules, more, grants=kind)
    holds_until(pass_path(alice, seller), 2 * MONTH)
    renewal = taking.begin(seller, by=alice)
    taking.begin(make_path(olga, "Germany", rules, extra), by=alice)

    client.force_login(alice)
    done = reverse("programs:module_done", args=[rules.code])
    assert done in client.get(reverse("programs:module", args=[rules.code])).text
    assert client.post(done).url == reverse("programs:module", args=[more.code])
    assert done_on(renewal) == ["Rules"]
    assert done not in client.get(reverse("programs:module", args=[rules.code])).text


def test_a_module_put_into_a_path_counts_for_who_did_it_elsewhere(olga, alice, charlie, kind):
    """They had to pass it again, and where the other path was begun later they could not."""
    one, two, three = (make_module(olga, name) for name in ("One", "Two", "Three"))
    path = make_path(olga, "Selling", two, grants=kind)
    for person in (alice, charlie):
        taking.begin(path, by=person, clock=at(0))
    later = taking.begin(make_path(olga, "Later", one, three), by=alice, clock=at(1))
    _pass(one, alice)
    path = put(path, olga, two, one, clock=at(2))
    mine = Take.objects.get(path=path, user=alice)
    assert (done_on(mine), mine.passed_at, done_on(later)) == (["One"], None, ["One"])

    path = put(path, olga, one, clock=at(3))
    mine.refresh_from_db()
    assert mine.passed_at == at(3)() and mine.certificate == Certificate.objects.get()
    assert told("training.passed") == ["alice@northgate.example"]
    theirs = Take.objects.get(path=path, user=charlie)
    assert (done_on(theirs), theirs.passed_at) == ([], None)


def test_a_module_put_into_a_renewal_counts_where_it_was_done_since_that_began(olga, alice, kind):
    rules, old, new = (make_module(olga, name) for name in ("Rules", "Old", "New"))
    seller = make_path(olga, "Seller", rules, grants=kind)
    pass_path(alice, make_path(olga, "Before", old), clock=at(0))
    pass_path(alice, seller, clock=at(0))
    near = (Take.objects.get(path=seller).valid_until - at(0)().date()).days - MONTH
    renewal = taking.begin(seller, by=alice, clock=at(near))
    pass_path(alice, make_path(olga, "Meanwhile", new), clock=at(near + 1))
    put(seller, olga, rules, old, new, clock=at(near + 2))
    assert done_on(renewal) == ["New"]


def test_a_path_that_is_passed_and_good_is_not_begun_again(olga, alice, kind):
    path = make_path(olga, "Seller", make_module(olga, "Rules"), grants=kind)
    pass_path(alice, path, clock=at(0))
    with pytest.raises(WrongStatus, match="You passed “Seller” already"):
        taking.begin(path, by=alice, clock=at(1))


def _pass(module: Module, person, clock=database_clock) -> tuple[Path, ...]:
    attempt = taking.start_attempt(module, by=person, clock=clock)
    return taking.submit_attempt(attempt, RIGHT, by=person, clock=clock).passed
