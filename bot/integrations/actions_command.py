"""Runs a command of the configuration: no shell, an environment and a folder of its own, and an end to all of it."""

import os
import selectors
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from threading import Event
from time import monotonic

from bot.core.requests import CommandRequest
from bot.integrations.actions_result import Kept, Result, Secrets, Stopped, length
from bot.policy.actions import Command

LOOK_EVERY = 0.1  # seconds, whether it has ended and whether the bot is to stop
ENDS_WITHIN = 1.0  # seconds, what is asked to end
_PIECE = 64 * 1024


def run(request: CommandRequest, command: Command | None, environ: Mapping[str, str], stopping: Event) -> Result:
    """What came of it; `command` is None if the configuration has it no more. Raises Stopped once `stopping` is set."""
    if command is None:
        gone = f"The configuration has no command “{request.command}” any more. Nothing was run."
        return Result(False, gone)
    given = {name: environ[name] for name in command.environment if environ.get(name)}
    secrets = Secrets(given.values())
    with tempfile.TemporaryDirectory(prefix="baton-", ignore_cleanup_errors=True) as folder:
        own = {"PATH": environ.get("PATH") or os.defpath, "LANG": "C.UTF-8", "HOME": folder}
        try:
            process = subprocess.Popen(  # noqa: S603  # a list of words, whose program the configuration names
                request.words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd=folder,
                env={**own, **given},
            )
        except (OSError, ValueError) as fault:
            return Result(False, secrets.hidden(_not_begun(request.words[0], fault)))
        return _watched(process, request, secrets, stopping)


def _watched(process: "subprocess.Popen[bytes]", request: CommandRequest, secrets: Secrets, stopping: Event) -> Result:
    kept = Kept()
    with process:
        try:
            ended = _until_its_end(process, kept, request.limit.total_seconds(), stopping)
        finally:
            _kill(process)
    if stopping.is_set() and not ended:
        raise Stopped
    output = kept.read(secrets)
    if not ended:
        said = f"It did not end within {length(request.limit)} and was killed. What it had done by then is done."
    elif process.returncode < 0:
        said = f"killed by {_signal(-process.returncode)}"
    else:
        said = f"exit code {process.returncode}"
    is_done = ended and process.returncode == 0
    if is_done:
        return Result(True, output or f"{said}, no output")
    return Result(False, f"{said}\n{output}" if output else said)


def _until_its_end(process: "subprocess.Popen[bytes]", kept: Kept, limit: float, stopping: Event) -> bool:
    """Takes its output as it comes; whether it ended by itself.

    What it has left behind in the background may write for ever, and is not waited for.
    """
    assert process.stdout is not None
    end = monotonic() + limit
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        is_open = True
        while (left := end - monotonic()) > 0 and not stopping.is_set():
            pause = min(left, LOOK_EVERY)
            if process.returncode is None and process.poll() is not None:
                end = min(end, monotonic() + ENDS_WITHIN)
            if is_open and selector.select(pause):
                piece = os.read(process.stdout.fileno(), _PIECE)
                kept.add(piece)
                is_open = bool(piece)
            elif _has_ended(process, 0 if is_open else pause):
                return True
    return process.returncode is not None


def _has_ended(process: "subprocess.Popen[bytes]", within: float) -> bool:
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        return False
    return True


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """The whole group: first it is asked to end, unless it has, and then it is made to."""
    if process.poll() is None:
        _signal_group(process, signal.SIGTERM)
        _has_ended(process, ENDS_WITHIN)
    _signal_group(process, signal.SIGKILL)
    process.wait()


def _signal_group(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):  # nobody of it is left
        os.killpg(process.pid, number)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _not_begun(program: str, fault: OSError | ValueError) -> str:
    match fault:
        case FileNotFoundError():
            return f"The program {program} was not found on the bot's machine. Nothing was run."
        case PermissionError():
            return f"The program {program} may not be run by the bot. Nothing was run."
        case OSError():
            return f"The program {program} could not be started: {(fault.strerror or 'unknown').lower()}."
        case _:
            return f"The program {program} cannot be given these words: {fault}."
