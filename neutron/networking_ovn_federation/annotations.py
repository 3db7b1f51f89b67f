"""What OVN's rows shall say of a cloud's BGPVPNs. Pure: no Neutron, no database, no clock.

Facts (what Neutron's database has) become keys of external_ids; the difference between those and what a row has
becomes the keys to set and to remove. docs/openstack.md has the contract with the agent that reads them.
"""

import collections
import json
import typing

# Keys of ours, one per BGPVPN: `ovn_federation:bgpvpn/<uuid>`. All keys in this namespace are the driver's.
NAMESPACE = 'ovn_federation:'
BGPVPN_KEY = NAMESPACE + 'bgpvpn/'
# What ovn-bgp-agent reads. It has one VPN per row.
LEGACY_NAMESPACE = 'neutron_bgpvpn:'
# In bytes of UTF-8. The agent reads no longer value.
VALUE_LIMIT = 4096

SWITCH = 'Logical_Switch'
PORT = 'Logical_Switch_Port'
GLOBAL = 'NB_Global'

# The widest association of a BGPVPN is the one that a row names.
_WIDTH = {'router': 0, 'network': 1, 'port': 2, 'none': 3}


class BGPVPN(typing.NamedTuple):
    id: str
    name: str
    # As Keystone writes it.
    project: str
    # `l3` or `l2`.
    type: str
    vni: int | None = None
    route_targets: tuple = ()
    import_targets: tuple = ()
    export_targets: tuple = ()
    route_distinguishers: tuple = ()
    local_pref: int | None = None


class Route(typing.NamedTuple):
    prefix: str
    local_pref: int | None = None


class Association(typing.NamedTuple):
    id: str
    # Id of the BGPVPN.
    bgpvpn: str
    # `router`, `network` or `port`.
    by: str
    # Id of that router, network or port.
    target: str
    extra_routes: bool = True
    fixed_ips: bool = True
    # Of Route; port associations only.
    routes: tuple = ()


class RouterPort(typing.NamedTuple):
    port: str
    router: str
    network: str
    # The router's port on an external network, by which it has its gateway.
    is_gateway: bool = False


class Facts(typing.NamedTuple):
    # By id.
    bgpvpns: dict
    associations: tuple
    router_ports: tuple


class Row(typing.NamedTuple):
    table: str
    # As the northbound database has it; empty for the one row of NB_Global.
    name: str


class Change(typing.NamedTuple):
    # Keys and values.
    set: dict
    # Keys.
    remove: frozenset

    def __bool__(self):
        return bool(self.set or self.remove)


NO_CHANGE = Change({}, frozenset())
NB_GLOBAL = Row(GLOBAL, '')


def switch(network):
    """The row of a Neutron network, given by id."""
    return Row(SWITCH, 'neutron-' + network)


def port(port_id):
    """The row of a Neutron port, given by id."""
    return Row(PORT, port_id)


def key(bgpvpn_id):
    return BGPVPN_KEY + bgpvpn_id


def is_ours(name):
    """The key is in one of the two namespaces that the driver keeps."""
    return name.startswith((NAMESPACE, LEGACY_NAMESPACE))


def is_neutrons(external_ids):
    """The row is one that Neutron made: all of them have keys that say so."""
    return any(name.startswith('neutron:') for name in external_ids)


def value(bgpvpn, association=None):
    """The value of our key: a JSON object, members sorted, no blanks. Without an association: that it exists."""
    members = {'by': 'none', 'name': bgpvpn.name, 'project': bgpvpn.project, 'type': bgpvpn.type}
    optional = {'vni': bgpvpn.vni, 'local_pref': bgpvpn.local_pref, 'rt': list(bgpvpn.route_targets),
                'it': list(bgpvpn.import_targets), 'et': list(bgpvpn.export_targets),
                'rd': list(bgpvpn.route_distinguishers)}
    members.update((name, what) for name, what in optional.items() if what not in (None, []))
    if association is not None:
        members.update(association=association.id, by=association.by)
        if association.by == 'router' and not association.extra_routes:
            members['extra_routes'] = False
        if association.by == 'port':
            if not association.fixed_ips:
                members['fixed_ips'] = False
            if association.routes:
                members['routes'] = [_route(route) for route in sorted(association.routes, key=lambda r: r.prefix)]
    text = json.dumps(members, sort_keys=True, separators=(',', ':'), ensure_ascii=False)
    # A lone surrogate is no character: one odd name must not keep all the others from being written.
    return text.encode('utf-8', 'replace').decode('utf-8')


def length(text):
    """Of a value, in bytes."""
    return len(text.encode('utf-8'))


def _route(route):
    if route.local_pref is None:
        return {'prefix': route.prefix}
    return {'prefix': route.prefix, 'local_pref': route.local_pref}


def legacy(bgpvpn, local_as=None):
    """The keys that ovn-bgp-agent reads, in its spelling: lists as JSON text, absent where empty."""
    keys = {'type': bgpvpn.type}
    for name, number in (('vni', bgpvpn.vni), ('as', local_as), ('local_pref', bgpvpn.local_pref)):
        if number is not None:
            keys[name] = str(number)
    for name, targets in (('rt', bgpvpn.route_targets), ('it', bgpvpn.import_targets),
                          ('et', bgpvpn.export_targets), ('rd', bgpvpn.route_distinguishers)):
        if targets:
            keys[name] = json.dumps(list(targets))
    return {LEGACY_NAMESPACE + name: text for name, text in keys.items()}


def desired(facts, local_as=None):
    """By row, the keys that it shall have. A row that is absent shall have none."""
    claims = collections.defaultdict(list)
    wiring = _Wiring(facts.router_ports)
    for association in facts.associations:
        bgpvpn = facts.bgpvpns.get(association.bgpvpn)
        if bgpvpn is not None:
            for row in _rows(association, bgpvpn, wiring):
                claims[row].append((bgpvpn, association))
    rows = {row: _keys(pairs, local_as) for row, pairs in claims.items()}
    rows[NB_GLOBAL] = {key(bgpvpn.id): value(bgpvpn) for bgpvpn in facts.bgpvpns.values()}
    return rows


class _Wiring:
    """Which ports and networks routers have."""

    def __init__(self, router_ports):
        self.ports_of_router = collections.defaultdict(list)
        self.interfaces_of_network = collections.defaultdict(list)
        for router_port in router_ports:
            self.ports_of_router[router_port.router].append(router_port)
            if not router_port.is_gateway:
                self.interfaces_of_network[router_port.network].append(router_port)


def _rows(association, bgpvpn, wiring):
    if association.by == 'port':
        yield port(association.target)
    elif association.by == 'router':
        for router_port in wiring.ports_of_router[association.target]:
            yield port(router_port.port)
            if not router_port.is_gateway:
                yield switch(router_port.network)
    elif association.by == 'network':
        yield switch(association.target)
        if bgpvpn.type == 'l3':
            for interface in wiring.interfaces_of_network[association.target]:
                yield port(interface.port)
                for router_port in wiring.ports_of_router[interface.router]:
                    if router_port.is_gateway:
                        yield port(router_port.port)


def _keys(pairs, local_as):
    pairs = sorted(pairs, key=lambda pair: (_WIDTH[pair[1].by], pair[1].id))
    keys = {}
    for bgpvpn, association in pairs:
        keys.setdefault(key(bgpvpn.id), value(bgpvpn, association))
    # One VPN per row: layer 3 first, then the widest association.
    first, _ = min(pairs, key=lambda pair: (pair[0].type != 'l3', _WIDTH[pair[1].by], pair[0].id))
    keys.update(legacy(first, local_as))
    return keys


def difference(present, wanted, only=None, keep_unowned=False):
    """What makes a row with the keys `present` have those `wanted`, and leaves other people's keys alone.

    `only`: keys that are looked at; None: all of the two namespaces. `keep_unowned`: a row that has keys of
    ovn-bgp-agent and none of ours, and shall have none, was annotated by a hand: it stays as it is.
    """
    if keep_unowned and not wanted and not any(name.startswith(NAMESPACE) for name in present):
        return NO_CHANGE
    ours = {name for name in present if is_ours(name) and (only is None or name in only)}
    return Change({name: text for name, text in wanted.items() if present.get(name) != text},
                  frozenset(ours - wanted.keys()))
