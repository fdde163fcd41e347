"""A YAML file → what it says, as a model that allows nothing but the keys it names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from auditor.errors import AuditError, BadYaml
from auditor.yaml_files import source
from auditor.yaml_files.faults import Faults


class Strict(BaseModel):
    """Nothing but the keys that are named, and nothing changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=Strict)


def validated(path: Path, model: type[Model], error: type[AuditError], parts: Sequence[type[BaseModel]] = ()) -> Model:
    """What the file says. Raises `error` with a line for each mistake: file, line, column, and what is known there; `parts` are the
    models of which `model` is made."""
    try:
        read = source.read(path, str(path))
        return model.model_validate(read.tree)
    except BadYaml as bad:
        raise error(*bad.mistakes) from bad
    except ValidationError as bad:
        faults = Faults()
        faults.invalid(read, bad, (model, *parts))
        raise error(*faults.mistakes) from bad
