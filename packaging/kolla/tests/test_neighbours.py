"""Kolla's own roles with what we give them: config/ goes to /etc/kolla/config, globals.d/ to /etc/kolla/globals.d."""

import shutil
from configparser import ConfigParser

import kolla_site
from kolla_site import HERE

CONFIG = HERE.parent / "config"


def test_logrotate_of_kollas_cron_takes_our_logs(playbooks):
    site = kolla_site.Site("paris", kolla_site.WORK / "paris-cron", playbooks)
    site.playbook = playbooks / "site.yml"
    shutil.copytree(CONFIG / "cron", site.folder / "etc/config/cron")
    site.run("genconfig", "--tags", "cron", limit="network01")
    text = (site.host("network01") / "etc/cron/logrotate.conf").read_text()
    assert '"/var/log/kolla/openvswitch/*.log"' in text and '"/var/log/kolla/ovn-federation/*.log"\n{\n}' in text


def test_neutron_gets_the_driver(playbooks):
    site = kolla_site.Site("paris", kolla_site.WORK / "paris-neutron", playbooks)
    site.playbook = playbooks / "site.yml"
    shutil.copy(CONFIG / "neutron.conf", site.folder / "etc/config/neutron.conf")
    shutil.copytree(HERE.parent / "globals.d", site.folder / "etc/globals.d")
    site.run("genconfig", "--tags", "neutron", limit="control01")
    for service in ("neutron-server", "neutron-rpc-server", "neutron-ovn-maintenance-worker"):
        conf = ConfigParser(strict=False, interpolation=None)
        conf.read(site.host("control01") / f"etc/{service}/neutron.conf")
        assert conf["DEFAULT"]["service_plugins"].split(",")[-1] == "bgpvpn" and "ovn-router" in conf["DEFAULT"]["service_plugins"]
        assert conf["service_providers"]["service_provider"].startswith("BGPVPN:OVN:networking_ovn_federation.driver.OVNFederationDriver")
