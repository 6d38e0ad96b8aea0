"""The one door from RawChart to Chart: texts scrubbed, times shifted, and nothing passed on when anything fails."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from bedside import __version__
from bedside.deid._find import find_many
from bedside.deid._policy import Policy
from bedside.deid._scrubber import Scrubber
from bedside.deid.vault.vault import Vault, pseudonym
from bedside.errors import IdentityError
from bedside.lang import tr
from bedside.types import Chart, DeidReport, Identifier, RawChart, Span, today_years

OLDEST_YEARS = 90.0
"""Ages above 89 become one class (HIPAA Safe Harbor, 45 CFR 164.514(b)(2)(i)(C))."""

NARRATIVE = 80
"""Characters from which a chart's text is read by the encoder: a chart has thousands of shorter ones (units, displays,
places), which have no surroundings to tell a name by; the names that belong to it the chart itself gives."""


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
        found = find_many(
            texts,
            known=[note.known for note in notes],
            lang=lang,
            presidio=policy.presidio,
            thorough=policy.thorough,
        )
        ahead = [{text: spans} for text, spans in zip(texts, found, strict=True)]
    except Exception:  # one of them cannot be read: each by itself, the others are not spoilt
        ahead = [{} for _ in notes]
    return [_scrubbed(note, found, policy, vault, lang) for note, found in zip(notes, ahead, strict=True)]


def _scrubbed(
    note: Note, ahead: dict[str, list[Span]], policy: Policy, vault: Vault | None, lang: str | None
) -> tuple[str, list[Span]] | IdentityError:
    try:
        scrubber = Scrubber.start(policy, note.known, note.patient, vault, ahead)
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
    ahead = _read_ahead(list(dict.fromkeys(_texts(raw))), known, policy)
    scrubber = Scrubber.start(policy, known, raw.patient, vault, ahead)
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


def _read_ahead(texts: Sequence[str], known: tuple[Identifier, ...], policy: Policy) -> dict[str, list[Span]]:
    """What is found in each text of a chart; the encoder, if asked for, reads those that tell something."""
    found: dict[str, list[Span]] = {}
    for thorough in (False, True):
        some = [text for text in texts if (policy.thorough and len(text) >= NARRATIVE) is thorough]
        read = find_many(some, known=[known] * len(some), presidio=policy.presidio, thorough=thorough)
        found |= zip(some, read, strict=True)
    return found


def _texts(raw: RawChart) -> Iterator[str]:
    """Everything in a chart that is written in words, to be read in one go."""
    for entry in raw.entries:
        yield entry.text
        yield from (code.display for code in entry.codes)
        yield entry.origin.place
        if isinstance(entry.value, str):
            yield entry.value


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
