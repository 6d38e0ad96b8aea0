"""What does not go together in the settings of a fit, told before anything is read or learnt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from bedside.config.choices import ENCODED, NEVER_MERGED, OWN_SETTINGS, UNTRAINED, WHOLE_TEXTS, Adapt
from bedside.config.fit import FitRecipe, with_usual
from bedside.lang import tr


def contradictions(fit: Mapping[str, Any]) -> list[str]:
    """What does not go together in a recipe's `fit`, a sentence each; values still unchecked are passed over.

    >>> contradictions({"adapt": "ia3", "lora_rank": 4})
    ['fit.lora_rank: goes with adapt = lora, dora, adalora, qlora; not with ia3']
    """
    fit = with_usual(fit)
    given = {name: fit.get(name, field.default) for name, field in FitRecipe.model_fields.items()}
    method = given["adapt"]
    if method not in get_args(Adapt):
        return []
    found = [
        f"fit.{name}: "
        + tr(f"goes with adapt = {', '.join(allowed)}; not with {method}", f"仅适用于 adapt = {', '.join(allowed)}")
        for name, allowed in OWN_SETTINGS.items()
        if method not in allowed and given[name] != FitRecipe.model_fields[name].default
    ]
    if method in UNTRAINED:
        found += [
            f"fit.{name}: " + tr(f"nothing is trained with {method}", f"{method} 不训练任何参数")
            for name in ("epochs", "learning_rate")
            if given[name] is not None
        ]
    prompt, head = given["prompt"], given["head"]
    found += _beside_cues(given, head)
    if given["merge"] is True and (method in NEVER_MERGED or head == "generate" or method in UNTRAINED):
        who = method if head != "generate" else head
        found.append("fit.merge: " + tr(f"{who} is always kept apart: leave it out", f"{who} 总是单独保存，请省略"))
    if isinstance(prompt, str) and method in UNTRAINED:
        found += _misplaced(prompt)
    elif isinstance(prompt, str) and (head != "generate" or prompt.count("{text}") != 1):
        found.append(
            "fit.prompt: "
            + tr("goes with head = generate, and holds {text} once", "仅适用于 head = generate，且须含一次 {text}")
        )
    found += _of_other_heads(given)
    if method == "adalora":
        least, most = given["final_rank"] or 1, given["lora_rank"]
        if isinstance(least, int) and isinstance(most, int) and least >= most:
            found.append("fit.final_rank: " + tr(f"must be below lora_rank = {most}", f"须小于 lora_rank = {most}"))
        begin, end = given["prune_from"], given["prune_until"]
        if isinstance(begin, float | int) and isinstance(end, float | int) and begin >= end:
            found.append("fit.prune_from: " + tr(f"must be below prune_until = {end}", f"须小于 prune_until = {end}"))
    return found


def _of_other_heads(given: Mapping[str, Any]) -> list[str]:
    """Settings that mean nothing to the head that was asked for."""
    allowed = {"token_dropout": WHOLE_TEXTS, "adversarial": ENCODED, "packing": ("generate",)}
    return [
        f"fit.{name}: " + tr(f"goes with head = {', '.join(heads)}", f"仅适用于 head = {', '.join(heads)}")
        for name, heads in allowed.items()
        if given[name] and given["head"] not in heads
    ]


def _beside_cues(given: Mapping[str, Any], head: Any) -> list[str]:
    """What means nothing where no network is fitted."""
    if given["cues"] is not True:
        return []
    found = [
        f"fit.{name}: " + tr("no network is fitted with cues = true", "cues = true 时不训练网络")
        for name in ("adapt", "epochs", "learning_rate", "merge", "adversarial")
        if given[name] != FitRecipe.model_fields[name].default
    ]
    if head not in ("auto", "pair"):
        found.append("fit.cues: " + tr("goes with head = pair", "仅适用于 head = pair"))
    return found


def _misplaced(prompt: str) -> list[str]:
    """What is wrong with a template of a method that trains nothing, whatever backbone reads it."""
    if prompt.count("{text}") + prompt.count("{label}") == 1 and "{examples}" not in prompt.partition("{text}")[2]:
        return []
    told = tr(
        "holds {text} once ({examples} before it), or {label} once to describe a label to an encoder",
        "须含一次 {text}（{examples} 在其前），或在描述标签时含一次 {label}",
    )
    return [f"fit.prompt: {told}"]
