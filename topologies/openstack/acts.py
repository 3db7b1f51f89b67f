"""What admins and tenants type: the stock `openstack` command, and `fedctl`. All of it is written down in out/openstack/session.txt."""

import json
import re
import subprocess

import journal
from cloud import OUT, REPOSITORY

TRANSCRIPT = OUT / "session.txt"


def client(cloud, project, *words, refuses=None):
    """A command as its user types it, written into the transcript. Returns what it prints; `refuses` is text of an expected refusal."""
    command = [cloud.program("openstack"), "--os-cloud", f"{cloud.name}-{project}", *words]
    done = subprocess.run(
        command, env=cloud.environment | {"OS_CLIENT_CONFIG_FILE": str(OUT / "clouds.yaml"), "COLUMNS": "160"}, cwd=OUT,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90,
    )
    typed = " ".join(f"'{word}'" if re.search(r"[^\w.,:=/@-]", word) else word for word in words)
    record(f"{project}@{cloud.name}$ openstack {typed}\n{done.stdout}{done.stderr}")
    if refuses is None and done.returncode:
        raise RuntimeError(f"openstack {typed} of {project} in {cloud.name} ended with {done.returncode}: {done.stderr}")
    if refuses is not None and (not done.returncode or refuses not in done.stderr):
        raise RuntimeError(f"openstack {typed} of {project} in {cloud.name} was to be refused with “{refuses}”: {done.stdout}{done.stderr}")
    return done.stdout


def fedctl(site, *words, status=0, limit=60):
    """The same by the federation's admin. Returns what it prints."""
    done = site.lab.fedctl(*words, limit=limit)
    record(f"mgmt$ fedctl {' '.join(words)}\n{done.stdout}{done.stderr}")
    if status is not None and done.returncode != status:
        raise RuntimeError(f"fedctl {' '.join(words)} ended with {done.returncode}, expected {status}: {done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def record(text):
    with open(TRANSCRIPT, "a") as file:
        file.write(text.rstrip() + "\n\n")


def verified(site, *words, without=(), limit=40):
    """Waits until `fedctl verify` ends with 0 and says the words, and none of the others; returns what it says."""
    last = None

    def asks():
        nonlocal last
        last = site.lab.fedctl("verify")
        text = last.stdout
        return last.returncode == 0 and all(word in text for word in words) and not any(word in text for word in without)

    try:
        journal.until("such verdict", limit, asks, 0.3)
    except journal.Overdue:
        raise RuntimeError(
            f"fedctl verify did not say {words} without {without} within {limit} s; it ended with {last.returncode}:\n{last.stdout}{last.stderr}"
        ) from None
    record(f"mgmt$ fedctl verify\n{last.stdout}")
    return last.stdout


def write_federation(site, attachments):
    """The federation file with what joins the VPNs; returns its path."""
    text = (REPOSITORY / "topologies/openstack/federation.yaml").read_text()
    head = text[:text.index("vpns:")].replace("$schema=../", f"$schema={REPOSITORY}/topologies/")
    path = OUT / "federation.yaml"
    path.write_text(head + attachments)
    return path


def listed(site, expected, limit=45):
    """Waits until `fedctl bgpvpn list` says what is expected: (cloud, name) → (its VPN or None, how many routers are associated).

    Returns the table, and the list itself.
    """
    found = {}

    def asks():
        nonlocal found, rows
        done = site.lab.fedctl("bgpvpn", "list", "-o", "json")
        rows = json.loads(done.stdout)["bgpvpns"] if done.returncode == 0 else []
        found = {(row["cloud"], row["name"]): ((row["vpns"] or [None])[0], len(row["routers"])) for row in rows}
        return found == expected

    rows = []
    try:
        journal.until("such list", limit, asks, 0.3)
    except journal.Overdue:
        raise RuntimeError(f"fedctl bgpvpn list says {found}, and not {expected}") from None
    return fedctl(site, "bgpvpn", "list"), rows


def associate(cloud, project):
    client(cloud, project, "bgpvpn", "router", "association", "create", project, f"{project}-router")


def association_of(cloud, project):
    """The id of the association of the project's router."""
    return client(cloud, project, "bgpvpn", "router", "association", "list", project, "-f", "value", "-c", "ID").split()[0]


def disassociate(cloud, project, association):
    client(cloud, project, "bgpvpn", "router", "association", "delete", association, project)
