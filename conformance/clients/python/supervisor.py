"""Runs one task in a child process under a time limit, and makes sure every run ends with exactly one verdict.

The wheels keep the interpreter busy inside native code: a blocking call cannot be interrupted from Python, a lost
connection is retried for ever, and one release aborts while the interpreter shuts down. Only another process sees
all of that, so the parent loads no wheel, waits, and reports what the child could not.
"""

import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable


def emit(event: str, **fields: object) -> None:
    """Prints one JSON line at once, so that nothing is lost when the process is killed later."""
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()


def supervise(task: Callable[[Callable[[str], None]], None], seconds: int) -> int:
    """Runs `task(doing)` in a child and returns the exit code of the program; `doing` notes the step under way."""
    notes, notes_of_child = os.pipe()
    child = os.fork()
    if child == 0:
        _end_with_parent()
        _run_and_exit(task, lambda step: os.write(notes_of_child, step.encode() + b"\n"))
    os.close(notes_of_child)
    status = _wait(child, seconds)
    step = _last_line(notes)
    if status is None:
        emit("error", message=f"no answer within {seconds} s while trying to {step}")
    elif os.WIFSIGNALED(status):
        emit("error", message=f"died of {signal.Signals(os.WTERMSIG(status)).name} while trying to {step}")
    elif os.WEXITSTATUS(status) not in (0, 1):
        emit("error", message=f"exited with {os.WEXITSTATUS(status)} while trying to {step}")
    return 0 if status == 0 else 1


def _end_with_parent() -> None:
    """Whoever kills this program kills the parent only; the child would go on, and keep the output open."""
    set_signal_at_death_of_parent = 1
    ctypes.CDLL(None).prctl(set_signal_at_death_of_parent, signal.SIGKILL)


def _run_and_exit(task: Callable[[Callable[[str], None]], None], note: Callable[[str], object]) -> None:
    """Never returns: leaves through `os._exit`, because a regular shutdown aborts in some wheels."""
    step = "start"

    def doing(what: str) -> None:
        nonlocal step
        step = what
        note(what)

    code = 1
    try:
        task(doing)
        code = 0
    except BaseException as error:  # a panic of the native code is not an Exception
        emit("error", message=f"{type(error).__name__}: {error} (while trying to {step})")
    finally:
        os._exit(code)


def _wait(child: int, seconds: int) -> int | None:
    """The child's wait status, or None when it had to be killed because the time was up."""

    def time_is_up(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, time_is_up)
    signal.alarm(seconds)
    try:
        return os.waitpid(child, 0)[1]
    except TimeoutError:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return None
    finally:
        signal.alarm(0)


def _last_line(pipe: int) -> str:
    with os.fdopen(pipe) as notes:
        lines = notes.read().splitlines()
    return lines[-1] if lines else "start"
