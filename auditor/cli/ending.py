"""A command that is ended from outside takes its temporary files with it: they hold what a filing says of people."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# What a service manager sends, and what a terminal sends that is closed. Windows has no second one.
_SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Ended(BaseException):
    """The system asked this process to end. No Exception, so that nothing that goes on after a failure goes on after this."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    def obey(self) -> None:
        """End as by the signal itself, now that what was open is closed: who sent it must see that it was obeyed."""
        signal.signal(self.number, signal.SIG_DFL)
        os.kill(os.getpid(), self.number)


@contextmanager
def tidily() -> Iterator[None]:
    """Raise Ended where the process is asked to end, instead of ending on the spot. A signal that is ignored (`nohup`) stays ignored."""
    if threading.current_thread() is not threading.main_thread():  # Python hands signals to no other
        yield
        return
    heard = [number for number in _SIGNALS if signal.getsignal(number) is signal.SIG_DFL]
    for number in heard:
        signal.signal(number, _raise)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, signal.SIG_DFL)


def _raise(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # a second one must not interrupt the closing
    raise Ended(number)
