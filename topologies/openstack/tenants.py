"""What a cloud's admin and its tenants make through Neutron's API, as lab.yaml plans it; and what Nova does when it binds a port."""

import concurrent.futures
import ipaddress
import json
import uuid


def everywhere(work, things):
    """Does the work for each thing at once; the first failure is raised."""
    with concurrent.futures.ThreadPoolExecutor(max_workers=max(1, len(things))) as pool:
        return list(pool.map(work, things))


def provider_network(cloud):
    """The external network behind br-ex of the gateways."""
    network = cloud.connect("admin").network
    public = network.create_network(
        name="public", is_router_external=True, provider_network_type="flat", provider_physical_network="physnet1"
    )
    number = cloud.number
    subnets = [
        network.create_subnet(
            network_id=public.id, name=f"public-v{version}", ip_version=version, cidr=prefix, gateway_ip=gateway, is_dhcp_enabled=False
        )
        for version, prefix, gateway in (
            (4, f"172.24.{number}.0/24", f"172.24.{number}.1"), (6, f"fd24:{number}::/64", f"fd24:{number}::1"),
        )
    ]
    return public, subnets


class Tenant:
    """A project of a cloud with its routers, networks and machines."""

    def __init__(self, cloud, project):
        self.cloud = cloud
        self.project = project
        self.network = cloud.connect(project).network
        self.routers = {}
        self.ports = {}

    def build(self, public, public_subnets, admin):
        plan = self.cloud.plan
        group = next(self.network.security_groups(name="default"))
        for family in ("IPv4", "IPv6"):
            self.network.create_security_group_rule(security_group_id=group.id, direction="ingress", ethertype=family)
        for position, (name, router_plan) in enumerate(plan["routers"].items(), 1):
            if router_plan["project"] != self.project:
                continue
            router = self.network.create_router(name=name)
            self.routers[name] = router
            # A given address on the provider network is the admin's to give.
            addresses = [f"172.24.{self.cloud.number}.{position * 10}", f"fd24:{self.cloud.number}::{position * 10}"]
            admin.update_router(
                router,
                external_gateway_info={
                    "network_id": public.id,
                    "external_fixed_ips": [
                        {"subnet_id": subnet.id, "ip_address": address} for subnet, address in zip(public_subnets, addresses)
                    ],
                },
            )
        for name, network_plan in plan["networks"].items():
            if network_plan["router"] not in self.routers:
                continue
            network = self.network.create_network(name=name)
            subnets = {}
            for prefix in map(ipaddress.ip_network, network_plan["subnets"]):
                subnet = self.network.create_subnet(
                    network_id=network.id, name=f"{name}-v{prefix.version}", ip_version=prefix.version, cidr=str(prefix),
                    gateway_ip=str(prefix.network_address + 1),
                )
                subnets[prefix] = subnet.id
                self.network.add_interface_to_router(self.routers[network_plan["router"]], subnet_id=subnet.id)
            for machine, machine_plan in plan["machines"].items():
                if machine_plan["network"] == name:
                    self.ports[machine] = self.create_port(network, subnets, machine, machine_plan)

    def create_port(self, network, subnets, machine, plan):
        addresses = [ipaddress.ip_address(text) for text in plan["addresses"]]
        return self.network.create_port(
            network_id=network.id, name=machine, mac_address=plan["mac"],
            fixed_ips=[
                {"ip_address": str(address), "subnet_id": next(id for prefix, id in subnets.items() if address in prefix)}
                for address in addresses
            ],
        )


def read_machines(lab, cloud):
    """Asks the lab for each machine's MAC address and for the interface in br-int that leads to it."""
    for node in cloud.plan["gateways"]:
        rows = json.loads(lab.exec(f"{cloud.name}/{node}", "ovs-vsctl", "--format=json", "--columns=name,external_ids", "list", "Interface"))
        taps = {dict(keys[1]).get("attached-mac"): name for name, keys in rows["data"]}
        for name, plan in cloud.plan["machines"].items():
            if plan["on"] == node:
                plan["mac"] = lab.exec(f"{cloud.name}/{name}", "ip", "-o", "link", "show", "eth0").split("link/ether ")[1].split()[0]
                plan["tap"] = taps[plan["mac"]]


def plug(lab, cloud, admin, ports):
    """Binds each port to its node as Nova asks Neutron to, and tells Open vSwitch as os-vif does."""
    for name, port in ports.items():
        plan = cloud.plan["machines"][name]
        bound = admin.update_port(
            port.id, binding_host_id=f"{cloud.name}-{plan['on']}", device_id=str(uuid.uuid4()), device_owner="compute:nova"
        )
        if bound.binding_vif_type != "ovs":
            raise RuntimeError(f"Neutron bound {name} of {cloud.name} as {bound.binding_vif_type}")
        lab.exec(
            f"{cloud.name}/{plan['on']}", "ovs-vsctl", "set", "Interface", plan["tap"], f"external_ids:iface-id={port.id}",
            f"external_ids:vm-uuid={bound.device_id}",
        )
