"""The fields of 病案首页: pinyin names, all headers of each, which of them name somebody, and their value lists.

Sources: the inpatient front sheet of 卫医政发〔2011〕84号 with its interface's field names (XM, XB, BAH, ...); the HQMS
upload's first numbers (P3, P321, ...); the letter codes of its interface since the performance assessment of public
hospitals (国办发〔2019〕4号: A patient, B stay, C diagnoses and operations, as two independent public implementations
name them alike; D charges, as one names them; F and all others are not known here); WS 445.10 (电子病历基本数据集
第10部分：住院病案首页) for the headers.
"""

from __future__ import annotations

COSTS: dict[str, str] = {
    "D11": "一般医疗服务费",
    "D12": "一般治疗操作费",
    "D13": "护理费",
    "D14": "综合医疗服务类其他费用",
    "D15": "病理诊断费",
    "D16": "实验室诊断费",
    "D17": "影像学诊断费",
    "D18": "临床诊断项目费",
    "D19": "非手术治疗项目费",
    "D19X01": "临床物理治疗费",
    "D20": "手术治疗费",
    "D20X01": "麻醉费",
    "D20X02": "手术费",
    "D21": "康复费",
    "D22": "中医治疗费",
    "D23": "西药费",
    "D23X01": "抗菌药物费",
    "D24": "中成药费",
    "D25": "中草药费",
    "D26": "血费",
    "D27": "白蛋白类制品费",
    "D28": "球蛋白类制品费",
    "D29": "凝血因子类制品费",
    "D30": "细胞因子类制品费",
    "D31": "检查用一次性医用材料费",
    "D32": "治疗用一次性医用材料费",
    "D33": "手术用一次性医用材料费",
    "D34": "其他费",
}
"""Parts of the charge, in CNY, under the codes of today's HQMS interface."""

FIELDS: dict[str, str] = {
    "USERNAME": "医疗机构名称 机构名称 医院名称 组织机构名称 JGMC P6891 A02",
    "ZZJGDM": "组织机构代码 医疗机构代码 机构代码 P900 A01",
    "YLFKFS": "医疗付费方式 医疗付款方式 付费方式 P1 A46C",
    "JKKH": "健康卡号 居民健康卡号 P800 A47",
    "YBKH": "医疗保险卡号 医保卡号 医疗保险手册卡号 P686",
    "ZYCS": "住院次数 第几次住院 P2 A49",
    "BAH": "病案号 P3 A48",
    "ZYH": "住院号",
    "XM": "姓名 患者姓名 P4 A11",
    "XB": "性别 性别代码 P5 A12C",
    "CSRQ": "出生日期 出生年月 P6 A13",
    "NL": "年龄 年龄岁 P7 A14",
    "BZYZSNL": "不足一周岁年龄 年龄不足1周岁的年龄月",
    "HY": "婚姻 婚姻状况 婚姻状况代码 P8 A21C",
    "ZY": "职业 职业代码 P9 A38C",
    "CSD": "出生地 P101 A22",
    "GG": "籍贯 A23C",
    "MZ": "民族 P11 A19C",
    "GJ": "国籍 P12 A15C",
    "SFZH": "身份证号 身份证号码 身份证 患者证件号码 证件号码 P13 A20",
    "XZZ": "现住址 现住址详细地址 P801 A26",
    "DH": "电话 患者电话 现住址电话 电话号码 P802 A27",
    "XZZYB": "现住址邮编 现住址邮政编码 P803 A28C",
    "GZDWJDZ": "工作单位及地址 工作单位 P14 A29",
    "DWDH": "单位电话 工作单位电话 P15 A30",
    "DWYB": "单位邮编 工作单位邮编 P16 A31C",
    "HKDZ": "户口地址 户口详细地址 P17 A24",
    "HKDYB": "户口地址邮编 户口邮编 P171 A25C",
    "LXRXM": "联系人姓名 联系人 P18 A32",
    "GX": "关系 联系人关系 P19 A33C",
    "LXRDZ": "联系人地址 P20 A34",
    "LXRDH": "联系人电话 P21 A35",
    "RYTJ": "入院途径 入院途径代码 P804 B11C",
    "RYSJ": "入院时间 入院日期 入院日期时间 P22 B12",
    "RYSJS": "入院时间时 入院时",
    "RYKB": "入院科别 入院科室 P23 B13C",
    "RYBF": "入院病房 P231 B14",
    "ZKKB": "转科科别 转科科室 P24 B21C",
    "CYSJ": "出院时间 出院日期 出院日期时间 P25 B15",
    "CYSJS": "出院时间时 出院时",
    "CYKB": "出院科别 出院科室 P26 B16C",
    "CYBF": "出院病房 P261 B17",
    "SJZYTS": "实际住院天数 住院天数 实际住院天 P27 B20",
    "MZZD": "门急诊诊断 门诊诊断 门急诊诊断名称 P281 C02N",
    "MZZDDM": "门急诊诊断编码 门诊诊断编码 门急诊诊断疾病编码 JBBM P28 C01C",
    "RYZD": "入院诊断 入院诊断名称 P301",
    "RYZDDM": "入院诊断编码 入院诊断疾病编码 P30",
    "QZRQ": "确诊日期 P31",
    "ZYZD": "主要诊断 出院主要诊断 主要诊断名称 出院诊断主要诊断 主诊断 P322 C04N",
    "JBDM": "主要诊断编码 主要诊断疾病编码 出院主要诊断编码 疾病编码 主诊断编码 P321 C03C",
    "RYBQ": "入院病情 主要诊断入院病情 P805 C05C",
    "WBYY": "损伤中毒的外部原因 损伤中毒外部原因 P362 C13N",
    "H23": "损伤中毒的外部原因疾病编码 损伤中毒外部原因编码 P361 C12C",
    "BLZD": "病理诊断 病理诊断名称 P352 C10N",
    "BLZDDM": "病理诊断编码 病理诊断疾病编码 JBMM P351 C09C",
    "BLH": "病理号 P816 C11",
    "YWGM": "药物过敏 有无药物过敏 P371 C24C",
    "GMYW": "过敏药物 过敏药物名称 P372 C25",
    "SWHZSJ": "死亡患者尸检 尸检 P38 C34C",
    "XX": "血型 ABO血型 P40 C26C",
    "RH": "RH血型 C27C",
    "KZR": "科主任 P431 B22",
    "ZRYS": "主任医师 主任副主任医师 主任(副主任)医师 P432 B23",
    "ZZYS": "主治医师 P433 B24",
    "ZYYS": "住院医师 P434 B25",
    "ZRHS": "责任护士 P819 B26",
    "JXYS": "进修医师 P435 B27",
    "SXYS": "实习医师 P437 B28",
    "BMY": "编码员 P438 B29",
    "BAZL": "病案质量 P44 B30C",
    "ZKYS": "质控医师 P45 B31",
    "ZKHS": "质控护士 P46 B32",
    "ZKRQ": "质控日期 P47 B33",
    "LYFS": "离院方式 离院方式代码 P741 B34C",
    "YZZY_YLJG": "拟接收医疗机构名称 医嘱转院拟接收医疗机构名称 B35",
    "WSY_YLJG": "医嘱转社区拟接收医疗机构名称",
    "SFZZYJH": "是否有出院31天内再住院计划 是否有31天内再住院计划 B36C",
    "MD": "再住院目的 B37",
    "ZFY": "总费用 住院总费用 住院费用总费用 P782 D01",
    "ZFJE": "自付金额 总费用自付金额 D09",
    "A16": "年龄不足1周岁的年龄天",
    "A17": "新生儿入院体重",
    **{f"A18X{number:02}": f"新生儿出生体重{number}" for number in range(1, 6)},
    "C28": "颅脑损伤患者入院前昏迷时间天",
    "C29": "颅脑损伤患者入院前昏迷时间小时",
    "C30": "颅脑损伤患者入院前昏迷时间分钟",
    "C31": "颅脑损伤患者入院后昏迷时间天",
    "C32": "颅脑损伤患者入院后昏迷时间小时",
    "C33": "颅脑损伤患者入院后昏迷时间分钟",
    **COSTS,
}
"""Canonical name: the first word is its label, the rest are other headers for it."""

REPEATED: dict[str, str] = {
    "QTZD": "其他诊断 其他诊断名称 出院其他诊断 次要诊断",
    "JBDM": "其他诊断编码 其他诊断疾病编码 次要诊断编码 出院其他诊断编码 疾病编码",
    "RYBQ": "其他诊断入院病情 入院病情",
    "SSJCZBM": "手术及操作编码 手术操作编码 手术编码",
    "SSJCZRQ": "手术及操作日期 手术操作日期 手术日期",
    "SSJB": "手术级别 SHJB",
    "SSJCZMC": "手术及操作名称 手术操作名称 手术名称",
    "SZ": "术者",
    "YZ": "Ⅰ助 I助 一助 手术者Ⅰ助",
    "EZ": "Ⅱ助 II助 二助 手术者Ⅱ助",
    "QKYHLB": "切口愈合等级 切口愈合类别 QKYHDJ",
    "QKDJ": "切口等级",
    "MZFS": "麻醉方式",
    "MZYS": "麻醉医师",
}
"""Fields that end in a number: QTZD1, 其他诊断1, 其他诊断编码1 or 其他诊断1编码."""

IDENTITY: dict[str, str] = {
    "NAME": "XM LXRXM",
    "ID": "BAH ZYH JKKH SFZH YBKH BLH",
    "HOSPITAL": "USERNAME YZZY_YLJG WSY_YLJG",
    "ADDRESS": "XZZ HKDZ GZDWJDZ LXRDZ CSD GG XZZYB DWYB HKDYB",
    "PHONE": "DH DWDH LXRDH",
    "STAFF": "KZR ZRYS ZZYS ZYYS ZRHS JXYS SXYS BMY ZKYS ZKHS",
}
STAFF_REPEATED = ("SZ", "YZ", "EZ", "MZYS")

VALUES: dict[str, dict[str, str]] = {
    "LYFS": {
        "1": "医嘱离院",
        "2": "医嘱转院",
        "3": "医嘱转社区卫生服务机构/乡镇卫生院",
        "4": "非医嘱离院",
        "5": "死亡",
        "9": "其他",
    },
    "RYTJ": {"1": "急诊", "2": "门诊", "3": "其他医疗机构转入", "9": "其他"},
    "RYBQ": {"1": "有", "2": "临床未确定", "3": "情况不明", "4": "无"},
    "HY": {"1": "未婚", "2": "已婚", "3": "丧偶", "4": "离婚", "9": "其他"},
    "YWGM": {"1": "无", "2": "有"},
    "XX": {"1": "A", "2": "B", "3": "O", "4": "AB", "5": "不详", "6": "未查"},
    "RH": {"1": "阴", "2": "阳", "3": "不详", "4": "未查"},
}
"""The value lists printed on the front sheet itself."""


def label(name: str) -> str:
    """The Chinese label of a canonical name."""
    stem = name.rstrip("0123456789") if name != "H23" else name
    words = FIELDS.get(name) or REPEATED.get(stem, name)
    return words.split()[0]
