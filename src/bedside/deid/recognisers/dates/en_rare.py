"""English dates in rarer forms: weekday with a day, Roman and foreign months, spelled out, years after an event."""

from __future__ import annotations

import re

from bedside.deid._recogniser import Candidate
from bedside.deid.patterns.anchors import Anchored, matching
from bedside.deid.recognisers.dates.english import DAY, MONTH, YEAR

WEEKDAY = r"(?:mon|tues?|weds?|wednes|thurs?|fri|sat|satur|sun)(?:day)?"
ORDINAL = (
    r"(?:(?:twenty|thirty)[\s-])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth|"
    r"thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth"
)
NUMBER = (
    r"(?:oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand)"
)
FOREIGN = (
    r"(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre|januar|februar|"
    r"märz|juni|juli|oktober|dezember|enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|"
    r"diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|januari|februari|maart|mrt|mei|"
    r"augustus|desember|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|dezembro|januar[iy]|marts|"
    r"jan[úu]ar|febr[úu]ar|apr[íi]l|ma[íi]|j[úu]n[íi]|j[úu]l[íi]|[áa]g[úu]st|sept[íi]ember|styczni|stycznia|lutego|"
    r"marca|"
    r"kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia)"
)
FOREIGN_SHORT = (
    r"(?:f[ée]v|mär|avr|abr|ma[ijí]|mei|j[uú]n|j[uú]l|[aá]g[uúo]|ao[ûu]|okt|ott|out|nóv|des|dez|déc|dic|gen|ene)"
)
FESTIVAL = (
    r"Onam|Pongal|Holi|Dussehra|Navratri|Durga[ ]Puja|Raksha[ ]Bandhan|Ganesh[ ]Chaturthi|Janmashtami|Baisakhi|"
    r"Vaisakhi|"
    r"Bihu|Ugadi|Makar[ ]Sankranti|Lohri|Ashura|Nowruz|Norooz|Songkran|CNY|Mid-Autumn(?:[ ]Festival)?|"
    r"Anzac[ ]Day|Australia[ ]Day|Canada[ ]Day|Victoria[ ]Day|Waitangi[ ]Day|Matariki|Burns[ ]Night|"
    r"Guy[ ]Fawkes(?:[ ](?:Night|Day))?|Bonfire[ ]Night|St\.?[ ](?:Andrew|David|George|Stephen|Nicholas|John)['’]?s[ ]"
    r"(?:Day|Night|Eve)|Hogmanay|Pancake[ ]Day|Shrove[ ]Tuesday|Ash[ ]Wednesday|Palm[ ]Sunday|Maundy[ ]Thursday|"
    r"Holy[ ]Week|Pentecost|Whitsun|Ascension[ ]Day|Corpus[ ]Christi|All[ ](?:Saints|Souls)['’]?[ ]Day|"
    r"D[ií]a[ ]de[ ](?:los[ ])?Muertos|Purim|Sukkot|Shavuot|Vesak|Mardi[ ]Gras|Groundhog[ ]Day|Flag[ ]Day|"
    r"Election[ ]Day|Tax[ ]Day|Earth[ ]Day|Black[ ]Friday|Cyber[ ]Monday|Bastille[ ]Day|King['’]?s[ ]Day|Koningsdag|"
    r"Sinterklaas|Midsummer(?:['’]?s)?(?:[ ](?:Day|Eve))?|Heritage[ ]Day|Freedom[ ]Day|Republic[ ]Day|Gandhi[ ]Jayanti|"
    r"National[ ]Day|Patriots['’]?[ ]Day|Indigenous[ ]Peoples['’]?[ ]Day|Family[ ]Day|Remembrance[ ]Day|"
    r"Armistice[ ]Day|"
    r"Epiphany|Candlemas|Lunar[ ]New[ ]Year|T[eế]t(?=[ ](?:holiday|20\d\d))|Super[ ]Bowl(?:[ ]Sunday)?"
)
HOLIDAY = (
    r"(?i:Christmas|Thanksgiving|New[ ]Year['’]?s?|Easter|Ramadan|Eid|Diwali|Hanukkah|Passover|Halloween|Labor[ ]Day|"
    r"Memorial[ ]Day|Veterans[ ]Day|Mother['’]?s[ ]Day|Father['’]?s[ ]Day|Valentine['’]?s(?:[ ]Day)?)"
)
OTHER_MONTH = (
    r"Muharram|Safar|Rabi['’]?[ -](?:al-)?(?:[Aa]wwal|[Tt]hani|I{1,2})|Jumada[ -](?:al-)?(?:[Uu]la|[Aa]wwal|"
    r"[Tt]haniya?|"
    r"[Aa]khira|I{1,2})|Rajab|Sha['’]?ban|Ramadan|Shawwal|Dhu(?:al|l)?[ -]?(?:al-)?(?:[QK]i?['’]?dah?|[Hh]ijjah?)|"
    r"Baisakh|Jestha|Ashadh|Shrawan|Bhadra|Ashwin|Kartik|Mangsir|Poush|Magh|Ph?[ah]lgun|Falgun|Chaitra|Chait|"
    r"Nisan|Iyar|Sivan|Tammuz|Elul|Tishrei|Cheshvan|Kislev|Tevet|Shevat|Adar|"
    r"Farvardin|Ordibehesht|Khordad|Mordad|Shahrivar|Mehr|Aban|Azar|Bahman|Esfand|"
    r"Meskerem|Tikimt|Hidar|Tahsas|Yekatit|Megabit|Miazia|Ginbot|Hamle|Nehase"
)
"""Months of the Islamic, Nepali, Hebrew, Persian and Ethiopian calendars, with a day or a year of theirs."""
EVENT = (
    r"\w+(?:ectomy|ostomy|otomy|plasty|oscopy|graphy|itis|osis|emia|orrhaphy)|episodes?|surgery|repair|strokes?|"
    r"stents?|"
    r"stenting|fractures?|cancer|biopsy|replacement|transplant|accident|mva|mvc|birth|delivery|section|stones?|infarct|"
    r"seizure|concussion|graduated|married|divorced|widowed|retired|died|arrived|immigrated|emigrated|deployed|cabg|"
    r"tdap|vaccin\w+|booster|pneumovax|prevnar|shingrix|mammogram|smear|dexa|tha|tka|thr|tkr|dvt|cva|fusion|ablation|"
    r"bypass|relapse|remission|diagnosis|horse|crash|injury|fall"
)

EVENT_BEFORE = re.compile(rf"\b(?:{EVENT})[ ](?:in[ ]|\()?\Z", re.I)

RULES = {
    "weekday_number": Anchored(
        rf"\b{WEEKDAY}\.?,?[ ](?:{DAY}[ ]?[/.-][ ]?{DAY}(?:[/.-](?:{YEAR}|\d\d))?(?![\d/%])|"
        rf"(?:the[ ])?(?:{DAY}(?:st|nd|rd|th)|{ORDINAL})(?:[ ](?:of[ ])?{MONTH}\b)?(?:[ ]{YEAR})?|"
        rf"{DAY}[ ]{MONTH}\b(?:[ ]{YEAR})?)",
        re.I,
    ),
    "year_first": Anchored(rf"(?<![\w/.-]){YEAR}(?:-{MONTH}-{DAY}|,?[ ]{DAY}[ ]{MONTH}\b\.?)(?![\w/])", re.I),
    "roman": Anchored(
        rf"(?<![\w./-]){DAY}[ ]?([-./])[ ]?(?:x|xi{{1,2}}|ix|iv|vi{{0,3}}|i{{1,3}})[ ]?\1[ ]?{YEAR}\b", re.I
    ),
    "slashed_year": Anchored(rf"\b{MONTH}\.?[ ]{DAY}/\d\d(?![\d/])", re.I),
    "double": Anchored(rf"(?<![\w/]){DAY}(?:st|nd|rd|th)/{DAY}(?:st|nd|rd|th)[ ]{MONTH}\b(?:[ ]{YEAR})?", re.I),
    "many_days": Anchored(
        rf"(?<![\w/.-]){DAY}(?:st|nd|rd|th)?(?:,[ ]{DAY}(?:st|nd|rd|th)?){{0,3}}(?:,?[ ](?:and|or|to)[ ]|[ ]?[&–-][ ]?)"
        rf"{DAY}(?:st|nd|rd|th)?[ ](?:of[ ])?{MONTH}\b\.?(?:,?[ ]{YEAR})?(?!\w)",
        re.I,
    ),
    "other_calendar": Anchored(
        rf"(?<![\w/.-])(?:\d{{1,2}}[ ](?:{OTHER_MONTH})(?:[ ](?:1[34]\d\d|20[78]\d))?(?:[ ]?A\.?H\b)?|"
        rf"(?:{OTHER_MONTH})[ ]\d{{1,2}}(?:,?[ ](?:1[34]\d\d|20[78]\d))?|"
        rf"20[78]\d[ ](?:{OTHER_MONTH})(?:[ ]\d{{1,2}})?)(?!\w)"
    ),
    "ordinal_month": Anchored(
        rf"\b(?:the[ ])?(?:{ORDINAL})[ ]of[ ]the[ ](?:{ORDINAL})(?:,?[ ](?:{NUMBER}(?:[ -]{NUMBER}){{0,3}}|{YEAR}))?\b",
        re.I,
    ),
    "day_alone": Anchored(
        r"\b(?:on|till|until|by|since|from|birthday|due|ros|dated?|r/v|review|appt|booked|icu)[ ]((?:3[01]|"
        r"[12]?\d)(?:st|nd|rd|th))"
        r"(?=[.,;)]|[ ]*$|[ ](?:at|with|and|am|pm)\b)(?![ .,]+(?:centile|percentile|floor|grade|dose|day))",
        re.I | re.M,
    ),
    "short_weekday": Anchored(
        r"\b(?:(?:thurs|tues|weds)(?![\w/-])|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[ ](?:am|pm|AM|PM)\b)"
    ),
    "holidays": Anchored(r"\b(?:Easter|Christmas|Diwali|Eid)[ ](?:holidays?|break|weekend)\b"),
    "month_review": Anchored(
        r"(?<![\w-])(?:January|February|March|April|May|June|July|August|September|October|November|"
        r"December)(?=[ ](?:review|clinic|meeting|list|rota|bloods)\b)"
    ),
    "yest": Anchored(r"\byest\b\.?", re.I),
    "foreign": Anchored(rf"(?<![\w/.-]){DAY}\.?[ ](?:de[ ])?{FOREIGN}\b(?:[ ](?:de[ ])?{YEAR})?", re.I),
    "dotted_day": Anchored(rf"(?<![\w/.-]){DAY}\.[ ]?{FOREIGN_SHORT}\.?[ ]{YEAR}\b", re.I),
    "misread": Anchored(
        r"(?<![\w/.-])(?=[\d/]*[Oo])[0-3Oo]?[\dOo]/[0-3Oo]?[\dOo]/(?:[12][\dOo]{3}|[\dOo]{2})(?![\w/])"
    ),
    "foreign_month": Anchored(rf"\b(?:de|fin|fines[ ]de|depuis|desde|seit|en)[ ]({FOREIGN})\b(?:[ ]{YEAR})?", re.I),
    "spelled": Anchored(
        rf"\b(?:the[ ])?(?:{ORDINAL})(?:[ ]of)?[ ]{MONTH}\b(?:,?[ ](?:{YEAR}|(?:nineteen|twenty)(?:[ -]{NUMBER})"
        rf"{{1,2}}))?|"
        rf"\b(?!(?-i:may|march)[ ](?:{ORDINAL})\b)"
        rf"(?:january|february|march|april|may|june|july|august|september|october|november|december)[ ](?:the[ ])?"
        rf"(?:(?:{ORDINAL})|{DAY}(?:st|nd|rd|th))(?:,?[ ](?:{YEAR}|(?:nineteen|twenty)(?:[ -]{NUMBER}){{1,2}})\b)?",
        re.I,
    ),
    "spelled_born": Anchored(
        rf"\b(?:date[ ]of[ ]birth|dob|birthday|born)[ :](?:is[ ])?({NUMBER}(?:[ -]{NUMBER}){{1,6}})\b", re.I
    ),
    "spelled_day": Anchored(
        rf"\b(?:in[ ]on|seen[ ]on|on|until|by|since|w(?:ee)?k[ ]of)[ ](the[ ](?:(?:{ORDINAL})|{DAY}(?:st|nd|rd|th)))"
        rf"(?=[.,;)]|\s*$|[ ](?:and|at|with|for)\b)(?![ ](?:day|time|try|attempt|floor|line))",
        re.I | re.M,
    ),
    "dec_the_first": Anchored(rf"\b{MONTH}\.?[ ]the[ ]{DAY}(?:st|nd|rd|th)\b", re.I),
    "nth_weekday": Anchored(
        rf"\b(?:1st|2nd|3rd|4th|first|second|third|fourth|last)[ ]{WEEKDAY}[ ](?:in|of)[ ]{MONTH}\b\.?", re.I
    ),
    "week_of_year": Anchored(r"\b(?i:wk|week|w/c|w/e)[ ]?(?:0?[1-9]|[1-4]\d|5[0-3])[/ ](?:of[ ])?20\d\d\b"),
    "of_this_month": Anchored(r"\b(?:the[ ])?(?:[12]\d|3[01]|[1-9])(?:st|nd|rd|th)[ ](?:inst|ult|prox)\b\.?"),
    "day_of_year": Anchored(rf"(?i:\bdate)[ .:]+({YEAR}/\d{{3}})(?!\d)"),
    "festival": Anchored(rf"\b(?:(?:the[ ])?(?:eve|night|morning|day)[ ]of[ ])?(?:{FESTIVAL})(?:[ ]{YEAR})?(?!\w)"),
    "holiday_year": Anchored(
        rf"\b(?:(?:the[ ])?(?:eve|night|morning|day|week)[ ](?:of|before|after)[ ])?{HOLIDAY}"
        rf"(?:[ ](?i:day|eve|morning|night|week|weekend))?(?:[ ]{YEAR})?(?![ ](?i:tree|disease|factor|egg|island))\b"
    ),
    "last_month": Anchored(rf"\b(?:last|next|this[ ]past|early|late|mid)[ -]{MONTH}\b(?!\w)", re.I),
    "month_this_year": Anchored(rf"\b{MONTH}\.?[ ](?:of[ ])?(?:this|last|next)[ ]year\b", re.I),
    "months": Anchored(rf"\bbetween[ ]({MONTH})\.?[ ]and[ ]", re.I),
    "begun": Anchored(
        r"\b(?:begun|began|started|starting|ended|ending|due|since|from|until|till|by)[ ]"
        r"((?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)(?![\w'])"
    ),
    "short_year": Anchored(
        rf"\b(?:{MONTH}|spring|summer|autumn|fall|winter|early|late|mid|since|in|class[ ]of|back[ ]in)\.?[ ]['’]\d\d\b",
        re.I,
    ),
    "event_year": Anchored(r"\b(?:19[3-9]|20[0-4])\d(?=[,.;)?]|\s*$)", re.M),
    "bracket_year": Anchored(r"\(((?:19[3-9]|20[0-4])\d)\)"),
    "start_dotted": Anchored(
        rf"\b(?i:start(?:ed)?|recheck|returns?|review|next|since|until|on|due|seen)[ ]((?:1[0-2]|0?[1-9])[.-]{DAY})"
        r"(?=[.,;)]|\s*$|[ ](?:and|with|at)\b)(?![.,;)]\d)",
        re.M,
    ),
    "before_clock": Anchored(
        r"(?<![\w./-])((?:[12]\d|3[01])/(?:1[0-2]|0?[1-9]))(?=[ ,@]{1,2}(?:at )?(?:[01]?\d|2[0-3]):[0-5]\d\b)"
    ),
    "day_month": Anchored(
        r"(?i:\b(?:to|on|time|review|since|until|by|due|dated?|about|rv|seen|booked)[ ]|\b\d{4}[ ])"
        r"((?:[12]\d|3[01])/(?:1[0-2]|0?[1-9]))(?![\w/%]|[.-]\d)"
    ),
}
NAMED = tuple((rule, name) for name, rule in RULES.items())


def recognise(text: str) -> list[Candidate]:
    """Dates in forms that are seldom written, each with something beside it that says so.

    >>> [text[c.start:c.end] for text in ["seen Sun 2/18, Na 138"] for c in recognise(text)]
    ['Sun 2/18']
    """
    found = []
    for match, name in matching(text, NAMED):
        if name == "event_year" and not EVENT_BEFORE.search(text, max(0, match.start() - 24), match.start()):
            continue
        group = 1 if match.lastindex and name != "roman" else 0
        found.append(Candidate(*match.span(group), "DATE", SCORES.get(name, 0.9), f"en_dates_rare.{name}"))
    return found


def patterns() -> tuple[Anchored, ...]:
    """Those without a match of which nothing is found."""
    return tuple(rule for rule, _ in NAMED)


SCORES = {"start_dotted": 0.6, "day_month": 0.7, "bracket_year": 0.7, "event_year": 0.8, "begun": 0.8}
