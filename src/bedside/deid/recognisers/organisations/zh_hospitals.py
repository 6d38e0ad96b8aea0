"""Named hospitals and clinics: `北京协和医院`, `浙大一院`, `301医院`; never 我院, 当地医院, 某三甲医院."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import HAN, NUMERAL, any_of, ending_with, words
from bedside.deid.patterns.anchors import Anchored, anywhere
from bedside.deid.recognisers.places.chinese import place_names, places

_KIND = any_of(words("hospitals kind"))
_KINDS = anywhere(_KIND)
_BODY = re.compile(rf"[{HAN}〇A-Za-z\d·]{{0,24}}$")
_SPLIT = re.compile(
    r".*(?:就诊于|住院于|入住|就职于|曾至|曾在|曾于|转至|转往|转入|转诊至|送至|送往|送到|送入"
    r"|来自|前往|遂至|遂去|遂到|先后|辗转|收入|收住|分别|于|在|至|到|去|往|赴|由|从|经|及"
    r"|(?<![协保泰仁颐祥])和(?!堂)|与|向|被|我|家|来|入|的|是|为|推荐|建议|选择|联系|外院|并|或|者|后|日|月"
    r"|(?<![老青少])年"
    r"|时|您|你|曾|转|查|回|自|请|因|送|住|号|址|地|位|叫|有|找|上|个|想|那|这|行|介绍|委托|人"
    r"|报告|称|同|过|当天|今天|昨天|[:：,，。;；、(（)）“”\"'《》\[\]【】])(?!民医院|民解放|民"
    r"|区|北|南|西|海|阳|丰|国|洲|城|州|安|江|平|河|口|市|华|山|港|宁|京|清|定|林|东|门|水|春"
    r"|庄|头|石|岭|溪|济)"
)
_PARTS = re.compile(r"[于至转到往去及或住送]|就诊|入院|医院|患者|家属|可以|哪|什么|我|的|有|[是被由从说]")
_GENERIC = re.compile(
    r"(?:建档|就诊|确诊|我|本|外|该|贵|此|某|各|其他|其它|别的|他|另|另一|家|一|两|几|多|大|小|好|新|老|当地"
    r"|本地|外地|就近|附近|上级|下级|基层|兄弟|市|县|区|省|乡|镇|村|州|国家|农村|城市|社区"
    r"|乡镇|街道|农场|私立|民营|公立|公办|正规|专业|专科|综合性?|普通|三甲|二甲|三级|二级|一级"
    r"|甲等|乙等|甲级|教学|定点|发热|方舱|部队|驻地|医联体|"
    r"知名|著名|权威|省级|市级|县级|区级|地方|地区|中心|人民|中医|中西医|中西医结合|妇幼|妇产"
    r"|妇女|儿童|儿科|妇科|男科|口腔|眼科|肿瘤|骨科|精神|精神病|皮肤病?|传染病|结核病?|胸科"
    r"|心血管病?|康复|职业病|肝病|肺科|整形|美容|不孕不育|癫痫|白癜风|牛皮癣|糖尿病|肾病|风湿"
    r"|胃肠|肛肠|泌尿|性病|耳鼻喉|脑科|心理|老年|体检|医疗|卫生|临床|研究|首诊|原|转出|转入"
    r"|接收|接诊|收治|下|上|医学|护理|"
    r"急救|宠物|动物|互联网|网上|线上|合作|协作|对口|较|有条件|具备条件|条件|更高级|最近|相关"
    r"|任何|不同|同一|同级|参与|试点|样板|示范|什么|哪|哪家|哪个|这家|那家|所有|大型|中型|小型"
    r"|病|健康|全国|国内|国外|北方|南方|医|院|的|等|去|到|在|和|级|类|或|及|与|个|些|心胸|白"
    r"|不|能|要|可以|比较|最|很|设|无|未|名|间|所|厂|校|单位|门诊|住院|血液|透析|检查|地市级"
    r"|所在地|户籍地|居住地|附属|直属|分中心|研究者|多中心|单中心|主办|本级|社会|国际|女子"
    r"|男性|女性|男|女|决定|确认|更好|带小|疼痛|血管|甲状腺|乳腺|胎记|近视|试管婴儿|生殖|烧伤|心脏|心脑血管|神经"
    r"|神经科|内科|外科|肝胆|消化|消化病|痔疮|前列腺|中药|中西|早期|大医院|牙科|整容|产科|人流"
    r"|无痛|流产|微创|手术|治疗|看|做|专门|军队|军区|武警|解放军)*"
)
_NO_NAME = re.compile(
    r"[治疗诊看进了得的最做想要怎]|(?<![肤])[病癌炎症瘤痛]|什么|许多|一些|研究|实施|专科|专业|血压|检查"
    r"|附近|任何|每[家个]|[这那哪]|互联|网络"
)
_SPECIALTY = re.compile(any_of(words("hospitals specialty")))
_HIGHER = re.compile(rf"(?:^|(?<=[^{HAN}]))[{HAN}]{{2,4}}[省市州盟县区]\Z")
_ORDINAL = re.compile(
    rf"第[{NUMERAL}\d]|附属|附院|协和|同济|华西|湘雅|瑞金|华山|仁济|齐鲁|西京|唐都|盛京|阜外"
    rf"|积水潭|天坛|宣武|安贞|友谊|朝阳医院|\d{{3}}"
)
_SHORT = re.compile(
    rf"(?:[省市区县]|[{HAN}]{{1,2}}大|[{HAN}]{{1,3}}医大?|[{HAN}]{{1,3}}医|哈医|中南|苏大|浙大"
    rf"|交大|山大|南医|北医|川大|安医|同济)?(?:附)?[一二三四五六七八九](?:附)?院|"
    r"(?:301|302|303|304|305|306|307|309|261|263|302|117|180|181|455|411|85|97|101|105)医?院"
    r"|北医[一二三]院|北大医院|(?:浙[江大]|复旦|交大|北大|中山|川大|郑大|苏大|安医|南医|哈医"
    r"|吉大|山大|武大|中大|广医|福医|温医|昆医|遵医|贵医|西医|蚌医|皖医|重医|川医|桂医|海医"
    r"|新医|山西医|天医|中国医大|中国医科大)大?(?:附属?[一二三四五六]?"
    r"|[一二三四五六])(?:附)?院(?=[^内外线前方])"
)
_BRAND = anywhere(
    r"(?<![陈人大小])(?:协和|华西|湘雅|瑞金|齐鲁|西京|阜外|积水潭|宣武|安贞|同济|仁济|盛京"
    r"|唐都|珠江|南方|鼓楼|邵逸夫|道培|陆道培)(?=就诊|住院|手术|治疗|检查|复查|看|挂号|做|行"
    r"|查|会诊|专家|[内外妇儿眼骨]科|神内|心内|血液科|的医生|医生|门诊)"
)
_HALL = anywhere(rf"(?<![{HAN}])[{HAN}]{{1,4}}堂(?:中医馆|国医馆|医馆|中医门诊部?|中医诊所|中医院|诊所|大?药房)")
_PLACED_KINDS = frozenset(["新院", "分院", "医馆"])
_UNIVERSITY = anywhere(rf"[{HAN}]{{2,5}}(?:大学|学院|医大|大)附属?[一二三四五六][医院]院?")
_FAMOUS = r"协和|华西|湘雅|瑞金|齐鲁|西京|阜外|积水潭|宣武|安贞|同济|仁济|盛京|唐都|邵逸夫|中山|华山|天坛|友谊|鼓楼"
_AFTER_GOING = anywhere(
    rf"(?:(?<=转)|(?<=[到去在从回往至])|(?<=来自))(?:{_FAMOUS})(?:[东西南北本总新老]院区?|本部"
    rf"|分院)?(?=[,，。;；、)）\s看做住查找挂的复手开或和]|就诊|治疗|$)"
    rf"|(?:{_FAMOUS})(?:[东西南北]院区?|本部)"
)
_OF_PLACE = anywhere(
    r"(?<=[到在去至转于回从往])[省市县区](?:肿瘤|儿童|妇幼|妇儿|中医|胸科|口腔|眼科|人民|立|[一二三四五六])(?:医?院)?"
    r"(?=[头内外妇儿骨眼看住查做复手就]|[,，。;；、)）\s]|确诊|治疗|会诊|急诊)"
)
"""转省肿瘤头颈外科, 到市一查过。"""


@cache
def _of_town() -> Anchored:
    """A house by its town and what it treats: 开封祥符胸科, 石柱南宾骨科."""
    return anywhere(
        rf"(?:{place_names()})[市县区]?[{HAN}]{{0,4}}?(?:{any_of(words('hospitals town'))})(?![医院科学会病])"
        r"(?=[,，。;；、:)）\s拍查看做手住开打复就服买]|会诊|医生|$)"
    )


_CHAIN = anywhere(any_of(words("hospitals chain")))
_TAIL = re.compile(
    rf"(?:干部|特需|国际|老年)病房|[一二三四五六七八九十\d]号楼(?:[{HAN}]{{1,4}}区)?"
    rf"|\([{HAN}A-Za-z\d]{{1,9}}(?:店|院区|分院|分部|诊区|路|馆)\)|[{HAN}]{{1,5}}(?:院区|分院|校区)"
    rf"|\([{HAN}]{{1,6}}(?:院区|分院)\)"
)


_LEADING = re.compile(r"[转到去在从往至于来送入回]{1,2}")


@cache
def _place() -> re.Pattern[str]:
    return re.compile(place_names())


def recognise_hospitals(text: str) -> Iterator[Candidate]:
    """Hospitals that are named; what every town has (人民医院, 县医院) stays unless a place or number goes with it."""
    last = 0
    for match in _KINDS.finditer(text):
        body = _BODY.search(text[max(last, match.start() - 24) : match.start()])
        start = _start(text, match.start() - len(body.group() if body else ""), match.end())
        tail = _TAIL.match(text, match.end())
        branch = match.group() == "口腔" and tail is not None and match.start() - start >= 2
        if branch or _named(text[start : match.start()], match.group()):
            last = tail.end() if tail else match.end()
            yield Candidate(start, last, "HOSPITAL", 0.85, "hospital")
    for match in _HALL.finditer(text):
        yield Candidate(*match.span(), "HOSPITAL", 0.8, "hall of Chinese medicine")
    yield from _short_names(text)


def _short_names(text: str) -> Iterator[Candidate]:
    """Hospitals by the town they serve, by their chain or university, and as people call them (浙二, 协和)."""
    for rule, name in (
        (_OF_PLACE, "hospital of its town"),
        (_of_town(), "hospital of its town"),
        (_CHAIN, "chain of hospitals"),
    ):
        for match in rule.finditer(text):
            yield Candidate(*match.span(), "HOSPITAL", 0.75, name)
    for rule in (_UNIVERSITY, _AFTER_GOING):
        for match in rule.finditer(text):
            lead = _LEADING.match(match.group())
            yield Candidate(
                match.start() + (lead.end() if lead else 0), match.end(), "HOSPITAL", 0.8, "short hospital name"
            )
    for matches in (ending_with("院", _SHORT, text), _BRAND.finditer(text)):
        for match in matches:
            if _is_short_name(text, match):
                start = match.start() + (match.group()[0] in "在于至到从往去转来入")
                yield Candidate(start, match.end(), "HOSPITAL", 0.75, "short hospital name")


def _is_short_name(text: str, match: re.Match[str]) -> bool:
    """Not 住一院 in 入住一院, nor a bare 一院."""
    return len(match.group()) >= 3 or match.group()[0] in "省市"


def _start(text: str, start: int, end: int) -> int:
    """Where the name begins: at a place name that nothing parts from the end, else after the last leading word."""
    place = _place().search(text, start, end)
    while place and (places()[place.group()] == "abroad" or _PARTS.search(text, place.end(), end - 2)):
        place = _place().search(text, place.end(), end)
    if place and end - place.start() >= 4:
        higher = _HIGHER.search(text[start : place.start()])
        return start + higher.start() if higher else place.start()
    cut = _SPLIT.match(text[start : end - 2])
    begin = start + cut.end() if cut else start
    return begin + 1 if text[begin] == "们" else begin  # 我们医院


def _named(body: str, kind: str) -> bool:
    """Whether anything but generic words stands before the kind of institution."""
    if re.match("某|[我本外该贵]院", body) or (kind in _PLACED_KINDS and not _place().search(body)):
        return False
    if _place().search(body):
        return True
    if not body or kind == "口腔":
        return False
    if _ORDINAL.search(body) and body != "附属":
        return True
    generic = _GENERIC.match(body)
    rest = body[generic.end() :] if generic else body
    return (
        2 <= len(rest) <= 14
        and not _NO_NAME.search(_SPECIALTY.sub("", body))
        and re.search(f"[{HAN}]{{2}}", rest) is not None
    )
