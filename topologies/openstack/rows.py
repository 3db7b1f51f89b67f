"""What the rows of a northbound database must say by what the cloud's Neutron has, worked out without the driver's code."""

import time

import journal


def expected(cloud):
    """What must stand in the northbound database by the associations that the cloud's Neutron has: (table, row) → {BGPVPN: (by, association)}."""
    network = cloud.connect("admin").network
    ports = list(network.ports())
    interfaces = [port for port in ports if port.device_owner in ("network:router_interface", "network:router_gateway")]
    rows = {}

    def say(table, name, bgpvpn, by, association):
        rows.setdefault((table, name), {})[bgpvpn.id] = (by, association.id)

    def switch(network_id):
        return "Logical_Switch", f"neutron-{network_id}"

    for bgpvpn in network.bgpvpns():
        # That there is one, associated or not.
        rows.setdefault(("NB_Global", ""), {})[bgpvpn.id] = ("none", None)
        # Narrow ones first: a row that several associations of one BGPVPN are of names the widest.
        for one in network.bgpvpn_port_associations(bgpvpn):
            say("Logical_Switch_Port", one.port_id, bgpvpn, "port", one)
        for one in network.bgpvpn_network_associations(bgpvpn):
            say(*switch(one.network_id), bgpvpn, "network", one)
            if bgpvpn.type == "l3":
                routers = {port.device_id for port in interfaces if port.network_id == one.network_id and port.device_owner == "network:router_interface"}
                for port in interfaces:
                    if port.device_id in routers and (port.network_id == one.network_id or port.device_owner == "network:router_gateway"):
                        say("Logical_Switch_Port", port.id, bgpvpn, "network", one)
        for one in network.bgpvpn_router_associations(bgpvpn):
            for port in interfaces:
                if port.device_id == one.router_id:
                    say("Logical_Switch_Port", port.id, bgpvpn, "router", one)
                    if port.device_owner == "network:router_interface":
                        say(*switch(port.network_id), bgpvpn, "router", one)
    return rows


def wrong_rows(site, cloud):
    """Rows that do not say what they must: what they must, and what they say."""
    must, found = expected(cloud), site.northbound[cloud.name].marks()
    return {row: (must.get(row), found.get(row)) for row in must.keys() | found.keys() if must.get(row) != found.get(row)}


def rows_right(site, cloud, limit=75):
    """Waits until all rows are right; returns the seconds. A repair comes every 30 s."""
    start = time.monotonic()
    wrong = {}

    def asks():
        nonlocal wrong
        wrong = wrong_rows(site, cloud)
        return not wrong

    try:
        journal.until("right rows", limit, asks, 0.3)
    except journal.Overdue:
        raise RuntimeError(f"rows of {cloud.name} are wrong after {limit} s (must, found): {wrong}") from None
    return time.monotonic() - start
