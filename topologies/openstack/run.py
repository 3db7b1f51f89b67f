"""`make openstack`: raises an OpenStack cloud beside each cloud of the lab, has admins and tenants act, and judges after each act.

It runs in the lab's place on this machine (`ip netns exec fl-outside-openstack`), and what it starts ends with the lab.
"""

import argparse
import pathlib
import sys

import yaml

import cloud as clouds_module
import faults
import journal
import tenants
import tour
from lab import Lab, Northbound

HERE = pathlib.Path(__file__).resolve().parent
PROJECTS = ("blue", "red")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fedlab", required=True)
    parser.add_argument("--venv", required=True)
    parser.add_argument("--tempest", help="the folder of tempest's environment; without it, tempest is left out")
    parser.add_argument("--only", choices=("raise", "tour"), help="end after that part")
    return parser.parse_args()


class Site:
    """All that acts need: the lab, its clouds, and their tenants."""

    def __init__(self, options):
        # All as text: YAML 1.1 takes the key `on` for a truth value.
        plan = yaml.load((HERE / "lab.yaml").read_text(), yaml.BaseLoader)
        self.options = options
        self.lab = Lab(options.fedlab)
        template = pathlib.Path(options.venv) / "mysql"
        # The management network's addresses from .10 on: databases and nodes, cloud by cloud.
        legs, self.clouds = 10, []
        for name, cloud_plan in plan["clouds"].items():
            self.clouds.append(clouds_module.Cloud(name, cloud_plan, f"192.168.100.{legs}", options.venv, template))
            legs += 1 + len(cloud_plan["gateways"]) + len(cloud_plan.get("computes", []))
        self.northbound = {cloud.name: Northbound(cloud.central) for cloud in self.clouds}
        self.projects = {}
        self.tenants = {}
        self.public = {}

    def cloud(self, name):
        return next(cloud for cloud in self.clouds if cloud.name == name)

    # Raising

    def raise_keystones(self):
        template = self.clouds[0].template
        if not template.exists():
            with journal.step("MariaDB's directory with the schemas of Keystone and Neutron, once", 300):
                clouds_module.make_template(self.options.venv, template)

        def one(cloud):
            cloud.configure()
            cloud.start_database()
            cloud.start_keystone()
            self.projects[cloud.name] = cloud.create_accounts(PROJECTS)

        with journal.step("MariaDB and Keystone of each cloud; projects, users and the catalogue", 180) as step:
            tenants.everywhere(one, self.clouds)
            clouds_module.write_clouds_yaml(self.clouds, PROJECTS)
            step.said = ", ".join(f"{cloud.name} at {cloud.address}:5000" for cloud in self.clouds)

    def raise_neutrons(self):
        with journal.step("Neutron of each cloud over the lab's northbound database: two API workers, and its maintenance", 240) as step:
            tenants.everywhere(lambda cloud: cloud.start_neutron(), self.clouds)
            step.said = ", ".join(f"{cloud.name} at {cloud.address}:9696" for cloud in self.clouds)

    def build(self):
        def one(cloud):
            tenants.read_machines(self.lab, cloud)
            admin = cloud.connect("admin").network
            public, subnets = tenants.provider_network(cloud)
            self.public[cloud.name] = public.id
            made = {}
            for project in PROJECTS:
                tenant = tenants.Tenant(cloud, project)
                tenant.build(public, subnets, admin)
                tenants.plug(self.lab, cloud, admin, tenant.ports)
                self.tenants[cloud.name, project] = tenant
                made |= tenant.ports
            for name, port in made.items():
                journal.until(f"active port of {name}", 60, lambda port=port: admin.get_port(port.id).status == "ACTIVE")

        with journal.step("tenants make networks, routers and ports; ports are bound as Nova does, and OVN has them up", 180) as step:
            tenants.everywhere(one, self.clouds)
            step.said = f"{sum(len(tenant.ports) for tenant in self.tenants.values())} ports active"


def main():
    site = Site(arguments())
    site.raise_keystones()
    ready = clouds_module.REPOSITORY / "out/lab/openstack/spool/ready"
    journal.until("lab that is up", 180, ready.exists)
    if ready.read_text().strip() != "0":
        raise RuntimeError("the lab did not come up")
    site.raise_neutrons()
    site.build()
    site.lab.judge("inside each cloud")
    if site.options.only == "raise":
        return
    tour.tour(site)
    if site.options.only != "tour":
        faults.faults(site)


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        journal.say(f"openstack: failed after {journal.elapsed():.1f} s: {error}; logs are in out/openstack and out/lab/openstack")
        sys.exit(1)
    journal.say(f"openstack: all passed, {journal.elapsed():.1f} s")
