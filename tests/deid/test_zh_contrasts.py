"""Pairs of Chinese sentences: in the first something is identity by where it stands, in the second its like is not."""

from __future__ import annotations

import pytest

from bedside.deid.recognisers.chinese import recognise_zh


def found(text: str) -> set[tuple[str, str]]:
    return {(c.type, text[c.start : c.end]) for c in recognise_zh(text)}


@pytest.mark.parametrize(
    ("kind", "shown", "identity", "clinical"),
    [
        ("NAME", "马凡", "患者马凡，男，25岁。", "需与马凡、唐氏、威尔逊病鉴别。"),
        ("NAME", "夏科", "患者夏科，男，40岁。", "夏科-雷登结晶未见。"),
        ("NAME", "关元", "其子关元，男，12岁。", "取穴：足三里、关元、气海、太白、丰隆。"),
        ("NAME", "方颅", "姓名：方颅", "囟门平，方颅(-)，肋骨串珠(-)。"),
        ("NAME", "罗氏", "姓名：罗氏  性别：女", "仪器：罗氏 cobas e601"),
        ("NAME", "宁敏", "患者宁敏，女，30岁。", "万古霉素及替考拉宁敏感。"),
        ("NAME", "管彤", "已联系妇联管彤、社工。", "留置尿管通畅，尿色淡黄。"),
        ("NAME", "艾迪莎", "患者艾迪莎，女，30岁。", "美沙拉秦缓释颗粒（艾迪莎）1g qid"),
        ("NAME", "苗青", "患者苗青，女，21岁。", "患者，苗族，21岁。"),
        ("STAFF", "安", "技师：边静 / 医师：安", "医师：安静状态下再测"),
        ("NAME", "介伟", "民警介伟来院抽血。", "民警到场后离开。"),
        ("NAME", "纳雪", "化名不用，真名纳雪，32岁。", "真名不详，32岁。"),
        ("NAME", "小李", "小李，4岁，头痛两天。", "小头，小颌，小耳，眼距宽。"),
        ("NAME", "一叶知秋", "患者昵称：一叶知秋", "一叶知秋，凉风渐起。"),
        ("NAME", "ZHYX", "受试者缩写：ZHYX", "缩写见附表，CRP升高。"),
        ("NAME", "裘爸爸", "已通知家长（裘爸爸）接回。", "已通知爸爸接回。"),
        ("NAME", "王姐", "护工王姐送饭。", "姐姐送饭。"),
        ("STAFF", "黎总", "已请黎总看。", "以上汇总，看后上报。"),
        ("STAFF", "薛", "填表薛，已核。", "填表时，已核。"),
        ("STAFF", "雷电", "参加：放疗科麦浪、影像科苏珊、病理科雷电。", "到外科急诊、内科门诊、雷电天气注意安全。"),
        ("NAME", "詹姆斯·王", "詹姆斯·王，男，28岁。", "阿-斯综合征，男，28岁。"),
        ("NAME", "妥进才", "女婿妥进才签字。", "女婿表示理解并签字。"),
    ],
)
def test_a_name_is_told_from_its_like(kind: str, shown: str, identity: str, clinical: str) -> None:
    assert shown in {text for type, text in found(identity) if type in ("NAME", "STAFF")}
    assert not {text for type, text in found(clinical) if type in ("NAME", "STAFF")}


@pytest.mark.parametrize(
    ("kind", "shown", "identity", "clinical"),
    [
        ("DATE", "6/18", "就诊：6/18", "四肢肌力 5/5"),
        ("DATE", "10.31", "10.31晚交班 夜班", "血钾3.1，血糖10.3"),
        ("DATE", "甲辰年三月初九", "甲辰年三月初九 复诊", "服药三月，复诊"),
        ("DATE", "2020.9", "瓣膜置换术后(2020.9，机械瓣)", "NT-proBNP 2020.9pg/ml"),
        ("DATE", "周四", "周四（11月14日）下午开会", "每周四次透析"),
        ("DATE", "9月中旬", "下次复查9月中旬。", "近9月中断服药"),
        ("DATE", "上周三", "上周三发热。", "今晨发热，明晨复查。"),
        ("ID", "0311 2303 1600517", "献血码0311 2303 1600482 / 0311 2303 1600517，", "尿量 1200 / 1850，"),
        ("ID", "HZ-WJ-03381", "签约号HZ-WJ-03381", "HLA-B27 阴性，CD41-42 杂合"),
        ("ID", "KD-2021-0553", "受者编码 KD-2021-0553", "标准 GB 11643-1999"),
        ("ID", "B2305519", "（女，19岁，B2305519）", "国药准字H20103456，维生素B12"),
        ("PHONE", "6623", "必要时联系小灵通6623。", "联系会诊，白细胞6623。"),
        ("ACCOUNT", "7718", "信用卡尾号7718支付", "型号7718"),
        ("ACCOUNT", "6222 0215 0400 8837 216", "用工行卡6222 0215 0400 8837 216缴纳", "剂量 62 mg"),
        ("LICENSE_PLATE", "鄂M3120急", "车牌鄂M3120急", "急诊M3120"),
        ("WECHAT/QQ", "susu_ped_0417", "您加我susu_ped_0417", "基因 BRCA1_exon11"),
        ("EMAIL", "a.b@clinic.cn", "邮箱a.b@clinic.cn", "阈值0.75V@0.4ms，NEUT# 10.274"),
        ("BED/ROOM", "6号位", "留观6号位", "留置6号导尿管"),
        ("BED/ROOM", "南楼205", "护理员在南楼205换尿垫", "楼梯2级，步行205米"),
        ("HOSPITAL", "协和西院", "次日转院前往协和西院，", "多学科协和会诊"),
        ("HOSPITAL", "云杉皮肤病医院", "【云杉皮肤病医院】您好", "建议到皮肤病医院就诊"),
        ("HOSPITAL", "省肿瘤", "建议到省肿瘤头颈外科就诊。", "省肿瘤登记处，肿瘤标志物。"),
        ("ORG", "启创社会工作服务中心", "社工（启创社会工作服务中心）来访。", "社会工作服务中心制度"),
        ("ADDRESS", "巩义", "先去了巩义，后来诊。", "患者巩膜无黄染。"),
        ("ADDRESS", "河内", "自河内返回后发热。", "沿河内侧步行，河内水浅。"),
        ("ID", "(2023)冀0408民初2981号", "案号(2023)冀0408民初2981号", "依据（2023）版指南第3号推荐"),
        ("BED/ROOM", "肾内 36", "床号:肾内 36", "科室:肾内 36例"),
        ("DATE", "2024年第四季度", "下次随访2024年第四季度", "第四季度报表"),
        ("ORG", "顺捷物流", "司机(挂靠顺捷物流，车号", "分泌物流出，物流配送"),
        ("ORG", "和平派出所", "由和平派出所协助送入", "由当地派出所协助送入"),
        ("ADDRESS", "碧水云天小区12-2-903", "住碧水云天小区12-2-903，", "小区管理，评分12-2-3"),
        ("ADDRESS", "海南", "来自海南，渔民。", "对海南鸡饭过敏，香港脚。"),
    ],
)
def test_identity_is_told_from_the_figure_or_word_that_looks_like_it(
    kind: str, shown: str, identity: str, clinical: str
) -> None:
    assert (kind, shown) in found(identity)
    assert not {text for type, text in found(clinical) if type == kind}


def test_a_name_that_is_a_word_is_found_again_where_a_person_is_spoken_of() -> None:
    text = "高峰 男 46岁，工人。门诊高峰时段候诊。今日高峰：诉上腹痛。"
    assert ("NAME", "高峰") in found(text)
    assert not any(c.start <= text.index("高峰时段") < c.end for c in recognise_zh(text))
