"""What telephones and mail programs write under every mail of their owner: 'Sent from my iPhone', 'Odesláno z iPhonu'. It is
nobody's news, and a reply that says nothing else is empty.

A line counts in three ways: it has nothing but a word for sending (or for getting the program), a maker or program, and the
small words between them, in whatever order a language puts them; it says 'sent from' and a program's name, or any name and a
system; it says 'sent from my', a device, and names. Whoever writes 'Sent from my office to the customer: the offer' is heard.
Names and whole lines stand in footers.py.
"""

import re
import unicodedata

from registrations.services.mail_in.footers import (
    DEVICES,
    EXCUSES,
    FOR,
    MAKERS,
    NAMES,
    NETWORKS,
    SENT_BY,
    SYSTEMS,
    TAGLINES,
)

_SENDING = set(
    "sent get gesendet verschickt holen beziehen laden envoyé envoyée envoye télécharger obtenir obtenez obtener obtén descargar "
    "enviado enviada obter obtenha verstuurd verzonden downloaden ontvang skickat skickades sänt hämta sendt hent отправлено "
    "отправлен надіслано wysłano wysłane wysłana pobierz uzyskaj lähetetty hanki inviato inviata ottieni scarica odesláno "
    "odoslané získejte poslano poslato poslané изпратено στάλθηκε εστάλη απεστάλη trimis trimisă küldve elküldve gönderildi "
    "saadetud nosūtīts išsiųsta послато أرسلت أرسل تم נשלח dikirim gửi được".split()
)
_MY = set("my meinem meiner mon ma mi mio mia mijn min mitt meu minha mojego mého môjho моего мого".split())
_BETWEEN = _MY | set(
    "from with via by using the a an on for our secure encrypted email e mail app mobile phone smartphone tablet device "
    "mit der dem den die das mein meine von vom aus sie sich für mobilgerät handy à partir de depuis d du "
    "le la l un pour desde el para com o do da dal dall per met vanaf van een voor från mig fra no na em til till "
    "med с со из от моя мой моем з z ze za moj mojega из από το μου pe al meu prin az umdan "
    "ımdan den dan من الـ ال جهاز מה ה שלי saya dari từ của tôi bằng diese nachricht wurde this message was".split()
)
# Who it went to is a person's word.
_TO = set("to an aan al tegen".split())
_ADDRESS = re.compile(r"https?://\S+")
_WORD = re.compile(r"[^\W_]+")
# In scripts that do without spaces the words for sending stand before or behind.
_DEVICE = r"(?:iPhone|iPad|iOS|Android|Galaxy|Outlook)"
_GLUED = re.compile(
    rf"(?:(?:我的|나의|내|从|從)?\s?\S{{0,4}}\s?{_DEVICE}\s?(?:から送信|에서 보냄|에서 전송|发送|發送|傳送)"
    rf"|(?:发自|寄自|傳送自)\S{{0,4}}\s?{_DEVICE})[.。]?",
    re.IGNORECASE,
)
# Names are declined in some languages.
_DECLINED = re.compile(r"(iphon|ipad|android|galaxy|outlook|samsung)\w{0,5}")
_BY = rf"(?i:{'|'.join(SENT_BY)})(?i: the| der| dem)?"
_MAIL = r"(?: (?i:e-?mail|mail|app|mobile))?"
_SYSTEM = rf"(?: (?i:{FOR}))? (?:{SYSTEMS})(?: \d{{1,2}}(?:\.\d)?)?"
_NAME = r"[^\W\d_a-zà-ÿ][\w.&+'’-]*"
_NAMED = re.compile(
    rf"{_BY} (?:(?:{NAMES}){_MAIL}(?:{_SYSTEM})?|(?:{_NAME} ){{1,3}}(?i:{FOR}) (?:{SYSTEMS}))"
)
_TAGLINE = re.compile(rf"(?:{'|'.join(TAGLINES)})", re.IGNORECASE)
_EXCUSE = re.compile(rf"(?:^|[.,!–-] *)(?:{'|'.join(EXCUSES)})[.! ]*$", re.IGNORECASE)
# Between two sentences, or before what a person adds.
_GOES_ON = re.compile(r"[:;!?€$]|\.\s")
_MARKS = " <>[]()*_\t"
_LONGEST = 90
_MOST_NAMES = 3


def by_a_device(line: str) -> bool:
    """Whether a line is what a telephone or a mail program writes by itself."""
    whole = " ".join(_ADDRESS.sub(" ", line).split()).strip(_MARKS)
    if _TAGLINE.fullmatch(whole.rstrip(".")):
        return True
    said = _EXCUSE.sub("", whole).rstrip(". ").strip(_MARKS)
    if not said:
        return bool(whole)
    if len(said) > _LONGEST:
        return False
    if _GLUED.fullmatch(said) or _NAMED.fullmatch(said):
        return True
    words = _words_of(said)
    return _says_nothing_else(words) or (not _GOES_ON.search(said) and _is_of_my_own(words, said))


def _words_of(said: str) -> list[str]:
    """Its words in one form; the number of a version belongs to the name before it."""
    plain = "".join(c for c in unicodedata.normalize("NFC", said.casefold()) if not unicodedata.combining(c))
    plain = plain.replace("k-9", "k9").replace("t-mobile", "tmobile")
    words = [_DECLINED.sub(r"\1", word) for word in _WORD.findall(plain)]
    return [
        word
        for at, word in enumerate(words)
        if not (word.isdecimal() and len(word) < 3 and at and words[at - 1] in MAKERS)
    ]


def _says_nothing_else(words: list[str]) -> bool:
    known = MAKERS | NETWORKS | DEVICES | _SENDING | _BETWEEN
    if any(word not in known for word in words):
        return False
    alone = {"sent", "get"}.issuperset(_SENDING.intersection(words)) and not _BETWEEN.intersection(words)
    return bool(MAKERS.intersection(words) and _SENDING.intersection(words)) and not alone


def _is_of_my_own(words: list[str], said: str) -> bool:
    """'Sent from my Verizon smartphone': sending first or last, a device or a maker, and beside them only a few names."""
    named = MAKERS | DEVICES
    if not (
        _SENDING.intersection((words[0], words[-1])) and _MY.intersection(words) and named.intersection(words)
    ):
        return False
    others = set(words) - named - NETWORKS - _SENDING - _BETWEEN
    capitals = {word.casefold() for word in _WORD.findall(said) if not word.islower()}
    return not _TO.intersection(words) and len(others) <= _MOST_NAMES and others <= capitals
