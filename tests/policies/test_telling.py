"""Partners hear of a version once, by mail and in the portal, and of one that does not come after all."""

import random
import re
from contextlib import suppress
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import enums
from core.clock import database_clock, fixed
from core.errors import BadInput
from notifications.models import Message, Notice
from partners.enums import PartnerStatus
from partners.models import Partner
from policies.models import RegistrationPolicy, VersionNews
from policies.services import begin_draft, publish_draft, publish_version, save_draft, withdraw_version
from policies.services.telling import firms_concerned, tell_of_versions
from policies.settings import SETTINGS, settings_of
from policies.words import LABELS, changes, for_tier, told_changes
from tests.people import make_user, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def soon():
    return database_clock() + timedelta(days=10)


@pytest.fixture
def ended(db):
    firm = Partner.objects.create(name="Gone", country="DE", status=PartnerStatus.ENDED)
    make_user("Greta", enums.PARTNER_ADMIN, firm)
    return firm


def addresses(event):
    return sorted(Message.objects.filter(event=event).values_list("address", flat=True))


def test_admins_are_told_once_and_firms_without_one_all_who_register(
    alice, bob, dan, charlie, olga, ended, soon
):
    made = publish_version(
        by=olga, settings={"protection_days": 90}, effective_from=soon, note="Longer deals."
    )

    assert tell_of_versions() == 2
    assert tell_of_versions() == 0

    assert addresses("policy.announced") == [bob.email, charlie.email]  # Southridge has no admin
    mail = Message.objects.get(address=bob.email)
    assert mail.subject.startswith("Registration policy, version 2: from ")
    for part in (mail.text, mail.html):
        assert "Longer deals." in part and "protected for 90 days" in part
        assert f"/policies/registration/{made.version}/" in part
    assert "Protection:" in mail.text
    notice = Notice.objects.get(user=bob)
    assert notice.link == f"/policies/registration/{made.version}/"
    assert (VersionNews.objects.get().kind, VersionNews.objects.get().firms) == ("announced", 2)


def test_what_was_begun_and_not_finished_is_told_to_the_others_only(bob, charlie, olga, soon):
    publish_version(by=olga, settings={"protection_days": 90}, effective_from=soon, note="Longer.")
    tell_of_versions()
    VersionNews.objects.all().delete()  # as if the worker had died before it noted the end

    tell_of_versions()

    assert addresses("policy.announced") == [bob.email, charlie.email]


def test_the_link_of_the_mail_leads_to_what_applies_instead_once_it_is_taken_back(client, bob, olga, soon):
    made = publish_version(by=olga, settings={"appeal_days": 21}, effective_from=soon, note="More.")
    tell_of_versions()
    client.force_login(bob)
    link = Notice.objects.get(user=bob).link
    assert client.get(link).status_code == 200
    withdraw_version(made, by=olga)
    page = client.get(link, follow=True)
    assert page.redirect_chain[-1][0] == reverse("policies:registration_policy")
    assert "Version 2 was taken back before it began: it will not apply." in page.content.decode()
    assert client.get(reverse("policies:version", args=[77])).status_code == 404


def test_who_waits_behind_a_version_stands_in_its_mail(bob, olga, soon):
    publish_version(by=olga, settings={"appeal_days": 21}, effective_from=soon, note="More.")
    tell_of_versions()
    publish_version(by=olga, settings={"protection_days": 90}, note="Longer.")
    tell_of_versions()
    first, second, anew = Message.objects.filter(recipient=bob).order_by("pk")
    for part in (second.text, second.html):
        assert "then version 2 takes its place as a whole" in part
    assert "takes its place" not in first.text
    assert anew.subject.startswith("Registration policy, version 2: what it changes from ")
    for part in (anew.text, anew.html):  # what the version that came between says ends with it
        assert "What applies before it is not what it was" in part and "protected for 60 days" in part
    assert tell_of_versions() == 0


def test_a_version_taken_back_is_told_to_those_who_had_heard(bob, olga, soon):
    never_told = publish_version(by=olga, settings={"appeal_days": 20}, effective_from=soon, note="More.")
    withdraw_version(never_told, by=olga)
    assert tell_of_versions() == 0

    told = publish_version(by=olga, settings={"appeal_days": 21}, effective_from=soon, note="More.")
    tell_of_versions()
    withdraw_version(told, by=olga)
    tell_of_versions()
    tell_of_versions()

    assert addresses("policy.taken_back") == [bob.email]
    assert "version 3" in Message.objects.get(event="policy.taken_back").subject


def test_two_taken_back_at_once_are_told_to_those_who_had_heard_of_each(
    bob, charlie, northgate, southridge, olga
):
    """Against the version before it, which is gone as well, the second changes something for others, too."""
    Partner.objects.filter(pk=northgate.pk).update(tier="gold")
    Partner.objects.filter(pk=southridge.pk).update(tier="silver")
    gold, silver = (
        publish_version(
            by=olga, settings=limits, effective_from=database_clock() + timedelta(days=days), note="More."
        )
        for days, limits in (
            (10, {"open_most_gold": 300}),
            (20, {"open_most_gold": 300, "open_most_silver": 120}),
        )
    )
    tell_of_versions()

    withdraw_version(gold, by=olga)
    withdraw_version(silver, by=olga)
    tell_of_versions()

    assert addresses("policy.taken_back") == [bob.email, charlie.email]


def test_what_goes_on_instead_of_what_was_taken_back_may_be_yet_to_come(bob, olga, soon):
    publish_version(by=olga, settings={"appeal_days": 20}, effective_from=soon, note="More.")
    later = soon + timedelta(days=9)
    for begins, instead in (
        (later, "version 2, which applies from"),
        (soon - timedelta(days=1), "apply now"),
    ):
        made = publish_version(by=olga, settings={"appeal_days": 30}, effective_from=begins, note="Most.")
        tell_of_versions()
        withdraw_version(made, by=olga)
        tell_of_versions()
        mail = Message.objects.filter(event="policy.taken_back").latest("pk")
        assert instead in mail.text and instead in " ".join(mail.html.split())


@pytest.fixture
def after(olga, soon):
    """Publishes what follows on a version that waits, with more settings changed, so many days after `soon`."""

    def publish(base, days=30, **settings):
        draft = save_draft(
            begin_draft(by=olga, base=base), by=olga, revision=1, settings=settings, note="More."
        )
        begins = soon + timedelta(days=days)
        return publish_draft(draft, by=olga, revision=draft.revision, effective_from=begins)

    return publish


def test_what_a_version_brings_is_told_anew_when_the_one_before_it_is_taken_back(
    client, bob, olga, after, soon
):
    two = publish_version(
        by=olga,
        settings={"protection_days": 40, "reminder_days": 20},
        effective_from=soon,
        note="Shorter.",
    )
    tell_of_versions()
    three = after(two, refuse_public_tender=True)
    tell_of_versions()
    assert "protected for 40 days" not in Message.objects.filter(recipient=bob).latest("pk").text
    client.force_login(olga)
    dialog = " ".join(client.get(reverse("policies:registration_policy")).content.decode().split())
    assert "Against version 1, which goes on until then, it changes:" in dialog
    assert (
        "Protection: <strong>40 days</strong> instead of 60 days" in dialog.split("Take back version 2?")[1]
    )

    withdraw_version(two, by=olga)
    tell_of_versions()
    assert tell_of_versions() == 0

    *_, back, anew = Message.objects.filter(recipient=bob).order_by("pk")
    assert (back.event, anew.event) == ("policy.taken_back", "policy.announced")
    until = f"the rules that apply now go on until {timezone.localtime(three.effective_from):%-d %b %Y}"
    for part in (back.text, back.html):
        assert until in part and "then version 3 applies" in " ".join(part.split())
    for part in (anew.text, anew.html):
        assert "protected for 40 days" in part and "tenders" in part
    news = VersionNews.objects.get(policy=three)
    assert (news.against.version, news.times) == (1, 2)


def test_limits_that_a_firm_heard_of_with_what_was_taken_back_are_told_with_what_brings_them(
    bob, charlie, northgate, olga, after, soon
):
    Partner.objects.filter(pk=northgate.pk).update(tier="gold")
    two = publish_version(by=olga, settings={"open_most_gold": 150}, effective_from=soon, note="Gold.")
    tell_of_versions()
    after(two, open_most_silver=60)
    tell_of_versions()
    assert addresses("policy.announced") == [bob.email]  # nobody is silver

    withdraw_version(two, by=olga)
    tell_of_versions()

    assert addresses("policy.announced") == [bob.email, bob.email]
    told = Message.objects.filter(recipient=bob).latest("pk")
    assert "version 3" in told.subject and "150 deals" in told.text
    assert addresses("policy.taken_back") == [bob.email]


def test_what_changes_nothing_any_more_says_so_and_what_stays_true_is_told_once(bob, olga, after, soon):
    two = publish_version(by=olga, settings={"appeal_days": 21}, effective_from=soon, note="More.")
    tell_of_versions()
    last = after(two, appeal_days=14)  # as in version 1
    after(last, days=40, protection_days=90)
    tell_of_versions()

    withdraw_version(two, by=olga)
    tell_of_versions()

    told = Message.objects.filter(recipient=bob, event="policy.announced")
    assert [mail.subject.split(":")[0][-1] for mail in told.order_by("pk")] == ["2", "3", "4", "3"]
    assert "Against that it changes nothing for your firm." in told.latest("pk").text


def heard(person):
    """Version → the changes that the person was told of last, in words."""
    found = {}
    for mail in Message.objects.filter(recipient=person, event="policy.announced").order_by("pk"):
        number = re.search(r"version (\d+)", mail.subject).group(1)
        found[int(number)] = {label for label in NAMED if f"\n{label}: " in mail.text}, mail.text
    return found


NAMED = {
    "Protection": "protection_days",
    "Time for an appeal": "appeal_days",
    "Open registrations of a Gold partner": "open_most_gold",
}


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_published_and_taken_back_each_firm_has_heard_what_each_version_changes(
    bob, charlie, northgate, olga, soon, seed
):
    """The last that was said of each version that comes is what it changes against the one that applies before it."""
    Partner.objects.filter(pk=northgate.pk).update(tier="gold")
    chance = random.Random(seed)
    for _ in range(9):
        waiting = list(RegistrationPolicy.objects.scheduled(database_clock()))
        if waiting and chance.random() < 0.4:
            withdraw_version(chance.choice(waiting), by=olga)
        else:
            settings = {
                "protection_days": chance.choice([60, 70, 80]),
                "appeal_days": chance.choice([14, 20]),
                "open_most_gold": chance.choice([200, 150]),
            }
            draft = begin_draft(by=olga)
            draft = save_draft(draft, by=olga, revision=1, settings=settings, note="Other.")
            begins = soon + timedelta(days=chance.randrange(30), minutes=chance.randrange(600))
            with suppress(BadInput):  # nothing differs
                publish_draft(draft, by=olga, revision=draft.revision, effective_from=begins)
        if chance.random() < 0.7:
            tell_of_versions()
    tell_of_versions()
    assert tell_of_versions() == 0

    current = RegistrationPolicy.objects.in_force(database_clock())
    for person, tier in ((bob, "gold"), (charlie, "registered")):
        known, before = heard(person), current
        for version in RegistrationPolicy.objects.scheduled(database_clock()):
            due = for_tier(changes(before, version, "EUR"), tier)
            labels, text = known.get(version.version, (set(), ""))
            assert labels == {change.label for change in due}
            assert all(change.said_after in " ".join(text.split()) for change in due)
            before = version


def test_drafts_and_what_the_portal_came_with_are_told_to_nobody(bob, olga):
    begin_draft(by=olga)

    assert tell_of_versions() == 0
    assert not Message.objects.exists()


def test_a_version_that_applies_already_says_so(bob, olga):
    publish_version(by=olga, settings={"protection_days": 90}, note="Longer.")

    tell_of_versions(clock=fixed(database_clock() + timedelta(hours=1)))

    assert Message.objects.get().subject.startswith("Registration policy, version 2: in force")


def test_limits_of_one_tier_concern_that_tier_alone(northgate, southridge, ended):
    Partner.objects.filter(pk=northgate.pk).update(tier="gold")
    old = RegistrationPolicy.objects.get(version=1)

    def concerned(**settings):
        found = told_changes(old, RegistrationPolicy(**{**settings_of(old), **settings}), "EUR")
        return [firm.name for firm in firms_concerned(found)]

    assert concerned(open_most_gold=300) == ["Northgate"]
    assert concerned(open_most_registered=20) == ["Southridge"]
    assert concerned(open_most_gold=300, protection_days=90) == ["Northgate", "Southridge"]


def test_a_setting_is_told_as_a_change_where_it_has_an_effect(client, bob, olga, after, soon):
    """From how likely a company counts as the same: nobody waits in line under the first two."""
    idle = publish_version(
        by=olga, settings={"same_score": 0.95, "appeal_days": 21}, effective_from=soon, note="More days."
    )
    after(idle, same_score=0.97, waitlist_same=True)
    tell_of_versions()

    told = Message.objects.filter(recipient=bob, event="policy.announced").order_by("pk")
    label = "\nSame company from a likelihood of: From 9"
    assert [label in mail.text for mail in told] == [False, True]
    assert "Time for an appeal" in told[0].text
    client.force_login(bob)
    page = client.get(f"/policies/registration/{idle.version}/").content.decode()
    assert "counts as the very one" not in page


def test_the_page_announces_the_changes_that_the_mail_tells(client, bob, olga, soon, after):
    """A setting that gains its effect, and none that has one neither before nor then; if the first is taken back, too."""
    publish_version(by=olga, settings={"auto_approve": False}, note="We look.")
    back = publish_version(
        by=olga, settings={"auto_approve": True, "same_score": 0.95}, effective_from=soon, note="Again."
    )
    later = after(back, appeal_days=21, same_score=0.97)
    tell_of_versions(clock=fixed(database_clock()))

    mails = Message.objects.filter(recipient=bob, event="policy.announced").order_by("pk")
    _, *told = ([line for line in SETTINGS if f"\n{LABELS[line]}: " in mail.text] for mail in mails)
    assert told == [["auto_approve", "auto_approve_below"], ["appeal_days"]]
    for reader in (bob, olga):
        client.force_login(reader)
        page = client.get(reverse("policies:registration_policy"))
        rows = page.context["announced"]
        assert [row.policy for row in rows] == [back, later]
        assert [[change.setting for change in row.changes] for row in rows] == told
    following = [change.setting for change in rows[0].following.changes]
    assert following == ["auto_approve", "auto_approve_below", "appeal_days"]
    assert "as before, which has an effect from then on" in page.content.decode()


def test_a_firm_reads_the_limit_of_its_own_tier_alone(bob, charlie, olga, northgate, soon):
    Partner.objects.filter(pk=northgate.pk).update(tier="gold")
    limits = {"open_most_registered": 20, "open_most_gold": 300, "protection_days": 90}
    publish_version(by=olga, settings=limits, effective_from=soon, note="Other limits.")

    tell_of_versions()

    told = {mail.address: mail.text for mail in Message.objects.all()}
    for person, own, other in ((bob, "300 deals", "20 deals"), (charlie, "20 deals", "300 deals")):
        assert own in told[person.email] and other not in told[person.email]
        assert "protected for 90 days" in told[person.email]


def test_from_the_page_to_the_firms_concerned_and_the_day_it_applies(
    client, bob, charlie, olga, northgate, gateways
):
    """A limit of one tier, scheduled: told to that tier alone, ahead, and decided by from its moment on."""
    Partner.objects.filter(pk=northgate.pk).update(tier="gold")
    draft = save_draft(begin_draft(by=olga), by=olga, revision=1, settings={"open_most_gold": 300})
    address = reverse("policies:publish_draft", args=[draft.version])
    client.force_login(olga)
    assert [span.firms for span in client.get(address).context["spans"]] == [1]
    sent = {"note": "More deals for Gold.", "begins": "later", "revision": "2"}

    past = client.post(address, {**sent, "effective_from": "2026-01-01T09:00"})
    tell_of_versions()
    assert past.status_code == 422 and "can&#x27;t begin in the past" in past.content.decode()
    draft.refresh_from_db()
    assert draft.is_draft and not Message.objects.exists() and not VersionNews.objects.exists()

    day = timezone.localtime(database_clock() + timedelta(days=14)).replace(second=0, microsecond=0)
    client.post(address, {**sent, "effective_from": f"{day:%Y-%m-%dT%H:%M}"})
    tell_of_versions()

    made = RegistrationPolicy.objects.get(pk=draft.pk)
    assert (made.effective_from, made.published_by, made.note) == (day, olga, "More deals for Gold.")
    assert addresses("policy.announced") == [bob.email]
    mail = Message.objects.get()
    assert f"{day:%-d %b %Y}" in mail.text and "keep no more than 300 deals" in mail.text
    assert list(Notice.objects.values_list("user", flat=True)) == [bob.pk]
    assert (VersionNews.objects.get().policy, VersionNews.objects.get().firms) == (made, 1)
    before = submitted(bob, "Before AG", gateways, clock=fixed(day - timedelta(seconds=1)))
    after = submitted(bob, "After AG", gateways, clock=fixed(day))
    assert (before.policy.version, after.policy.version) == (1, 2)


def test_a_value_that_slept_is_told_as_it_wakes(bob, olga, after, soon):
    """How long an extension is, is set while there are none: nothing of that is read until there are some."""
    none = publish_version(
        by=olga, settings={"extensions_most": 0}, effective_from=soon, note="No extensions."
    )
    asleep = after(none, extension_days=14)
    tell_of_versions()
    told = Message.objects.filter(recipient=bob, event="policy.announced").order_by("pk")
    assert [mail.text.count("14 days") for mail in told] == [0]  # of the second one nobody hears

    after(asleep, days=60, extensions_most=2)
    tell_of_versions()
    assert [mail.text.count("14 days") for mail in told.all()] == [0, 1]
