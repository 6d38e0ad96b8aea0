"""Names in forms and tables: `姓名：张 伟`, `手术者：王建国、李明`, `张伟，男，45岁`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid._zh_shapes import DOTS, LATIN_NAME, foreign_name_end, name_end, surname_at, unlisted_name_end
from bedside.deid._zh_text import HAN, any_of

_RELATIVES = (
    "妈妈 爸爸 妈 爸 老妈 老爸 老娘 老爹 姥爷 舅妈 婶婶 姑妈 姨父 堂兄 表妹夫 儿 女儿女婿 孙女婿 父亲 母亲 丈夫 妻子 儿子 女儿 爱人 配偶 哥哥 弟弟 姐姐 妹妹 父 母 夫 妻 子 女 兄 弟 姐 妹 长子 次子 长女 次女 孙子 孙女 外孙 外孙女 女婿 儿媳 祖父 祖母 爷爷 奶奶 外公 外婆 姥姥 姥爷 "
    "伯父 叔叔 舅舅 姑姑 姨妈 侄子 侄女 外甥 外甥女 岳父 岳母 公公 婆婆 嫂子 姐夫 妹夫 表哥 表姐 表弟 表妹 堂哥 堂弟 堂姐 堂妹 男友 女友 男朋友 女朋友 未婚夫 未婚妻 老伴 老公 老婆 继父 继母 养父 养母 小儿子 大儿子 小女儿 大女儿 兄长 胞弟 胞妹 胞兄 胞姐"
)
RELATIVE = any_of(_RELATIVES)
PATIENT_LABELS = (
    "姓名 患者姓名 病人姓名 患儿姓名 患者 病人 患儿 产妇 孕妇 产妇姓名 孕妇姓名 母亲姓名 父亲姓名 新生儿姓名 受检者 受检人 体检者 就诊人 就诊者 投保人 被保险人 受益人 持卡人 户主 户名 开户名 "
    "联系人 联系人姓名 紧急联系人 家属 家属姓名 监护人 监护人姓名 法定监护人 法定代理人 委托人 委托代理人 被委托人 授权人 被授权人 代理人 陪护 陪护人 陪护人员 陪同人 陪同者 陪诊人 陪同人员 代诉人 供史者 病史陈述者 病史提供者 陈述者 病史叙述者 "
    "呼救人 报警人 求助人 来访者 来电者 随访对象 曾用名 别名 化名 小名 乳名 昵称 英文名 拼音 姓名拼音 居民 网友 投保人姓名 参保人姓名 报案人 目击者 邻居 同伴 同事 朋友 收件人 收货人 寄件人 申请人 领取人 取药人 缴费人 死者 死者姓名 被鉴定人 伤者 责任人 供者 受者 供体 受体 受试者 受试者姓名 参保人 "
    "患者签名 患者签字 家属签名 家属签字 患者或家属签名 患者及家属签字 患方签名 患方签字 委托人签名 委托代理人签名 受委托人签名 代理人签名 监护人签名 本人签名 本人签字 患者家属 患者家属签名 患者家属签字 翻译 翻译人员 见证人 参加人员 参与人员 配偶姓名 与会家属 介绍人 法定代理人签名 近亲属签名"
)
STAFF_LABELS = (
    "医师 医生 护士 医师签名 医生签名 医师签字 医生签字 护士签名 护士签字 签名 签字 签章 签名者 书写者 书写人 记录者 记录人 记录 记录医师 记录护士 主治 主治医师 记录员 登记员 主治医生 住院医师 住院医生 主任医师 副主任医师 经治医师 经治医生 管床医师 管床医生 "
    "主管医师 主管医生 主管护士 责任医师 责任护士 责任护师 护士长 科主任 主任 主诊医师 首诊医师 首诊医生 接诊医师 接诊医生 门诊医师 门诊医生 急诊医师 值班医师 值班医生 值班护士 当班护士 二线医师 一线医师 上级医师 上级医生 上级医师签名 上级医师签字 带教老师 带教医师 带教 实习医师 进修医师 规培医师 研究生 "
    "手术者 术者 主刀 主刀医师 主刀医生 手术医师 手术医生 第一助手 第二助手 第三助手 一助 二助 三助 Ⅰ助 Ⅱ助 助手 助手医师 麻醉医师 麻醉医生 麻醉师 麻醉者 麻醉护士 器械护士 洗手护士 巡回护士 灌注师 体外循环师 "
    "会诊医师 会诊医生 会诊专家 申请医师 申请医生 送检医师 送检医生 开单医师 开单医生 报告医师 报告医生 报告者 报告人 审核医师 审核医生 审核者 审核人 审核 复核 复核者 诊断医师 检验者 检验医师 检验人 检验师 采样者 采样人 采集者 采血者 操作者 操作医师 操作医生 检查者 检查医师 检查医生 检查技师 技师 阅片医师 "
    "治疗师 康复师 营养师 营养医师 药师 审方药师 调配药师 发药 发药药师 核对 核对者 执行者 执行护士 执行人 评估者 评估人 评估护士 评定者 随访者 随访人 随访医师 随访医生 随访护士 谈话医师 谈话医生 主持人 主持 指导老师 质控医师 质控护士 编码员 经办 经办人 受理人 收费员 填表人 填报人 报卡人 报告医生 "
    "交班护士 接班护士 交班者 接班者 交班人 接班人 交班医师 接班医师 交班 接班 转诊医师 转诊医生 接收医师 出诊医生 出诊医师 出诊护士 随车医生 随车医师 随车护士 驾驶员 司机 担架员 调度员 接警员 村医 家庭医生 签约医生 巡诊医生 主检医师 总检医师 总检医生 鉴定人 导医 护工 咨询师 心理咨询师 心理治疗师 主查医师 检查人 "
    "放疗医师 物理师 病理医师 初诊医师 取材医师 包埋 切片 质控 主诊 讨论主持人 参加医师 参加人 输血医师 输血护士 核对护士 采集护士 抢救医师 抢救护士 通知医师 通知医生 接报医师 接报人 报告护士 接收护士 科室主任 住院总 住院总医师 产科医师 助产士 接生者 接产者 儿科医师 新生儿医师"
)


def _label(words: str) -> str:
    """Labels, allowing blanks between the characters (`姓  名`)."""
    parts = sorted(set(words.split()), key=lambda word: (-len(word), word))
    return "|".join(" {0,4}".join(map(re.escape, word)) if len(word) < 4 else re.escape(word) for word in parts)


_BEFORE = rf"(?<![{HAN}])"
_MARK = r"(?: {0,3}(?:\([^()\n]{1,8}\))? {0,3}[:|] {0,6})"
_FIELDS = (
    ("NAME", re.compile(rf"(?:{_label(PATIENT_LABELS)}){_MARK}")),
    ("STAFF", re.compile(rf"(?:{_label(STAFF_LABELS)}){_MARK}")),
    ("NAME", re.compile(rf"{_BEFORE}(?:姓 {{0,4}}名|患者姓名|联系人)(?: {{1,6}}|(?=[{HAN}]))")),
    ("STAFF", re.compile(rf"{_BEFORE}(?:{_label(STAFF_LABELS)}) {{1,4}}")),
    ("STAFF", re.compile(r"(?:^|(?<=\n))(?: {0,4})(?=[^\n]{2,12}/[^\n]{2,12}(?:\n|$))")),
)
_SPACED = re.compile(rf"[{HAN}]( {{1,3}})[{HAN}](?:\1[{HAN}])?(?= {{2}}| *[\n,，。;；|(]| *$| +[{HAN}]{{2}})")
_CELL = re.compile(rf"[{HAN}{DOTS}]{{2,12}}(?=[^{HAN}{DOTS}]|$)")
_GLUED = re.compile(r"性别|年龄|男|女|民族|科别|科室|床号|电话|职称|日期|签名|签字")
_BETWEEN = re.compile(
    rf" {{0,3}}(?:\((?:{RELATIVE}|[^()\n]{{1,10}})\))? {{0,3}}(?:[、/,，;；和及与]| (?=[{HAN}]{{2,4}}(?:[^{HAN}]|$)))[ ]{{0,3}}(?:(?:其|患者)?(?:{RELATIVE})(?= ?[{HAN}]))?"
)
_KIN = re.compile(rf"(?:患者)?(?:本人)?(?:之|的|及|和|、)?其?(?:{RELATIVE})(?:[:(（]? ?)")
_NOT_NAMES = frozenset(
    "本人 患者 家属 不详 未知 未填 同上 无名 无名氏 患者本人 患者家属 患者及家属 本人及家属 家属代 待定 自诉 自述 代签 拒签 可靠 无 同前 保密 见下 见上 详见 暂无 其他 其它 父母 子女 夫妻 亲属 朋友 同事 邻居 路人 警察 民警 "
    "性别 年龄 男性 女性 关系 签名 签字 电话 日期 时间 科室 床号 职称 电子签名 手签 已签 已签名 医师 医生 护士 主任 家人 监护人 配偶 父亲 母亲 丈夫 妻子 儿子 女儿 爱人".split()
)
_SEX_FRAME = re.compile(
    rf"(?:^|(?<=[\s,;|。:(】\]床]))([{HAN}{DOTS}]{{2,12}}|[{HAN}] [{HAN}](?: [{HAN}])?)(?:[(（][^()（）\n]{{1,20}}[)）])?(?:[ ,，|、;；(（/]{{1,4}})(?:性别[: ]{{0,2}})?[男女]性?(?=[ ,，|、;；。)）/\d\n]|$)"
)


def recognise_form_names(text: str) -> Iterator[Candidate]:
    """Names after labels of forms, several in a row too, and the cell before a sex (`张伟，男`)."""
    for kind, label in _FIELDS:
        for match in label.finditer(text):
            yield from _values(text, match.end(), kind)
    for match in _SEX_FRAME.finditer(text):
        name = match[1].replace(" ", "")
        if name not in _NOT_NAMES and (surname_at(name, 0) or foreign_name_end(name, 0) == len(name)):
            start = match.start(1)
            if len(name) <= 4 or foreign_name_end(name, 0) == len(name):
                yield Candidate(start, match.end(1), "NAME", 0.9, "name before sex")


def _values(text: str, at: int, kind: str) -> Iterator[Candidate]:
    """The names in a field, up to the first thing that is none."""
    for _ in range(12):
        if kin := _KIN.match(text, at):
            at = kin.end()
        end = _value_end(text, at)
        if end is None:
            return
        yield Candidate(at, end, kind, 0.9, "name in a form")
        between = _BETWEEN.match(text, end)
        if between is None or _is_label(text, between.end()):
            return
        at = between.end()


def _is_label(text: str, at: int) -> bool:
    return re.compile(rf"[{HAN} ]{{2,8}}[:：]").match(text, at) is not None


def _value_end(text: str, at: int) -> int | None:
    """The end of the one name that begins at `at` in a field."""
    if latin := LATIN_NAME.match(text, at):
        return latin.end()
    if (spaced := _SPACED.match(text, at)) and surname_at(text, at):
        return spaced.end()
    cell = _CELL.match(text, at)
    if cell and cell.group() in _NOT_NAMES:
        return None
    if end := name_end(text, at, sure=True):
        return end
    if cell is None or not surname_at(text, at):
        return foreign_name_end(text, at) or unlisted_name_end(text, at)
    if len(cell.group()) <= (4 if surname_at(text, at) else 3) and not text.startswith((":", "："), cell.end()):
        return cell.end()
    glued = _GLUED.search(text, at + 2, min(len(text), at + 6))
    return glued.start() if glued and glued.end() <= cell.end() + 2 else None
