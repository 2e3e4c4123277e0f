"""A fork server: real processes of Python that begin where everything has been imported.

Most of the second that a command takes is imports. This process has made them; for each connection on its Unix socket
it forks, and the child becomes what was asked for, with the folder, variables and streams of whoever asked: of
``command.py``, which passes signals on, and whose end ends the child. It runs ``-m afas_soap ...`` or ``-c CODE ...``
as Python would.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import io
import os
import pkgutil
import runpy
import select
import signal
import socket
import struct
import sys
import threading
import time
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import xmlschema

import afas_soap

HEAD = struct.Struct("!III")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def imported() -> None:
    """Every module of ours, and with them all that they use; what an import warns of is no concern of a command."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for module in pkgutil.walk_packages(afas_soap.__path__, "afas_soap."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
        # The schema of schemas is built with the first of them.
        xmlschema.XMLSchema10('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>')
    gc.collect()
    gc.freeze()


def asked(connection: socket.socket) -> tuple[list[bytes], dict[int, int], int]:
    """The fields of a question (folder, number of arguments, arguments, variables), streams by their numbers, and a bit
    for each signal that is ignored."""
    head, received, _, _ = socket.recv_fds(connection, HEAD.size, 3)
    size, numbers, ignored = HEAD.unpack(head)
    data = b""
    while len(data) < size:
        data += connection.recv(size - len(data))
    wanted = [number for number in range(3) if numbers >> number & 1]
    return data.split(b"\0"), dict(zip(wanted, received, strict=True)), ignored


def become(fields: list[bytes], streams: dict[int, int]) -> Callable[[], object]:
    """Take over folder, variables and streams; what is left to do is the program."""
    for number in range(3):
        if number in streams:
            os.dup2(streams[number], number)
            os.close(streams[number])
        else:
            os.close(number)
    count = int(fields[1])
    os.chdir(fields[0])
    os.environb.clear()
    os.environb.update(field.partition(b"=")[::2] for field in fields[2 + count :])
    time.tzset()
    sys.stdin, sys.stdout, sys.stderr = map(_stream, range(3))
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    return _program([os.fsdecode(field) for field in fields[2 : 2 + count]])


def _stream(number: int) -> io.TextIOWrapper | None:
    try:
        os.fstat(number)
    except OSError:
        return None
    at_once = bool(os.environ.get("PYTHONUNBUFFERED"))
    binary: Any = io.FileIO(number, "wb" if number else "rb", closefd=False)
    if not number:
        binary = io.BufferedReader(binary)
    elif not at_once:
        binary = io.BufferedWriter(binary)
    errors = "backslashreplace" if number == 2 else None
    lines = number == 2 or os.isatty(number)
    return io.TextIOWrapper(binary, errors=errors, line_buffering=lines, write_through=at_once)


def _program(arguments: list[str]) -> Callable[[], object]:
    while arguments[0] == "-W":
        warnings.simplefilter(arguments[1])
        del arguments[:2]
    option, what, *rest = arguments
    sys.argv = [option, *rest]
    if option == "-m":
        return lambda: runpy.run_module(what, run_name="__main__", alter_sys=True)
    sys.path.insert(0, "")
    sys.modules["__main__"] = main = types.ModuleType("__main__")
    return lambda: exec(compile(what, "<string>", "exec"), main.__dict__)


def watch(connection: socket.socket, child: int) -> None:
    """Tell the child's number, and how it ended; when whoever asked is gone, it is killed as they were."""
    # Who was killed before they read it is seen to be gone below.
    with contextlib.suppress(OSError):
        connection.sendall(struct.pack("!i", child))
    ended = os.pidfd_open(child)
    ready, _, _ = select.select([connection, ended], [], [])
    if ended not in ready:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(OSError):
        connection.sendall(struct.pack("!i", os.waitstatus_to_exitcode(status)))


def questions(path: Path) -> Iterator[socket.socket]:
    """Each connection, until the one who started us closes our standard input."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(64)
        print("ready", flush=True)
        while True:
            ready, _, _ = select.select([listener, sys.stdin], [], [])
            if listener not in ready:
                return
            yield listener.accept()[0]


def serve(path: Path) -> Callable[[], object]:
    """Fork for each question. Returns in the child, with the program that it is to run; never in the server."""
    for connection in questions(path):
        with connection:
            if os.fork():
                reap(os.WNOHANG)
                continue
            fields, streams, ignored = asked(connection)
            if child := os.fork():
                for stream in streams.values():
                    os.close(stream)
                watch(connection, child)
                os._exit(0)
        for number in SIGNALS:
            default = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, signal.SIG_IGN if ignored >> number & 1 else default)
        return become(fields, streams)
    reap()
    os._exit(0)


def reap(how: int = 0) -> None:
    """Wait for those who watch, so that what processes cost is counted where they were started."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, how)[0]:
            pass


def run(program: Callable[[], object]) -> None:
    """Run it to its end, without taking all modules down afterwards; what it raises goes on to Python itself."""
    code: object = 0
    try:
        program()
    except SystemExit as ended:
        code = ended.code or 0
    if not isinstance(code, int):
        print(code, file=sys.stderr)
        code = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except OSError:
        code = 120
    os._exit(code & 0xFF)


if __name__ == "__main__":
    imported()
    run(serve(Path(sys.argv[1])))
