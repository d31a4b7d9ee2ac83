"""What came of a command: real small programs that behave well and badly, in a world of their own."""

import json
import os
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.requests import CommandRequest
from bot.integrations.actions_command import run
from bot.integrations.actions_result import MOST, Result, Stopped
from bot.policy.actions import Command

SECRET = "hunter2-tok3n"


def ran(
    *words: str,
    limit: float = 20,
    environ: Mapping[str, str] | None = None,
    given: tuple[str, ...] = (),
    stopping: threading.Event | None = None,
) -> Result:
    request = CommandRequest("tool", words, timedelta(seconds=limit))
    command = Command.model_validate({"run": list(words), "environment": given})
    return run(request, command, environ or {}, stopping or threading.Event())


def python(code: str, *words: str, **more: Any) -> Result:
    return ran(sys.executable, "-S", "-c", code, *words, **more)


def test_what_it_says_is_kept_both_ways_in_order() -> None:
    code = "import sys; print('one', flush=True); print('two', file=sys.stderr)"
    assert python(code) == Result(True, "one\ntwo")
    assert python("pass") == Result(True, "exit code 0, no output")


def test_words_are_words_and_no_shell_reads_them() -> None:
    words = ("$HOME", "; touch /tmp/x", "*", "`id`")
    assert json.loads(python("import json, sys; print(json.dumps(sys.argv[1:]))", *words).words) == list(words)


def test_its_environment_and_its_folder_are_its_own() -> None:
    code = (
        "import json, os; print(json.dumps([dict(os.environ), os.getcwd(), os.listdir(), os.getsid(0) == os.getpid()]))"
    )
    environ = {"PATH": "/usr/bin:/bin", "JOBS": "name-of-it", "SLACK_BOT_TOKEN": SECRET}
    names, folder, files, alone = json.loads(python(code, environ=environ, given=("JOBS", "UNSET")).words)
    assert {name: names[name] for name in ("PATH", "LANG", "HOME", "JOBS")} == {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": folder,
        "JOBS": "•••",
    }
    assert set(names) <= {"PATH", "LANG", "HOME", "JOBS", "LC_CTYPE"}
    assert (files, alone, Path(folder).exists()) == ([], True, False)


def test_nothing_comes_in_and_it_does_not_wait_for_it() -> None:
    assert python("import sys; print(repr(sys.stdin.read()))").words == "''"


def test_another_code_than_0_has_failed() -> None:
    assert python("import sys; print('no such job'); sys.exit(3)") == Result(False, "exit code 3\nno such job")
    assert python("import os; os.kill(os.getpid(), 11)").words == "killed by SIGSEGV"


def test_ten_megabytes_fill_neither_memory_nor_pipe_and_both_ends_are_kept() -> None:
    code = "import sys; print('begins'); sys.stdout.write('row\\n' * 2_500_000); print('ends'); sys.exit(1)"
    words = python(code).words
    assert words.startswith("exit code 1\nbegins\nrow\n")
    assert "\n… cut, 10.0 MB in all …\n" in words
    assert words.endswith("row\nends")
    assert len(words) < MOST + 100


def test_what_is_no_text_is_told_and_not_shown() -> None:
    assert python("import os; os.write(1, bytes(range(256)) * 40)").words == "(binary, 10,240 bytes)"


def test_a_secret_that_it_was_given_is_hidden() -> None:
    code = "import os, sys; print('with', os.environ['JOBS'], os.environ['JOBS'].encode().hex().upper()); sys.exit(2)"
    words = python(code, environ={"JOBS": SECRET}, given=("JOBS",)).words
    assert words.startswith("exit code 2\nwith •••")
    assert words.count("•••") == 2
    assert SECRET not in words


def test_no_half_of_a_secret_stands_where_its_output_was_cut() -> None:
    code = "import os; print('x' * (32 * 1024 - 5) + (os.environ['JOBS'] + '\\n') * 5000)"
    words = python(code, environ={"JOBS": SECRET}, given=("JOBS",)).words
    assert "tok3n" not in words
    assert "hunter" not in words


def test_a_program_that_is_not_there_is_told() -> None:
    said = "The program no-such-tool was not found on the bot's machine. Nothing was run."
    assert ran("no-such-tool") == Result(False, said)
    assert ran(sys.executable, "a\0b").words.startswith(f"The program {sys.executable} cannot be given these words")


def test_a_program_that_is_none_is_told(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a program")
    assert "may not be run by the bot" in ran(str(text)).words
    text.chmod(0o755)
    assert "could not be started" in ran(str(text)).words


def test_a_command_that_was_taken_out_of_the_list_is_not_run() -> None:
    request = CommandRequest("tool", (sys.executable, "-c", "pass"), timedelta(seconds=9))
    said = "The configuration has no command “tool” any more. Nothing was run."
    assert run(request, None, {}, threading.Event()) == Result(False, said)


STUBBORN = """
import os, signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-S", "-c", "import signal; signal.pause()"])
with open(sys.argv[1], "w") as paper:
    print(os.getpid(), child.pid, file=paper, flush=True)
print("begun", flush=True)
signal.pause()
"""


def test_at_its_limit_the_whole_family_is_killed_whether_it_wants_or_not(tmp_path: Path) -> None:
    paper = tmp_path / "pids"
    result = python(STUBBORN, str(paper), limit=1.5)
    pids = [int(pid) for pid in paper.read_text().split()]
    said = "It did not end within 1.5s and was killed. What it had done by then is done."
    assert (result.is_done, result.words.splitlines()[0]) == (False, said)
    assert len(pids) == 2
    _until(lambda: not any(map(_lives, pids)))


def test_who_writes_on_in_the_background_is_not_waited_for() -> None:
    noisy = "import time\nwhile True: print('still here', flush=True); time.sleep(0.05)"
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-S', '-c', {noisy!r}]); print('started')"
    result = python(code, limit=15)
    assert result.is_done
    assert "started" in result.words


def test_when_the_bot_stops_it_is_ended() -> None:
    stopping = threading.Event()
    threading.Timer(0.2, stopping.set).start()
    with pytest.raises(Stopped):
        python("import signal; signal.pause()", limit=300, stopping=stopping)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return (
            Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        )  # whom its parent has not buried
    except (ProcessLookupError, FileNotFoundError):
        return False


def _until(true: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(1000):
        if true():
            return
        waiting.wait(0.01)
    raise AssertionError("it did not come to that")
