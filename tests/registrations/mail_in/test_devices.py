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
나의 iPhone에서 보냄
내 iPhone에서 보냄
从我的 iPhone发送
Sent from Mail for Windows 10
Sent from Outlook for Mac
Sent from Windows Mail
Sent from Front
Sent from HEY
Sent from Nine
Sent from Titan Mail
Sent from Workspace ONE Boxer
Sent from Canary (https://canarymail.io)
Sent via Superhuman iOS
Sent from Gmail Mobile
Sent from Samsung Mobile on O2
Sent from my Verizon, Samsung Galaxy smartphone
Sent from my T-Mobile 5G Device
Sent from my BlackBerry 10 smartphone.
Sent from my Android device with K-9 Mail. Please excuse my brevity.
Sent from my iPhone, please excuse typos
Sent with Nimbus for Android
Gesendet mit Rainloop für iOS
Gesendet von Mail für Windows
Gesendet mit der GMX Mail App
Von Samsung Mobile gesendet
Diese Nachricht wurde von meinem Android-Mobiltelefon mit GMX Mail gesendet.
Diese Nachricht wurde von meinem Android Gerät mit K-9 Mail gesendet.
Diese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.
Diese Nachricht wurde von meinem iPhone mit WEB.DE Mail gesendet.
Sent from the all new AOL app for iOS
Sent from a mobile device
Sent from my Apple Watch
Sent with Front
Gesendet von Yahoo Mail auf Android
Envoyé avec Proton Mail
Provenance : Courrier pour Windows
Envoyé depuis mon mobile Orange
Enviado do Yahoo Mail no Android
Enviado desde Correo para Windows
Inviato da Posta per Windows
Verzonden vanuit Mail voor Windows
Skickat från E-post för Windows
Yahoo Mail: Search, Organize, Conquer
[Yahoo Mail: Search, Organize, Conquer](https://mail.onelink.me/107872968)
Sent from Mailbird
Sent from eM Client for Windows
Gesendet mit WEB.DE Mail
Gesendet mit der WEB.DE Mail App
Sent from an iPhone
Enviado do Samsung Galaxy
Sent from my LG Mobile
Von meinem LG Smartphone gesendet
Von meinem Galaxy S24 Ultra gesendet
Sent with Shortwave
Virus-free.www.avast.com
Virenfrei. www.avast.com<https://www.avast.com/sig-email>
This email has been checked for viruses by Avast antivirus software.
www.avast.com"""
BY_PEOPLE = """Sent Samsung
Sent the offer to Samsung from my side
Get Android
We sent the quote for 40 Android tablets.
Gesendet: Angebot an Huawei
iPhone販売の件、先方と話しました
Met the buyer of Galaxy
Their app for iOS is ready
Sent email
Enviado
Sent from our office to the customer: the offer of 20,000 EUR
Sent from our side yesterday: the offer.
Sent from my office to the customer
Sent from my phone: they accept.
Sent from my phone to Anna Miller
Sent from my desk on Monday
Sent from the front office
Sent via DHL
Sent with the samples for Windows
Sent by Nine Elms Ltd
Sent samples from Outlook Ltd.
Sent 20 for Windows
Gesendet von unserem Büro an den Kunden
Gesendet mit Angebot und Muster
Von meinem Kollegen an den Kunden gesendet
Gesendet von meinem Handy an Herrn Müller
Envoyé de mon bureau au client
Inviato da Milano al cliente
Odesláno z mého stolu
Mail an Telekom gesendet
Mail an WEB.DE gesendet
Von der Telekom verschickt
Nokia sent mail
Get a phone from Samsung
Sent from a mobile crane
Mail an die Telekom gesendet
E-Mail an Huawei gesendet
E-Mail gesendet. LG
Gesendet von meinem Chef LG
Enviado a Samsung
Enviado para Samsung
Envoyé à Nokia
Envoyé pour Nokia
Inviata a Huawei
Wysłane do Sony
Skickat till Sony
Sendt til Huawei
Sent an email for Sony
Sent by email for Windows
Angebot von meinem Handy gesendet
Von meinem Handy das Angebot gesendet
Sent by Titan
Sent via Newton
Sent by Edison
Sent with Titan
Sent with John Miller for Windows
Sent by Anna for Windows
Gesendet von Anna für Windows
Virus-free since May, they say
Please excuse my delay"""


@pytest.mark.parametrize("line", BY_DEVICES.splitlines())
def test_a_device_says_nothing(line):
    assert (new_text(line + QUOTE), new_text(f"We met.\n\n{line}" + QUOTE)) == ("", "We met.")


@pytest.mark.parametrize("line", BY_PEOPLE.splitlines())
def test_a_person_does(line):
    assert new_text(line + QUOTE) == line


def test_nor_where_its_line_was_broken():
    broken = "Diese Nachricht wurde von meinem Android-Mobiltelefon mit GMX Mail\ngesendet."
    assert (new_text(broken + QUOTE), new_text(f"We met.\n{broken}" + QUOTE)) == ("", "We met.")


def test_two_below_each_other_say_nothing_either():
    both = "Sent from Mail for Windows\n\nVirus-free.www.avast.com"
    assert (new_text(both + QUOTE), new_text(f"We met.\n\n{both}" + QUOTE)) == ("", "We met.")
