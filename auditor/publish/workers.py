"""Work in several processes that survives the death of one.

`multiprocessing.Pool` waits for ever for a worker that the system has killed, and `ProcessPoolExecutor` with a limit of tasks for
each process stops half-way on Python 3.11; so each worker here has its own pipe, whose end is the news of its death.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from auditor.wording import refusal

T = TypeVar("T")
R = TypeVar("R")
TASKS = 50
"""Tasks after which a process is replaced: what its libraries never give back stays bounded."""


@dataclass(frozen=True)
class Done(Generic[R]):
    """What came of one task: its number and the result, or in words why there is none."""

    task: int
    result: R | None
    failed: str | None


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    task: int | None = None
    given: int = 0


def each_done(
    work: Callable[[T], R], tasks: Sequence[T], workers: int, begin: Callable[[], None], per_process: int = TASKS
) -> Iterator[Done[R]]:
    """Call `work` for every task in `workers` new processes, in order of tasks; yield what came of each as soon as it is known.

    `work` and `begin` (called once in each process) are functions of a module. A task that raises or whose process dies has failed;
    the others are done all the same. Where the caller stops listening the processes are ended.
    """
    left = iter(enumerate(tasks))
    busy: list[_Worker] = []
    try:
        for worker in [_start(work, begin) for _ in range(min(workers, len(tasks)))]:
            _next(left, worker, busy)
        while busy:
            ready = wait([worker.pipe for worker in busy])
            for worker in [each for each in busy if each.pipe in ready]:
                busy.remove(worker)
                assert worker.task is not None  # it is busy
                task, alive = worker.task, True
                try:
                    result, failed = worker.pipe.recv()
                except (EOFError, OSError):
                    worker.process.join()
                    result, failed, alive = None, refusal("batch.process_ended", code=worker.process.exitcode), False
                if not alive or worker.given >= per_process:
                    _end(worker)
                    worker = _start(work, begin)  # noqa: PLW2901  # another one in its place
                _next(left, worker, busy)
                yield Done(task, result, failed)
    finally:
        for worker in busy:
            worker.process.kill()
            _end(worker)


def _start(work: Callable[[Any], Any], begin: Callable[[], None]) -> _Worker:
    context = get_context("spawn")  # a fork would copy the threads of Polars half
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, work, begin), daemon=True)
    process.start()
    theirs.close()  # else its end is not seen when the process dies
    return _Worker(process, ours)


def _next(left: Iterator[tuple[int, T]], worker: _Worker, busy: list[_Worker]) -> None:
    """Give the worker its next task, or end it where there is none."""
    following = next(left, None)
    if following is None:
        _end(worker)
        return
    worker.task = following[0]
    worker.given += 1
    busy.append(worker)
    with suppress(OSError):  # where it has died, the next look at its pipe tells
        worker.pipe.send(following[1])


def _end(worker: _Worker) -> None:
    worker.pipe.close()
    worker.process.join()


def _serve(pipe: Connection, work: Callable[[Any], Any], begin: Callable[[], None]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends us
    begin()
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):  # the parent is gone; a reset where it had not read our last answer
            return
        try:
            answer: tuple[Any, str | None] = work(task), None
        except Exception as error:  # whatever it is, it must not stop the other reports
            answer = None, f"{type(error).__name__}: {error}"
        try:
            pipe.send(answer)
        except OSError:
            return  # nobody listens any more
