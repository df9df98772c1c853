"""A disbursement at the fake bank starts a task of process `intake`; a request without credentials does not.

Needs pytest. MPOSIM is the program, SCENARIO the scenario; see ../README.md.
"""

import json
import os
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

MPOSIM = os.environ.get("MPOSIM", "mposim")
SCENARIO = os.environ.get("SCENARIO", Path(__file__).resolve().parents[2] / "scenarios" / "basic-right")

# Straight to this machine, whatever proxy the environment names.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def request(method, url, body=None):
    """The status and the JSON of the answer."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    asked = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        with OPENER.open(asked, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, json.load(answer)


class Sim:
    """A running `mposim serve`."""

    def __init__(self):
        # Port 0 takes a free port; stdout says which, and `ready` when both fakes listen.
        ports = ["--mambu", "127.0.0.1:0", "--mpo", "127.0.0.1:0"]
        command = [MPOSIM, "serve", str(SCENARIO), *ports]
        self.child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.urls = {}
        for line in self.child.stdout:
            word, *rest = line.split()
            if word == "ready":
                return
            if word == "mambu":
                self.mambu = rest[0]
            elif word == "mpo":
                self.mpo = rest[0]
            elif word == "url":
                self.urls[rest[0]] = rest[1]
        raise RuntimeError(f"mposim serve ended with {self.child.wait()}")

    def stop(self):
        self.child.terminate()
        self.child.stdout.close()
        return self.child.wait(timeout=30)


@pytest.fixture(scope="module")
def running():
    """One simulator for all tests of this file."""
    sim = Sim()
    yield sim
    assert sim.stop() == 0


@pytest.fixture
def sim(running):
    """The simulator, with nothing in it from an earlier test."""
    assert request("DELETE", f"{running.mpo}/sim/state")[0] == 200
    return running


def test_a_disbursement_starts_a_task(sim):
    event = {"type": "LOAN_DISBURSEMENT", "amount": 5000}
    status, happened = request("POST", f"{sim.mambu}/sim/events", event)
    assert status == 202, happened

    # Answers when the task is there: nothing polls, nothing sleeps.
    status, came = request("GET", f"{sim.mpo}/sim/tasks?process=intake&count=1&await=5s")
    assert status == 200, came
    [task] = came["tasks"]
    assert task["process"] == "intake"
    assert task["data"]["amount"] == "5000.00"
    assert task["data"]["loan"] == "LN-1001"


def test_without_credentials_access_is_denied(sim):
    status, denied = request("POST", sim.urls["intake"], {"amount": "5000.00"})
    assert status == 403
    assert denied["ops"]["description"] == "Access denied"

    status, listed = request("GET", f"{sim.mpo}/sim/rejections")
    assert status == 200
    assert [rejection["class"] for rejection in listed["rejections"]] == ["missing"]
    assert request("GET", f"{sim.mpo}/sim/tasks")[1]["tasks"] == []
