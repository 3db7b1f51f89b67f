"""The role by its users' way, `kolla-ansible ACTION -p ovn-federation.yml`, on sites whose hosts are folders. The engine is one in files,
behind Kolla's own kolla_container. The tests of a site go in the order they are written in."""

import json
import os
import re
import shutil

import pytest
import yaml

from kolla_site import HERE, OURS, ROOT

GOLDEN = HERE / "golden"
ROLE = OURS / "roles/ovn-federation"


def compare(site):
    """With GOLDEN=write they are written anew: look at the difference before it is committed."""
    files = site.files()
    folder = GOLDEN / site.folder.name
    if os.environ.get("GOLDEN") == "write":
        shutil.rmtree(folder, ignore_errors=True)
        for name, (text, _) in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        (folder / "modes").write_text("".join(f"{mode} {name}\n" for name, (_, mode) in files.items() if mode))
    golden = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}
    modes = golden.pop("modes", "")
    assert {name: text for name, (text, _) in files.items()} == golden
    assert "".join(f"{mode} {name}\n" for name, (_, mode) in files.items() if mode) == modes


def recap(output, host):
    return {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", re.search(rf"^{host} +: (.*)$", output, re.M)[1])}


def restarts(lines):
    return [line for line in lines if ": restart " in line]


# Paris: Kolla's defaults, and the coordinator.


def test_prechecks_pass_where_all_is_there(paris):
    paris.run("prechecks")


def test_prechecks_name_what_is_missing(paris):
    certificates = paris.folder / "etc/config/ovn-federation/certs"
    moved = certificates / "paris.network02.key"
    text = moved.read_text()
    moved.unlink()
    output = paris.run("prechecks", limit="network02", fails=True)
    moved.write_text(text)
    assert "lacks paris.network02.key" in output and "fedctl pki issue gateway paris/network02" in output


def test_prechecks_refuse_the_authoritys_key(paris):
    key = paris.folder / "etc/config/ovn-federation/certs/ca.key"
    key.write_text("a key\n")
    output = paris.run("prechecks", limit="network01", fails=True)
    key.unlink()
    assert "ca.key can make anybody a member" in output


@pytest.mark.parametrize("variables, words", [
    ({"ovn_federation_cloud": ""}, "ovn_federation_cloud is “”"),
    ({"enable_ovn_federation_coordinator": False}, "ovn_federation_coordinator is “”"),
    ({"neutron_plugin_agent": "openvswitch"}, "set neutron_plugin_agent to ovn"),
    ({"ovn_federation_modules": [{"name": "no-such-module"}]}, "no-such-module"),
])
def test_prechecks_refuse(paris, variables, words):
    assert words in paris.run("prechecks", limit="network01", fails=True, **variables)


def test_a_dry_run_writes_nothing(paris):
    paris.run("genconfig", "--check")
    assert paris.files() == {}


def test_first_deployment_starts_each_gateway_in_turn(paris):
    paris.run("deploy")
    assert restarts(paris.happened()) == [
        "control01: restart ovn_federation_coordinator",
        "network01: restart ovn_federation_agent", "network01: restart ovn_federation_frr",
        "network02: restart ovn_federation_agent", "network02: restart ovn_federation_frr",
    ]


def test_files_and_containers_of_paris_are_the_golden_ones(paris):
    compare(paris)


def test_a_second_deployment_changes_nothing(paris):
    output = paris.run("reconfigure")
    assert restarts(paris.happened()) == []
    for host in ("control01", "network01", "network02"):
        assert recap(output, host)["changed"] == 0


def test_a_new_revocation_list_restarts_nothing(paris):
    list_ = paris.folder / "etc/config/ovn-federation/certs/crl.pem"
    list_.write_text("a newer list\n")
    paris.run("genconfig")
    assert paris.happened() == []
    for host in ("control01", "network01", "network02"):
        assert (paris.host(host) / "etc/ovn-federation-trust/crl.pem").read_text() == "a newer list\n"
    list_.write_text("crl.pem of the test\n")


def test_a_new_agent_leaves_frr_running_and_goes_gateway_by_gateway(paris):
    paris.run("upgrade", ovn_federation_agent_tag="next")
    status = "exec ovn_federation_agent fed-agent status"
    assert paris.happened() == [
        f"network01: {status}", "network01: restart ovn_federation_agent", f"network01: {status}",
        f"network02: {status}", "network02: restart ovn_federation_agent", f"network02: {status}",
    ]


def test_a_gateway_that_is_not_well_again_stops_the_roll(paris):
    paris.answers("network01", 0, 2)
    output = paris.run("upgrade", fails=True, ovn_federation_agent_tag="next", ovn_federation_frr_tag="next")
    happened = paris.happened()
    assert restarts(happened) == ["network01: restart ovn_federation_frr"]
    assert not any(line.startswith("network02") for line in happened)
    assert "Wait until the agent says again that all is as it should be" in output


def test_a_gateway_that_was_not_well_before_is_not_waited_for(paris):
    paris.answers("network01", 2)
    paris.answers("network02", 0)
    paris.run("upgrade", ovn_federation_agent_tag="next", ovn_federation_frr_tag="next")
    assert restarts(paris.happened()) == ["network02: restart ovn_federation_frr"]


def test_pull_check_and_validation(paris):
    paris.run("pull")
    paris.run("check")
    assert any("fed-agent check --user root --northbound tcp:192.0.2.11:6641," in line for line in paris.happened())
    paris.run("validate-config")
    assert any("vtysh --dryrun --inputfile /var/lib/kolla/config_files/frr.conf" in line for line in paris.happened())


def test_stop_leaves_configuration(paris):
    paris.run("stop", "--yes-i-really-really-mean-it")
    assert [line for line in paris.happened() if ": stop " in line] == [
        "control01: stop ovn_federation_coordinator",
        "network01: stop ovn_federation_agent", "network01: stop ovn_federation_frr",
        "network02: stop ovn_federation_agent", "network02: stop ovn_federation_frr",
    ]
    assert (paris.host("network01") / "etc/ovn-federation-agent/config.json").exists()


# Tokyo: no coordinator, no relays, passwords, a host with FRR of its own; Podman.


def test_files_and_containers_of_tokyo_are_the_golden_ones(tokyo):
    tokyo.run("deploy")
    compare(tokyo)


# What no host is needed for.


def test_sysctls_are_those_of_the_package():
    package = {}
    for line in (ROOT / "packaging/sysctl/50-ovn-federation.conf").read_text().splitlines():
        if line and not line.startswith("#"):
            name, value = line.split("=")
            package[name.strip()] = value.strip()
    defaults = yaml.safe_load((ROLE / "defaults/main.yml").read_text())
    assert {item["name"]: item["value"] for item in defaults["ovn_federation_sysctls"]} == package


def test_every_task_that_asks_the_engine_is_roots():
    def tasks(items):
        for item in items or []:
            yield item
            for part in ("block", "rescue", "always"):
                yield from tasks(item.get(part))

    for path in [*(ROLE / "tasks").glob("*.yml"), *(ROLE / "handlers").glob("*.yml")]:
        for task in tasks(yaml.safe_load(path.read_text())):
            text = json.dumps(task)
            if "kolla_container" in task or "kolla_container_facts" in task or "{{ kolla_container_engine }}" in text:
                assert task.get("become") is True, f"{path.name}: {task['name']}"


def test_handlers_say_what_is_compared():
    defaults = yaml.safe_load((ROLE / "defaults/main.yml").read_text())
    handlers = {task["name"]: task["kolla_container"] for task in yaml.safe_load((ROLE / "handlers/main.yml").read_text())}
    for name, service in defaults["ovn_federation_services"].items():
        said = handlers[f"Restart {name} container"]
        for key in set(service) - {"container_name", "group", "enabled", "host_in_groups"}:
            assert f"service.{key}" in said[key], f"{name}: {key}"
