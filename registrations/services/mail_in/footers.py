"""What mail programs and telephones are called, and the lines that some write by themselves: the lists of devices.py.

A new program is one word here. Names that are everyday words as well stand apart: they count only with a capital, right after
the words for 'sent from'.
"""

# Makers and programs, in lower case: nobody's news is one of them and nothing else. Of what is declined, the stem as well.
MAKERS = set(
    "airmail android aol blackberry bluemail emclient fairphone fastmail galaxy gmail gmx honor hotmail htc huawei icloud imac "
    "ios ipad iphon iphone ipod k9 lg mac macbook macos mailbird mailo mailspring mimestream motorola nokia oneplus oppo outlook "
    "pixel polymail proton protonmail realme redmi samsung sony spark superhuman telekom thunderbird tutanota vivo webde "
    "windows xiaomi xperia yahoo yandex zoho zte".split()
)
# Names of programs that mean something else, too.
NAMES = (
    "Workspace ONE Boxer|Boxer|Canary|Edison|Front|HEY|Mail|Missive|Newton|Nine|Postbox|Shortwave|Superhuman|TypeApp|Titan|Tuta|"
    r"Twobird|Vivaldi|WEB\.DE|Zimbra|eM Client"
)
# Networks, which name themselves beside the maker.
NETWORKS = set(
    "o2 orange vodafone verizon tmobile att sprint swisscom movistar tim proximus kpn telenor telia 4g 5g lte".split()
)
# What a telephone is called.
DEVICES = set(
    "phone smartphone mobile cell tablet watch device handy mobiltelefon mobilgerät gerät telefon téléphone portable móvil "
    "celular teléfono dispositivo tablette appareil cellulare telefono telefoon toestel mobil telefonu".split()
)
# Where a program runs.
SYSTEMS = "Android|iOS|iPhone|iPad|Windows(?: Phone)?|Mac|macOS|Mac ?OS X|Linux|BlackBerry|Web|Desktop|Mobile"
# 'Sent from', as the programs say it,
SENT_FROM = (
    "sent from",
    "(?:gesendet|versendet|verschickt|geschickt) (?:aus|über)",
    "envoyée? (?:de|depuis|à partir de)",
    "enviad[oa] (?:desde|de|do|da|a partir d[eo])",
    "inviat[oa] (?:da|dal)",
    "(?:verzonden|verstuurd) (?:vanaf|vanuit)",
    "skickat från",
    "sendt fra",
    "wysłan[eoay] z",
    "odesláno (?:z|ze)",
    "отправлено (?:с|из)",
)
# 'sent with', which may be said of what was enclosed,
SENT_WITH = (
    "sent (?:with|using)",
    "(?:gesendet|versendet|verschickt|geschickt) mit",
    "envoyée? avec",
    "enviad[oa] (?:con|com)",
    "inviat[oa] (?:con|tramite)",
    "(?:verzonden|verstuurd) met",
    "skickat med",
    "sendt med",
    "wysłan[eoay] za pomocą",
    "odesláno pomocí",
)
# and 'sent by' or 'via', which may be said of a person or a carrier.
SENT_BY = (
    "sent (?:via|by)",
    "(?:gesendet|versendet|verschickt|geschickt) (?:von|via|per)",
    "envoyée? (?:via|par)",
    "enviad[oa] (?:pelo|via)",
    "inviat[oa] via",
    "(?:verzonden|verstuurd) (?:van|via)",
    "skickat via",
    "sendt via",
    "wysłan[eoay] przez",
    "отправлено через",
)
# 'For' or 'on' before a system.
FOR = "for|on|für|auf|pour|sur|para|no|en|em|per|su|voor|op|för|på|til|na|pro|для|на"
# Whole lines, however their addresses are written.
TAGLINES = (
    r"sent with (?:front|missive|shortwave|twobird|typeapp)",
    r"sent from the all[ -]new aol app(?: for (?:ios|android))?",
    r"sent from a (?:mobile|smart) ?(?:device|phone)",
    r"provenance ?: ?courrier pour windows(?: \d\d)?",
    r"yahoo mail: search, organi[sz]e, conquer",
    r"(?:virus-free|virenfrei|garanti sans virus|sans virus|libre de virus|livre de vírus|privo di virus|virusvrij|"
    r"virusfri(?:tt)?|bez wirusów|wolny od wirusów|bez virů|без вирусов)[. ]*(?:www\.)?(?:avast|avg)\.com",
    r"this e-?mail has been checked for viruses by (?:avast|avg)(?: antivirus)?(?: software)?",
    r"diese e-?mail wurde von (?:avast|avg)[ -]?antivirus(?:[ -]software)? auf viren geprüft",
    r"l['’]absence de virus dans ce courrier électronique a été vérifiée par le logiciel antivirus (?:avast|avg)",
    r"el software de antivirus (?:avast|avg) ha analizado este correo electrónico en busca de virus",
    r"este e-?mail foi verificado em termos de vírus pelo software antivírus (?:avast|avg)",
    r"questa e-?mail è stata controllata per individuare virus con (?:avast|avg)(?: antivirus)?",
    r"(?:www\.)?(?:avast|avg)\.com(?:/\S*)?",
)
# What some add about themselves.
EXCUSES = (
    r"(?:please )?(?:excuse|pardon|forgive) (?:my |the |any )?(?:brevity|typos|shortness)"
    r"(?:(?: and| or|,) (?:any )?(?:brevity|typos))?",
    r"(?:bitte )?entschuldigen sie (?:bitte )?(?:meine|die) (?:kürze|tippfehler)",
    r"(?:bitte )?verzeihen sie (?:bitte )?(?:meine|die) (?:kürze|tippfehler)",
    r"veuillez excuser ma bri[èe]veté",
    r"(?:por favor,? )?disculpe (?:mi|la) brevedad",
)
