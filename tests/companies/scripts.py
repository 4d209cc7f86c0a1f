"""Pairs of names in other scripts than Latin: what must meet, and what only seems to."""

from collections import defaultdict
from itertools import combinations
from pathlib import Path

from companies.matching import wordlists

# Two companies that Latin letters make one: a person looks.
READ_ALIKE = [
    ("شركة عمر للتجارة", "شركة عمار للتجارة"),
    ("إعمار", "عمر"),
    ("مجموعة سالم", "مجموعة سلم"),
    ("شركة كامل", "شركة كمال"),
    ("شركة حامد للمقاولات", "شركة حماد للمقاولات"),
    ("华新科技有限公司", "华鑫科技有限公司"),
    ("华新 科技", "华鑫科技"),
    ("东方电子", "东芳电子"),
    ("小米", "晓米"),
    ("任天堂", "仁天堂"),
    ("ビール商会", "ビル商会"),
    ("Соль", "Сол"),
    ("Λήμνος", "Λίμνος"),
    ("तारा उद्योग", "टारा उद्योग"),
    ("कमल इंजीनियरिंग", "कोमल इंजीनियरिंग"),
    ("मोहन केमिकल्स", "मोहिनी केमिकल्स"),
    ("कमल उद्योग", "कमाल उद्योग"),
    ("தங்கம் நகை", "தாங்கம் நகை"),
    ("রহিম ট্রেডার্স", "রাহাম ট্রেডার্স"),
]
# What only a vowel that is written tells apart is no sound of one name.
ONE_LETTER_APART = [
    ("مطعم الريف", "مطعم الرف"),
    ("שלום הובלות", "שלם הובלות"),
    ("Иванова", "Иванов"),
    ("삼성전자", "삼성전지"),
    ("Зайка", "Заика"),
]
WAYS_OF_WRITING = [
    ("أحمد للتجارة", "احمد للتجارة"),
    ("إعمار", "اعمار"),
    ("شركة النورة", "شركة النوره"),
    ("محمّد", "محمد"),
    ("مـحـمـد", "محمد"),
    ("بانک ملی", "بانك ملي"),
    ("華新科技有限公司", "华新科技"),
    ("広島電機", "廣島電機"),
    ("高島屋", "髙島屋"),
    ("ﾄﾖﾀ自動車", "トヨタ自動車"),
    ("トヨタ", "とよた"),
    ("キヤノン", "キャノン"),
    ("コンピューター販売", "コンピュータ販売"),
    ("Королёв", "Королев"),
    ("Метінвест", "Метинвест"),
    ("ΑΛΟΥΜΥΛ", "Αλουμύλ"),
    ("ＨＵＡＷＥＩ华为", "Huawei华为"),
    ("टाटा स्टील", "टाटा स्टिल"),
    ("भारत कार्पोरेशन", "भारत कारपोरेशन"),
    ("बड़ौदा डेयरी", "बडौदा डेयरी"),
    ("ਸਿੰਘ ਟਰੇਡਰਜ਼", "ਸਿਂਘ ਟਰੇਡਰਜ"),
    ("రామ్ సిమెంట్స్", "రాం సిమెంట్స్"),
    ("കേരള ഫാർമ", "കേരള ഫാര്‍മ"),
]
# Ways of writing that are read, or spaced, in different ways.
READ_APART = [
    ("Huawei 华为", "Huawei华为"),
    ("مصطفى", "مصطفي"),
    ("آرامكو", "أرامكو"),
    ("佐々木商事", "佐佐木商事"),
    ("महिंद्रा एंड महिंद्रा", "महिन्द्रा एण्ड महिन्द्रा"),
    ("हिंदुस्तान यूनिलीवर", "हिन्दुस्तान युनिलिवर"),
]
# What Chinese names say of a company as a whole stands behind them with a legal form or without one.
WHOLE = [
    ("万科集团", "万科集团有限公司"),
    ("万科集团", "万科集团股份有限公司"),
    ("新希望集團", "新希望集团有限责任公司"),
    ("新希望控股", "新希望控股有限公司"),
    ("新希望控股集团", "新希望控股集团有限公司"),
    ("阳泉煤业（集团）有限责任公司", "阳泉煤业集团"),
    ("Xinxiwang Group", "新希望集团有限公司"),
    ("Xinxiwang Jituan Youxian Gongsi", "新希望集团"),
]
# One company under two names of one script, as is known.
FAMOUS = [
    ("台积电", "台湾积体电路制造"),
    ("工商银行", "中国工商银行股份有限公司"),
    ("中国平安", "中国平安保险(集团)股份有限公司"),
    ("LG전자", "엘지전자"),
    ("全日空", "全日本空輸"),
    ("РЖД", "Российские железные дороги"),
    ("ВТБ", "Внешторгбанк"),
    ("اتصالات", "مؤسسة الإمارات للاتصالات"),
]
IN_LATIN = [("华为", "Huawei"), ("Иванов", "Ivanov"), ("삼성전자", "Samseongjeonja")]


def known_in_their_letters() -> list[tuple[str, str]]:
    """Every two names in other scripts that stand for one company in the list of known names."""
    bearers = defaultdict[str, list[str]](list)
    for native, full in known_natives():
        bearers[full].append(native)
    return [pair for names in bearers.values() for pair in combinations(dict.fromkeys(names), 2)]


def known_natives() -> list[tuple[str, str]]:
    """The names in other scripts of the list of known names, as the line above each has them, and what each stands for."""
    found, above = [], ""
    known = Path(wordlists.__file__).parent / "data" / "known_names.txt"
    for line in known.read_text("utf-8").splitlines():
        if not line.startswith("#") and not above.isascii():
            found.append((above, line.partition("=")[2].strip()))
        above = line.removeprefix("#").strip() if line.startswith("#") else ""
    return found
