"""Many ask the guard at once: cards go before pages, pages in their order, and nobody is forgotten."""

from __future__ import annotations

import threading

from bedside.server.clinic.turns import Turns, first


def test_a_card_that_came_last_goes_before_the_pages_that_wait() -> None:
    turns, order = Turns(1), list[str]()
    threads = []

    def ask(name: str, *, card: bool) -> None:
        if card:
            with first(), turns.turn():
                order.append(name)
        else:
            with turns.turn():
                order.append(name)

    with turns.turn():
        for number, name in enumerate(["page 1", "page 2", "card 1", "card 2"]):
            threads.append(threading.Thread(target=ask, args=(name,), kwargs={"card": name.startswith("card")}))
            threads[-1].start()
            while len(turns._waiting) <= number:
                pass
    for one in threads:
        one.join()
    assert order == ["card 1", "card 2", "page 1", "page 2"]


def test_a_turn_that_ends_in_a_fault_is_given_on_and_no_more_are_had_at_once_than_there_are() -> None:
    turns, lock, inside, most = Turns(2), threading.Lock(), 0, 0

    def ask(number: int) -> None:
        nonlocal inside, most
        try:
            with turns.turn():
                with lock:
                    inside += 1
                    most = max(most, inside)
                threading.Event().wait(0.001)
                with lock:
                    inside -= 1
                if number % 2:
                    raise ValueError
        except ValueError:
            pass

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(40)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(10)
    assert (inside, most) == (0, 2)
