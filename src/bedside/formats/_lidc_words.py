"""A reader's ratings of a lung nodule as the sentence a radiologist would dictate, in English or Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from bedside.lang import tr

# Each scale is listed from rating 1 upward, as (English, Chinese).
WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "texture": (
        ("pure ground-glass", "纯磨玻璃"),
        ("mostly ground-glass", "以磨玻璃为主的混合"),
        ("part-solid", "部分实性"),
        ("mostly solid", "以实性为主的混合"),
        ("solid", "实性"),
    ),
    "margin": (
        ("poorly defined", "模糊"),
        ("rather poorly defined", "较模糊"),
        ("moderately defined", "尚清"),
        ("fairly sharp", "较清晰"),
        ("sharp", "清晰"),
    ),
    "sphericity": (
        ("linear", "条状"),
        ("elongated", "长条形"),
        ("ovoid", "椭圆形"),
        ("nearly round", "类圆形"),
        ("round", "圆形"),
    ),
    "lobulation": (
        ("no lobulation", "无分叶"),
        ("slight lobulation", "轻微分叶"),
        ("moderate lobulation", "中度分叶"),
        ("considerable lobulation", "较明显分叶"),
        ("marked lobulation", "明显分叶"),
    ),
    "spiculation": (
        ("no spiculation", "无毛刺"),
        ("slight spiculation", "轻微毛刺"),
        ("moderate spiculation", "中度毛刺"),
        ("considerable spiculation", "较明显毛刺"),
        ("marked spiculation", "明显毛刺"),
    ),
    "calcification": (
        ("popcorn calcification", "爆米花样钙化"),
        ("laminated calcification", "层状钙化"),
        ("solid calcification", "致密钙化"),
        ("non-central calcification", "偏心钙化"),
        ("central calcification", "中心钙化"),
        ("no calcification", "无钙化"),
    ),
    "internal_structure": (
        ("soft tissue", "软组织"),
        ("fluid", "液性"),
        ("fat", "脂肪"),
        ("air", "含气"),
    ),
    "subtlety": (
        ("extremely subtle", "极不易察觉"),
        ("subtle", "不易察觉"),
        ("fairly subtle", "较不易察觉"),
        ("moderately obvious", "较易察觉"),
        ("obvious", "易于察觉"),
    ),
}
SOFT_TISSUE = 1
"""The usual content of a nodule, so a report names only what differs from it."""
_SIZES = ((4, "tiny", "微小"), (6, "very small", "很小"), (8, "small", "较小"), (12, "medium-sized", "中等大小"))
_LARGER = ((20, "large", "较大"), (30, "very large", "很大"), (float("inf"), "mass-like", "肿块样"))


def describe(ratings: Mapping[str, int], diameter_mm: float, height_mm: float) -> str:
    """The description, without the malignancy rating.

    >>> describe(dict.fromkeys(WORDS, 3), 7.2, 5.0)[:49]
    'Small part-solid nodule, 7 mm across, 5 mm high, '
    """

    def word(name: str) -> str:
        return tr(*WORDS[name][ratings[name] - 1])

    size = next(tr(en, zh) for limit, en, zh in (*_SIZES, *_LARGER) if diameter_mm < limit)
    across, high = f"{diameter_mm:.0f} mm", f"{height_mm:.0f} mm"
    content = "" if ratings["internal_structure"] == SOFT_TISSUE else f", {word('internal_structure')}"
    english = (
        f"{size} {word('texture')} nodule, {across} across, {high} high{content}. Margin {word('margin')}, "
        f"{word('spiculation')}, {word('lobulation')}, {word('sphericity')}, {word('calcification')}, "
        f"{word('subtlety')}."
    )
    chinese = (
        f"{size}{word('texture')}结节，横径{across}，高{high}{content}。边缘{word('margin')}，{word('spiculation')}，"
        f"{word('lobulation')}，{word('sphericity')}，{word('calcification')}，{word('subtlety')}。"
    ).replace(", ", "，")
    return tr(english[0].upper() + english[1:], chinese)
