"""What somebody did of a path's modules on other paths (P5): what of it counts, what has to be done anew, and where."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from core.clock import database_clock
from core.errors import WrongStatus
from core.vendor_days import vendor_day
from partners.certificates.dates import last_day
from partners.models import Certificate, CertificateType
from partners.services.certificates import revoke_certificate, send_certificate_warnings
from programs.models import Module, Path, Take
from programs.services.training import keeping, taking
from programs.training_terms import RENEW_DAYS
from tests.partners.certificates.makers import placed
from tests.people import MONDAY
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
    longer = make_path(olga, "Longer", rules, more, grants=kind, in_order=False)
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
    again = taking.begin(make_path(olga, "Again", rules, grants=kind), by=alice, clock=at(1))
    assert (again.passed_at, again.certificate, again.valid_until) == (
        at(1)(),
        first.certificate,
        first.valid_until,
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


@pytest.mark.parametrize("later", [1, 600])
def test_nothing_learned_earns_no_new_term(olga, alice, kind, later):
    """A click on a shorter path to the same certification, 600 days later, held it for two years more."""
    rules, more = make_module(olga, "Rules"), make_module(olga, "More")
    first = pass_path(alice, make_path(olga, "Seller", rules, more, grants=kind), clock=at(0))

    take = taking.begin(make_path(olga, "Refresher", rules, grants=kind), by=alice, clock=at(later))

    assert take.passed_at == at(later)() and take.certificate == Certificate.objects.get()
    assert take.valid_until == first.valid_until == date(2028, 3, 1)


def test_with_nothing_learned_a_term_ends_with_the_oldest(olga, alice, kind):
    old, newer = make_module(olga, "Old"), make_module(olga, "Newer")
    pass_path(alice, make_path(olga, "Basics", old), clock=at(0))
    pass_path(alice, make_path(olga, "More", newer), clock=at(100))
    taking.begin(make_path(olga, "Seller", newer, old, grants=kind), by=alice, clock=at(300))
    one = Certificate.objects.get()
    assert (one.valid_from, one.valid_to) == (at(300)().date(), date(2028, 3, 1))


def test_one_module_learned_gives_the_full_term(client, olga, alice, kind):
    """One module of the welcome path, 20 months old, left four months of two years for five new ones."""
    basics, *new = (make_module(olga, name) for name in ("Basics", "One", "Two"))
    pass_path(alice, make_path(olga, "Welcome", basics), clock=at(0))
    path = make_path(olga, "Seller", basics, *new, grants=kind)
    assert done_on(taking.begin(path, by=alice, clock=at(600))) == ["Basics"]
    for module in new:
        _pass(module, alice, at(610))
    one = Certificate.objects.get()
    assert (one.valid_from, one.valid_to) == (at(610)().date(), last_day(at(610)().date(), 24))


def test_what_is_no_longer_part_of_the_path_gives_no_term(client, olga, alice, kind):
    rules, extra, more = (make_module(olga, name) for name in ("Rules", "Extra", "More"))
    pass_path(alice, make_path(olga, "Basics", rules), clock=at(0))
    path = make_path(olga, "Seller", rules, extra, more, grants=kind)
    take = taking.begin(path, by=alice, clock=at(300))
    _pass(extra, alice, at(301))
    put(path, olga, rules, clock=at(302))
    take.refresh_from_db()
    assert (take.passed_at, take.valid_until) == (at(302)(), date(2028, 3, 1))
    client.force_login(olga)
    people = client.get(reverse("programs:path_people", args=[path.code]))
    assert [(row["done"], row["total"]) for row in people.context["rows"]] == [(1, 1)]


@pytest.mark.parametrize("quiz", [True, False])
def test_a_module_done_again_on_the_path_takes_the_new_day(olga, alice, kind, quiz):
    rules, new = make_module(olga, "Rules", quiz=quiz), make_module(olga, "New")
    pass_path(alice, make_path(olga, "Basics", rules), clock=at(0))
    path = make_path(olga, "Seller", rules, new, grants=kind)
    take = taking.begin(path, by=alice, clock=at(300))
    assert take.done.get().at == at(0)()
    for day in (310, 320):  # the second time on the path changes nothing
        if quiz:
            _pass(rules, alice, at(day))
        else:
            taking.finish_module(rules, by=alice, clock=at(day))
    row = take.done.get()
    assert row.at == at(310)() and (row.attempt is None or row.attempt.submitted_at == at(310)())
    assert row.attempt is not None or not quiz
    put(path, olga, rules, clock=at(330))  # so that it rests on this one alone
    take.refresh_from_db()
    assert take.valid_until == last_day(at(330)().date(), 24)


def test_what_is_too_old_for_a_term_is_done_anew(olga, alice, kind):
    """A certificate from its day would have lapsed."""
    rules = make_module(olga, "Rules")
    pass_path(alice, make_path(olga, "Basics", rules), clock=at(0))
    last = (date(2028, 3, 1) - MONDAY.date()).days
    other = make_type("engineer", "Certified engineer")
    in_time = taking.begin(make_path(olga, "In time", rules, grants=kind), by=alice, clock=at(last))
    assert in_time.valid_until == date(2028, 3, 1)
    late = make_path(olga, "Late", rules, grants=other)
    assert done_on(taking.begin(late, by=alice, clock=at(last + 1))) == []
    for_nothing = make_path(olga, "For nothing", rules)
    assert taking.begin(for_nothing, by=alice, clock=at(last + 1)).passed_at  # it grants nothing that lapses
    _pass(rules, alice, at(last + 1))
    assert Certificate.objects.get(type=other).valid_to == date(2030, 3, 1)


@pytest.mark.parametrize("months", [1, 2, 3, 24])
def test_short_types_carry_over_too(olga, alice, kind, months):
    """Of three months and less nothing counted but on its own path, since all of it ends soon."""
    CertificateType.objects.update(validity_months=months)
    kind.refresh_from_db()
    basics, rules, more = (make_module(olga, name) for name in ("Basics", "Rules", "More"))
    pass_path(alice, make_path(olga, "Welcome", basics), clock=at(0))
    longer = taking.begin(make_path(olga, "Longer", basics, rules, more, grants=kind), by=alice, clock=at(3))
    assert done_on(longer) == ["Basics"]
    first = pass_path(alice, make_path(olga, "Seller", rules, grants=kind), clock=at(4))
    assert first.certificate is not None
    again = taking.begin(make_path(olga, "Again", rules, grants=kind), by=alice, clock=at(5))
    assert (again.certificate, Certificate.objects.count()) == (first.certificate, 1)
    assert [path.name for path in _pass(more, alice, at(6))] == ["Longer"]
    longer.refresh_from_db()
    assert longer.valid_until == last_day(at(6)().date(), months)


def test_a_short_type_is_earned_anew_in_the_second_half_of_its_term(olga, alice, kind):
    """Every day: two clicks and two exams held it for half a year."""
    CertificateType.objects.update(validity_months=2)
    kind.refresh_from_db()
    path = make_path(olga, "Seller", make_module(olga, "Rules"), grants=kind)
    first = pass_path(alice, path, clock=at(0))
    opens = (first.valid_until - MONDAY.date()).days - 30
    with pytest.raises(WrongStatus, match="You passed “Seller” already"):
        taking.begin(path, by=alice, clock=at(opens - 1))
    again = pass_path(alice, path, clock=at(opens))
    assert again.certificate.valid_from == first.valid_until + timedelta(days=1)


@pytest.mark.parametrize("months", [2, 24])
@pytest.mark.parametrize("longer_first", [True, False])
def test_one_exam_for_two_paths_gives_one_certificate_in_either_order(
    olga, alice, kind, longer_first, months
):
    """The one begun first rested on older learning, so its term was shorter, and the other gave a second one."""
    CertificateType.objects.update(validity_months=months)
    kind.refresh_from_db()
    old, rules = make_module(olga, "Old"), make_module(olga, "Rules")
    pass_path(alice, make_path(olga, "Basics", old), clock=at(0))
    paths = [
        make_path(olga, "Longer", old, rules, grants=kind),
        make_path(olga, "Shorter", rules, grants=kind),
    ]
    for path in paths if longer_first else paths[::-1]:
        taking.begin(path, by=alice, clock=at(30))

    assert {path.name for path in _pass(rules, alice, at(31))} == {"Longer", "Shorter"}

    one = Certificate.objects.get()
    assert one.valid_to == last_day(at(31)().date(), months)
    assert {take.certificate for take in Take.objects.filter(path__in=paths)} == {one}


def test_one_exam_for_two_paths_gives_one_certificate(client, olga, alice, kind):
    """Both were passed; the firm had two certificates with the same end, and every warning twice."""
    rules = make_module(olga, "Rules")
    paths = [make_path(olga, name, rules, grants=kind) for name in ("Seller", "Seller Germany")]
    for path in paths:
        taking.begin(path, by=alice)

    assert list(_pass(rules, alice)) == paths

    one = Certificate.objects.get()
    takes = Take.objects.of(alice)
    assert {(take.certificate, take.valid_until) for take in takes} == {(one, one.valid_to)}
    end = vendor_day(database_clock()) + timedelta(days=25)
    Certificate.objects.update(valid_to=end, valid_from=end - timedelta(days=300))
    send_certificate_warnings()
    assert told("certificate.expiring").count(alice.email) == 1
    revoke_certificate(one, by=olga, version=one.version, reason="Somebody else sat it.")
    assert all(take.is_revoked for take in Take.objects.of(alice))


def test_a_paper_that_was_handed_in_stands_beside_what_is_learned(northgate, olga, alice, kind):
    """It may turn out to be false; what was learned then counts all the same."""
    paper = placed(northgate, kind, member=alice.member, valid_to=at(3000)().date())
    take = pass_path(alice, make_path(olga, "Seller", make_module(olga, "Rules"), grants=kind), clock=at(0))
    assert take.certificate != paper and Certificate.objects.count() == 2


@pytest.mark.parametrize("end", ["lapses soon", "revoked"])
def test_the_path_shows_what_does_not_count_any_more_before_it_falls_back(client, olga, alice, kind, end):
    """It read '1 of 3 done' until the next module was passed, and then that module was the only one."""
    rules, two, three = (make_module(olga, name) for name in ("Rules", "Two", "Three"))
    first = pass_path(alice, make_path(olga, "Seller", rules, grants=kind), clock=database_clock)
    path = make_path(olga, "Germany", rules, two, three, grants=kind, in_order=False)
    taking.begin(path, by=alice)
    client.force_login(alice)
    address, module = (
        reverse("programs:path", args=[path.code]),
        reverse("programs:module", args=[rules.code]),
    )
    page = client.get(address).text
    assert "1 of 3 done" in page and "To be done anew" not in page
    if end == "revoked":
        revoke_certificate(first.certificate, by=olga, version=first.certificate.version, reason="x")
    else:
        holds_until(first, RENEW_DAYS)

    page = client.get(address).text

    assert "0 of 3 done" in page and "To be done anew: “<bdi>Rules</bdi>”" in page
    assert "Begin the quiz" in client.get(module).text
    client.force_login(olga)  # operations read of the person what the person reads
    people = client.get(reverse("programs:path_people", args=[path.code]))
    assert [(row["done"], row["total"]) for row in people.context["rows"]] == [(0, 3)]
    client.force_login(alice)
    _pass(two, alice)
    assert "1 of 3 done" in client.get(address).text


def test_where_modules_open_one_after_another_what_is_done_anew_comes_first(olga, alice, kind):
    rules, two = make_module(olga, "Rules"), make_module(olga, "Two")
    first = pass_path(alice, make_path(olga, "Seller", rules, grants=kind))
    taking.begin(make_path(olga, "Germany", rules, two, grants=kind), by=alice)
    holds_until(first, MONTH)
    with pytest.raises(WrongStatus, match="“Rules” comes first"):
        taking.start_attempt(two, by=alice)


def _pass(module: Module, person, clock=database_clock) -> tuple[Path, ...]:
    attempt = taking.start_attempt(module, by=person, clock=clock)
    return taking.submit_attempt(attempt, RIGHT, by=person, clock=clock).passed
