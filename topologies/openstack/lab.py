"""The lab beside the clouds: commands in its hosts, its judgements, and its northbound databases."""

import json
import pathlib
import socket
import subprocess
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent


class Lab:
    def __init__(self, fedlab, name="openstack"):
        self.fedlab = fedlab
        self.name = name

    def run(self, host, *command, limit=60):
        """Runs a command in a host and returns what became of it."""
        return subprocess.run(
            [self.fedlab, "exec", self.name, host, "--", *command], cwd=REPOSITORY, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=limit,
        )

    def exec(self, host, *command, limit=60):
        """The same; returns what it prints, and does not accept a failure."""
        done = self.run(host, *command, limit=limit)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} on {host} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def fedctl(self, *arguments, limit=60):
        return self.run("mgmt", "fedctl", *arguments, limit=limit)

    def judge(self, words, limit=120):
        """Has fedlab judge the stages whose names hold the words; it prints their lines.

        A stage that fails is judged once more, and both lines stand: what is asked here is who reaches whom. OVN forgets a router's neighbours
        after 300 s, and drops what it is to forward until they have answered again. What may be lost, and when, other labs count.
        """
        for attempt in (1, 2):
            done = subprocess.run(
                [self.fedlab, "check", self.name, words, "--patience", "3"], cwd=REPOSITORY, stdin=subprocess.DEVNULL,
                capture_output=True, text=True, timeout=limit,
            )
            print(done.stdout, end="", flush=True)
            if done.returncode == 0 and done.stdout:
                return
            time.sleep(3)
        raise RuntimeError(f"fedlab check {self.name} “{words}” ended with {done.returncode} twice {done.stderr}")


class Northbound:
    """OVN_Northbound of a cloud, read without any code of the product or of Neutron (RFC 7047)."""

    OURS = "ovn_federation:bgpvpn/"

    def __init__(self, address, port=6641):
        self.place = (address, port)

    def request(self, method, params, limit=10):
        with socket.create_connection(self.place, timeout=limit) as connection:
            connection.sendall(json.dumps({"method": method, "params": params, "id": 1}).encode())
            for message in messages(connection):
                if message.get("id") == 1:
                    return message["result"]

    def select(self, table, columns):
        rows = self.request(
            "transact", ["OVN_Northbound", {"op": "select", "table": table, "where": [], "columns": columns}]
        )[0]["rows"]
        return [{column: plain(row[column]) for column in columns} for row in rows]

    def marks(self):
        """What our driver wrote: (table, row's name) → {BGPVPN's id: (by, association)}. NB_Global has one row, without a name."""
        found = {}
        for table in ("Logical_Switch_Port", "Logical_Switch", "Logical_Router", "NB_Global"):
            for row in self.select(table, ["external_ids"] if table == "NB_Global" else ["name", "external_ids"]):
                keys = {
                    key[len(self.OURS):]: json.loads(value) for key, value in row["external_ids"].items() if key.startswith(self.OURS)
                }
                if keys:
                    found[table, row.get("name", "")] = {id: (one.get("by"), one.get("association")) for id, one in keys.items()}
        return found


def plain(value):
    """A column's value: maps as dictionaries, sets as lists."""
    if isinstance(value, list) and value and value[0] == "map":
        return dict(value[1])
    if isinstance(value, list) and value and value[0] == "set":
        return value[1]
    return value


def messages(connection):
    """JSON objects of a stream; answers echo requests."""
    decoder = json.JSONDecoder()
    text = ""
    bytes_left = b""
    while True:
        data = connection.recv(65536)
        if not data:
            return
        bytes_left += data
        try:
            text += bytes_left.decode()
            bytes_left = b""
        except UnicodeDecodeError:
            continue
        while text:
            try:
                message, end = decoder.raw_decode(text)
            except ValueError:
                break
            text = text[end:].lstrip()
            if message.get("method") == "echo":
                connection.sendall(json.dumps({"id": message["id"], "result": message["params"], "error": None}).encode())
            else:
                yield message


class MarkWatch:
    """Notes the time at which the last of our keys comes to, or goes from, the rows of switch ports."""

    def __init__(self, northbound):
        self.times = []
        self.connection = socket.create_connection(northbound.place, timeout=None)
        request = {"Logical_Switch_Port": [{"columns": ["external_ids"], "select": {"initial": False}}]}
        self.connection.sendall(
            json.dumps({"method": "monitor", "params": ["OVN_Northbound", "watch", request], "id": 1}).encode()
        )
        self.thread = threading.Thread(target=self.follow, daemon=True)
        self.thread.start()

    def follow(self):
        try:
            for message in messages(self.connection):
                if message.get("method") != "update":
                    continue
                now = time.time()
                for change in message["params"][1].get("Logical_Switch_Port", {}).values():
                    old = mark_keys(change.get("old"))
                    new = mark_keys(change.get("new"))
                    if old != new:
                        self.times.append((now, len(new) - len(old)))
        except OSError:
            pass

    def end(self):
        self.connection.close()
        return self.times


def mark_keys(row):
    keys = plain((row or {}).get("external_ids", ["map", []]))
    return {key for key in keys if key.startswith(Northbound.OURS)}


class RouteWatch:
    """Follows the routes of a gateway's kernel, with the times of the changes."""

    PID = "$OVS_RUNDIR/route-watch.pid"

    def __init__(self, lab, host):
        self.lab, self.host = lab, host
        self.process = subprocess.Popen(
            [lab.fedlab, "exec", lab.name, host, "--", "sh", "-c", f"echo $$ > {self.PID}; exec timeout 200 stdbuf -oL ip -timestamp monitor route"],
            cwd=REPOSITORY, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        )

    def end(self):
        """Ends it, and returns (time, line) pairs."""
        self.lab.exec(self.host, "sh", "-c", f"kill $(cat {self.PID})")
        output, _ = self.process.communicate(timeout=60)
        changes, now = [], None
        for line in output.splitlines():
            # “Timestamp: Sun Nov 29 17:51:31 2026 6024 usec”, and the change on the next line.
            words = line.split()
            if words[:1] == ["Timestamp:"]:
                now = time.mktime(time.strptime(" ".join(words[1:6]), "%a %b %d %H:%M:%S %Y")) + int(words[6]) / 1e6
            else:
                changes.append((now, line.strip()))
        return changes
