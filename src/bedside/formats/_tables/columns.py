"""Which column of a table means what: by the user's word first, then by its header in English or Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bedside.errors import ColumnError
from bedside.lang import tr

ROLES: dict[str, str] = {
    "patient": "patient patient_id patientid pat_id subject subject_id person_id mrn 患者 患者id 患者编号 "
    "病人id 病人编号 病案号 住院号 门诊号 就诊卡号 登记号 患者标识",
    "id": "id note_id row_id record_id report_id case_id message_id hadm_id 编号 序号 记录号 报告号 就诊号",
    "text": "text note note_text notes report report_text narrative content document abstract question body transcript "
    "文本 正文 内容 病历 病历内容 报告 报告内容 描述 全文 病程记录",
    "time": "time date datetime timestamp charttime chartdate note_date report_date visit_date effective_date 时间 "
    "日期 记录时间 记录日期 报告时间 报告日期 检查日期 检查时间 检验时间 采集时间 就诊日期 就诊时间 入院日期 入院时间",
    "kind": "kind category note_type resource_type 类别 类型 记录类型 文书类型",
    "sex": "sex gender 性别",
    "birth_date": "birth_date birthdate dob date_of_birth birthday 出生日期 生日 出生年月",
    "item": "item test test_name analyte observation parameter item_name lab_name 项目 项目名称 检验项目 指标 指标名称",
    "value": "value result result_value measurement 结果 检验结果 数值 测定值",
    "unit": "unit units uom 单位 计量单位",
    "code": "code icd icd10 icd10_code icd_code loinc 编码 疾病编码 诊断编码 icd编码",
    "system": "system code_system coding_system 编码系统",
}
"""Our names, and the headers that are taken for them when the user says nothing; first come, first served."""

IDENTITY: dict[str, str] = {
    "NAME": "patient_name full_name first_name last_name surname given_name 姓名 患者姓名 病人姓名 "
    "联系人 联系人姓名 家属姓名",
    "STAFF": "doctor doctor_name physician clinician nurse provider_name 医生 医师 医生姓名 "
    "主治医师 主治医生 经治医师 护士 报告医生 审核医生",
    "HOSPITAL": "hospital hospital_name facility 医院 医院名称 医疗机构 机构名称",
    "ADDRESS": "address street home_address 地址 住址 现住址 家庭住址 家庭地址 户口地址 籍贯",
    "PHONE": "phone phone_number telephone tel mobile cell 电话 手机 手机号 联系电话 电话号码 手机号码 联系方式",
    "EMAIL": "email e_mail mail 邮箱 电子邮箱 电子邮件",
    "ID": "ssn national_id passport id_card id_number 身份证 身份证号 身份证号码 "
    "证件号 证件号码 医保号 医保卡号 社保号",
    "BED/ROOM": "bed bed_no room 床号 病床号 床位号 病房号",
    "WECHAT/QQ": "wechat qq 微信 微信号 qq号",
    "LICENSE_PLATE": "license_plate plate 车牌 车牌号",
}
"""Headers whose cells identify someone: they become `RawChart.identifiers`, so that the text can be cleared of them."""


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Our names to columns (several for one, in order), the identity columns by type, and the columns left over."""

    roles: Mapping[str, tuple[str, ...]]
    identity: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rest: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()

    def first(self, role: str) -> str | None:
        """The one column of a role, or None."""
        return next(iter(self.roles.get(role, ())), None)

    def sentence(self) -> str:
        """The mapping for a report: "patient=住院号 text=主诉+现病史"."""
        parts = [f"{role}={'+'.join(names)}" for role, names in self.roles.items()]
        parts += [f"{kind}={'+'.join(names)}" for kind, names in self.identity.items()]
        return " ".join(parts)


def map_columns(header: Iterable[str], wanted: Mapping[str, str]) -> ColumnMap:
    """Decide what each column is; a role or a column that does not exist is a `ColumnError`.

    >>> map_columns(["住院号", "姓名", "病历内容"], {}).sentence()
    'patient=住院号 text=病历内容 NAME=姓名'
    """
    names = list(header)
    roles = {role: _chosen(role, spec, names) for role, spec in wanted.items()}
    used = {name for columns in roles.values() for name in columns}
    guessed = []
    for role, words in ROLES.items():
        known = words.split()
        found = next((name for name in names if role not in roles and name not in used and _plain(name) in known), None)
        if found is not None:
            roles[role] = (found,)
            used.add(found)
            guessed.append(role)
    identity: dict[str, tuple[str, ...]] = {}
    for kind, words in IDENTITY.items():
        columns = tuple(name for name in names if name not in used and _plain(name) in words.split())
        if columns:
            identity[kind] = columns
            used.update(columns)
    if "name" in map(_plain, names) and not used & {"name"} and roles.keys() & {"sex", "birth_date"}:
        bare = next(name for name in names if _plain(name) == "name")
        identity["NAME"] = (*identity.get("NAME", ()), bare)
        used.add(bare)
    return ColumnMap(roles, identity, tuple(name for name in names if name not in used), tuple(guessed))


def _chosen(role: str, spec: str, names: list[str]) -> tuple[str, ...]:
    if role not in ROLES:
        raise ColumnError(tr("unknown meaning of a column", "未知的列含义"), value=role, allowed=list(ROLES))
    columns = (spec,) if spec in names else tuple(part.strip() for part in spec.split("+"))
    missing = [name for name in columns if name not in names]
    if missing:
        raise ColumnError(tr("no such column", "没有这一列"), value=", ".join(missing), allowed=names)
    return columns


def _plain(name: str) -> str:
    """A header without case, spaces, units and brackets: "Patient ID" is patient_id."""
    bare = re.sub(r"[（(\[].*?[)）\]]", "", name).strip().lower()
    return re.sub(r"[\s\-./:：]+", "_", bare).strip("_")
