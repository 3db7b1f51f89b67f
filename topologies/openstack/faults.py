"""What goes wrong in a cloud, and what its rows must say afterwards."""

import concurrent.futures
import random
import re
import subprocess
import time

import journal
from acts import record
from cloud import OUT
from rows import rows_right, wrong_rows

# Seconds between two passes of the driver's repair (etc/neutron.conf), and what a busy machine adds.
REPAIR = 30
LIMIT = REPAIR + 30


def faults(site):
    paris, tokyo = site.cloud("paris"), site.cloud("tokyo")
    tenants_update(site, paris)
    by_hand(site, paris)
    frozen_northbound(site, paris)
    racing(site, tokyo)
    cascades(site, tokyo)
    synchronized(site, tokyo)
    maintained(site, tokyo)
    if site.options.tempest:
        tempest(site, paris)


def held(site, cloud, before, seconds):
    """The rows say what they said, whenever they are looked at, for so many seconds."""
    end = time.monotonic() + seconds
    looks = 0
    while time.monotonic() < end:
        found = site.northbound[cloud.name].marks()
        if found != before:
            raise RuntimeError(f"rows changed: {set(map(str, before.items())) ^ set(map(str, found.items()))}")
        looks += 1
        time.sleep(0.05)
    return looks


def tenants_update(site, cloud):
    """Neutron replaces a router's external_ids at each of these."""
    tenant = site.tenants[cloud.name, "blue"]
    router = tenant.routers["blue-router"]
    with journal.step("a tenant's updates of router, network, subnets and ports leave the rows as they are", 60) as step:
        before = site.northbound[cloud.name].marks()
        network = next(tenant.network.networks(name="blue-net"))
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            watching = pool.submit(held, site, cloud, before, 6)
            tenant.network.update_router(router, description="x", name="blue-router-1")
            tenant.network.add_extra_routes_to_router(router, {"router": {"routes": [{"destination": "10.77.0.0/16", "nexthop": "10.1.0.12"}]}})
            tenant.network.remove_extra_routes_from_router(router, {"router": {"routes": [{"destination": "10.77.0.0/16", "nexthop": "10.1.0.12"}]}})
            tenant.network.update_network(network, name="blue-net-1", mtu=1400)
            tenant.network.update_port(tenant.ports["blue-1"].id, name="blue-one", description="y")
            for subnet in tenant.network.subnets(network_id=network.id):
                tenant.network.update_subnet(subnet, description="z")
            tenant.network.update_router(router, name="blue-router")
            tenant.network.update_network(network, name="blue-net", mtu=1442)
            tenant.network.update_port(tenant.ports["blue-1"].id, name="blue-1")
            step.said = f"the same in each of {watching.result()} looks"


def by_hand(site, cloud):
    northbound = site.northbound[cloud.name]
    with journal.step("keys removed, changed and added by hand are right after the next repair", 120) as step:
        before = northbound.marks()
        rows = sorted(row for row in before if row[0] != "NB_Global")
        (table, name), (other_table, other_name) = rows[0], rows[-1]
        id = next(iter(before[table, name]))
        unmarked = next(
            row["name"] for row in northbound.select("Logical_Switch_Port", ["name", "type", "external_ids"])
            if ("Logical_Switch_Port", row["name"]) not in rows and row["type"] == ""
        )

        def change():
            """In one transaction. A repair may come before the look at it: then once more."""
            key = f'"ovn_federation:bgpvpn/{id}"'
            nbctl(
                cloud, "remove", table, name, "external_ids", key, "--", "set", other_table, other_name, f"external_ids:{key}={{}}", "--",
                "set", "Logical_Switch_Port", unmarked, f"external_ids:{key}={{}}",
            )
            found = northbound.marks()
            return sum(before.get(row) != found.get(row) for row in before.keys() | found.keys())

        wrong = journal.until("change by hand", 30, change)
        step.said = f"{wrong} rows wrong, right after {rows_right(site, cloud, LIMIT):.1f} s"


def nbctl(cloud, *words):
    cloud.call("ovn-nbctl", f"--db=tcp:{cloud.central}:6641", "--timeout=20", *words)


def frozen_northbound(site, cloud):
    """The database does not answer while a tenant's request is served."""
    with journal.step("the northbound database stops for 8 s during a request: it is served, and the rows are right", 120) as step:
        tenant = site.tenants[cloud.name, "blue"]
        bgpvpn = site.bgpvpns[cloud.name, "blue"]
        association = next(iter(tenant.network.bgpvpn_router_associations(bgpvpn)))
        tenant.network.delete_bgpvpn_router_association(bgpvpn, association)
        rows_right(site, cloud, LIMIT)
        pids = site.lab.exec(f"{cloud.name}/central", "sh", "-c", "cat $OVN_RUNDIR/ovsdb-nb.pid").strip()
        start = time.monotonic()
        site.lab.exec(f"{cloud.name}/central", "kill", "-STOP", pids)
        try:
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                asked = pool.submit(
                    tenant.network.create_bgpvpn_router_association, bgpvpn, router_id=tenant.routers["blue-router"].id
                )
                time.sleep(8)
                site.lab.exec(f"{cloud.name}/central", "kill", "-CONT", pids)
                asked.result(60)
        finally:
            site.lab.exec(f"{cloud.name}/central", "kill", "-CONT", pids)
        answered = time.monotonic() - start
        step.said = f"answered after {answered:.1f} s, rows right {rows_right(site, cloud, LIMIT):.1f} s later"


def racing(site, cloud, acts=64, count=6):
    """Both API workers serve requests for the same routers at once."""
    admin = cloud.connect("admin").network
    blue = site.tenants[cloud.name, "blue"].network
    project = site.projects[cloud.name]["blue"]
    with journal.step(f"two API workers race: associations and interfaces of {count} routers come and go", 240) as step:
        things = []
        for number in range(count):
            router = blue.create_router(name=f"race-{number}")
            network = blue.create_network(name=f"race-{number}")
            subnet = blue.create_subnet(network_id=network.id, ip_version=4, cidr=f"10.66.{number}.0/24")
            bgpvpn = admin.create_bgpvpn(name=f"race-{number}", project_id=project, type="l3")
            things.append((router, network, subnet, bgpvpn))
        done = {"made": 0, "refused": 0}

        def act(seed):
            """Its own connection: requests of eight go to both workers."""
            chance = random.Random(seed)
            network = cloud.connect("blue").network
            for _ in range(acts // 8):
                router, _, subnet, bgpvpn = chance.choice(things)
                try:
                    match chance.randrange(4):
                        case 0:
                            network.create_bgpvpn_router_association(bgpvpn, router_id=router.id)
                        case 1:
                            for association in network.bgpvpn_router_associations(bgpvpn):
                                network.delete_bgpvpn_router_association(bgpvpn, association)
                        case 2:
                            network.add_interface_to_router(router, subnet_id=subnet.id)
                        case 3:
                            network.remove_interface_from_router(router, subnet_id=subnet.id)
                    done["made"] += 1
                except Exception as error:
                    # What another has just done is refused: that is no failure. A server's error is.
                    if getattr(error, "status_code", 0) >= 500 or not hasattr(error, "status_code"):
                        raise
                    done["refused"] += 1

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            for one in [pool.submit(act, seed) for seed in range(8)]:
                one.result()
        workers = {
            match.group(1) for match in re.finditer(r"\[pid: (\d+)\|", (cloud.logs / "neutron.out").read_text(errors="replace"))
        }
        if len(workers) < 2:
            raise RuntimeError("one worker served all")
        wrong = len(wrong_rows(site, cloud))
        step.said = (
            f"{done['made']} acts, {done['refused']} refused, {wrong} rows wrong at the end, all right "
            f"{rows_right(site, cloud, LIMIT):.1f} s later"
        )
    site.race = things


def cascades(site, cloud):
    """What is deleted with its associations: Neutron makes no call to the driver for these."""
    admin = cloud.connect("admin").network
    blue = site.tenants[cloud.name, "blue"].network
    with journal.step("BGPVPNs, routers, networks and ports that are deleted while associated leave nothing behind", 180) as step:
        for number, (router, network, subnet, bgpvpn) in enumerate(site.race):
            for association in blue.bgpvpn_router_associations(bgpvpn):
                blue.delete_bgpvpn_router_association(bgpvpn, association)
            attached = list(blue.ports(device_id=router.id))
            for port in attached:
                blue.remove_interface_from_router(router, port_id=port.id)
            if number % 3 == 0:
                # A network association; the network goes.
                blue.create_bgpvpn_network_association(bgpvpn, network_id=network.id)
                blue.delete_network(network)
                blue.delete_router(router)
            elif number % 3 == 1:
                # A router without interfaces; the router goes.
                blue.create_bgpvpn_router_association(bgpvpn, router_id=router.id)
                blue.delete_router(router)
                blue.delete_network(network)
            else:
                # A port; the port goes. Then a router with an interface; the BGPVPN goes.
                port = blue.create_port(network_id=network.id)
                association = blue.create_bgpvpn_port_association(bgpvpn, port_id=port.id)
                if ("Logical_Switch_Port", port.id) not in site.northbound[cloud.name].marks():
                    rows_right(site, cloud, LIMIT)
                del association
                blue.delete_port(port)
                blue.add_interface_to_router(router, subnet_id=subnet.id)
                blue.create_bgpvpn_router_association(bgpvpn, router_id=router.id)
                rows_right(site, cloud, LIMIT)
            admin.delete_bgpvpn(bgpvpn)
            if number % 3 == 2:
                blue.remove_interface_from_router(router, subnet_id=subnet.id)
                blue.delete_router(router)
                blue.delete_network(network)
        seconds = rows_right(site, cloud, LIMIT)
        left = {id for row in site.northbound[cloud.name].marks().values() for id in row} & {thing[3].id for thing in site.race}
        if left:
            raise RuntimeError(f"keys of deleted BGPVPNs: {left}")
        step.said = f"{len(site.race)} BGPVPNs gone, rows right {seconds:.1f} s later"


def synchronized(site, cloud):
    with journal.step("neutron-ovn-db-sync-util in repair mode leaves the rows as they are", 180) as step:
        before = site.northbound[cloud.name].marks()
        start = time.monotonic()
        cloud.call(
            cloud.program("neutron-ovn-db-sync-util"), *cloud.neutron_files("tools.conf"), "--ovn-neutron_sync_mode", "repair", limit=170
        )
        if site.northbound[cloud.name].marks() != before:
            raise RuntimeError(f"rows changed: {before} {site.northbound[cloud.name].marks()}")
        step.said = f"{len(before)} rows, {time.monotonic() - start:.1f} s"


def maintained(site, cloud):
    """Neutron's own maintenance writes a port anew whose revision is behind; it looks for such when it starts."""
    with journal.step("Neutron's maintenance writes a port anew, and our keys stay", 120) as step:
        before = site.northbound[cloud.name].marks()
        port = next(name for table, name in before if table == "Logical_Switch_Port")
        cloud.stop("maintenance")
        cloud.call(
            "mysql", f"--socket={cloud.run}/mysql.sock", "neutron", "-e",
            f"UPDATE ovn_revision_numbers SET revision_number = 0 WHERE resource_uuid = '{port}'",
        )
        nbctl(cloud, "set", "Logical_Switch_Port", port, 'external_ids:"neutron:revision_number"="0"')
        cloud.start("maintenance", cloud.program("neutron-ovn-maintenance-worker"), *cloud.neutron_files("maintenance.conf"))

        def revision():
            row = next(row for row in site.northbound[cloud.name].select("Logical_Switch_Port", ["name", "external_ids"]) if row["name"] == port)
            if not any(key.startswith("ovn_federation:bgpvpn/") for key in row["external_ids"]):
                raise RuntimeError(f"port {port} has lost our keys")
            return row["external_ids"]["neutron:revision_number"]

        start = time.monotonic()
        journal.until("rewritten port", 90, lambda: revision() != "0", 0.05)
        if site.northbound[cloud.name].marks() != before:
            raise RuntimeError(f"rows changed: {before} {site.northbound[cloud.name].marks()}")
        step.said = f"revision {revision()} after {time.monotonic() - start:.1f} s"


def tempest(site, cloud):
    """Upstream's own acceptance of a BGPVPN driver."""
    with journal.step("neutron-tempest-plugin's API tests of BGPVPN", 300) as step:
        program = f"{site.options.tempest}/bin/tempest"
        workspace = cloud.run / "tempest"
        environment = cloud.environment | {"PATH": f"{site.options.tempest}/bin:/usr/bin:/bin", "HOME": str(cloud.run)}
        environment.pop("PYTHONPATH")

        def call(*words, **options):
            return subprocess.run(words, env=environment, cwd=cloud.run, capture_output=True, text=True, timeout=290, **options)

        done = call(program, "init", str(workspace))
        if done.returncode:
            raise RuntimeError(f"tempest init: {done.stdout}{done.stderr}")
        cloud.fill(
            "tempest.conf", "tempest/etc/tempest.conf",
            {"run": cloud.run, "logs": cloud.logs, "address": cloud.address, "public": site.public[cloud.name]},
        )
        done = subprocess.run(
            [program, "run", "--regex", r"neutron_tempest_plugin\.bgpvpn\.api", "--concurrency", "2"], env=environment, cwd=workspace,
            capture_output=True, text=True, timeout=290,
        )
        (OUT / "tempest.log").write_text(done.stdout + done.stderr)
        record(f"tempest run --regex neutron_tempest_plugin.bgpvpn.api\n{done.stdout[-900:]}")
        counts = dict(re.findall(r" - (Passed|Skipped|Failed): (\d+)", done.stdout))
        if done.returncode or counts.get("Passed") != "21" or counts.get("Failed") != "0" or counts.get("Skipped") != "0":
            raise RuntimeError(f"{counts}, status {done.returncode}; see {OUT}/tempest.log")
        step.said = f"21 of 21 passed, and the rows are right {rows_right(site, cloud, LIMIT):.1f} s later"
