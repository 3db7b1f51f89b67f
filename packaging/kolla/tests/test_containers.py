"""The images, built and run: by the Dockerfiles that kolla-build renders, on a base that stands in for Kolla's, with the files and the
options that the role gave each host, under kolla_start. Control host and gateways are network namespaces; OVN's databases are real ones,
the southbound behind a relay as Kolla has it. The tests go in the order they are written in."""

import json
import os
import re
import shutil
import subprocess
import tarfile

import pytest

import kolla_site
from engine import KEEPS, Engine, debian, packages, sh, within
from kolla_site import ENVIRONMENT, HERE, KOLLA, ROOT, WORK

SUITE = "trixie"
NAMES = ["base", "coordinator", "agent", "frr"]
GATEWAYS = {"network01": "paris", "network02": "tokyo"}
HOSTS = {"control01": "192.0.2.11", "network01": "192.0.2.14", "network02": "192.0.2.15"}
FEDERATION = """\
federation: demo
clouds:
  paris:
    as: 65001
    gateways: {network01: {vtep: 192.0.2.14}}
  tokyo:
    as: 65002
    gateways: {network02: {vtep: 192.0.2.15}}
vpns: {}
"""


def log(words):
    print(words, flush=True)


@pytest.fixture(scope="module")
def engine():
    packages("buildah", "podman", "crun", "uidmap", "iproute2", "ovn-common", "openvswitch-common", "openvswitch-switch")
    engine = Engine(WORK / "engine")
    yield engine
    engine.remove()


@pytest.fixture(scope="module")
def images(engine):
    """Ours, by Kolla's own tool; its work on additions (a tar of what kolla-build.conf names) is done as it does it."""
    names = {name: f"localhost/kolla/ovn-federation-{name}:22.2.0" for name in NAMES}
    if KEEPS and "kolla/ovn-federation-frr" in engine.podman("images"):
        return names
    debs = list((ROOT / "out/packages").glob("*.deb"))
    assert debs, "there are no packages: make packages"
    engine.load(debian(SUITE), f"localhost/debian:{SUITE}")
    base = WORK / "base"
    shutil.rmtree(base, ignore_errors=True)
    shutil.copytree(KOLLA / "docker/base", base)
    shutil.copy(HERE / "base/Dockerfile", base)
    engine.build(base, "localhost/kolla/base:22.2.0")
    work = WORK / "build"
    shutil.rmtree(work, ignore_errors=True)
    sh(ENVIRONMENT / "bin/kolla-build", "--config-file", HERE.parent / "kolla-build.conf", "--docker-dir", HERE.parent / "docker",
       "--template-only", "--work-dir", work, "^ovn-federation", cwd=ROOT, env={**os.environ, "PATH": f"{ENVIRONMENT}/bin:{os.environ['PATH']}"})
    for name in NAMES:
        context = work / f"docker/ovn-federation/ovn-federation-{name}"
        with tarfile.open(context / "additions-archive", "w") as tar:
            for deb in debs:
                if deb.name.startswith(f"ovn-federation-{name}_"):
                    tar.add(deb, f"additions/packages/{deb.name}")
        engine.build(context, names[name])
    return names


@pytest.fixture(scope="module")
def fedctl():
    folder = WORK / "fedctl"
    shutil.rmtree(folder, ignore_errors=True)
    sh("dpkg-deb", "-x", next((ROOT / "out/packages").glob("fedctl_*.deb")), folder)

    def run(*arguments, **options):
        return sh("ip", "netns", "exec", "control01", folder / "usr/bin/fedctl", *arguments, "--coordinator", "192.0.2.11:7443",
                  "--certs", WORK / "certs", **options)

    return run


@pytest.fixture(scope="module")
def hosts():
    """Three hosts on one network, each a network namespace."""
    for host in HOSTS:
        sh("ip", "netns", "del", host, fails=None)
        sh("ip", "netns", "add", host)
        sh("ip", "-n", host, "link", "set", "lo", "up")
    sh("ip", "-n", "control01", "link", "add", "api", "type", "bridge")
    sh("ip", "-n", "control01", "link", "set", "api", "up")
    sh("ip", "-n", "control01", "address", "add", "192.0.2.11/24", "dev", "api")
    for host in ("network01", "network02"):
        sh("ip", "link", "add", "eth0", "netns", host, "type", "veth", "peer", "name", host, "netns", "control01")
        sh("ip", "-n", "control01", "link", "set", host, "master", "api", "up")
        sh("ip", "-n", host, "link", "set", "eth0", "up")
        sh("ip", "-n", host, "address", "add", f"{HOSTS[host]}/24", "dev", "eth0")
    yield
    for host in HOSTS:
        sh("ip", "netns", "del", host, fails=None)


@pytest.fixture(scope="module")
def databases(hosts):
    """OVN's two and a relay on the control host, Open vSwitch's on each gateway."""
    folder = WORK / "databases"
    shutil.rmtree(folder, ignore_errors=True)
    servers = []

    def serve(host, name, *arguments):
        (folder / host / "openvswitch").mkdir(parents=True, exist_ok=True)
        servers.append(subprocess.Popen(
            ["ip", "netns", "exec", host, "ovsdb-server", f"--unixctl={folder}/{host}/{name}.ctl", f"--log-file={folder}/{host}/{name}.log",
             *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def database(host, name, schema):
        (folder / host).mkdir(parents=True, exist_ok=True)
        path = folder / host / f"{name}.db"
        sh("ovsdb-tool", "create", path, schema)
        return path

    serve("control01", "nb", "--remote=ptcp:6641:192.0.2.11", database("control01", "nb", "/usr/share/ovn/ovn-nb.ovsschema"))
    serve("control01", "sb", "--remote=ptcp:6642:192.0.2.11", database("control01", "sb", "/usr/share/ovn/ovn-sb.ovsschema"))
    serve("control01", "relay", "--remote=ptcp:16641:192.0.2.11", "relay:OVN_Southbound:tcp:192.0.2.11:6642")
    for host in ("network01", "network02"):
        serve(host, "conf", f"--remote=punix:{folder}/{host}/openvswitch/db.sock",
              database(host, "conf", "/usr/share/openvswitch/vswitch.ovsschema"))
    for command, port in (("ovn-nbctl", 6641), ("ovn-sbctl", 6642)):
        within(10, lambda: sh("ip", "netns", "exec", "control01", command, f"--db=tcp:192.0.2.11:{port}", "init") == "")
    for host in ("network01", "network02"):
        socket = f"--db=unix:{folder}/{host}/openvswitch/db.sock"
        within(10, lambda: sh("ovs-vsctl", socket, "--no-wait", "init") == "")
        sh("ovs-vsctl", socket, "--no-wait", "set", "open_vswitch", ".", f"external_ids:system-id={host}",
           f"external_ids:ovn-encap-ip={HOSTS[host]}", "external_ids:ovn-encap-type=geneve", "external_ids:ovn-remote=tcp:192.0.2.11:16641")
    yield folder
    for server in servers:
        server.terminate()
        server.wait()


@pytest.fixture(scope="module")
def site(playbooks, fedctl, hosts):
    """Paris and tokyo in one inventory, with certificates of a real authority, deployed by the role."""
    certificates = WORK / "certs"
    shutil.rmtree(certificates, ignore_errors=True)
    fedctl("pki", "init", "--federation", "demo")
    fedctl("pki", "issue", "coordinator", "--address", "192.0.2.11")
    for host, cloud in GATEWAYS.items():
        fedctl("pki", "issue", "gateway", f"{cloud}/{host}")
    fedctl("pki", "issue", "admin")
    site = kolla_site.Site("paris", WORK / "paris-containers", playbooks)
    theirs = site.folder / "etc/config/ovn-federation/certs"
    shutil.rmtree(theirs)
    shutil.copytree(certificates, theirs)
    (theirs / "ca.key").unlink()
    # What globals.yml says is the same for all hosts.
    globals_ = site.folder / "etc/globals.yml"
    globals_.write_text(globals_.read_text().replace("ovn_federation_cloud: paris\n", ""))
    inventory = site.folder / "etc/inventory"
    inventory.write_text("[network]\n" + "".join(f"{host} ovn_federation_cloud={cloud}\n" for host, cloud in GATEWAYS.items()))
    site.inventories.append(inventory)
    site.run("prechecks")
    site.run("deploy", ovn_federation_image_url="localhost/kolla/", ovn_federation_tag="22.2.0",
             # A route that the kernel gets from FRR, to see what becomes of it.
             ovn_federation_frr_config="router bgp {{ 65001 if ovn_federation_cloud == 'paris' else 65002 }}\n neighbor 192.0.2.254 remote-as external\n"
             "exit\nip route 203.0.113.0/24 192.0.2.11\n")
    return site


@pytest.fixture(scope="module")
def federation(engine, images, site, databases):
    """Every container that the role asked for, as it asked."""
    for host in HOSTS:
        mounts = {
            "/run/openvswitch": f"{databases}/{host}/openvswitch", "/lib/modules": None, "/etc/localtime": None,
        }
        for path in sorted((site.host(host) / "containers").glob("*.json")):
            spec = json.loads(path.read_text())
            assert spec["image"] in images.values()
            engine.run(spec, host, spec["image"], mounts)
    yield engine
    for host in HOSTS:
        for line in (WORK / f"engine/store/volumes/{host}-kolla_logs/_data/ovn-federation").glob("*.log"):
            print(f"--- {host} {line.name}\n{line.read_text()[-3000:]}")


def inside(engine, host, container, *command, **options):
    return engine.podman("exec", f"{host}-ovn_federation_{container}", *command, **options)


def healthy(engine, site, host, container):
    """By the command that the role gives the engine."""
    spec = json.loads((site.host(host) / f"containers/ovn_federation_{container}.json").read_text())
    inside(engine, host, container, "sh", "-c", spec["healthcheck"]["test"][1])
    return True


def connections(fedctl):
    agents = json.loads(fedctl("status", "-o", "json", fails=None))["status"]["agents"]
    return {agent["gateway"]: agent["connected"] for agent in agents}


def test_images_are_built_by_kollas_templates(engine, images):
    sizes = engine.podman("images", "--format", "{{.Repository}} {{.Size}}")
    frr = engine.podman("run", "--rm", "--network", "none", "--cgroups", "disabled", "--ulimit", "nofile=1024:1024", "--ulimit",
                        "nproc=1024:1024", "--entrypoint", "/usr/lib/frr/bgpd", images["frr"], "--version")
    log(sizes + frr.splitlines()[0])
    assert all(f"kolla/ovn-federation-{name} " in sizes for name in NAMES)


def test_healthchecks_of_all_containers_pass(federation, site):
    within(60, lambda: healthy(federation, site, "control01", "coordinator"))
    for host in ("network01", "network02"):
        within(60, lambda: healthy(federation, site, host, "agent"))
        within(60, lambda: healthy(federation, site, host, "frr"))


def test_programs_run_with_no_more_rights_than_they_need(federation):
    assert inside(federation, "control01", "coordinator", "ps", "-o", "user=,comm=", "-C", "fed-coordinator").split() == [
        "ovn-fed+", "fed-coordinator"]
    process = inside(federation, "network01", "agent", "pgrep", "-x", "fed-agent").strip()
    status = inside(federation, "network01", "agent", "cat", f"/proc/{process}/status")
    # CAP_DAC_OVERRIDE is number 1, CAP_NET_ADMIN 12.
    assert int(re.search(r"CapEff:\t(\w+)", status)[1], 16) == 1 << 1 | 1 << 12
    assert inside(federation, "network01", "agent", "stat", "-c", "%a %U", "/etc/ovn-federation/gateway.key").split() == ["600", "root"]


def test_agents_enrol_with_their_certificates(federation, fedctl):
    (WORK / "federation.yaml").write_text(FEDERATION)
    within(60, lambda: fedctl("apply", "-f", WORK / "federation.yaml", "--yes", "--wait", "30"))

    def connected():
        return connections(fedctl) == {"paris/network01": True, "tokyo/network02": True}

    within(60, connected)


def test_agents_follow_ovn_by_kollas_relay(federation, databases):
    for host in ("network01", "network02"):
        log_ = within(60, lambda: re.search(
            r"database=OVN_Southbound remote=tcp:192.0.2.11:16641 .*connected",
            inside(federation, host, "agent", "cat", "/var/log/kolla/ovn-federation/fed-agent.log")))
        assert log_


def test_agents_drive_bgpd_of_the_other_container(federation):
    """The lines of the agent are in bgpd's configuration, and the two gateways have their session."""
    for host in ("network01", "network02"):
        text = within(60, lambda: (lambda shown: "OVN-FEDERATION" in shown and shown)(
            inside(federation, host, "frr", "vtysh", "-c", "show running-config")))
        assert "neighbor 192.0.2.254 remote-as external" in text and "advertise-all-vni" in text
    peer = within(120, lambda: (lambda peers: [peer for peer in peers.values() if peer["state"] == "Established"])(
        json.loads(inside(federation, "network01", "frr", "vtysh", "-c", "show bgp l2vpn evpn summary json")).get("peers", {})))
    log(f"session of network01: {peer[0]['hostname'] if 'hostname' in peer[0] else ''} {peer[0]['state']}")


def test_set_configs_sees_what_changed(federation, site):
    for host, container in [("control01", "coordinator"), ("network01", "agent"), ("network01", "frr")]:
        inside(federation, host, container, "sudo", "-E", "kolla_set_configs", "--check")
    conf = site.host("network01") / "etc/ovn-federation-frr/frr.conf"
    text = conf.read_text()
    conf.write_text(text + "! another line\n")
    assert "frr.conf" in inside(federation, "network01", "frr", "sudo", "-E", "kolla_set_configs", "--check", fails=True)
    conf.write_text(text)


def test_an_agent_that_is_started_anew_changes_nothing(federation, fedctl):
    def bgpd():
        return inside(federation, "network01", "frr", "vtysh", "-c", "show running-config")

    def sessions():
        peers = json.loads(inside(federation, "network01", "frr", "vtysh", "-c", "show bgp l2vpn evpn summary json")).get("peers", {})
        return {name: (peer["state"], peer.get("connectionsDropped")) for name, peer in peers.items()}

    before, standing = bgpd(), sessions()
    federation.podman("stop", "--time", "10", "network01-ovn_federation_agent")
    assert bgpd() == before
    federation.podman("start", "network01-ovn_federation_agent")
    within(30, lambda: connections(fedctl)["paris/network01"])
    within(60, lambda: inside(federation, "network01", "agent", "fed-agent", "status", fails=None).count("paris/network01"))
    assert bgpd() == before and sessions() == standing


def test_the_kernels_routes_outlive_frrs_container(federation):
    def routes():
        return sh("ip", "-n", "network02", "route", "show", "203.0.113.0/24")

    within(30, routes)
    federation.podman("stop", "--time", "30", "network02-ovn_federation_frr")
    assert "via 192.0.2.11" in routes()
    federation.podman("start", "network02-ovn_federation_frr")
    within(60, lambda: "203.0.113.0/24" in inside(federation, "network02", "frr", "vtysh", "-c", "show ip route static"))
    assert "via 192.0.2.11" in routes()
    within(60, lambda: "OVN-FEDERATION" in inside(federation, "network02", "frr", "vtysh", "-c", "show running-config"))


def test_a_new_revocation_list_is_in_force_without_a_restart(federation, site, fedctl):
    fedctl("pki", "revoke", WORK / "certs/tokyo.network02.pem")
    shutil.copy(WORK / "certs/crl.pem", site.folder / "etc/config/ovn-federation/certs/crl.pem")
    site.happened()
    site.run("genconfig", ovn_federation_image_url="localhost/kolla/", ovn_federation_tag="22.2.0")
    assert site.happened() == []

    def parted():
        return connections(fedctl) == {"paris/network01": True, "tokyo/network02": False}

    within(60, parted)


def test_a_node_is_given_back(federation, images):
    """What docs/kolla.md says to type once the agent is stopped."""
    federation.podman("stop", "--time", "10", "network01-ovn_federation_agent")
    federation.podman(
        "run", "--rm", "--privileged", "--network", "ns:/run/netns/network01", "--volumes-from", "network01-ovn_federation_agent", "--cgroups", "disabled",
        "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", "--entrypoint", "fed-agent", images["agent"], "cleanup", "--yes")
    assert "OVN-FEDERATION" not in inside(federation, "network01", "frr", "vtysh", "-c", "show running-config")
