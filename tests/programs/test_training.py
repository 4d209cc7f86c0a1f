"""Training (P5): what a quiz scores, when it may be tried again, what passing a path grants, and to whom."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core.errors import BadInput, NotAllowed, StaleVersion, TooMany, WrongStatus
from partners.enums import PartnerStatus, StandingChange
from partners.models import Certificate
from partners.services.certificates import revoke_certificate, update_type
from partners.services.standing import change_standing
from programs import quizzes
from programs.enums import Publishing
from programs.measures import figures_of
from programs.models import Attempt, ModuleDone, Path, Quiz, Take
from programs.services.training import keeping, taking
from tests.people import MONDAY, MONDAY_CLOCK
from tests.programs.makers import (
    QUESTIONS,
    RIGHT,
    WRONG,
    at,
    make_module,
    make_path,
    make_type,
    pass_path,
    told,
)

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("chosen", "mark", "score", "passed"),
    [
        ([[0], [0, 2]], 80, 100, True),
        ([[0], [2, 0]], 100, 100, True),
        ([[0], [0]], 50, 50, True),  # half of a question with two right answers is none of it
        ([[0], [0]], 51, 50, False),
        ([[0], [0, 1, 2]], 80, 50, False),  # choosing everything is not knowing
        ([[0, 1], [0, 2]], 80, 50, False),
        ([[], []], 1, 0, False),
        ([], 1, 0, False),  # nothing sent
        ([[7], [0, 2]], 80, 50, False),
    ],
)
def test_score(chosen, mark, score, passed):
    result = quizzes.score(QUESTIONS, chosen, mark)
    assert (result.score, result.passed) == (score, passed)


def test_the_mark_is_compared_without_rounding():
    three = [QUESTIONS[0]] * 3
    assert quizzes.score(three, [[0], [0], [1]], 67).passed is False  # two thirds are less than 67 percent
    assert [quizzes.score(three, [[0], [0], [1]], mark).score for mark in (60, 67, 80)] == [67, 66, 67]
    assert quizzes.score(three, [[0], [0], [1]], 66).passed is True
    assert quizzes.score([], [], 1).passed is False


@pytest.mark.parametrize(
    ("failures", "limit", "pause", "waits"),
    [(0, 2, 24, None), (1, 2, 24, None), (2, 2, 24, 24), (3, 2, 24, None), (4, 2, 5, 5), (9, 0, 24, None)],
)
def test_pause_after_every_so_many_failures(failures, limit, pause, waits):
    failed = [MONDAY + number * HOUR for number in range(failures)]
    expected = failed[-1] + waits * HOUR if waits else None
    assert quizzes.next_attempt_at(failed, limit, pause) == expected


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"text": "", "answers": QUESTIONS[0]["answers"]}, "no text"),
        ({"text": "Why?", "answers": QUESTIONS[0]["answers"][:1]}, "at least two"),
        (
            {"text": "Why?", "answers": [{"text": "A", "right": False}, {"text": "B", "right": False}]},
            "no right",
        ),
        ({"text": "Why?", "answers": [{"text": "A", "right": True}, {"text": "A", "right": False}]}, "twice"),
    ],
)
def test_a_quiz_that_cannot_be_asked_is_refused(olga, question, words):
    module = make_module(olga, "Rules", quiz=False)
    with pytest.raises(BadInput, match=words):
        keeping.save_quiz(module, by=olga, questions=[question], pass_mark=80, version=module.version)
    assert not Quiz.objects.exists()


def test_passing_a_path_grants_the_certificate_once(olga, alice, northgate):
    kind = make_type()
    lesson, quiz = make_module(olga, "Read", quiz=False), make_module(olga, "Rules")
    path = make_path(olga, "Selling", lesson, quiz, grants=kind)

    taking.begin(path, by=alice, clock=MONDAY_CLOCK)
    assert taking.finish_module(lesson, by=alice, clock=MONDAY_CLOCK) == []
    taking.finish_module(lesson, by=alice, clock=at(1))  # twice counts once
    assert not Certificate.objects.exists()
    attempt = taking.start_attempt(quiz, by=alice, clock=at(1))
    outcome = taking.submit_attempt(attempt, RIGHT, by=alice, clock=at(1))

    assert [one.name for one in outcome.passed] == ["Selling"]
    certificate = Certificate.objects.get()
    assert (certificate.partner, certificate.member, certificate.type) == (northgate, alice.member, kind)
    assert (certificate.status, str(certificate.valid_from)) == ("verified", "2026-03-03")
    take = Take.objects.get()
    assert (take.certificate, take.valid_until) == (certificate, certificate.valid_to)
    assert ModuleDone.objects.count() == 2
    assert told("training.passed") == ["alice@northgate.example"]

    # The same answers once more, and other ones: nothing changes.
    for again in (RIGHT, WRONG):
        second = taking.submit_attempt(attempt, again, by=alice, clock=at(2))
        assert (second.attempt.score, second.passed) == (100, ())
    assert (Certificate.objects.count(), Take.objects.count()) == (1, 1)
    with pytest.raises(WrongStatus, match="already"):
        taking.begin(path, by=alice, clock=at(2))


def test_what_a_path_grants_stays_made_out_to_people(client, olga, alice):
    kind, module = make_type(), make_module(olga, "Rules")
    path = make_path(olga, "Selling", module, grants=kind)
    page = reverse("partners:certificate_type", args=[kind.code])
    client.force_login(olga)
    sent = {
        "name": kind.name,
        "kind": kind.kind,
        "issuer": kind.issuer,
        "held_by": "firm",
        "version": kind.version,
    }
    answer = client.post(page, sent)
    assert answer.status_code == 422 and "grants this type to whoever passes: “Selling”" in answer.text
    with pytest.raises(BadInput, match="Selling") as refused:
        update_type(kind, by=olga, version=kind.version, fields={"held_by": "firm"})
    assert refused.value.field == "held_by"
    update_type(kind, by=olga, version=kind.version, fields={"held_by": "person", "note": "Other words"})

    fields = {name: getattr(path, name) for name in keeping.PATH_FIELDS}
    path = keeping.save_path(
        path, by=olga, fields=fields | {"grants": None}, modules=[module], version=path.version
    )
    kind.refresh_from_db()
    update_type(kind, by=olga, version=kind.version, fields={"held_by": "firm"})
    for known in (None, path):  # `kind` as somebody's form still had it
        with pytest.raises(BadInput, match="made out to firms") as refused:
            keeping.save_path(
                known,
                by=olga,
                fields=fields | {"grants": kind, "name": "Selling more"},
                modules=[module],
                version=path.version,
            )
        assert refused.value.field == "grants"
    # What was so before is mended the other way round.
    Path.objects.update(grants=kind)
    kind.refresh_from_db()
    update_type(kind, by=olga, version=kind.version, fields={"held_by": "person"})


def test_attempts_are_limited_and_come_back_after_the_pause(client, olga, alice):
    module = make_module(olga, "Rules", attempts=2, pause_hours=24)
    path = make_path(olga, "Selling", module)
    with pytest.raises(WrongStatus, match="Begin the training first"):
        taking.start_attempt(module, by=alice, clock=at(0))
    taking.begin(path, by=alice, clock=at(0))
    for day in (0, 0.1):
        attempt = taking.start_attempt(module, by=alice, clock=at(day))
        assert taking.start_attempt(module, by=alice, clock=at(day)) == attempt  # one at a time
        assert not taking.submit_attempt(attempt, WRONG, by=alice, clock=at(day)).attempt.passed
    with pytest.raises(TooMany, match="pause"):
        taking.start_attempt(module, by=alice, clock=at(1))
    assert Attempt.objects.count() == 2
    third = taking.start_attempt(module, by=alice, clock=at(1.1))
    assert taking.submit_attempt(third, RIGHT, by=alice, clock=at(1.1)).attempt.passed
    assert Take.objects.get().passed_at is not None
    # All three can be looked at again, by the person and, without the answers, by operations.
    client.force_login(alice)
    page = client.get(reverse("programs:module", args=[module.code]))
    assert [(row["score"], row["passed"]) for row in page.context["attempts"]] == [
        ("100%", True),
        ("0%", False),
        ("0%", False),
    ]
    assert reverse("programs:attempt", args=[third.code]) in page.text and "2 Mar" in page.text
    client.force_login(olga)
    page = client.get(reverse("programs:path_people", args=[path.code])).text
    assert "3 attempts" in page and "0%</span>, not passed" in page and third.code not in page


def test_an_edited_quiz_is_a_new_version_and_old_attempts_stay_true(olga, alice):
    module = make_module(olga, "Rules")
    path = make_path(olga, "Selling", module)
    taking.begin(path, by=alice, clock=at(0))
    attempt = taking.start_attempt(module, by=alice, clock=at(0))
    harder = [
        {"text": "New?", "answers": [{"text": "No", "right": False}, {"text": "Yes", "right": True}]},
    ]
    saved = keeping.save_quiz(module, by=olga, questions=harder, pass_mark=90, version=module.version)
    module.refresh_from_db()
    same = keeping.save_quiz(module, by=olga, questions=harder, pass_mark=90, version=module.version)

    assert saved is not None and saved.number == 2 and same == saved
    outcome = taking.submit_attempt(attempt, RIGHT, by=alice, clock=at(1))  # begun with version 1
    assert (outcome.attempt.score, outcome.attempt.passed, outcome.attempt.quiz.number) == (100, True, 1)
    assert Quiz.objects.get(number=1).questions == QUESTIONS
    with pytest.raises(StaleVersion):
        keeping.save_quiz(module, by=olga, questions=QUESTIONS, pass_mark=80, version=1)


def test_audience_is_enforced(olga, ivan, alice, charlie):
    path = make_path(olga, "Selling", make_module(olga, "Rules"), for_everybody=False)
    for person in (alice, charlie, ivan):
        with pytest.raises(NotAllowed):
            taking.begin(path, by=person, clock=at(0))
    with pytest.raises(NotAllowed):
        keeping.save_module(None, by=alice, fields={"name": "Mine"})
    assert not Take.objects.exists()


def test_a_firm_takes_what_is_for_everybody_while_it_is_onboarded(client, olga, alice, northgate):
    path = make_path(olga, "Selling", module := make_module(olga, "Rules", quiz=False))
    northgate.status = PartnerStatus.ONBOARDING
    northgate.save(update_fields=["status"])

    client.force_login(alice)
    assert "Selling" in client.get("/training/").content.decode()
    taking.begin(path, by=alice)
    assert taking.finish_module(module, by=alice) == [path]


def test_a_certificate_that_a_path_grants_later_is_earned_by_taking_it_again(olga, alice):
    path = make_path(olga, "Selling", make_module(olga, "Rules"))
    pass_path(alice, path, clock=at(0))
    with pytest.raises(WrongStatus):
        taking.begin(path, by=alice, clock=at(1))
    path.grants = make_type()
    path.save(update_fields=["grants"])

    pass_path(alice, path, clock=at(2))

    assert Certificate.objects.get().member == alice.member
    with pytest.raises(WrongStatus):
        taking.begin(path, by=alice, clock=at(3))


@pytest.fixture
def granting_another(olga, alice) -> Path:
    """Alice passed it for a type that it does not grant any more."""
    path = make_path(olga, "Selling", make_module(olga, "Rules"), grants=make_type("s26", "Seller 2026"))
    pass_path(alice, path, clock=at(0))
    Path.objects.update(grants=make_type("s27", "Seller 2027"))
    return Path.objects.get()


def test_another_certificate_that_a_path_grants_now_is_earned_by_taking_it_again(
    client, olga, alice, bob, granting_another
):
    """The pages led there, and it could not be begun."""
    path = granting_another
    client.force_login(bob)
    assert "Granted by “<bdi>Selling</bdi>”" in client.get("/firm/certificates/").text
    client.force_login(alice)
    page = client.get(reverse("programs:path", args=[path.code])).text
    assert "The training grants <bdi>Seller 2027</bdi> now: take it again to earn that." in page
    assert "Take it again</button>" in page and "Renew</button>" not in page
    assert "Take it again" in client.get("/training/").text

    take = taking.begin(path, by=alice, clock=at(2))
    assert take.passed_at is None and not take.done.exists()  # what was learned is done anew
    pass_path(alice, path, clock=at(2))

    codes = [one.type.code for one in Certificate.objects.filter(status="verified").order_by("pk")]
    assert codes == ["s26", "s27"]
    assert "take it again to earn" not in client.get(reverse("programs:path", args=[path.code])).text
    with pytest.raises(WrongStatus):
        taking.begin(path, by=alice, clock=at(3))


def test_who_holds_what_a_path_grants_now_is_not_asked_to_earn_it_again(
    client, olga, alice, granting_another
):
    """They earned it on another path: it would be all the modules for nothing."""
    other = make_path(olga, "Other", make_module(olga, "More"), grants=make_type("s27"))
    pass_path(alice, other, clock=at(1))
    client.force_login(alice)

    page = client.get(reverse("programs:path", args=[granting_another.code])).text
    assert "take it again" not in page.lower()
    found = client.get("/training/").text
    assert "Take it again" not in found
    assert "Seller 2026" in found  # what it earned then stands beside its end
    with pytest.raises(WrongStatus):
        taking.begin(granting_another, by=alice, clock=at(2))


def test_what_was_learned_for_a_type_that_the_path_grants_no_more_is_not_spent(olga, alice, granting_another):
    """What it granted has not to be earned anew: another path to it takes that along."""
    rules = granting_another.path_modules.get().module
    other = make_path(olga, "Other", rules, grants=make_type("s26"))
    take = taking.begin(other, by=alice, clock=at(2))
    assert take.certificate == Certificate.objects.get() and take.passed_at == at(2)()


def test_it_can_be_renewed_near_its_end_by_doing_it_again(olga, alice, northgate):
    path = make_path(olga, "Selling", make_module(olga, "Rules"), grants=make_type())
    pass_path(alice, path, clock=at(0))
    end = (Take.objects.get().valid_until - MONDAY.date()).days
    with pytest.raises(WrongStatus):
        taking.begin(path, by=alice, clock=at(end - 91))

    again = taking.begin(path, by=alice, clock=at(end - 60))
    assert not again.done.exists()  # nothing is carried over
    pass_path(alice, path, clock=at(end - 60))

    first, second = Certificate.objects.order_by("pk")
    assert second.follows == first
    assert second.valid_from == first.valid_to + timedelta(days=1)  # no day of it is lost
    assert figures_of(["trained_people"], [northgate.pk], MONDAY + timedelta(days=end + 30)) == {
        northgate.pk: {"trained_people": 1}
    }


def test_publishing_needs_content_and_published_modules(olga):
    empty = keeping.save_module(None, by=olga, fields={"name": "Empty"})
    with pytest.raises(WrongStatus, match="empty"):
        keeping.publish_module(empty, Publishing.PUBLISHED, by=olga, version=empty.version)
    path = keeping.save_path(None, by=olga, fields={"name": "Path"}, modules=[empty])
    with pytest.raises(WrongStatus, match="Empty"):
        keeping.publish_path(path, Publishing.PUBLISHED, by=olga, version=path.version)
    used = make_module(olga, "Used")
    make_path(olga, "Other", used)
    with pytest.raises(WrongStatus, match="Other"):
        keeping.publish_module(used, Publishing.RETIRED, by=olga, version=used.version)


def test_modules_open_one_after_another(client, olga, alice):
    first, second, third = (
        make_module(olga, name, quiz=name == "Second") for name in ("First", "Second", "Third")
    )
    path = make_path(olga, "Selling", first, second, third, in_order=True)
    taking.begin(path, by=alice, clock=at(0))
    for module, act in ((second, taking.start_attempt), (third, taking.finish_module)):
        with pytest.raises(WrongStatus, match="“First” comes first"):
            act(module, by=alice, clock=at(0))
    client.force_login(alice)
    shut = client.get(reverse("programs:module", args=[third.code]))
    assert shut.status_code == 409 and reverse("programs:module", args=[first.code]) in shut.content.decode()
    listed = client.get(reverse("programs:path", args=[path.code])).content.decode()
    addresses = [reverse("programs:module", args=[one.code]) in listed for one in (first, second, third)]
    assert addresses == [True, False, False]
    assert "each opens when the one before it is done" in listed and listed.count("Not open yet") == 2

    taking.finish_module(first, by=alice, clock=at(0))
    with pytest.raises(WrongStatus, match="“Second” comes first"):
        taking.finish_module(third, by=alice, clock=at(0))
    taking.submit_attempt(taking.start_attempt(second, by=alice, clock=at(0)), RIGHT, by=alice, clock=at(0))
    taking.finish_module(first, by=alice, clock=at(0))  # what is done stays open
    assert [one.name for one in taking.finish_module(third, by=alice, clock=at(1))] == ["Selling"]


def test_a_module_is_open_as_soon_as_it_is_on_one_path(olga, alice):
    one, two = make_module(olga, "One", quiz=False), make_module(olga, "Two", quiz=False)
    strict = make_path(olga, "Strict", one, two, in_order=True)
    taking.begin(strict, by=alice, clock=at(0))
    with pytest.raises(WrongStatus):
        taking.finish_module(two, by=alice, clock=at(0))
    taking.begin(make_path(olga, "Free", two, one, in_order=False), by=alice, clock=at(0))
    assert taking.finish_module(two, by=alice, clock=at(0)) == []
    assert {path.name for path in taking.finish_module(one, by=alice, clock=at(0))} == {"Strict", "Free"}


def test_an_order_said_later_takes_nothing_back(olga, alice):
    one, two, three = (make_module(olga, name, quiz=False) for name in ("One", "Two", "Three"))
    path = make_path(olga, "Selling", one, two, three, in_order=False)
    taking.begin(path, by=alice, clock=at(0))
    taking.finish_module(three, by=alice, clock=at(0))
    fields = {"name": path.name, "in_order": True}
    path = keeping.save_path(path, by=olga, fields=fields, modules=[one, two, three], version=path.version)
    with pytest.raises(WrongStatus, match="“One” comes first"):
        taking.finish_module(two, by=alice, clock=at(1))
    taking.finish_module(one, by=alice, clock=at(1))
    assert taking.finish_module(two, by=alice, clock=at(1)) == [path]


def test_who_has_done_all_that_is_left_has_passed(olga, alice, charlie, northgate):
    """The one module that somebody still lacked is taken out of the path: they aren't stuck at the end of it."""
    kind, one, two = make_type(), make_module(olga, "One", quiz=False), make_module(olga, "Two", quiz=False)
    path = make_path(olga, "Selling", one, two, grants=kind)
    for person in (alice, charlie):
        taking.begin(path, by=person, clock=at(0))
    taking.finish_module(one, by=alice, clock=at(0))
    keeping.save_path(
        path, by=olga, fields={"name": path.name}, modules=[one], version=path.version, clock=at(1)
    )
    assert Take.objects.get(user=alice).passed_at is not None
    assert Certificate.objects.get().member == alice.member
    assert told("training.passed") == ["alice@northgate.example"]
    assert Take.objects.get(user=charlie).passed_at is None


def test_training_stops_with_the_partnership(client, olga, alice, northgate):
    kind, one = make_type(), make_module(olga, "One", quiz=False)
    path = make_path(olga, "Selling", one, grants=kind)
    taking.begin(path, by=alice, clock=at(0))
    change_standing(northgate, StandingChange.END, by=olga, reason="Sold.")
    alice = type(alice).objects.get(pk=alice.pk)
    with pytest.raises(WrongStatus, match="has ended"):
        taking.finish_module(one, by=alice, clock=at(1))
    assert not Certificate.objects.exists()
    client.force_login(alice)
    page = client.get(reverse("programs:module", args=[one.code]))
    assert page.status_code == 200
    assert reverse("programs:module_done", args=[one.code]) not in page.content.decode()


@pytest.mark.parametrize(
    ("change", "words"), [(StandingChange.SUSPEND, "is suspended"), (StandingChange.END, "has ended")]
)
def test_a_quiz_that_was_begun_rests_with_its_firm(client, olga, alice, northgate, change, words):
    path = make_path(olga, "Selling", make_module(olga, "Rules"), grants=make_type())
    taking.begin(path, by=alice)
    attempt = taking.start_attempt(path.path_modules.get().module, by=alice)
    change_standing(northgate, change, by=olga, reason="Unpaid.")
    client.force_login(type(alice).objects.get(pk=alice.pk))
    address = reverse("programs:attempt", args=[attempt.code])
    sent = {"q0": "0", "q1": ["0", "2"]}
    refused = client.post(address, sent)
    assert refused.status_code == 409 and words in refused.content.decode()
    lesson = client.get(reverse("programs:module", args=[attempt.module.code])).content.decode()
    assert words in lesson and "Go on with the quiz" not in lesson
    assert client.get(reverse("programs:training")).context["next"] is None
    assert not Certificate.objects.exists() and Take.objects.get().passed_at is None
    northgate.refresh_from_db()
    change_standing(northgate, StandingChange.REINSTATE, by=olga, reason="Paid.")
    client.post(address, sent)
    assert Certificate.objects.get().status == "verified"


def test_what_a_training_granted_and_was_revoked_no_longer_counts_and_can_be_earned_again(
    client, olga, alice, northgate
):
    endless = make_type("endless", "Endless")
    type(endless).objects.update(validity_months=None)
    path = make_path(olga, "Selling", make_module(olga, "Rules"), grants=endless)
    first = pass_path(alice, path).certificate
    revoke_certificate(first, by=olga, version=1, reason="Somebody else sat it.")
    measure = ["trained_people"]
    assert figures_of(measure, [northgate.pk], MONDAY) == {northgate.pk: {"trained_people": 0}}
    client.force_login(alice)
    page = client.get(reverse("programs:path", args=[path.code])).content.decode()
    assert "What it granted was revoked" in page and "Take it again" in page
    client.post(reverse("programs:begin_path", args=[path.code]))
    assert pass_path(alice, path).certificate.status == "verified"
    assert figures_of(measure, [northgate.pk], MONDAY) == {northgate.pk: {"trained_people": 1}}
    client.force_login(olga)
    desk = client.get(reverse("programs:training_desk")).context
    assert (desk["people"], desk["paths"][0]["passed"]) == (1, 1)


@pytest.mark.parametrize("change", [StandingChange.SUSPEND, StandingChange.END])
def test_a_path_that_shrinks_passes_nobody_whose_firm_rests_until_it_is_reinstated(
    olga, alice, northgate, change
):
    one, two = make_module(olga, "One"), make_module(olga, "Two")
    path = make_path(olga, "Selling", one, two, grants=make_type())
    taking.begin(path, by=alice)
    taking.submit_attempt(taking.start_attempt(one, by=alice), RIGHT, by=alice)
    stopped = change_standing(northgate, change, by=olga, reason="Over.")
    keeping.save_path(path, by=olga, fields={"name": "Selling"}, modules=[one], version=path.version)
    assert (Certificate.objects.count(), Take.objects.get().passed_at, told("training.passed")) == (
        0,
        None,
        [],
    )
    change_standing(stopped, StandingChange.REINSTATE, by=olga, reason="A mistake.")
    assert Certificate.objects.get().status == "verified" and Take.objects.get().passed_at is not None
    assert told("training.passed") == ["alice@northgate.example"]
