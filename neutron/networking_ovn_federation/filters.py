"""Lets API users look BGPVPNs up by name.

neutron-lib marks no attribute of the BGPVPN extensions as a filter, and Neutron refuses a filter that is not
marked (filter_validation): `openstack bgpvpn show blue` ends with 400. Service plugins, and so this driver, are
loaded before Neutron reads the maps.
"""

from neutron_lib.api.definitions import bgpvpn
from neutron_lib.api.definitions import bgpvpn_routes_control
from neutron_lib.api.definitions import bgpvpn_vni

# `ports` is not among them: networking-bgpvpn joins the wrong table for it, and a refusal is better than a wrong
# answer.
FILTERS = frozenset({'id', 'name', 'tenant_id', 'type', 'networks', 'routers', 'vni', 'local_pref',
                     'network_id', 'router_id', 'port_id'})


def mark():
    """Marks what the database can look up as a filter. A second time it changes nothing."""
    for definition in (bgpvpn, bgpvpn_vni, bgpvpn_routes_control):
        for attributes in definition.RESOURCE_ATTRIBUTE_MAP.values():
            _mark(attributes)
        for collection in definition.SUB_RESOURCE_ATTRIBUTE_MAP.values():
            _mark(collection['parameters'])


def _mark(attributes):
    for name, attribute in attributes.items():
        if name in FILTERS:
            attribute['is_filter'] = True
