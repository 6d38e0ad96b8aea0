"""HL7 v2 over MLLP: what is acknowledged is in the chart, and what is not kept is not accepted."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import ClinicError
from bedside.server.mllp import Listener
from bedside.server.mllp.answer import answer_to
from bedside.server.mllp.frames import BrokenFrame, framed, frames

ORU = (
    "MSH|^~\\&|LAB|HOSP|bedside||20260101120000||ORU^R01^ORU_R01|{id}|P|2.5.1||||||UNICODE UTF-8\r"
    "PID|1||MRN-77^^^HOSP||王^小红||19600102|F\r"
    "OBR|1|||2823-3^Potassium^LN|||20260101110000\r"
    "OBX|1|NM|2823-3^Potassium^LN||6.8|mmol/L|3.5-5.1|HH|||F\r"
)
MERGE = (
    "MSH|^~\\&|ADT|HOSP|bedside||20260101120000||ADT^A40^ADT_A39|m1|P|2.5.1\rPID|1||MRN-77^^^HOSP\rMRG|MRN-78^^^HOSP\r"
)


def sent(message: str) -> bytes:
    return message.encode()


@pytest.fixture
def connect(ward: Any) -> Iterator[Callable[[], socket.socket]]:
    """Opens connections to a listener of the ward."""
    opened: list[socket.socket] = []
    with Listener(ward.context, "127.0.0.1", 0) as listener:

        def connected() -> socket.socket:
            opened.append(socket.create_connection(("127.0.0.1", listener.port), timeout=120))
            return opened[-1]

        yield connected
        for one in opened:
            one.close()


def answers(connection: socket.socket, count: int) -> list[str]:
    found = []
    for one in frames(connection.recv):
        found.append(one.decode())
        if len(found) == count:
            break
    return found


def test_a_result_is_in_the_chart_once_it_is_acknowledged(ward: Any, connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    connection.sendall(framed(sent(ORU.format(id="r1"))) + framed(sent(ORU.format(id="r2"))))
    first, second = answers(connection, 2)
    assert "MSA|AA|r1|" in first
    assert "MSA|AA|r2|" in second
    assert "ACK^R01^ACK" in first
    id = ward.clinic.records.patient_of("MRN-77")
    chart = ward.clinic.records.chart(id)
    assert any(entry.value == 6.8 for entry in chart.entries)


def test_what_could_not_be_kept_is_not_accepted_and_says_to_send_it_again() -> None:
    def full(chart: Any) -> None:
        raise ClinicError("disk full")

    answer = answer_to(sent(ORU.format(id="r1")), full).decode()
    assert "MSA|AE|r1|" in answer
    assert "小红" not in answer


@pytest.mark.parametrize(
    "message",
    [
        "hello",
        "MSH|^~\\&|X|Y|||2026||SIU^S12|c1|P|2.5.1\rPID|1||MRN-77\r",
        "MSH|^~\\&|X|Y|||2026||ADT^A01|c1|P|2.5.1\rPV1|1\r",
        MERGE,
    ],
)
def test_what_is_never_carried_out_is_rejected_and_nothing_is_kept(message: str) -> None:
    kept: list[Any] = []
    assert "MSA|AR|" in answer_to(sent(message), kept.append).decode()
    assert kept == []


def test_a_stream_that_is_no_mllp_is_left_and_others_go_on(connect: Callable[[], socket.socket]) -> None:
    stranger, other = connect(), connect()
    stranger.sendall(b"GET / HTTP/1.1\r\n\r\n")
    assert stranger.recv(100) == b""
    other.sendall(framed(sent(ORU.format(id="r3"))))
    assert "MSA|AA|r3|" in answers(other, 1)[0]


def test_an_address_that_is_not_listed_is_not_spoken_to(open_ward: Any) -> None:
    ward = open_ward(mllp_peers=["10.0.0.9"])
    with (
        Listener(ward.context, "127.0.0.1", 0) as listener,
        socket.create_connection(("127.0.0.1", listener.port), timeout=120) as connection,
    ):
        connection.sendall(framed(sent(ORU.format(id="r1"))))
        with pytest.raises((ConnectionError, StopIteration)):
            next(frames(connection.recv))


@given(
    st.lists(st.binary(max_size=40).filter(lambda one: b"\x1c" not in one and b"\x0b" not in one)), st.integers(1, 9)
)
def test_messages_arrive_whole_however_the_network_cuts_them(messages: list[bytes], size: int) -> None:
    stream = b"".join(map(framed, messages))
    pieces = iter([stream[at : at + size] for at in range(0, len(stream), size)] + [b""])
    assert list(frames(lambda _: next(pieces))) == messages


def test_a_message_without_end_is_not_held_forever() -> None:
    endless = iter([b"\x0bMSH|", *[b"x" * 1000] * 20])
    with pytest.raises(BrokenFrame):
        list(frames(lambda _: next(endless), most=5000))
