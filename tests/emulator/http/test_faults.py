"""Faults in text, in their order, and what they do to an answer."""

from __future__ import annotations

import threading

import pytest
from werkzeug import Response

from afas_soap.emulator.http.fault_injection import spoil, stand_in
from afas_soap.emulator.http.faults import Fault, Faults, parse_fault, parse_faults
from afas_soap.errors import SettingsError


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("503", Fault("503")),
        ("503:2", Fault("503", retry_after=2)),
        ("503:retry=1", Fault("503", retry_after=1)),
        ("503:retry=7200,in=body", Fault("503", retry_after=7200, told_in="body")),
        ("503:in=neither", Fault("503", told_in="neither")),
        ("500", Fault("500")),
        ("500,call=3,times=2", Fault("500", call=3, times=2)),
        ("html", Fault("html")),
        ("html:502", Fault("html", status=502)),
        ("slow:3", Fault("slow", seconds=3.0)),
        ("slow:0.5,after=100", Fault("slow", seconds=0.5, after=100)),
        (" cut:2000 , framing=length ", Fault("cut", after=2000, framing="length")),
        ("reset", Fault("reset")),
        ("reset:done=yes", Fault("reset", done=True)),
        ("timeout", Fault("timeout")),
        ("timeout,done=no,path=KnSubject", Fault("timeout", done=False, path="KnSubject")),
        ("503:2,done=yes", Fault("503", retry_after=2, done=True)),
        ("reset:10,protocol=rest,path=/MetaInfo", Fault("reset", after=10, protocol="rest", path="/MetaInfo")),
    ],
)
def test_a_fault_is_spelt_on_one_line(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("503", False), ("500", False), ("html", False), ("reset", False), ("reset:1", True), ("cut:1", True),
        ("slow:1", True), ("timeout", True), ("500,done=yes", True), ("timeout,done=no", False),
    ],
)  # fmt: skip
def test_whether_the_call_is_worked_off(text: str, works: bool) -> None:
    assert parse_fault(text).works is works


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("teapot", "there is no kind 'teapot'"),
        ("", "there is no kind ''"),
        ("500:3", "500 takes no 'value'"),
        ("reset,retry=1", "reset takes no 'retry'"),
        ("cut:many", "after must be a number of bytes"),
        ("cut:-1", "after must be a number of bytes"),
        ("slow:-3", "seconds must be seconds"),
        ("slow:nan", "seconds must be seconds"),
        ("html:99", "status must be an HTTP status"),
        ("503:in=cookie", "in must be body, header, both or neither"),
        ("500,protocol=ftp", "protocol must be soap, rest or sb"),
        ("503,done=maybe", "done must be yes or no"),
        ("503,method=PATCH", "method must be one of GET, POST, PUT, DELETE"),
        ("cut:5,done=no", "cut takes no 'done'"),
        ("reset:5,done=no", "done has no meaning for it"),
        ("500,call=0", "call must be 1 for the first"),
        ("500,times=0", "times must be 1 or more"),
    ],
)
def test_a_misspelt_fault_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_fault(text)
    assert says in str(caught.value)


def test_faults_happen_once_each_in_their_order() -> None:
    faults = parse_faults(["500", "html"])
    assert len(faults) == 2
    kinds = [getattr(faults.next("rest", "/x"), "kind", None) for _ in range(3)]
    assert kinds == ["500", "html", None]


def test_a_fault_waits_for_its_protocol_its_path_and_its_call() -> None:
    faults = parse_faults(["500,protocol=soap,path=GET.asmx,call=2,times=2"])
    assert faults.next("rest", "/ProfitRestServices/get.asmx") is None
    assert faults.next("soap", "/profitservices/appconnectordata.asmx") is None
    hits = [faults.next("soap", "/profitservices/appconnectorget.asmx") is not None for _ in range(4)]
    assert hits == [False, True, True, False]


def test_a_fault_for_somebody_else_lets_the_next_one_happen() -> None:
    faults = Faults([Fault("500", protocol="soap")])
    faults.add(Fault("html"))
    found = faults.next("rest", "/")
    assert found is not None
    assert found.kind == "html"


@pytest.mark.parametrize(
    ("told_in", "body", "header"),
    [("both", True, True), ("body", True, False), ("header", False, True), ("neither", False, False)],
)
def test_503_tells_when_to_come_back_where_it_was_asked_to(told_in: str, body: bool, header: bool) -> None:
    answer = stand_in(Fault("503", retry_after=7, told_in=told_in))
    assert answer is not None
    assert answer.status_code == 503
    text = answer.get_data(as_text=True)
    assert '"code":"503"' in text
    assert ('"retry_after":7' in text) is body
    assert answer.headers.get("Retry-After") == ("7" if header else None)


def test_most_faults_need_the_right_answer_first() -> None:
    assert stand_in(Fault("slow")) is None
    answer = Response(b"0123456789")
    spoil(answer, Fault("500"), threading.Event())
    assert answer.get_data() == b"0123456789"


def _chunks(answer: Response) -> list[bytes]:
    """What arrives before the error; every answer here ends in one."""
    arrived: list[bytes] = []
    with pytest.raises(ConnectionError):
        arrived.extend(answer.iter_encoded())
    return arrived


@pytest.mark.parametrize(
    ("after", "arrives"), [(0, b""), (3, b"012"), (4, b"0123"), (7, b"0123456"), (99, b"0123456789")]
)
def test_a_cut_answer_has_its_first_bytes_and_an_error(after: int, arrives: bytes) -> None:
    answer = Response(iter([b"0123", b"4567", b"89"]))
    spoil(answer, Fault("cut", after=after), threading.Event())
    assert b"".join(_chunks(answer)) == arrives
    assert "Content-Length" not in answer.headers


def test_a_cut_answer_of_framing_length_promises_more_than_comes() -> None:
    answer = Response(b"0123456789")
    spoil(answer, Fault("cut", after=4, framing="length"), threading.Event())
    assert answer.headers["Content-Length"] == "1004"
    assert b"".join(_chunks(answer)) == b"0123"


def test_a_reset_may_come_in_the_middle() -> None:
    answer = Response(b"0123456789")
    spoil(answer, Fault("reset", after=4), threading.Event())
    chunks = answer.iter_encoded()
    assert next(chunks) == b"0123"
    with pytest.raises(ConnectionResetError):
        next(chunks)


@pytest.mark.parametrize("after", [0, 3, 4, 7, 99])
def test_a_slow_answer_is_whole(after: int) -> None:
    awake = threading.Event()
    awake.set()
    answer = Response(iter([b"0123", b"4567", b"89"]))
    spoil(answer, Fault("slow", seconds=60, after=after), awake)
    assert b"".join(answer.iter_encoded()) == b"0123456789"
