"""The one door from RawChart to Chart: texts scrubbed, times shifted, and nothing passed on when anything fails."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from bedside import __version__
from bedside.deid._actions import replace
from bedside.deid._dates import shift_days, shift_time
from bedside.deid._find import find_many
from bedside.deid._known import known_candidates
from bedside.deid._policy import Policy
from bedside.deid._vault import Vault, pseudonym
from bedside.errors import IdentityError
from bedside.lang import tr
from bedside.types import Chart, Code, DeidReport, Entry, Identifier, Origin, RawChart, Span, today_years

OLDEST_YEARS = 90.0
"""Ages above 89 become one class (HIPAA Safe Harbor, 45 CFR 164.514(b)(2)(i)(C))."""

_UNIT = re.compile(r"[^\s]{1,24}")


@dataclass(frozen=True, slots=True)
class Note:
    """A text, and whose it is: `known` identifies the patient, `patient` makes surrogates and date shifts their own."""

    text: str = field(repr=False)
    known: tuple[Identifier, ...] = field(default=(), repr=False)
    patient: str = field(default="", repr=False)


def scrub_text(
    text: str,
    *,
    policy: Policy,
    known: Iterable[Identifier] = (),
    patient: str = "",
    vault: Vault | None = None,
    lang: str | None = None,
) -> tuple[str, list[Span]]:
    """A text without identity, and what was found in it (code points of the text as given).

    `patient` makes surrogates and date shifts one patient's own; the vault's key, when there is one, makes them the
    same on every run. Raises `IdentityError`, without a word of the text, when anything goes wrong.
    """
    done = scrub_texts([Note(text, tuple(known), patient)], policy=policy, vault=vault, lang=lang)[0]
    if isinstance(done, IdentityError):
        raise done
    return done


def scrub_texts(
    notes: Sequence[Note], *, policy: Policy, vault: Vault | None = None, lang: str | None = None
) -> list[tuple[str, list[Span]] | IdentityError]:
    """`scrub_text` for many notes, in less time each; in the place of one that fails stands its error, not raised.

    >>> [clean for clean, _ in scrub_texts([Note("Call 617-555-0123."), Note("No fever.")], policy=Policy())]
    ['Call [PHONE].', 'No fever.']
    """
    texts = [note.text for note in notes]
    try:
        found = find_many(texts, known=[note.known for note in notes], lang=lang, presidio=policy.presidio)
        ahead = [{text: spans} for text, spans in zip(texts, found, strict=True)]
    except Exception:  # one of them cannot be read: each by itself, the others are not spoilt
        ahead = [{} for _ in notes]
    return [_scrubbed(note, found, policy, vault, lang) for note, found in zip(notes, ahead, strict=True)]


def _scrubbed(
    note: Note, ahead: dict[str, list[Span]], policy: Policy, vault: Vault | None, lang: str | None
) -> tuple[str, list[Span]] | IdentityError:
    try:
        scrubber = _Scrubber.start(policy, note.known, note.patient, vault, ahead)
        clean = scrubber.text(note.text, lang=lang)
        scrubber.keep(vault)
        return clean
    except IdentityError as error:
        return error
    except Exception as error:
        return _failed(error)


def scrub(raw: RawChart, *, policy: Policy, vault: Vault | None = None) -> Chart:
    """The chart without identity; the only maker of `Chart`.

    Texts, text values and display names are scrubbed with all that the chart knows about the patient; times are shifted
    by the patient's own number of days; the birth date becomes an age in whole years (capped at 90) at the last dated
    entry; patient, entry ids and file names become pseudonyms. A time that cannot be read is left out and counted as a
    DATE removed.
    Raises `IdentityError` when anything goes wrong, or when a known identifier is still there afterwards.
    """
    try:
        return _scrub(raw, policy, vault)
    except IdentityError:
        raise
    except Exception as error:
        raise _failed(error) from None


def known_identifiers(raw: RawChart) -> tuple[Identifier, ...]:
    """All that the chart itself says identifies the patient: its identifiers, its number and its birth date."""
    own = [Identifier("ID", raw.patient)]
    if raw.birth_date and re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", raw.birth_date):
        own.append(Identifier("DATE", raw.birth_date[:10]))
    return tuple(dict.fromkeys([*raw.identifiers, *own]))


def _scrub(raw: RawChart, policy: Policy, vault: Vault | None) -> Chart:
    known = known_identifiers(raw)
    texts = list(dict.fromkeys(_texts(raw)))
    found = find_many(texts, known=[known] * len(texts), presidio=policy.presidio)
    scrubber = _Scrubber.start(policy, known, raw.patient, vault, dict(zip(texts, found, strict=True)))
    entries = tuple(scrubber.entry(entry) for entry in raw.entries)
    name = pseudonym(scrubber.key, "patient", raw.patient)
    scrubber.kept["patient"] = [(name, raw.patient)]
    scrubber.keep(vault)
    return Chart(
        patient=name,
        sex=raw.sex,
        age_years=_age(raw),
        entries=entries,
        deid=DeidReport(policy.name(), __version__, dict(sorted(scrubber.removed.items()))),
    )


def _texts(raw: RawChart) -> Iterator[str]:
    """Everything in a chart that is written in words, to be read in one go."""
    for entry in raw.entries:
        yield entry.text
        yield from (code.display for code in entry.codes)
        yield entry.origin.place
        if isinstance(entry.value, str):
            yield entry.value


@dataclass(frozen=True, slots=True)
class _Scrubber:
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
    ) -> _Scrubber:
        key = policy.key() if vault is None else vault.key
        return cls(policy, key, known, patient, shift_days(key, patient, whole_weeks=policy.whole_weeks), ahead)

    def text(self, text: str, *, lang: str | None = None) -> tuple[str, list[Span]]:
        return self.out(text, self.find(text, lang=lang))

    def find(self, text: str, *, lang: str | None = None) -> list[Span]:
        """What was read ahead, with the other texts; a text that was not is read now."""
        if text in self.ahead:
            return self.ahead[text]
        return find_many([text], known=[self.known], lang=lang, presidio=self.policy.presidio)[0]

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


def _age(raw: RawChart) -> float | None:
    """Age at the last dated entry, in whole years; None without a whole birth date or without any date."""
    times = [day for entry in raw.entries if entry.time and (day := _day(entry.time))]
    born = _day(raw.birth_date or "")
    if born is None or not times or max(times) < born:
        return None
    return min(float(today_years(born, max(times))), OLDEST_YEARS)


def _day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso[:10])
    except ValueError:
        return None


def _failed(error: Exception) -> IdentityError:
    what = tr("identity could not be removed, so nothing was passed on", "无法去除身份信息，因此未输出任何内容")
    return IdentityError(f"{what} ({type(error).__name__})")
