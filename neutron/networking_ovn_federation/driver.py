"""The service driver: BGPVPN:OVN:networking_ovn_federation.driver.OVNFederationDriver:default.

Level-triggered: an event says what was touched; what the rows shall say is read from Neutron's database (facts),
computed (annotations) and written as a difference (commands). Refusals are in precommit only; what comes after the
commit never fails a request, because the repair makes it true.
"""

from neutron.api import extensions
from neutron.plugins.ml2.drivers.ovn.mech_driver import mech_driver as ovn_mech_driver
from neutron_lib.api.definitions import bgpvpn as bgpvpn_definition
from neutron_lib.api.definitions import bgpvpn_routes_control
from neutron_lib.api.definitions import bgpvpn_vni
from neutron_lib.callbacks import events
from neutron_lib.callbacks import registry
from neutron_lib.callbacks import resources
from neutron_lib.plugins import directory
from oslo_log import log

from networking_bgpvpn.neutron.services.service_drivers import driver_api

from networking_ovn_federation import _i18n
from networking_ovn_federation import annotations
from networking_ovn_federation import annotator
from networking_ovn_federation import config
from networking_ovn_federation import extensions as own_extensions
from networking_ovn_federation import facts
from networking_ovn_federation import filters
from networking_ovn_federation import maintenance
from networking_ovn_federation import refusals
from networking_ovn_federation import status_db
from networking_ovn_federation import status_definition

_ = _i18n._
LOG = log.getLogger(__name__)

# Neutron 28 and newer asks plugins for what its maintenance thread shall do besides. With an older one, the repair
# joins that thread when the worker has started it.
ASKS_PLUGINS = hasattr(ovn_mech_driver.OVNMechanismDriver, '_start_maintenance_thread')

filters.mark()
extensions.append_api_extensions_path(own_extensions.__path__)


@registry.has_registry_receivers
class OVNFederationDriver(driver_api.BGPVPNDriverRC):

    def __init__(self, service_plugin):
        super().__init__(service_plugin)
        self._has_status = bool(config.register()[config.GROUP].coordinator)
        service_plugin.ovn_maintenance_periodics = maintenance.periodics_of

    @property
    def more_supported_extension_aliases(self):
        status = [status_definition.ALIAS] if self._has_status else []
        return [bgpvpn_routes_control.ALIAS, bgpvpn_vni.ALIAS] + status

    @property
    def nb(self):
        """ML2/OVN's connection to the northbound database."""
        return self._mechanism.nb_ovn

    @property
    def _mechanism(self):
        drivers = directory.get_plugin().mechanism_manager.mech_drivers
        for driver in drivers.values():
            if isinstance(driver.obj, ovn_mech_driver.OVNMechanismDriver):
                return driver.obj
        raise RuntimeError(_("no mechanism driver of ML2 is OVN's: put `mechanism_drivers = ovn` into the section "
                             "[ml2] of ml2_conf.ini"))

    def _converge(self, **touched):
        """Writes what depends on ids that were touched."""
        scope = facts.Scope(**{kind: frozenset(ids) for kind, ids in touched.items()})
        try:
            annotator.converge(self.nb, scope)
        except Exception:
            LOG.exception("Could not annotate OVN's rows for %s; the repair will do it", scope)

    def _repair(self):
        try:
            annotator.repair(self.nb)
        except Exception:
            LOG.exception("Could not annotate OVN's rows; the repair will do it")

    # What BGPVPNs show

    def create_bgpvpn(self, context, bgpvpn):
        return self._with_status(context, [super().create_bgpvpn(context, bgpvpn)])[0]

    def update_bgpvpn(self, context, id, bgpvpn):
        return self._with_status(context, [super().update_bgpvpn(context, id, bgpvpn)])[0]

    def get_bgpvpn(self, context, id, fields=None):
        asked, fields = _needed(fields)
        return self._with_status(context, [super().get_bgpvpn(context, id, fields)], asked)[0]

    def get_bgpvpns(self, context, filters=None, fields=None):
        asked, fields = _needed(fields)
        return self._with_status(context, super().get_bgpvpns(context, filters, fields), asked)

    def _with_status(self, context, bgpvpns, asked=None):
        """Adds what was read from the coordinator: of the attributes asked for (None: all)."""
        if self._has_status and (asked is None or asked & {status_definition.STATUS, status_definition.REACHES}):
            statuses = status_db.shown(context.elevated(), [b['id'] for b in bgpvpns])
            for bgpvpn in bgpvpns:
                bgpvpn.update(statuses[bgpvpn['id']])
        if asked is not None:
            return [{name: what for name, what in bgpvpn.items() if name in asked} for bgpvpn in bgpvpns]
        return bgpvpns

    # BGPVPNs

    def create_bgpvpn_precommit(self, context, bgpvpn):
        _check_length(_bgpvpn(bgpvpn), [])

    def create_bgpvpn_postcommit(self, context, bgpvpn):
        self._converge(bgpvpns=[bgpvpn['id']])

    def update_bgpvpn_precommit(self, context, old_bgpvpn, new_bgpvpn):
        _check_length(_bgpvpn(new_bgpvpn), facts.associations_of(context, old_bgpvpn['id']))

    def update_bgpvpn_postcommit(self, context, old_bgpvpn, new_bgpvpn):
        self._converge(bgpvpns=[new_bgpvpn['id']], routers=new_bgpvpn['routers'], networks=new_bgpvpn['networks'],
                       ports=new_bgpvpn.get('ports', ()))

    def delete_bgpvpn_postcommit(self, context, bgpvpn):
        # Its associations went without a call to the driver, and may have been others than those seen before.
        self._repair()

    # Networks

    def create_net_assoc_precommit(self, context, net_assoc):
        bgpvpn = self.get_bgpvpn(context, net_assoc['bgpvpn_id'])
        if bgpvpn['type'] != bgpvpn_definition.BGPVPN_L3:
            return
        for other, association in self._others(context, net_assoc, networks=net_assoc['network_id']):
            if other.type == bgpvpn_definition.BGPVPN_L3:
                raise refusals.NetworkInAnotherBGPVPN(network=net_assoc['network_id'], name=other.name,
                                                      other=other.id, association=association.id)

    def create_net_assoc_postcommit(self, context, net_assoc):
        self._converge(networks=[net_assoc['network_id']])

    def delete_net_assoc_postcommit(self, context, net_assoc):
        self._converge(networks=[net_assoc['network_id']])

    # Routers

    def create_router_assoc_precommit(self, context, router_assoc):
        for other, association in self._others(context, router_assoc, routers=router_assoc['router_id']):
            raise refusals.RouterInAnotherBGPVPN(router=router_assoc['router_id'], name=other.name, other=other.id,
                                                 association=association.id)

    def create_router_assoc_postcommit(self, context, router_assoc):
        self._converge(routers=[router_assoc['router_id']])
        for warning in maintenance.announced_twice(maintenance.evpn_routers([router_assoc['router_id']])):
            LOG.warning(warning)

    def update_router_assoc_postcommit(self, context, old_router_assoc, router_assoc):
        self._converge(routers=[router_assoc['router_id']])

    def delete_router_assoc_postcommit(self, context, router_assoc):
        self._converge(routers=[router_assoc['router_id']])

    # Ports

    def create_port_assoc_precommit(self, context, port_assoc):
        known, _extent = facts.read(context, facts.Scope(ports=frozenset([port_assoc['port_id']])))
        for router_port in known.router_ports:
            if router_port.port == port_assoc['port_id']:
                raise refusals.PortIsARouters(port=router_port.port, router=router_port.router,
                                              bgpvpn=port_assoc['bgpvpn_id'])
        self._check_routes(context, port_assoc)

    def create_port_assoc_postcommit(self, context, port_assoc):
        self._converge(ports=[port_assoc['port_id']])

    def update_port_assoc_precommit(self, context, old_port_assoc, port_assoc):
        self._check_routes(context, port_assoc)

    def update_port_assoc_postcommit(self, context, old_port_assoc, port_assoc):
        self._converge(ports=[port_assoc['port_id']])

    def delete_port_assoc_postcommit(self, context, port_assoc):
        self._converge(ports=[port_assoc['port_id']])

    def _check_routes(self, context, port_assoc):
        # Read anew: the dictionary of upstream is made before its routes are in the database.
        associations = facts.associations_of(context, port_assoc['bgpvpn_id'])
        for other in facts.bgpvpn_routes_of(context, port_assoc['id']):
            raise refusals.RoutesOfBGPVPN(other=other, bgpvpn=port_assoc['bgpvpn_id'])
        _check_length(_bgpvpn(self.get_bgpvpn(context, port_assoc['bgpvpn_id'])),
                      [a for a in associations if a.id == port_assoc['id']])

    def _others(self, context, association, **target):
        """Associations of the target with other BGPVPNs, each with its BGPVPN."""
        known, _extent = facts.read(context, facts.Scope(**{kind: frozenset([id_]) for kind, id_ in target.items()}))
        for other in known.associations:
            if other.bgpvpn != association['bgpvpn_id'] and {other.target} == set(target.values()):
                yield known.bgpvpns[other.bgpvpn], other

    @registry.receives(resources.PROCESS, [events.AFTER_INIT])
    def _process_started(self, resource, event, trigger, payload=None):
        if not ASKS_PLUGINS:
            maintenance.join(self._mechanism)

    # Routers' ports come and go

    @registry.receives(resources.ROUTER_INTERFACE, [events.AFTER_CREATE, events.AFTER_DELETE])
    def _router_interface(self, resource, event, trigger, payload):
        # Not `network_id` of the metadata: after a creation or deletion that is the gateway's network.
        network = payload.metadata['port']['network_id']
        self._converge(routers=[payload.resource_id], networks=[network])

    @registry.receives(resources.ROUTER_GATEWAY, [events.AFTER_CREATE])
    def _router_gateway(self, resource, event, trigger, payload):
        self._converge(routers=[payload.resource_id])


def _needed(fields):
    """The attributes asked for, as a set (None: all), and those to read for them."""
    if not fields:
        return None, fields
    return set(fields), [*fields, 'id']


def _bgpvpn(bgpvpn):
    """Of the API's dictionary."""
    return annotations.BGPVPN(
        id=bgpvpn['id'], name=bgpvpn['name'] or '', type=bgpvpn['type'],
        # networking-bgpvpn before 20 has the older word only.
        project=bgpvpn.get('project_id') or bgpvpn.get('tenant_id') or '',
        vni=bgpvpn.get('vni'), local_pref=bgpvpn.get('local_pref'), route_targets=tuple(bgpvpn['route_targets'] or ()),
        import_targets=tuple(bgpvpn['import_targets'] or ()), export_targets=tuple(bgpvpn['export_targets'] or ()),
        route_distinguishers=tuple(bgpvpn['route_distinguishers'] or ()))


def _check_length(bgpvpn, associations):
    for association in [None, *associations]:
        length = annotations.length(annotations.value(bgpvpn, association))
        if length > annotations.VALUE_LIMIT:
            what = 'its targets' if association is None else f'its {association.by} association {association.id}'
            raise refusals.AnnotationTooLong(bgpvpn=bgpvpn.id, what=what, length=length,
                                             limit=annotations.VALUE_LIMIT)
