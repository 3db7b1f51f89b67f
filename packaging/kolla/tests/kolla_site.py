"""Sites as their admins would have them: kolla-ansible as it is installed, our role copied into it, hosts that are none."""

import json
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
OURS = HERE.parent / "ansible"
ENVIRONMENT = Path(os.environ["OVN_FEDERATION_KOLLA"])
KOLLA_ANSIBLE = ENVIRONMENT / "share/kolla-ansible"
KOLLA = ENVIRONMENT / "share/kolla"
WORK = ROOT / "out/kolla"

HOSTS = ["control01", "control02", "control03", "network01", "network02", "compute01", "monitoring01", "storage01", "localhost"]


def tree(name, stubbed):
    """KA's folder `ansible` with ours copied into it, as docs/kolla.md says; for acts, with the engine in files."""
    path = WORK / name
    shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(KOLLA_ANSIBLE / "ansible", path, symlinks=True)
    subprocess.run(["cp", "-r", f"{OURS}/.", path], check=True)
    if stubbed:
        subprocess.run(["cp", "-r", HERE / "stub/library", HERE / "stub/module_utils", path], check=True)
    return path


class Site:
    """A site of the federation, with a folder for each host."""

    def __init__(self, name, folder, playbooks):
        self.folder = folder
        self.playbook = playbooks / "ovn-federation.yml"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(HERE / "sites" / name, folder / "etc")
        shutil.copy(KOLLA_ANSIBLE / "etc_examples/kolla/passwords.yml", folder / "etc/passwords.yml")
        self.inventories = [KOLLA_ANSIBLE / "ansible/inventory/multinode", OURS / "inventory/ovn-federation"]
        if (folder / "etc/inventory").exists():
            self.inventories.append(folder / "etc/inventory")
        (folder / "facts").mkdir()
        for number, host in enumerate(HOSTS):
            (self.host(host) / "containers").mkdir(parents=True)
            (self.host(host) / "etc").mkdir()
            python = self.host(host) / "python"
            python.write_text(
                f'#!/bin/sh\nexport OVN_FEDERATION_CONTAINERS={self.host(host)}/containers OVN_FEDERATION_LOG={folder}/log PATH={HERE}/stub/bin:$PATH\n'
                f'exec {ENVIRONMENT}/bin/python "$@"\n')
            python.chmod(0o755)
            facts = {
                "ansible_hostname": host, "ansible_fqdn": host, "ansible_processor_vcpus": 2, "ansible_distribution": "Debian",
                "ansible_os_family": "Debian", "ansible_distribution_release": "trixie",
                "ansible_eth0": {"active": True, "device": "eth0", "ipv4": {"address": f"192.0.2.{11 + number}"}},
            }
            # The form in which ansible-core keeps them.
            (folder / "facts" / f"s1_{host}").write_text(json.dumps({"__payload__": json.dumps(facts)}))

    def host(self, name):
        return self.folder / "hosts" / name

    def run(self, command, *arguments, limit=None, fails=False, **variables):
        """`kolla-ansible COMMAND` on the playbook. Returns what it prints."""
        variables = {
            "ansible_connection": "local",
            "ansible_python_interpreter": f"{self.folder}/hosts/{{{{ inventory_hostname }}}}/python",
            "node_config_directory": f"{self.folder}/hosts/{{{{ inventory_hostname }}}}/etc",
            "config_owner_user": "root",
            # This machine's kernel is not a gateway's: modules and sysctls are looked at as text.
            "set_sysctl": False,
            "ovn_federation_modules": [],
            "ovn_federation_settle_delay": 0,
            "ovn_federation_settle_retries": 3,
            **variables,
        }
        line = [ENVIRONMENT / "bin/kolla-ansible", command, "-p", self.playbook, "--configdir", self.folder / "etc"]
        for inventory in self.inventories:
            line += ["-i", inventory]
        if limit:
            line += ["--limit", limit]
        line += ["-e", json.dumps(variables), *arguments]
        environment = {
            **os.environ, "PATH": f"{ENVIRONMENT}/bin:{os.environ['PATH']}", "ANSIBLE_CACHE_PLUGIN": "jsonfile",
            "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(self.folder / "facts"), "ANSIBLE_CACHE_PLUGIN_TIMEOUT": "0", "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_LOCALHOST_WARNING": "False", "ANSIBLE_DEPRECATION_WARNINGS": "False", "LC_ALL": "C.UTF-8",
        }
        done = subprocess.run([str(word) for word in line], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert (done.returncode != 0) == fails, f"{' '.join(map(str, line))}\n{done.stdout}"
        return done.stdout

    def happened(self):
        """What the engines of all hosts did since this was asked last, in order."""
        path = self.folder / "log"
        lines = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return lines

    def answers(self, host, *statuses):
        """What `fed-agent status` ends with there, from now on."""
        (self.host(host) / "status").write_text("".join(f"{status}\n" for status in statuses))

    def files(self):
        """What lies on the hosts, by HOST/PATH: Kolla's /etc/kolla, and what the engine was told to run."""
        found = {}
        for host in HOSTS:
            for path in sorted(self.host(host).rglob("*")):
                if path.is_file() and path.parent != self.host(host):
                    text = path.read_text().replace(f"{self.folder}/hosts/{host}/etc", "/etc/kolla")
                    mode = "" if path.parent.name == "containers" else f" {path.stat().st_mode & 0o777:04o}"
                    found[f"{host}/{path.relative_to(self.host(host))}"] = (text, mode.strip())
        return found
