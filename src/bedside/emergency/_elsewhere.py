"""Trouble that nobody here has now: an animal's, a thing's, that of a story or an examination, what is long past.

A mention is somebody's own as long as the sentence says so: "in the film he collapsed, and now my dad has" is told.
"""

from __future__ import annotations

import re

_ANIMAL = re.compile(
    r"^\W*(?:(?:hi|hello|help|and|so|but|then|yesterday|today|last \w+),? )*"
    r"(?:my|our|the|a|his|her|their|this) (?:\w+ )?"
    r"(?:dog|puppy|pup|cat|kitten|horse|pony|rabbit|hamster|guinea pig|parrot|budgie|hen|cow|sheep|goat|ferret)s?\b"
    r"(?!'?s? (?:milk|hair|allerg\w+))"
    r"(?![ -](?:\w+ ){0,2}?(?:scan|walk\w*|rid\w+|food|ticks?|bite|roll\w+|fell|landed|ran|chas\w+|stepped|"
    r"trod|bit|bites|scratch\w*|attack\w*|mauled|knocked|jumped|pulled|tripped|lick\w*|kick\w*|threw|pecked|trampl\w*|gored|butt\w*|crush\w*)\b)"
    r"|^\W*(?:昨天|今天|去年|请问)?(?:我们?家|我们?|家里|邻居家)?(?:的|养的)?小?(?:狗狗?|猫咪?|泰迪|金毛|兔子|仓鼠|鹦鹉)"
    r"(?![^。！？]{0,6}(?:咬|抓|挠|扑|撞|踢|啄|舔))",
    re.IGNORECASE,
)
_ITS = re.compile(r"\b(?:it|its|it's|he|she|him|her|his|vet)\b|^\W*(?:still|poor)\b|[它牠]|兽医", re.IGNORECASE)
"""Who speaks on of the animal; "crushing chest pain since noon", said after it, is not the animal's."""
_THING = re.compile(
    r"\b(?:printer|photocopier|copier|computer|laptop|server|website|lift|elevator|dishwasher|washing machine|hoover)"
    r"(?: (?:in|at|on|by) (?:\w+ ){1,2}|\s)(?:(?:has|is|just) )?(?:had|having) (?:an?|another) "
    r"(?:seizure|fit|stroke|heart attack)\b"
    r"|(?:打印机|复印机|电脑|服务器|电梯)[^，。！？；里上]{0,4}(?:抽搐|抽风|中风|心梗)",
    re.IGNORECASE,
)
"""What has no body and is said to have had a seizure."""
_SOMEBODY_TOO = re.compile(
    r"\b(?:me|myself|everyone|everybody|someone|somebody|we|us|people|person|patient|baby|toddler|son|daughter|wife|"
    r"husband|partner|mum|mom|dad|father|mother|grand(?:ad|dad|pa|ma|father|mother|son|daughter)|gran(?:ny)?|nana?|uncle|"
    r"aunt(?:ie)?|brother|sister|friend|neighbou?r|colleague|child|kids?|man|woman|lady|boy|girl|"
    r"(?<!can )(?<!do )(?<!should )(?<!could )(?<!must )i(?:'m|'ve)?(?! (?:think|wonder|found|gave|need|saw|do)\b))\b"
    r"|(?<!^)(?<!请问)我(?!们?家[狗猫])|孩子|宝宝|老公|老婆|老头|老爷|老太|老人|老伴|大[爷妈娘伯]|爸|妈|奶奶|爷爷|外[公婆]|"
    r"婆婆|公公|[叔舅姑姨婶姐妹哥弟孙]|儿子|女儿|邻居(?!家的?[狗猫])|同事|朋友|有人|全家|人都",
    re.IGNORECASE,
)
_STORY = re.compile(
    r"\b(?:mcqs?\b|multiple[- ]choice|(?:exam|quiz|test|board|usmle|plab) question ?:|case (?:vignette|study)\s*:|"
    r"in (?:my|his|her) (?:novel|story|screenplay)\b|the (?:hero|heroine|protagonist|main character)\b|"
    r"my (?:protagonist|main character)\b|(?:novel|screenplay|script) (?:i'm|i am) writing)"
    r"|\b(?:has|have|with|contains|translat\w+|meet|met) the (?:sentence|phrase)\b|"
    r"\bthe (?:sentence|phrase)s? [\"“'‘]"
    r"|\b(?:writing|rehearsing|putting on|performing) (?:an?|the|our) (?:\w+ )?(?:play|sketch|musical|panto\w*)\b"
    r"|\b(?:film|movie|show|programme|series) on (?:tv|telly|television|netflix),? (?:where|about|in which|that)\b"
    r"|(?:^|[.!?]\s+)on (?:my|our|the|a) (?:\w+ ){0,2}(?:course|training),? (?:they|we were|the \w+) "
    r"(?:showed|taught|told|said|explained)\b"
    r"|(?:^|[.!?]\s+)in (?:a|the|this|that) (?:novel|story|book|film|movie|series|episode|soap)\b"
    r"|(?:^|[.!?]\s+)on (?:tv|telly|grey's anatomy|casualty|holby city),? (?:an?|one|some) (?:\w+ )?"
    r"(?:man|woman|guy|girl|boy|lady|patient|actor|actress|person)\b"
    r"|(?:[单多]选|选择|考试|病例分析|试)题?\s*[:：]|写[^。！？，,]{0,4}小说"
    r"|(?:^|[。！？，,\s])(?:[那这某有][个部]?)?(?:电视剧|电影|小说|剧|动漫)(?:里|中)(?!让|叫)"
    r"|(?:^|[。！？，,\s])(?:[那这某有][个部]?)?(?:故事|小品|话剧|剧情)(?:里|中|是)|课上(?:老师)?(?:演示|示范|讲)"
    r"|(?:小说|剧|电影|故事|动漫)[^。！？]{0,8}(?:主角|主人公|[男女]主(?![任管人播持]))",
    re.IGNORECASE,
)
"""A story's own frame: who watches television, sits an examination or reads may fall ill over it."""
_OWN = re.compile(
    r"\b(?:(?:i'm|i am)(?! (?:writing|rehearsing|directing|putting on|performing)\b)|i've|i have|i feel|i can't|me|"
    r"my (?!novel|story|book|screenplay|script|hero|heroine|protagonist|"
    r"main|character|exam|nursing|class|lecture|translation|homework|crossword|textbook|english|course))\b|right now"
    r"|我(?!写|的?小说|的?考|的?剧本|在写|在看|们?考|看)|俺|咱",
    re.IGNORECASE,
)
_YEARS = r"last year|(?:\w+ |few )years? (?:ago|back)|in (?:19|20)\d\d"
_YEARS_ZH = r"去年|前年|[\d一二两三四五六七八九十几多]+\s*年(?:多)?(?:之?前)|(?:19|20)\d\d\s*年"
_DATED = re.compile(
    rf"^[^,.;!?，。；！？]{{0,12}}?\b(?:{_YEARS})\b|^[是就]{{0,2}}(?:{_YEARS_ZH})[^，。；！？]{{0,10}}(?:写|诊断|查|得)[上出]?的",
    re.IGNORECASE,
)
"""What stands behind a mention that is told with its year."""
_OLD = re.compile(rf"\b(?:{_YEARS})\b|{_YEARS_ZH}", re.IGNORECASE)
_LEFT = re.compile(
    r"\b(?:still|left with|ever since then)\b|还(?:是|有)?(?:点|些|有)|仍|后遗症|一直有点", re.IGNORECASE
)
_GONE = re.compile(r"\b(?:died|passed away|was killed)\b|去世|过世|病逝|[是就]\S{0,6}走的", re.IGNORECASE)
"""Whoever died years ago has nothing now; a sentence may yet come to its teller."""
_AFRESH = re.compile(
    r"\b(?:today|tonight|this (?:morning|afternoon|evening)|again|sudden\w*|worse|just|minutes?|hours?|"
    r"since (?!then)\w+|"
    r"yesterday|new)\b|今[天早晚日]|突然|忽然|又|再次|加重|更|刚|分钟|小时|昨|越来越|这两天",
    re.IGNORECASE,
)


_TELLER = re.compile(
    r"\b(?:i|i'm|i've|me|my|we|our|he|she|his|now|today|tonight)\b|我|他|她|现在|今[天早晚]", re.IGNORECASE
)


def is_elsewhere(told: str, sentence: str) -> bool:
    """Whether a sentence, of a text `told` up to its end, is about an animal, a thing, a story or an examination.

    >>> vet, bite = "My dog had a fit and is still shaking.", "My dog bit me and it is bleeding badly."
    >>> is_elsewhere(vet, vet), is_elsewhere(bite, bite)
    (True, False)
    """
    if _ANIMAL.search(told) and (_ANIMAL.search(sentence) or _ITS.search(sentence)):
        return not _SOMEBODY_TOO.search(told)
    if _THING.search(sentence):
        return True
    return bool(_STORY.search(told)) and not _OWN.search(sentence)


def is_left_behind(sentence: str, mention: tuple[int, int]) -> bool:
    """Whether a mention in a sentence is of an illness told with its year, or what it left.

    >>> told = "My dad had a stroke in 2015, his face is still a bit droopy."
    >>> is_left_behind(told, (29, 59)), is_left_behind(told[:-1] + " and worse today.", (29, 59))
    (True, False)
    """
    start, end = mention
    if _DATED.search(sentence[end:]):
        return True
    if _OLD.search(sentence[:start]) and (gone := _GONE.search(sentence[:start])):
        return not _TELLER.search(sentence[gone.end() : end])
    around = sentence[max(0, start - 4) : end]
    return bool(_OLD.search(sentence[:start]) and _LEFT.search(around)) and not _AFRESH.search(sentence)
