"""Stands in for ``python``: hands its arguments, folder, variables and streams to ``server.py``, and ends as that ends.

Run with ``-IS`` and importing nothing but what is built in, so that it is there in a hundredth of a second.
"""

import _signal
import _socket
import _struct
import os
import sys

PATH, *ARGUMENTS = sys.argv[1:]


def is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


signals = (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP)
ignored = [number for number in signals if _signal.getsignal(number) == _signal.SIG_IGN]
streams = [number for number in range(3) if is_open(number)]
fields = [os.getcwdb(), b"%d" % len(ARGUMENTS), *map(os.fsencode, ARGUMENTS)]  # noqa: PTH109
fields += [name + b"=" + value for name, value in os.environb.items()]
question = b"\0".join(fields)
head = _struct.pack("!III", len(question), *(sum(1 << number for number in some) for some in (streams, ignored)))
connection = _socket.socket(_socket.AF_UNIX)
connection.connect(PATH)
rights = (_socket.SOL_SOCKET, _socket.SCM_RIGHTS, b"".join(_struct.pack("i", number) for number in streams))
connection.sendmsg([head], [rights] if streams else [])
connection.sendall(question)
child = _struct.unpack("!i", connection.recv(4))[0]
for number in set(signals) - set(ignored):
    _signal.signal(number, lambda number, _: os.kill(child, number))
code = _struct.unpack("!i", connection.recv(4))[0]
if code < 0:
    if code != -_signal.SIGKILL:
        _signal.signal(-code, _signal.SIG_DFL)
    os.kill(os.getpid(), -code)
os._exit(code)
