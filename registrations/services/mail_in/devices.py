"""What telephones and mail programs write under every mail of their owner: 'Sent from my iPhone', 'Odesláno z iPhonu'. It is
nobody's news, and a reply that says nothing else is empty.

The library of quotes knows some of it in some languages. Here a line counts that has nothing but a word for sending (or for
getting the program), a maker or program, and the small words between them, in whatever order a language puts them.
"""

import re
import unicodedata

_MAKERS = set(
    "android aol blackberry bluemail fairphone fastmail galaxy gmx huawei ios ipad iphon ipod nokia oneplus oppo outlook "
    "pixel proton redmi samsung spark telekom thunderbird vivo xiaomi yahoo yandex zoho mailo icloud gmail".split()
)
_SENDING = set(
    "sent get gesendet verschickt holen beziehen laden envoyé envoyée envoye télécharger obtenir obtenez obtener obtén descargar "
    "enviado enviada obter obtenha verstuurd verzonden downloaden ontvang skickat skickades sänt hämta sendt hent отправлено "
    "отправлен надіслано wysłano wysłane wysłana pobierz uzyskaj lähetetty hanki inviato inviata ottieni scarica odesláno "
    "odoslané získejte poslano poslato poslané изпратено στάλθηκε εστάλη απεστάλη trimis trimisă küldve elküldve gönderildi "
    "saadetud nosūtīts išsiųsta послато أرسلت أرسل تم נשלח dikirim gửi được".split()
)
_BETWEEN = set(
    "from with via by using my the a an on for our secure encrypted email e mail app mobile phone smartphone tablet device "
    "mit der dem den die das mein meine meinem meiner von vom aus sie sich für mobilgerät handy à partir de depuis d du mon ma "
    "le la l un pour desde mi el para com o meu minha do da dal dall mio per met vanaf van mijn een voor från min mitt mig fra "
    "med til с со из от моего моя мой моем з мого z ze mojego mého môjho za moj mojega из από το μου pe al meu prin az umdan "
    "ımdan den dan من الـ ال جهاز מה ה שלי saya dari từ của tôi bằng on".split()
)
_ADDRESS = re.compile(r"https?://\S+")
_WORD = re.compile(r"[^\W_]+")
# In scripts that do without spaces the words for sending stand before or behind.
_DEVICE = r"(?:iPhone|iPad|iOS|Android|Galaxy|Outlook)"
_GLUED = re.compile(
    rf"(?:(?:我的|나의|从|從)?\s?\S{{0,4}}{_DEVICE}\s?(?:から送信|에서 보냄|에서 전송|发送|發送|傳送)"
    rf"|(?:发自|寄自|傳送自)\S{{0,4}}\s?{_DEVICE})[.。]?",
    re.IGNORECASE,
)
# Names are declined in some languages.
_DECLINED = re.compile(r"(iphon|ipad|android|galaxy|outlook|samsung)\w{0,5}")
_LONGEST = 90


def by_a_device(line: str) -> bool:
    """Whether a line is what a telephone or a mail program writes by itself."""
    said = _ADDRESS.sub(" ", line).strip(" <>[]()*_\t")
    if not said or len(said) > _LONGEST:
        return False
    if _GLUED.fullmatch(said):
        return True
    plain = "".join(c for c in unicodedata.normalize("NFC", said.casefold()) if not unicodedata.combining(c))
    words = [_DECLINED.sub(r"\1", word) for word in _WORD.findall(plain)]
    known = _MAKERS | _SENDING | _BETWEEN
    if any(word not in known for word in words):
        return False
    alone = {"sent", "get"}.issuperset(_SENDING.intersection(words)) and not _BETWEEN.intersection(words)
    return bool(_MAKERS.intersection(words) and _SENDING.intersection(words)) and not alone
