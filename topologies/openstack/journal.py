"""Steps with their time, in the form of fedlab's own lines."""

import contextlib
import os
import signal
import time

START = time.monotonic()


class Overdue(Exception):
    """A step that did not end in its time."""


def say(text=""):
    print(text, flush=True)


def quote(text):
    for line in text.rstrip().split("\n"):
        say(f"        {line}".rstrip())


class Step:
    """What a step adds to its line, and what is shown below it."""

    def __init__(self):
        self.said = ""
        self.shown = []


@contextlib.contextmanager
def step(name, limit):
    """Times what is done in it. Ends the program after `limit` seconds, whatever it waits for."""
    patience = int(os.environ.get("FEDLAB_PATIENCE", "1"))
    start = time.monotonic()

    def gone(*_):
        say(f"FAIL {time.monotonic() - start:6.1f} s  {name}: does not end")
        os._exit(1)

    def overdue(*_):
        # What still runs in a thread has its own limit; where it has none, this ends it.
        signal.signal(signal.SIGALRM, gone)
        signal.alarm(30)
        raise Overdue(f"not done within {limit * patience} s")

    signal.signal(signal.SIGALRM, overdue)
    signal.alarm(limit * patience)
    one = Step()
    try:
        yield one
    except BaseException as error:
        signal.alarm(0)
        say(f"FAIL {time.monotonic() - start:6.1f} s  {name}: {error}")
        raise
    signal.alarm(0)
    say(f"ok   {time.monotonic() - start:6.1f} s  {name}{': ' + one.said if one.said else ''}")
    for text in one.shown:
        quote(text)


def until(what, limit, condition, pause=0.2):
    """Asks until the answer is true, and returns it."""
    patience = int(os.environ.get("FEDLAB_PATIENCE", "1"))
    end = time.monotonic() + limit * patience
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Overdue(f"no {what} within {limit * patience} s")
        time.sleep(pause)


def elapsed():
    return time.monotonic() - START
