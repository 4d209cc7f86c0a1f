"""What a gateway writes above a mail from outside is nobody's news; what the writer warns of is."""

import pytest

from registrations.services.mail_in.cutting import new_text

BANNERS = [
    "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you "
    "recognize the sender and know the content is safe.",
    "CAUTION: This email originated from outside of the organization. Do not\nclick links or open attachments unless you "
    "recognize the sender and know the\ncontent is safe.",
    "EXTERNAL:",
    "[EXTERNAL]",
    "*** EXTERNAL E-MAIL ***",
    "[EXTERNAL EMAIL] This email originated outside Northgate. Please be careful.",
    "WARNING: This is an external email.\n________________________________",
    "You don't often get email from alice@x.example. Learn why this is important<https://aka.ms/x>",
    "ACHTUNG: Diese E-Mail stammt von einem externen Absender. Klicken Sie nicht auf Links.",
    "Vorsicht: Diese E-Mail kommt von außerhalb des Unternehmens. Öffnen Sie keine Anhänge.",
    "ATTENTION : ce courriel provient d'un expéditeur externe. Ne cliquez pas sur les liens.",
    "ATENCIÓN: Este correo se ha enviado desde fuera de la organización. No haga clic en enlaces.",
    "LET OP: Deze e-mail komt van buiten de organisatie.",
]
WRITTEN = [
    "Caution: an external auditor decides.",
    "External\nconsultants decide.",
    "External auditors decide in May.\nThen the order.",
    "This email is short, because I am outside.",
    "Do not click through the offer, call them.",
    "Attention: they moved.",
]


@pytest.mark.parametrize("said", ["", "We met the board.\n\nAlice"])
@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize("banner", BANNERS)
def test_a_gateways_banner_is_left_out(banner, between, said):
    assert new_text(f"{banner}{between}{said}") == said


@pytest.mark.parametrize("said", WRITTEN)
def test_the_writers_own_warning_is_kept(said):
    assert new_text(said) == said
