"""Tenants join by BGPVPNs, and leave; what must be true after each act."""

import re

import journal
from acts import TRANSCRIPT, associate, client, fedctl, verified, write_federation
from rows import rows_right
from tenants import everywhere


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
    lab = site.lab
    TRANSCRIPT.unlink(missing_ok=True)
    lab.judge("nobody reaches another cloud")
    make_bgpvpns(site)
    with journal.step("a tenant may not make one, and may not take another's", 40):
        client(site.cloud("paris"), "blue", "bgpvpn", "create", "--name", "mine", refuses="disallowed by policy")
        client(
            site.cloud("paris"), "red", "bgpvpn", "router", "association", "create", site.bgpvpns["paris", "blue"], "red-router",
            refuses="No BgpVpn found",
        )
    with journal.step("tenants associate their routers, and the rows of OVN's northbound database say so", 90) as step:
        def one(cloud):
            for project in ("blue", "red"):
                associate(cloud, project)
            return rows_right(site, cloud, 5)

        step.said = ", ".join(f"{seconds:.1f} s after the last answer" for seconds in everywhere(one, site.clouds))
    with journal.step("the federation's admin joins the routers to VPNs by their ids", 90) as step:
        vpns = "vpns:\n"
        for project in ("blue", "red"):
            vpns += f"  {project}:\n    attachments:\n"
            for cloud in site.clouds:
                router = site.tenants[cloud.name, project].routers[f"{project}-router"]
                vpns += f"      - {{cloud: {cloud.name}, router: {{id: {router.id}}}}}\n"
        fedctl(site, "apply", "-f", str(write_federation(site, vpns)))
        step.shown.append(verified(site))
    lab.judge("each tenant reaches its own")
    lab.judge("the Internet sees")
