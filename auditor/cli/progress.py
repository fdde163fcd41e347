"""A bar for what takes time."""

from __future__ import annotations

import sys
import threading
import time

import click

from auditor.wording import Words


class Progress:
    """A bar on standard error, from the second second on, and only where that is a terminal."""

    STEPS = ("read", "normalise", "check", "report")

    def __init__(self, words: Words) -> None:
        self._told = {step: words(f"screen.step_{step}") for step in self.STEPS}
        self._on = sys.stderr.isatty()
        self._step = 0
        self._begun = time.monotonic()
        self._done = threading.Event()
        self._drawing = threading.Thread(target=self._draw, daemon=True)
        if self._on:
            self._drawing.start()

    def step(self, name: str) -> None:
        """Say which step begins."""
        self._step = self.STEPS.index(name)

    def finish(self) -> None:
        """Remove the bar."""
        self._done.set()
        if self._on:
            self._drawing.join()  # or it may draw once more
            click.echo("\r\033[K", nl=False, err=True)

    def _draw(self) -> None:
        while not self._done.wait(0.2):
            seconds = time.monotonic() - self._begun
            if seconds > 1:
                bar = "█" * (self._step * 6 + 3) + "░" * (24 - self._step * 6 - 3)
                click.echo(f"\r\033[K{bar} {self._told[self.STEPS[self._step]]}  {seconds:.0f} s", nl=False, err=True)
