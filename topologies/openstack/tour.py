"""Tenants join by BGPVPNs, and leave; what must be true after each act."""

import os
import re
import time

import journal
from acts import TRANSCRIPT, associate, association_of, client, disassociate, fedctl, listed, verified, write_federation
from lab import MarkWatch, RouteWatch
from rows import rows_right
from tenants import everywhere

# Where blue's routes are in a gateway's kernel: its VNI.
BLUE = 10001


def make_bgpvpns(site):
    site.bgpvpns = {}
    with journal.step("each cloud's admin makes a BGPVPN for blue and one for red", 60) as step:
        def make(cloud):
            for project in ("blue", "red"):
                said = client(cloud, "admin", "bgpvpn", "create", "--name", project, "--project", project, "--type", "l3")
                site.bgpvpns[cloud.name, project] = re.search(r"\| id +\| (\S+)", said).group(1)

        everywhere(make, site.clouds)
        step.said = ", ".join(f"{project} in {name} is {id}" for (name, project), id in sorted(site.bgpvpns.items()))


def tour(site):
    paris, tokyo = site.cloud("paris"), site.cloud("tokyo")
    lab = site.lab
    TRANSCRIPT.unlink(missing_ok=True)
    lab.judge("nobody reaches another cloud")

    make_bgpvpns(site)
    with journal.step("a tenant may not make one, and may not take another's", 40):
        client(paris, "blue", "bgpvpn", "create", "--name", "mine", refuses="disallowed by policy")
        client(paris, "red", "bgpvpn", "router", "association", "create", site.bgpvpns["paris", "blue"], "red-router", refuses="No BgpVpn found")

    with journal.step("fedctl bgpvpn list names each as nobody's, with the line to paste", 60) as step:
        table, rows = listed(site, {key: (None, 0) for key in site.bgpvpns})
        step.shown.append(table)
    with journal.step("the federation's admin says what joins the VPNs: blue by those lines, red as self-service of its projects", 60) as step:
        blue = "".join(f"      {row['line']}\n" for row in rows if row["name"] == "blue")
        projects = ", ".join(f"{cloud.name}: {site.projects[cloud.name]['red']}" for cloud in site.clouds)
        path = write_federation(
            site,
            f"vpns:\n  blue:\n    vni: {BLUE}\n    attachments:\n{blue}  red:\n    tenants: self-service\n    projects: {{{projects}}}\n",
        )
        step.said = fedctl(site, "apply", "-f", str(path)).strip().splitlines()[-1]
        step.shown.append(path.read_text()[path.read_text().index("vpns:"):])
    with journal.step("nobody has associated anything: verify waits, and says who types what", 60) as step:
        listed(site, associations(site))
        step.shown.append(pairs(verified(site, "4 WAITING", "bgpvpn-not-associated"), "red"))

    with journal.step("blue associates its router in paris; the other side is waited for", 60) as step:
        associate(paris, "blue")
        rows_right(site, paris, 5)
        listed(site, associations(site, ("paris", "blue")))
        step.shown.append(pairs(verified(site, "4 WAITING", "bgpvpn-half"), "blue"))
    with journal.step("blue associates its router in tokyo, and the VPN is whole", 60) as step:
        associate(tokyo, "blue")
        rows_right(site, tokyo, 5)
        listed(site, associations(site, ("paris", "blue"), ("tokyo", "blue")))
        step.shown.append(pairs(verified(site, "2 WAITING", without=["bgpvpn-half"])))
    lab.judge("blue reaches blue, and red nobody")

    with journal.step("red does the same in both clouds, and verify says that all is well", 60) as step:
        everywhere(lambda cloud: associate(cloud, "red"), site.clouds)
        for cloud in site.clouds:
            rows_right(site, cloud, 5)
        step.shown.append(pairs(verified(site, without=["WAITING"])))
        step.shown.append(listed(site, associations(site, *site.bgpvpns))[0])
    lab.judge("each tenant reaches its own")
    lab.judge("the Internet sees")

    with journal.step("blue disassociates its router in paris, and its routes are gone from tokyo within a second of the row", 90) as step:
        step.said = disassociate_watched(site)
    lab.judge("red reaches red, and blue nobody")
    with journal.step("verify waits for blue again; red is as it was", 60) as step:
        listed(site, associations(site, *(key for key in site.bgpvpns if key != ("paris", "blue"))))
        step.shown.append(pairs(verified(site, "2 WAITING", "bgpvpn-half")))
    with journal.step("blue comes back", 60) as step:
        associate(paris, "blue")
        step.shown.append(pairs(verified(site, without=["WAITING"])))
    lab.judge("each tenant reaches its own")


def pairs(text, explained=None):
    """Of what verify says, the table; and what it says of the first pair of a VPN. All of it is in the transcript."""
    parts = text.split("\n\n")
    return "\n\n".join(parts[:2] + [part for part in parts[2:] if explained and part.startswith(f"WAITING {explained}")][:1])


def associations(site, *associated):
    """What `fedctl bgpvpn list` must say when each BGPVPN is for the VPN of its name, and these have a router."""
    return {key: (key[1], 1 if key in associated else 0) for key in site.bgpvpns}


def disassociate_watched(site):
    """Takes blue out in paris, and returns when tokyo's kernel had none of its routes any more, from the row's change on."""
    paris = site.cloud("paris")
    association = association_of(paris, "blue")
    routes = RouteWatch(site.lab, "tokyo/gw1")
    marks = MarkWatch(site.lab, "paris")
    time.sleep(2)
    disassociate(paris, "blue", association)
    time.sleep(3)
    changes, rows = routes.changes(), marks.removals()
    gone = [
        at for at, line in changes
        if line.startswith("Deleted") and f"table {BLUE}" in line and line.split()[1].startswith(("10.1.0.", "fd10:1:"))
    ]
    if not rows or not gone:
        raise RuntimeError(f"rows changed at {rows}, routes went at {gone}; all changes: {changes}")
    seconds = max(gone) - min(rows)
    if not 0 < seconds <= 1 * int(os.environ.get("FEDLAB_PATIENCE", "1")):
        raise RuntimeError(f"the last of {len(gone)} routes went {seconds:.2f} s after the row")
    return f"the last of {len(gone)} routes {seconds * 1000:.0f} ms after the first of {len(rows)} rows"
