"""Which patterns can begin with some characters: all their first places as one tree, walked as an automaton.

The automaton's states are made as texts lead to them and kept: words that begin differently soon share a state, that of
patterns which begin with any word, and cost a look-up a character.

Source: the lazy determinisation of Aho, Sethi and Ullman 1986, "Compilers", section 3.7.
"""

from __future__ import annotations

from typing import Protocol

from bedside.deid.patterns.starts import OPEN, Path, Place

ANYTHING = "\ufdd0"
"""Stands for what is behind a place when it is not looked at; no character of any text."""

MOST_ASKED = 256
"""Answers that a state keeps, each for what another text is missing; most have one or two."""


class Rule(Protocol):
    """A pattern, with the bits of the needs without which it matches in no text."""

    needs: int


class _Node:
    """A place in the tree of all paths: what may follow, and the patterns and needs for which nothing more is asked."""

    __slots__ = ("following", "known", "needs", "rules")

    def __init__(self) -> None:
        self.following: dict[Place, _Node] = {}
        self.known: dict[str, _Node] = {}
        self.rules: set[Rule] = set()
        self.needs = 0

    def grow(self, place: Place) -> _Node:
        """The node behind a place, made when there is none."""
        if place.only:
            return self.known.setdefault(place.only, _Node())
        return self.following.setdefault(place, _Node())


class State:
    """What some characters have led to: the patterns that can begin with them, and the needs that they satisfy."""

    __slots__ = ("_asked", "_possible", "after", "needs", "nodes", "rules")

    def __init__(self, nodes: frozenset[_Node], rules: frozenset[Rule], needs: int) -> None:
        self.nodes = nodes
        self.rules = rules
        self.needs = needs
        self.after: dict[str, State] = {}
        self._asked = 0
        for rule in rules:
            self._asked |= rule.needs
        self._possible: dict[int, tuple[Rule, ...]] = {}

    def possible(self, missing: int) -> tuple[Rule, ...]:
        """Those of its patterns that need nothing of what a text is missing."""
        lacking = missing & self._asked
        found = self._possible.get(lacking)
        if found is None:
            if len(self._possible) >= MOST_ASKED:
                self._possible.clear()
            found = self._possible[lacking] = tuple(rule for rule in self.rules if not rule.needs & lacking)
        return found


class Automaton:
    """The tree of the paths of many patterns, and the states that texts have led to."""

    def __init__(self) -> None:
        self._root = _Node()
        self._places: set[Place] = set()
        self.forget()

    def forget(self) -> None:
        """Begin anew with the states: after another path, or when they have become too many."""
        self._states: dict[tuple[frozenset[_Node], frozenset[Rule], int], State] = {}
        self._admitting: dict[str, frozenset[Place]] = {}
        self._start = self._state(frozenset([self._root]), frozenset(), 0)

    def __len__(self) -> int:
        return len(self._states)

    def file(self, path: Path, *, rule: Rule | None = None, needs: int = 0) -> None:
        """Put a pattern, or needs, at the end of a path, which begins with what is behind."""
        node = self._root
        for place in path:
            if place is OPEN:
                break
            if not place.only:
                self._places.add(place)
            node = node.grow(place)
        node.needs |= needs
        if rule is not None:
            node.rules.add(rule)

    def read(self, shown: str) -> State:
        """Where some characters lead, of which the first is behind the match."""
        state = self._start
        for char in shown:
            state = state.after.get(char) or self._step(state, char)
        return state

    def _step(self, state: State, char: str) -> State:
        nodes = frozenset(self._following(state, char))
        rules, needs = state.rules.union(*(node.rules for node in nodes)), state.needs
        for node in nodes:
            needs |= node.needs
        state.after[char] = after = self._state(nodes, rules, needs)
        return after

    def _state(self, nodes: frozenset[_Node], rules: frozenset[Rule], needs: int) -> State:
        same = (nodes, rules, needs)
        if same not in self._states:
            self._states[same] = State(*same)
        return self._states[same]

    def _following(self, state: State, char: str) -> list[_Node]:
        """Where a character leads from the nodes of a state."""
        if char == ANYTHING:
            return [after for node in state.nodes for after in (*node.known.values(), *node.following.values())]
        admitting = self._admitting.get(char)
        if admitting is None:
            admitting = self._admitting[char] = frozenset(place for place in self._places if place.admits(char))
        found = [node.known[char] for node in state.nodes if char in node.known]
        return found + [after for node in state.nodes for place, after in node.following.items() if place in admitting]
