"""The pages of programs, tiers and training, as the people who use them click through them."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.clock import database_clock
from core.errors import BadInput
from partners.models import Certificate
from programs.enums import Joining
from programs.models import Attempt, Criterion, Enrolment, Module, Move, Path, Program, Stage, Take
from programs.services import enrolling
from programs.services.tiers.computing import compute_tiers
from programs.services.training import taking
from programs.services.training.keeping import save_module
from programs.views.programs import inviting
from tests.people import make_user
from tests.programs.content.makers import content, group_of
from tests.programs.makers import (
    QUESTIONS,
    criterion,
    make_firms,
    make_module,
    make_path,
    make_program,
    make_type,
    pass_path,
)


def client(person) -> Client:
    found = Client()
    found.force_login(person)
    return found


def url(name, *args) -> str:
    return reverse(f"programs:{name}", args=args)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_person_takes_a_training(olga, alice, bob, northgate):
    """From the list over a failed and a passed quiz to the certificate; the bar to the next tier moves."""
    kind = make_type()
    path = make_path(
        olga, "Selling", make_module(olga, "Read", quiz=False), make_module(olga, "Rules"), grants=kind
    )
    criterion("silver", "certified_people", 1)
    page = client(alice)
    assert '<progress class="bar-line" value="0" max="1.00"' in text(page.get(url("our_tier")))
    assert "You could begin" in text(page.get(url("training")))
    begun = page.post(url("begin_path", path.code), follow=True)
    assert begun.context["module"].name == "Read" and "<h2" in text(begun)
    quiz_page = page.post(url("module_done", begun.context["module"].code), follow=True)
    assert quiz_page.context["module"].name == "Rules"
    module = quiz_page.context["module"]
    assert "Go on" in text(page.get(url("training")))

    asked = page.post(url("start_quiz", module.code), follow=True)
    here = asked.redirect_chain[-1][0]
    assert "right" not in text(asked).split("<form")[-1].replace("One is right.", "").replace(
        "More than one is right.", ""
    )
    incomplete = page.post(here, {"q0": "0"})
    assert incomplete.status_code == 422 and "question 2" in text(incomplete)
    assert 'value="0" checked' in text(incomplete)
    failed = page.post(here, {"q0": "1", "q1": ["0"]}, follow=True)
    assert "Not passed yet: 0%" in text(failed) and "A qualifying update" not in text(failed)

    again = page.post(url("start_quiz", module.code), follow=True).redirect_chain[-1][0]
    right = {"q0": "0", "q1": ["0", "2"]}
    passed = page.post(again, right, follow=True)
    assert "Passed: 100%" in text(passed) and "You hold “Certified seller” now." in text(passed)
    page.post(again, {"q0": "1", "q1": "1"})
    assert list(Attempt.objects.order_by("pk").values_list("score", flat=True)) == [0, 100]
    certificate = Certificate.objects.get()
    assert certificate.number in text(page.get(url("path", path.code)))
    assert certificate.number in text(client(bob).get(reverse("partners:our_certificates")))
    assert '<progress class="bar-line" value="1" max="1.00"' in text(page.get(url("our_tier")))


def test_no_answers_before_the_attempt_is_sent(olga, alice, charlie):
    module = make_module(olga, "Rules")
    path = make_path(olga, "Selling", module)
    page = client(alice)
    assert page.get(url("module", module.code)).status_code == 404  # not begun
    taking.begin(path, by=alice)
    attempt = taking.start_attempt(module, by=alice)
    shown = page.get(url("attempt", attempt.code)).content.decode()
    for question in QUESTIONS:
        assert question["text"] in shown
    assert "true" not in shown.lower().split("<main")[-1].replace('aria-hidden="true"', "")
    assert client(charlie).get(url("attempt", attempt.code)).status_code == 404
    assert client(charlie).post(url("attempt", attempt.code), {"q0": "0"}).status_code == 404
    attempt.refresh_from_db()
    assert attempt.submitted_at is None


def test_operations_write_a_training(olga):
    page = client(olga)
    bad = page.post(url("new_module"), {"name": "", "minutes": "x", "attempts": 3, "pause_hours": 1})
    assert bad.status_code == 422 and "Give the module a name." in text(bad)
    fields = {"name": "Rules", "text": "Be fair.", "minutes": 5, "attempts": 3, "pause_hours": 12}
    file = SimpleUploadedFile("rules.txt", b"Be fair.")
    page.post(url("new_module"), fields | {"file": file})
    module = Module.objects.get()
    assert (module.file_name, module.status) == ("rules.txt", "draft")
    for video in ("javascript:x", "ftp://x.example/a"):
        wrong = page.post(url("change_module", module.code), fields | {"video_url": video, "version": 1})
        assert wrong.status_code == 422 and "video_url" in wrong.context["form"].errors
    with pytest.raises(BadInput, match="begins with https"):
        save_module(module, by=olga, fields={"video_url": "ftp://x.example/a"}, version=module.version)
    stale = page.post(url("change_module", module.code), fields | {"name": "Other", "version": 9})
    assert stale.status_code == 409 and 'value="Other"' in text(stale)

    quiz = url("edit_quiz", module.code)
    more = page.post(quiz, {"q0": "Who decides?", "q0a0": "We", "pass_mark": "80", "more": "1"})
    assert "Who decides?" in text(more) and len(more.context["rows"]) == 3
    again = page.post(quiz, {"q0": "Who decides?", "q1": "", "q2": "", "pass_mark": "80", "more": "1"})
    assert len(again.context["rows"]) == 4
    refused = page.post(quiz, {"q0": "Who decides?", "q0a0": "We", "pass_mark": "0", "version": 1})
    assert refused.status_code == 422 and "from 1 to 100" in text(refused)
    assert [one.at for one in refused.context["problems"]] == ["q0", "q0", "pass_mark"]
    assert refused.context["rows"][0]["problem"].startswith("Question 1 needs at least two answers.")
    for mark in ("9" * 5000, "-1", "80.5", "½"):
        nonsense = page.post(quiz, {"q0": "Who?", "q0a0": "We", "pass_mark": mark, "version": 1})
        assert nonsense.status_code == 422 and nonsense.context["mark_problem"], mark
    whole = {"q0": "Who decides?", "q0a0": "We", "q0a2": "You", "q0r2": "on", "pass_mark": "١٠٠ %"}
    assert page.post(quiz, whole | {"version": 1}).status_code == 302
    answers = [{"text": "We", "right": False}, {"text": "You", "right": True}]
    assert module.quizzes.get().questions == [{"text": "Who decides?", "answers": answers}]
    assert module.quizzes.get().pass_mark == 100
    twice = {"name": "Path", "module_0": module.code, "module_2": module.code}
    assert list(page.post(url("new_path"), twice).context["form"].errors) == ["module_2"]

    page.post(url("publish_module", module.code), {"version": 2, "to": "publish"})
    kind = make_type()
    page.post(url("new_path"), {"name": "Selling", "grants": kind.pk, "module_0": module.code})
    path = Path.objects.get()
    assert (path.grants, [one.module for one in path.path_modules.all()]) == (kind, [module])
    twice = {"name": "Selling", "module_0": module.code, "module_3": module.code, "version": path.version}
    assert page.post(url("change_path", path.code), twice).status_code == 422
    page.post(url("publish_path", path.code), {"version": path.version})
    path.refresh_from_db()
    assert path.status == "published"


def test_operations_write_a_program_and_a_firm_walks_it(olga, bob, northgate):
    page, ours = client(olga), client(bob)
    path = make_path(olga, "Selling", make_module(olga, "Read", quiz=False), for_everybody=False)
    today = database_clock().date()
    fields = {
        "name": "Rising",
        "summary": "Grow.",
        "joining": "application",
        "starts_on": today,
        "paths": path.pk,
    }
    bad = page.post(url("new"), fields | {"ends_on": "2020-01-01", "name": ""})
    assert bad.status_code == 422 and "lies before the first" in text(bad)
    page.post(url("new"), fields)
    program = Program.objects.get()
    assert ours.get(url("program", program.code)).status_code == 404  # a draft
    page.post(url("new_stage", program.code), {"name": "Welcome", "version": 1})
    program.refresh_from_db()
    late = {"name": "Trained", "what_0": "vendor:", "step_0": "", "version": program.version}
    refused = page.post(url("new_stage", program.code), late)
    assert refused.status_code == 422 and "Say which step" in text(refused)
    mine = program.program_paths.get()
    late |= {"step_0": "Call", "what_1": f"training:{path.code}", "number_1": "1", "paths": mine.pk}
    page.post(url("new_stage", program.code), late)
    program.refresh_from_db()
    page.post(url("open", program.code), {"version": program.version})

    assert "You could join" in text(ours.get(url("ours")))
    ours.post(url("apply", program.code), {"text": "We grow."})
    enrolment = Enrolment.objects.get()
    assert "We grow." in text(page.get(url("enrolment", enrolment.code)))
    page.post(url("approve", enrolment.code))
    firm_page = text(ours.get(url("program", program.code)))
    assert 'Next: <span dir="auto">Trained</span>' in firm_page and "Training for you" not in firm_page
    assert ours.get(url("path", path.code)).status_code == 404  # it opens with the second stage
    call = program.stages.get(number=2).conditions.get(kind="vendor")
    page.post(url("step_done", enrolment.code, call.pk), {"note": "By phone."})
    assert enrolment.steps_done.get().note == "By phone."
    page.post(url("move_stage", program.code, 2), {"version": 0})
    vendor = text(page.get(url("program", program.code)))
    assert "1 of 1, 100%" in vendor.replace('<span class="bar-of">', "").replace("  ", " ")
    ours.post(url("answer", program.code), {"answer": "leave"})
    enrolment.refresh_from_db()
    assert enrolment.status == "left"
    assert ours.post(url("answer", program.code), {"answer": "accept"}).status_code == 404


def test_a_firms_page_lists_who_of_it_passed_what(olga, mara, alice, bob, charlie, northgate, southridge):
    path = make_path(olga, "Selling", make_module(olga, "Read"), grants=make_type())
    here = reverse("partners:partner", args=[northgate.code])
    assert "Trained people" in text(client(mara).get(here)) and "training-title" not in text(
        client(mara).get(here)
    )
    for person in (alice, charlie):
        pass_path(person, path)
    page = text(client(mara).get(here))
    assert f'href="{here}#training-title"' in page
    listed = page.split('id="training-title"')[1].split("</section>")[0]
    assert "Alice" in listed and "Selling" in listed and "valid until" in listed and "Charlie" not in listed
    assert "training-title" not in text(client(bob).get(reverse("partners:firm"), follow=True))


def test_a_move_says_to_other_managers_who_decides(mara, northgate):
    other = make_user("Tomas", "channel_manager")
    criterion("silver", "registrations", 1)
    northgate.tier = "silver"
    northgate.save(update_fields=["tier"])
    compute_tiers()
    move = Move.objects.get()
    page = text(client(other).get(url("move", move.code)))
    assert "Who decides" in page and "Mara</bdi>, the firm’s manager" in page and "Your decision" not in page
    assert client(other).post(url("approve_move", move.code)).status_code == 403
    assert "Your decision" in text(client(mara).get(url("move", move.code)))
    # Nor does anybody else enter what leads to a move.
    for person, entered in ((other, False), (mara, True)):
        assert ("Enter a figure" in text(client(person).get(url("firm_tier", northgate.code)))) is entered
        assert (client(person).get(url("enter_figure", northgate.code)).status_code == 200) is entered
    sent = {"measure": "satisfaction", "value": "99"}
    assert client(other).post(url("enter_figure", northgate.code), sent).status_code == 403
    assert not northgate.entered_figures.exists()


def test_a_manager_decides_on_a_move(mara, olga, bob, northgate):
    criterion("silver", "registrations", 1)
    northgate.tier = "gold"
    northgate.save(update_fields=["tier"])
    Criterion.objects.create(
        tier="gold", measure="registrations", threshold=3, starts_on="2026-01-01", created_at=database_clock()
    )
    compute_tiers()
    move = Move.objects.get()
    page = client(mara)
    assert "Northgate" in text(page.get(url("tiers")))
    assert "Registrations in twelve months" in text(page.get(url("move", move.code)))
    empty = page.post(url("approve_move", move.code), {"reason": ""})
    # What is wrong stands above its form, not above the whole page.
    assert text(empty).index("Your decision") < text(empty).index('class="error-summary"')
    assert empty.status_code == 422 and "the firm reads it" in text(empty)
    page.post(url("approve_move", move.code), {"reason": "No deals this year."})
    assert "No deals this year." in text(client(bob).get(url("our_tier")))
    assert "days left" in text(client(bob).get(url("our_tier")))
    entered = page.post(url("enter_figure", northgate.code), {"measure": "satisfaction", "value": "101"})
    assert entered.status_code == 422
    page.post(url("enter_figure", northgate.code), {"measure": "satisfaction", "value": "87,5"})
    page.post(url("enter_figure", northgate.code), {"measure": "satisfaction", "value": "87.5"})
    assert northgate.entered_figures.get().value == Decimal("87.5")

    desk, today = client(olga), database_clock().date()
    fields = {"tier": "gold", "measure": "win_rate", "threshold": "130", "starts_on": today}
    assert desk.post(url("criteria"), fields).status_code == 422
    desk.post(url("criteria"), fields | {"threshold": "30"})
    mark = Criterion.objects.get(measure="win_rate")
    assert "30%" in text(desk.get(url("criteria")))
    desk.post(url("drop_criterion", mark.pk), {"last_day": today})
    mark.refresh_from_db()
    assert mark.ends_on == today


def fill(olga, mara, alice, number):
    """So many of everything that lists show."""
    firms = make_firms(number, mara)
    now = database_clock()
    for place, firm in enumerate(firms):
        firm.name = f"{firm.name} {number} {place}"
        firm.save(update_fields=["name"])
        name = f"{number} {place}"
        path = make_path(olga, f"Path {name}", make_module(olga, f"Module {name}"))
        program = make_program(olga, f"Program {name}", paths=[path])
        joined = {"program": program, "way": "invitation", "asked_at": now, "status": "enrolled"}
        Enrolment.objects.create(partner=firm, **joined)
        Enrolment.objects.create(partner=alice.member.partner, **joined)
        Enrolment.objects.create(
            partner=firm, **joined | {"program": Program.objects.earliest("pk"), "status": "left"}
        )
        Take.objects.create(user=alice, partner=firm, path=path, started_at=now)
        Take.objects.create(
            user=alice, partner=firm, path=Path.objects.earliest("pk"), started_at=now, passed_at=now
        )
        Move.objects.create(partner=firm, source="registered", target="silver", figures=[], proposed_at=now)


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("olga", "list"),
        ("olga", "program"),
        ("olga", "tiers"),
        ("olga", "training_desk"),
        ("olga", "path_people"),
        ("alice", "ours"),
        ("alice", "training"),
    ],
)
def test_lists_ask_as_many_queries_for_many_rows(who, page, olga, mara, alice, request):
    criterion("silver", "registrations", 1)
    make_program(olga, "First", joining=Joining.AUTOMATIC)
    fill(olga, mara, alice, 1)
    arguments = {"program": Program.objects.earliest("pk"), "path_people": Path.objects.earliest("pk")}
    address = url(page, arguments[page].code) if page in arguments else url(page)
    found = client(request.getfixturevalue(who))

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert found.get(address).status_code == 200
        return len(queries)

    count()
    before = count()
    fill(olga, mara, alice, 3)
    assert count() == before


def test_what_a_firm_s_page_shows(olga, mara, bob, northgate):
    criterion("silver", "registrations", 1)
    group = group_of(northgate, olga)
    content(olga, "Prices", groups=(group,))
    content(olga, "For all")
    program = make_program(olga, audience=[group])
    invited = enrolling.invite(program, northgate, by=olga)
    assert "Documents for you" not in text(client(bob).get(url("program", program.code)))
    enrolling.accept(invited, by=bob)
    walked = client(bob).get(url("program", program.code))
    assert [row["title"] for row in walked.context["documents"]] == ["Prices"]
    for person, name in ((mara, "partner"), (bob, "firm")):
        address = reverse(f"partners:{name}", args=[northgate.code] if name == "partner" else [])
        shown = text(client(person).get(address))
        assert "Rising partners" in shown and "0 of 1 reached for Silver" in shown


def test_bad_addresses_and_answers_are_no_faults(olga, alice, northgate):
    program = make_program(olga)
    desk, page = client(olga), client(alice)
    for query in ("?stage=²&page=x", "?stage=99999", "?status=no", "?q=%00", "?page=-1"):
        for name in ("program", "invite"):
            assert desk.get(url(name, program.code) + query).status_code == 200, query
    assert desk.post(url("invite", program.code), {"partners": "²"}).status_code == 422
    assert desk.get(url("tiers") + "?status=²").status_code == 200
    path = make_path(olga, "Selling", make_module(olga, "Rules"))
    taking.begin(path, by=alice)
    attempt = taking.start_attempt(Module.objects.get(), by=alice)
    sent = page.post(url("attempt", attempt.code), {"q0": "²", "q1": ["9", "-1", "x"]})
    assert sent.status_code == 422 and "question 1" in text(sent) and "question 2" in text(sent)
    assert client(alice).post(url("answer", program.code), {"answer": "accept"}).status_code == 403


def test_what_is_counted_keeps_its_order(olga):
    """A query that counts forgets the model's own order."""
    names = ["Welcome", "Zeal", "Trained", "Able", "Reference"]
    program = make_program(olga, stages=[(name, []) for name in names])
    # The order by number is not the one in which the rows were written.
    Stage.objects.filter(program=program).update(number=F("number") + 100)
    for number, name in enumerate(reversed(names), start=1):
        Stage.objects.filter(program=program, name=name).update(number=number)
    for name in ("Selling", "Basics", "Mounting"):
        make_path(olga, f"{name} path", make_module(olga, name, quiz=False))

    page = client(olga).get(url("program", program.code))
    desk = client(olga).get(url("training_desk"))

    assert [row["stage"].name for row in page.context["stages"]] == names[::-1]
    assert [row["name"] for row in page.context["funnel"]] == names[::-1]
    assert [row["name"] for row in desk.context["paths"]] == ["Basics path", "Mounting path", "Selling path"]
    assert [row["name"] for row in desk.context["modules"]] == ["Basics", "Mounting", "Selling"]


def test_firms_chosen_to_be_invited_stay_chosen_on_other_pages(olga, northgate, southridge, monkeypatch):
    monkeypatch.setattr(inviting, "_ON_A_PAGE", 1)
    program, desk = make_program(olga), client(olga)
    address = url("invite", program.code)
    sent = {"partners": [northgate.pk], "text": "Come in."}
    for turn in ({"page": "2"}, {"find": "1", "q": "south"}, {"find": "1", "q": "nobody"}):
        page = desk.post(address, sent | turn)
        assert (
            page.status_code == 200 and page.context["elsewhere"] == [northgate] and "Come in." in text(page)
        )
    assert not Enrolment.objects.exists()
    desk.post(address, sent | {"partners": [northgate.pk, southridge.pk], "q": "south", "at": "1"})
    assert set(Enrolment.objects.values_list("partner", "text")) == {
        (northgate.pk, "Come in."),
        (southridge.pk, "Come in."),
    }
    assert desk.get(address).context["elsewhere"] == []
