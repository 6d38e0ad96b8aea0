"""What one patient's texts share while they are scrubbed: key, known identifiers, shift, and what was removed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bedside.deid._find import find_many
from bedside.deid._policy import Policy
from bedside.deid.actions.replace import replace
from bedside.deid.actions.shift import shift_days, shift_time
from bedside.deid.mentions.known import known_candidates
from bedside.deid.vault.vault import Vault, pseudonym
from bedside.errors import IdentityError
from bedside.lang import tr
from bedside.types import Code, Entry, Identifier, Origin, Span

_UNIT = re.compile(r"[^\s]{1,24}")


@dataclass(frozen=True, slots=True)
class Scrubber:
    """What one patient's texts share: key, known identifiers, shift, spans read ahead, and what was removed."""

    policy: Policy
    key: bytes = field(repr=False)
    known: tuple[Identifier, ...] = field(repr=False)
    patient: str = field(repr=False)
    days: int = field(repr=False)
    ahead: dict[str, list[Span]] = field(repr=False)
    removed: Counter[str] = field(default_factory=Counter)
    kept: dict[str, list[tuple[str, str]]] = field(default_factory=dict, repr=False)
    seen: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def start(
        cls,
        policy: Policy,
        known: tuple[Identifier, ...],
        patient: str,
        vault: Vault | None,
        ahead: dict[str, list[Span]],
    ) -> Scrubber:
        key = policy.key() if vault is None else vault.key
        return cls(policy, key, known, patient, shift_days(key, patient, whole_weeks=policy.whole_weeks), ahead)

    def text(self, text: str, *, lang: str | None = None) -> tuple[str, list[Span]]:
        return self.out(text, self.find(text, lang=lang))

    def find(self, text: str, *, lang: str | None = None) -> list[Span]:
        """What was read ahead, with the other texts; a text that was not is read now."""
        if text in self.ahead:
            return self.ahead[text]
        rules = self.policy
        return find_many([text], known=[self.known], lang=lang, presidio=rules.presidio, thorough=rules.thorough)[0]

    def out(self, text: str, spans: list[Span]) -> tuple[str, list[Span]]:
        names = (known.value for known in self.known)
        done = replace(text, spans, policy=self.policy, key=self.key, patient=self.patient, avoid=names)
        if self.survivors(done.text, done.ours):
            raise IdentityError(tr("a known identifier was left over", "仍残留已知标识"))
        self.removed.update(span.type for span in spans)
        if done.pairs:
            shelf = f"surrogate {pseudonym(self.key, 'patient', self.patient)}"
            self.kept.setdefault(shelf, []).extend(done.pairs)
        return done.text, spans

    def keep(self, vault: Vault | None) -> None:
        """Put the way back into the vault, before anything is passed on."""
        if vault is not None:
            for kind, pairs in self.kept.items():
                vault.put(kind, pairs)

    def survivors(self, text: str, ours: Sequence[tuple[int, int]]) -> bool:
        """Whether a known identifier stands in the text outside what we wrote ourselves."""
        hits = known_candidates(text, self.known)
        return any(not any(start <= hit.start and hit.end <= end for start, end in ours) for hit in hits)

    def short(self, text: str) -> str:
        """A display name, place or unit, each scrubbed once however often it comes."""
        if text not in self.seen:
            self.seen[text] = self.text(text)[0]
        return self.seen[text]

    def coded(self, text: str) -> str:
        """A code or a kind: no language in it, so only what is known to identify the patient is taken out."""
        clean = f"\0{text}"  # no text begins so: what was found clean is not looked through again
        if clean in self.seen:
            return text
        if text and known_candidates(text, self.known):
            return self.out(text, self.find(text))[0]
        self.seen[clean] = text
        return text

    def alias(self, kind: str, original: str) -> str:
        """A pseudonym for an entry's id or a file's name; the vault can lead back."""
        if not original:
            return ""
        name = pseudonym(self.key, kind, f"{self.patient}\0{original}" if kind == "entry" else original)
        self.kept.setdefault(kind, []).append((name, original))
        return name

    def time(self, written: str | None) -> str | None:
        if written is None:
            return None
        shifted = shift_time(written, self.days)
        if shifted is None:
            self.removed["DATE"] += 1
        return shifted

    def entry(self, entry: Entry) -> Entry:
        value = entry.value
        unit = entry.unit
        return Entry(
            id=self.alias("entry", entry.id),
            kind=self.coded(entry.kind),
            text=self.text(entry.text)[0],
            time=self.time(entry.time),
            codes=tuple(Code(self.coded(c.system), self.coded(c.code), self.short(c.display)) for c in entry.codes),
            value=self.text(value)[0] if isinstance(value, str) else value,
            unit=unit if unit is None else self.coded(unit) if _UNIT.fullmatch(unit) else self.short(unit),
            origin=Origin(self.alias("file", entry.origin.file), self.short(entry.origin.place)),
        )
