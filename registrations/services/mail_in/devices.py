"""What telephones and mail programs write under every mail of their owner: 'Sent from my iPhone', 'Odesláno z iPhonu'. It is
nobody's news, and a reply that says nothing else is empty.

A line counts in three ways: it has nothing but a word for sending (or for getting the program), a maker or program, and the
small words between them, in whatever order a language puts them; it says 'sent from' and a program's name, or any name and a
system; it says 'sent from my', a device, and names. Whoever writes 'Sent from my office to the customer: the offer' is heard,
and so is 'Mail an Telekom gesendet': a maker may be a customer. What may be either is a person's.
Names and whole lines stand in footers.py.
"""

import re
import unicodedata
from itertools import pairwise

from registrations.services.mail_in.footers import (
    DEVICES,
    EXCUSES,
    FOR,
    MAKERS,
    NAMES,
    NETWORKS,
    SENT_BY,
    SENT_FROM,
    SENT_WITH,
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
    "mit der dem den die das mein meine von vom aus auf sie sich für mobilgerät handy avec à partir de depuis d du "
    "le la l un pour desde el para com o do da dal dall per met vanaf van een voor från mig fra no na em til till "
    "med с со из от моя мой моем з z ze za moj mojega из από το μου pe al meu prin az umdan "
    "ımdan den dan من الـ ال جهاز מה ה שלי saya dari từ của tôi bằng diese nachricht wurde this message was".split()
)
# Who it went to is a person's word.
_TO = set("to an aan al tegen".split())
# So it is before a maker's name, where these mean 'to' or 'for', if not in 'Outlook for Android' or 'from an iPhone'.
_TOWARDS = set("a an à al do for für pour para per voor til till för za".split())
_ARTICLES = set("the der dem den die das le la l un el o een en il".split())
_HAS_A = set("from with via by using on".split())
_FROM_THE = set("enviado enviada".split())  # 'do' is 'from the' in Portuguese, and 'to' in Polish and Czech
_RUNS_ON = set("android ios iphone iphon ipad windows mac macos blackberry".split())
_PROGRAM = MAKERS | {"mail", "app"}
# 'LG' alone ends a German mail: liebe Grüße.
_OWNS_LG = _MY | set("from von vom de do fra från z od da van".split())
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
_MAIL = r"(?: (?i:e-?mail|mail|app|mobile)){1,2}"
_SYSTEM = rf"(?: (?i:{FOR}))? (?:{SYSTEMS})(?: \d{{1,2}}(?:\.\d)?)?"
_NAME = r"[^\W\d_a-zà-ÿ][\w.&+'’-]*"


def _after(sent: tuple[str, ...], names: str) -> str:
    return rf"(?:(?i:{'|'.join(sent)})(?i: the| der| dem)? (?:{names}))"


# A name that is an everyday word stands alone only after 'from': 'Sent by Titan' is about a carrier. So do names of more words.
_NAMED = re.compile(
    "|".join(
        (
            _after((*SENT_FROM, *SENT_WITH, *SENT_BY), rf"(?:{NAMES})(?:{_MAIL}(?:{_SYSTEM})?|{_SYSTEM})"),
            _after(SENT_FROM, rf"{NAMES}|(?:{_NAME} ){{1,3}}(?i:{FOR}) (?:{SYSTEMS})"),
            _after(SENT_WITH, rf"{_NAME} (?i:{FOR}) (?:{SYSTEMS})"),
        )
    )
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
    plain = plain.replace("k-9", "k9").replace("t-mobile", "tmobile").replace("web.de", "webde")
    words = [_DECLINED.sub(r"\1", word) for word in _WORD.findall(plain)]
    words = [
        word
        for at, word in enumerate(words)
        if not (word.isdecimal() and len(word) < 3 and at and words[at - 1] in MAKERS)
    ]
    return ["grüße" if word == "lg" and not _is_maker(words, at) else word for at, word in enumerate(words)]


def _is_maker(words: list[str], at: int) -> bool:
    """Whether the 'LG' there makes telephones."""
    before, behind = words[max(at - 1, 0) : at], words[at + 1 : at + 2]
    return not (_OWNS_LG.isdisjoint(before) and DEVICES.isdisjoint(behind))


def _goes_to_a_maker(words: list[str]) -> bool:
    """Whether a maker is whom it went to: 'Mail an die Telekom gesendet', not 'Sent from Outlook for Android'."""
    for at, word in enumerate(words):
        if word not in MAKERS:
            continue
        before = at - 1
        while before > 0 and words[before] in _ARTICLES | _MY:
            before -= 1
        if before < 0 or words[before] not in _TOWARDS:
            continue
        towards, earlier = words[before], words[before - 1] if before else ""
        is_article = towards in ("a", "an") and earlier in _HAS_A
        is_from = towards == "do" and not _FROM_THE.isdisjoint(words)
        is_system = word in _RUNS_ON and earlier in _PROGRAM
        if not (is_article or is_from or is_system):
            return True
    return False


def _is_about_a_maker(words: list[str]) -> bool:
    """Whether a maker sent something, or something is got from one: 'Nokia sent mail', 'Get a phone from Samsung'. Telekom's
    footer names its program; a parcel is 'von der Telekom verschickt'."""
    for word, behind in pairwise(words):
        if (behind == "sent" and word in MAKERS) or (word == "get" and behind in ("a", "an")):
            return True
    return MAKERS.intersection(words) == {"telekom"} and not {"mail", "app"}.intersection(words)


def _says_nothing_else(words: list[str]) -> bool:
    known = MAKERS | NETWORKS | DEVICES | _SENDING | _BETWEEN
    if any(word not in known for word in words) or _goes_to_a_maker(words) or _is_about_a_maker(words):
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
    if _TO.intersection(words) or len(others) > _MOST_NAMES or not others <= capitals:
        return False
    return words[0] in _SENDING or _name_the_device(words, others)


def _name_the_device(words: list[str], others: set[str]) -> bool:
    """Whether these words belong to what is 'my': in 'Angebot von meinem Handy gesendet' one is what was sent."""
    belongs = _MY | MAKERS | NETWORKS | others
    return all(at and words[at - 1] in belongs for at, word in enumerate(words) if word in others)
