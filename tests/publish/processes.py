"""What the tests of `auditor.publish.workers` have done in other processes, which import nothing but this."""

import os
import signal


def work(task):
    if task == "raise":
        raise ValueError("on purpose")
    if task == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    return task, os.getpid()


def nothing():
    pass
