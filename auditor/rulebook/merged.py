"""The files of a rulebook, one after another → what they say together, or every mistake of any of them."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from auditor.errors import BadRulebook, BadYaml
from auditor.rulebook import kinds, models, parts
from auditor.rulebook.lint import lint_obligations, lint_together
from auditor.rulebook.models import Election, LegalObligation, Rule, RuleFile, StatedVocabulary
from auditor.wording import refusal
from auditor.yaml_files import source
from auditor.yaml_files.faults import Faults
from auditor.yaml_files.source import Source
from auditor.yaml_files.validated import Strict

_NAMED = ("events", "parameters", "legal_basis", "phrases", "headings", "words", "labels", "code_labels")
_JOINED = ("headings", "words", "labels", "code_labels")  # several files may add to the same table or list
# What a rulebook has once, and what is said where it is missing.
_SINGLE = {
    "election": "lint.election_missing",
    "vocabulary": "lint.vocabulary_missing",
}


class Merged:
    """What the files taken in so far say: the entries of each part by their names, and the rules and obligations in their order."""

    def __init__(self) -> None:
        self.named: dict[str, dict[str, Any]] = {part: {} for part in _NAMED}
        self.rules: list[Rule] = []
        self.obligations: list[LegalObligation] = []
        self._single: dict[str, Any] = {}
        self._faults = Faults()

    @property
    def election(self) -> Election:
        """The election; only after `must_be_right`."""
        election: Election = self._single["election"]
        return election

    @property
    def vocabulary(self) -> StatedVocabulary:
        """The closed lists of the law; only after `must_be_right`."""
        vocabulary: StatedVocabulary = self._single["vocabulary"]
        return vocabulary

    def add(self, label: str, raw: bytes) -> None:
        """Take in the file `label`. What is wrong with it is kept for `must_be_right`."""
        try:
            read = source.read_bytes(raw, label)
            parsed = RuleFile.model_validate(read.tree)
        except BadYaml as error:
            self._faults.extend(error.mistakes)
            return
        except ValidationError as error:
            self._faults.invalid(read, error, _models())
            return
        for part in _NAMED:
            self._add_named(part, getattr(parsed, part), read)
        for part in _SINGLE:
            self._add_single(part, getattr(parsed, part), read)
        for n, rule in enumerate(parsed.rules):
            if any(other.id == rule.id for other in self.rules):
                self._faults.add(read, ("rules", n, "id"), refusal("lint.rule_twice", rule=rule.id))
            self.rules.append(rule)
            self._faults.remember("rules", rule.id, read, ("rules", n))
        for n, obligation in enumerate(parsed.obligations):
            self._faults.remember("obligations", str(len(self.obligations)), read, ("obligations", n))
            self.obligations.append(obligation)

    def must_be_right(self, name: str) -> None:
        """Raise BadRulebook with every mistake of the files, and of what they say together as the rulebook `name`."""
        faults = self._faults
        for part, missing in _SINGLE.items():
            if part not in self._single and not faults.mistakes:
                faults.extend([refusal(missing, name=name)])
        if not faults.mistakes:
            lint_together(faults, self.rules, self.election, self.vocabulary, self.named)
            lint_obligations(faults, self.rules, self.obligations)
        faults.raise_if_any(BadRulebook)

    def _add_named(self, part: str, entries: dict[str, Any], read: Source) -> None:
        if entries:
            self._faults.remember(part, "", read, (part,))
        there = self.named[part]
        for key, value in entries.items():
            if part in _JOINED:
                self._join(there.setdefault(key, {}), value, (part, key), read)
            elif key in there:
                self._faults.add(read, (part, key), refusal("lint.in_two_files", name=f"{part} {key!r}"))
                continue
            else:
                there[key] = value
            self._faults.remember(part, key, read, (part, key))

    def _join(self, there: dict[str, Any], added: dict[str, Any], at: tuple[str, str], read: Source) -> None:
        """More spellings of what is known; a label has one text only."""
        for name, value in added.items():
            if name not in there:
                there[name] = value
            elif isinstance(value, tuple):
                there[name] = tuple(dict.fromkeys((*there[name], *value)))
            else:
                self._faults.add(read, (*at, name), refusal("lint.in_two_files", name=f"{at[0]} {at[1]}.{name}"))

    def _add_single(self, part: str, value: object, read: Source) -> None:
        if value is None:
            return
        if part in self._single:
            self._faults.add(read, (part,), refusal("lint.in_two_files", name=part))
        self._single[part] = value
        self._faults.remember(part, "", read, (part,))


def _models() -> list[type[Strict]]:
    """Everything that rule files are made of."""
    known = [model for module in (kinds, models, parts) for model in vars(module).values() if isinstance(model, type)]
    return [model for model in known if issubclass(model, Strict)]
