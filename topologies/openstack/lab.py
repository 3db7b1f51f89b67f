"""The lab beside the clouds: commands in its hosts, its judgements, and its northbound databases."""

import calendar
import json
import pathlib
import socket
import subprocess
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


class Watch:
    """A command in a host that tells of changes until it is ended.

    All such times are of one clock, the lab's: that of a user-mode kernel falls seconds behind the machine's when the machine is busy.
    """

    PID = "$OVS_RUNDIR/watch.pid"

    def __init__(self, lab, host, command):
        self.lab, self.host = lab, host
        self.process = subprocess.Popen(
            [lab.fedlab, "exec", lab.name, host, "--", "sh", "-c", f"echo $$ > {self.PID}; exec timeout 200 stdbuf -oL {command}"],
            cwd=REPOSITORY, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )

    def end(self):
        """Ends it, and returns its lines."""
        self.lab.exec(self.host, "sh", "-c", f"kill $(cat {self.PID})")
        output, _ = self.process.communicate(timeout=60)
        return output.splitlines()


class RouteWatch(Watch):
    """The routes of a gateway's kernel."""

    def __init__(self, lab, host):
        super().__init__(lab, host, "ip -timestamp monitor route")

    def changes(self):
        """Ends it, and returns (time, line) pairs."""
        found, now = [], None
        for line in self.end():
            # “Timestamp: Sun Nov 29 17:51:31 2026 6024 usec”, and the change on the next line.
            words = line.split()
            if words[:1] == ["Timestamp:"]:
                now = time.mktime(time.strptime(" ".join(words[1:6]), "%a %b %d %H:%M:%S %Y")) + int(words[6]) / 1e6
            else:
                found.append((now, line.strip()))
        return found


class MarkWatch(Watch):
    """Our keys in a northbound database. ovsdb-client 3.1 crashes where it is asked for JSON with times."""

    def __init__(self, lab, cloud):
        super().__init__(
            lab, f"{cloud}/central",
            "ovsdb-client --timestamp monitor unix:$OVN_RUNDIR/nb.sock OVN_Northbound Logical_Switch_Port external_ids",
        )

    def removals(self):
        """Ends it, and returns the times at which a row lost a key of ours."""
        found, now, had = [], None, 0
        for line in self.end():
            # “2026-11-29 18:42:21.675”, a head, and for each row “UUID old {…}” and “new {…}”.
            words = line.split()
            if len(words) == 2 and words[0].count("-") == 2 and words[1].count(":") == 2:
                now = calendar.timegm(time.strptime(f"{words[0]} {words[1][:8]}", "%Y-%m-%d %H:%M:%S")) + float(f"0{words[1][8:]}")
            elif " old " in line:
                had = line.count(Northbound.OURS)
            elif words[:1] == ["new"]:
                if line.count(Northbound.OURS) < had:
                    found.append(now)
                had = 0
        return found
