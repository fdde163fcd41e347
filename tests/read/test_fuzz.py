"""A hundred random files and more, half of them damaged; `make fuzz` reads 200,000."""

import fuzz
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

_EACH, _CHANGING = 30, 20


@pytest.mark.parametrize("part", range(4))
def test_random_cells_and_bytes(part):
    fates, failures, _ = fuzz.run(range(part * _EACH, part * _EACH + _EACH))
    assert not failures, [(seed, what) for seed, what, _ in failures]
    assert fates["read"] > _EACH // 4
    assert fates["refused"] > _EACH // 8


@settings(max_examples=_CHANGING, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(st.integers(min_value=1_000_000))
def test_inputs_that_change_from_run_to_run(seed):
    assert fuzz.one_input(seed) in ("read", "refused")


# Seeds that once gave a traceback, a panic of a library, or a wrong count.
@pytest.mark.parametrize("seed", [465, 565, 939, 1432, 4699, 7537, 10036, 15981, 16002, 33202, 73611, 77742])
def test_what_once_failed(seed):
    assert fuzz.one_input(seed) in ("read", "refused")


def test_a_lost_row_would_be_found(monkeypatch):
    """The control: a reader that drops a row in silence, and one that hangs, fail."""
    real = fuzz.read_lines

    def forgetful(*args):
        from dataclasses import replace

        part = real(*args)
        return replace(part, rows=part.rows - 1, read=part.read - 1) if part.read else part

    monkeypatch.setattr(fuzz, "read_lines", forgetful)
    assert fuzz.run(range(20))[1]
