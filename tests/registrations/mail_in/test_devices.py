"""What a telephone writes by itself is no news, in whatever language; what a person writes of one is."""

import pytest

from registrations.services.mail_in.cutting import new_text

QUOTE = "\n\nOn Mon, 2 Mar 2026 at 09:12, Concord wrote:\n> Hi\n"
BY_DEVICES = """Sent from my iPhone
Sent from Outlook for Android
Sent from Yahoo Mail for iPhone
Sent from Yahoo Mail. Get the app
Sent with Proton Mail secure email.
Sent from Samsung Galaxy smartphone.
Get Outlook for iOS<https://aka.ms/o0ukef>
[Get Outlook for iOS](https://aka.ms/o0ukef)
Gesendet mit der Telekom Mail App
Von meinem Samsung Galaxy Smartphone gesendet.
Outlook für iOS beziehen
Holen Sie sich Outlook für iOS
Télécharger Outlook pour iOS
Envoyé à partir de Outlook pour iOS
Obtener Outlook para Android
Enviado do meu iPhone
Verstuurd vanaf mijn iPhone
Wysłane z iPhone'a
Wysłane z mojego iPhone’a
Odesláno z iPhonu
Lähetetty iPhonesta
iPhone'umdan gönderildi
Trimis de pe iPhone
Отправлено с iPhone
Изпратено от моя iPhone
Στάλθηκε από το iPhone μου
أُرسلت من الـ iPhone
נשלח מה-iPhone שלי
Dikirim dari iPhone saya
Gửi từ iPhone của tôi
iPhoneから送信
发自我的 iPhone
从我的iPhone发送
나의 iPhone에서 보냄"""
BY_PEOPLE = """Sent Samsung
Sent the offer to Samsung from my side
Get Android
We sent the quote for 40 Android tablets.
Gesendet: Angebot an Huawei
iPhone販売の件、先方と話しました
Met the buyer of Galaxy
Their app for iOS is ready
Sent email
Enviado"""


@pytest.mark.parametrize("line", BY_DEVICES.splitlines())
def test_a_device_says_nothing(line):
    assert (new_text(line + QUOTE), new_text(f"We met.\n\n{line}" + QUOTE)) == ("", "We met.")


@pytest.mark.parametrize("line", BY_PEOPLE.splitlines())
def test_a_person_does(line):
    assert new_text(line + QUOTE) == line
