"""Reads Neutron's database: what BGPVPNs, associations and router ports there are.

Columns, not objects: a pass over a whole cloud must not make ten thousand ORM objects.
"""

import collections
import typing

from neutron.db.models import l3
from neutron.db import models_v2
from neutron_lib import constants
from neutron_lib.db import api as db_api

from networking_bgpvpn.neutron.db import bgpvpn_db

from networking_ovn_federation import annotations

# More values than this in one IN (...) are several queries: SQLite takes 32766 variables, and no planner likes many.
_MOST_VALUES = 1000


class Scope(typing.NamedTuple):
    """What an event touched, by ids. What depends on it is found by reading."""
    bgpvpns: frozenset = frozenset()
    routers: frozenset = frozenset()
    networks: frozenset = frozenset()
    ports: frozenset = frozenset()


class Extent(typing.NamedTuple):
    """Rows and keys of NB_Global that facts of a scope decide about."""
    rows: frozenset
    global_keys: frozenset


def read_all(context):
    """Facts of the whole cloud."""
    with db_api.CONTEXT_READER.using(context):
        associations = _associations(context.session)
        return annotations.Facts(_bgpvpns(context.session), associations, _router_ports(context.session))


def read(context, scope):
    """Facts that decide about what a scope touches, and the extent that they decide about."""
    with db_api.CONTEXT_READER.using(context):
        session = context.session
        touched = _router_ports(session, router=scope.routers)
        touched += _router_ports(session, network=scope.networks)
        touched += _router_ports(session, port=scope.ports)
        # A gateway's keys depend on all networks of its router, so routers come in whole …
        router_ports = _router_ports(session, router={p.router for p in touched} | scope.routers)
        networks = scope.networks | {p.network for p in router_ports if not p.is_gateway}
        ports = scope.ports | {p.port for p in router_ports}
        # … and those of a network on all routers that are on it.
        neighbours = {p.router for p in _router_ports(session, network=networks) if not p.is_gateway}
        router_ports += _router_ports(session, router=neighbours - {p.router for p in router_ports})
        associations = _associations(session, {p.router for p in router_ports} | scope.routers, networks, ports)
        bgpvpns = _bgpvpns(session, {a.bgpvpn for a in associations} | scope.bgpvpns)
    rows = {annotations.switch(n) for n in networks} | {annotations.port(p) for p in ports}
    return (annotations.Facts(bgpvpns, associations, router_ports),
            Extent(frozenset(rows), frozenset(annotations.key(b) for b in scope.bgpvpns)))


def associations_of(context, bgpvpn_id):
    """All associations of one BGPVPN."""
    with db_api.CONTEXT_READER.using(context):
        return tuple(a for a in _associations(context.session, bgpvpn=bgpvpn_id))


def _chunks(values):
    values = sorted(values)
    for start in range(0, len(values), _MOST_VALUES):
        yield values[start:start + _MOST_VALUES]


def _select(session, columns, column, values):
    """Rows of `columns` in which `column` has one of `values`; None: all rows."""
    query = session.query(*columns)
    if values is None:
        return query.all()
    return [row for chunk in _chunks(values) for row in query.filter(column.in_(chunk)).all()]


def _router_ports(session, router=None, network=None, port=None):
    """All, or those of the routers, networks or ports given (one of the three)."""
    table = l3.RouterPort
    query = session.query(table.port_id, table.router_id, models_v2.Port.network_id, table.port_type).join(
        models_v2.Port, models_v2.Port.id == table.port_id).filter(
            table.port_type.in_(constants.ROUTER_INTERFACE_OWNERS + (constants.DEVICE_OWNER_ROUTER_GW,)))
    for column, values in ((table.router_id, router), (models_v2.Port.network_id, network), (table.port_id, port)):
        if values is not None:
            found = [row for chunk in _chunks(values) for row in query.filter(column.in_(chunk)).all()]
            break
    else:
        found = query.all()
    return tuple(annotations.RouterPort(port=row[0], router=row[1], network=row[2],
                                        is_gateway=row[3] == constants.DEVICE_OWNER_ROUTER_GW) for row in found)


def _bgpvpns(session, ids=None):
    table = bgpvpn_db.BGPVPN
    columns = (table.id, table.name, table.project_id, table.type, table.vni, table.route_targets,
               table.import_targets, table.export_targets, table.route_distinguishers, table.local_pref)
    return {row[0]: annotations.BGPVPN(
        id=row[0], name=row[1] or '', project=row[2] or '', type=row[3], vni=row[4], route_targets=_list(row[5]),
        import_targets=_list(row[6]), export_targets=_list(row[7]), route_distinguishers=_list(row[8]),
        local_pref=row[9]) for row in _select(session, columns, table.id, ids)}


def _list(text):
    # networking-bgpvpn joins lists by commas, in the order of a set: sorted, so that equal lists are equal keys.
    return tuple(sorted(part for part in (text or '').split(',') if part))


def _associations(session, routers=None, networks=None, ports=None, bgpvpn=None):
    """All, or those of the routers, networks and ports given, or those of one BGPVPN."""
    found = []
    for by, table, target, columns, values in (
            ('router', bgpvpn_db.BGPVPNRouterAssociation, bgpvpn_db.BGPVPNRouterAssociation.router_id,
             (bgpvpn_db.BGPVPNRouterAssociation.advertise_extra_routes,), routers),
            ('network', bgpvpn_db.BGPVPNNetAssociation, bgpvpn_db.BGPVPNNetAssociation.network_id, (), networks),
            ('port', bgpvpn_db.BGPVPNPortAssociation, bgpvpn_db.BGPVPNPortAssociation.port_id,
             (bgpvpn_db.BGPVPNPortAssociation.advertise_fixed_ips,), ports)):
        columns = (table.id, table.bgpvpn_id, target) + columns
        if bgpvpn is not None:
            rows = _select(session, columns, table.bgpvpn_id, [bgpvpn])
        else:
            rows = _select(session, columns, target, values)
        found += [(by, row) for row in rows]
    routes = _routes(session, [row[0] for by, row in found if by == 'port'])
    return tuple(annotations.Association(
        id=row[0], bgpvpn=row[1], by=by, target=row[2], extra_routes=bool(row[3]) if by == 'router' else True,
        fixed_ips=bool(row[3]) if by == 'port' else True, routes=tuple(routes.get(row[0], ()))) for by, row in found)


def _routes(session, port_associations):
    """Routes of prefixes by port association. Those of other BGPVPNs are refused by the driver."""
    table = bgpvpn_db.BGPVPNPortAssociationRoute
    routes = collections.defaultdict(list)
    columns = (table.port_association_id, table.prefix, table.local_pref)
    for association, prefix, local_pref in _select(session, columns, table.port_association_id, port_associations):
        if prefix is not None:
            routes[association].append(annotations.Route(prefix, local_pref))
    return routes


def bgpvpn_routes_of(context, port_association):
    """BGPVPNs whose routes a port association asks for."""
    table = bgpvpn_db.BGPVPNPortAssociationRoute
    with db_api.CONTEXT_READER.using(context):
        found = _select(context.session, (table.bgpvpn_id,), table.port_association_id, [port_association])
    return [row[0] for row in found if row[0] is not None]
