"""What a gateway writes above a mail from outside: 'CAUTION: This email originated from outside of the organization.'

Nobody's news, and never alone what a partner says. Each sentence is told by its kind; the first one that is not of these ends
the banner, so that the writer's 'Caution: an external auditor decides' stays.
"""

import re

_WARNING = (
    "caution|warning|attention|achtung|vorsicht|hinweis|avertissement|prudence|atención|precaución|attenzione|atenção|let op|"
    "varning|advarsel|uwaga|upozornění"
)
_EXTERNAL = "external|externe?[rns]?|esterno|externo|ekstern|extern[ta]"
_MAIL = "e-?mail|mail|message|sender|absender|nachricht|e-?post|bericht|correo|afzender"
# Alone on its line: 'CAUTION: EXTERNAL E-MAIL'.
_TAG = re.compile(
    rf"[\s\[(*_<{{|!-]*(?:(?:{_WARNING})\s*[:!–-]*\s*)?(?:{_EXTERNAL})(?:[ -]?(?:{_MAIL}))?[\s\])*_>}}|!:-]*",
    re.IGNORECASE,
)
_LABEL = (
    rf"(?:[\[(*_\s]*(?:{_WARNING}|(?:{_EXTERNAL})(?: (?:{_MAIL}))?|"
    r"(?:e-?mail|correo|courriel) (?:extern[eoa]|esterna|zewnętrzny))[\])*_]*\s*[:!.–-]*\s*)*"
)
# A sentence that says where the mail came from, up to the word for 'outside'.
_ORIGINS = {
    r"this (?:e-?mail|message) (?:(?:has )?originate[sd]|was sent|came|comes|is from|has been sent)": "outside|external",
    r"diese (?:e-?mail|nachricht|mail) (?:stammt|kommt|wurde)": r"extern\w*|außerhalb|ausserhalb",
    r"cet?t?e? (?:e-?mail|courriel|message|courrier) (?:provient|vient|a été envoyé|émane)": "extérieure?|externe|dehors",
    r"este (?:correo|mensaje|e-?mail)": "fuera|extern[oa]|exterior|fora",
    r"quest[ao] (?:e-?mail|messaggio)": "estern[oa]|fuori|all['’]esterno",
    r"de(?:ze|it) (?:e-?mail|bericht)": r"buiten|extern\w*",
    r"detta (?:e-?post|mejl|meddelande)\w*": r"utanför|extern\w*",
    r"denne (?:e-?mail|e-?post|mail)\w*": r"udefra|uden for|utenfor|ekstern\w*",
    r"ta wiadomość": r"spoza|zewn\w*|z zewnątrz",
}
_ORIGIN = "|".join(
    [rf"{begin}\b[^.!?]*?\b(?:{outside})" for begin, outside in _ORIGINS.items()]
    + ["this is an external (?:e-?mail|message|sender)", "you don['’]t often get e-?mail from"]
    + [r"dies ist eine externe\b", r"sie erhalten nicht (?:oft|häufig)\b"]
)
_ADVICE = (
    r"(?:please )?(?:do not|don['’]t|never) (?:click|open|reply|respond)\b|(?:please )?(?:be careful|(?:exercise|use) caution|"
    r"think before|report (?:suspicious|phishing))\b|learn why this is important|(?:klicken sie|bitte (?:klicken|öffnen|seien)|"
    r"öffnen sie (?:keine|anhänge)|seien sie vorsichtig|erfahren sie, warum|ne cliquez|n['’]ouvrez|soyez (?:vigilant|prudent)|"
    r"découvrez pourquoi|no haga clic|no abra|não clique|non (?:fare clic|cliccare|aprire)|klik niet|open geen|klicka inte|"
    r"klikk? ikke|nie klikaj)"
)
_FIRST = re.compile(rf"{_LABEL}(?:{_ORIGIN})", re.IGNORECASE)
_NEXT = re.compile(rf"{_LABEL}(?:{_ORIGIN}|{_ADVICE})", re.IGNORECASE)
_RULE = re.compile(r"^[ \-–—_=*]{5,}\n\s*")
# A shorter line was not broken by a program, and what stands in the next one is another sentence.
_WRAPPED = 50


def without_banner(text: str) -> str:
    """`text` without the banners at its top."""
    left, found, in_line = text.lstrip(), False, False
    while left:
        line, _, below = left.partition("\n")
        if _is_tag(line):
            left, found, in_line = below.lstrip(), True, False
            continue
        end = _end_of_sentence(left, in_line)
        if not (_NEXT if found else _FIRST).match(" ".join(left[:end].split())):
            break
        in_line = left[end : end + 1] == " "
        left, found = left[end:].lstrip(), True
    return _RULE.sub("", left, count=1) if found else text


def _is_tag(line: str) -> bool:
    """'[EXTERNAL]' and its like: between marks, in capitals or with 'e-mail', which nobody's first word is."""
    said = line.strip()
    return bool(_TAG.fullmatch(said)) and (said.isupper() or said[0] in "[(*<{_|" or "mail" in said.lower())


def _end_of_sentence(text: str, in_line: bool) -> int:
    """Where the first sentence ends: at its full stop, or with its line, where that is not one of a longer paragraph. `in_line`
    says that it began in the middle of a line."""
    end = 0
    for line in text.split("\n")[:4]:
        stop = re.search(r"[.!?](?=[\s\])*_>]|$)[\])*_>]*|>$", line)
        if stop:
            return end + stop.end()
        end += len(line) + 1
        if len(line) < _WRAPPED and not in_line:
            break
        in_line = False
    return min(end, len(text))
