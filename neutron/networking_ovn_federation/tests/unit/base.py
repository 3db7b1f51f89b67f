"""A cloud in one process: Neutron's real plugins with ML2/OVN on a real northbound database and ovn-northd.

Only what Neutron's database is differs from a cloud: SQLite in memory, where Neutron's own functional tests take a
MySQL server. Needs `ovsdb-server`, `ovn-northd` and `ovn-nbctl` (Debian: ovn-central).
"""

import json
import socket
import subprocess
import types
from unittest import mock

from neutron.api import extensions
from neutron.common import utils
from neutron.conf.services import provider_configuration as provider_conf
from neutron.plugins.ml2.drivers.ovn.mech_driver.ovsdb import impl_idl_ovn
from neutron.plugins.ml2.drivers.ovn.mech_driver.ovsdb import ovsdb_monitor
from neutron.tests.functional import base
from neutron.tests.unit import testlib_api
from neutron_lib import constants
from neutron_lib import context as n_context
from neutron_lib.plugins import constants as plugin_constants
from neutron_lib.plugins import directory
from oslo_config import cfg
from ovsdbapp.backend.ovs_idl import connection

from networking_bgpvpn.neutron import extensions as bgpvpn_extensions

from networking_ovn_federation import annotations
from networking_ovn_federation import annotator
from networking_ovn_federation import commands
from networking_ovn_federation import extensions as own_extensions
from networking_ovn_federation import status_db  # noqa: F401: its table is made with all others

DRIVER = 'networking_ovn_federation.driver.OVNFederationDriver'


class CloudTestCase(base.TestOVNFunctionalBase):

    _mechanism_drivers = ['ovn']
    _extension_drivers = ['port_security']

    def _setup_database_fixtures(self):
        testlib_api.BaseSqlTestCase._setup_database_fixtures(self)
        # Neutron's base class insists on MySQL.
        self.db = types.SimpleNamespace(engine=self.engine)
        mock.patch.object(base, 'mysql_dialect', types.SimpleNamespace(name=self.engine.dialect.name),
                          create=True).start()

    def setUp(self, **kwargs):
        provider_conf.register_service_provider_opts()
        cfg.CONF.set_override('service_provider', [f'BGPVPN:OVN:{DRIVER}:default'], 'service_providers')
        # Events of OVN (a port came up) are handled in a thread, which would use the one connection to SQLite.
        mock.patch.object(ovsdb_monitor.OvnIdlDistributedLock, 'notify', lambda *_arguments, **_keywords: None).start()
        # Done when modules are imported, and undone with the configuration after each test.
        extensions.append_api_extensions_path(bgpvpn_extensions.__path__ + own_extensions.__path__)
        super().setUp(service_plugins={'bgpvpn': 'networking_bgpvpn.neutron.services.plugin.BGPVPNPlugin'}, **kwargs)
        self.bgpvpns = directory.get_plugin('bgpvpn')
        self.federation = self.bgpvpns.driver
        self.core = directory.get_plugin()
        self.routers = directory.get_plugin(plugin_constants.L3)
        self.admin = n_context.get_admin_context()
        # Neutron 22 and older say tenant.
        self.project = getattr(self, '_project_id', None) or self._tenant_id
        self.owned = {'project_id': self.project, 'tenant_id': self.project}

    def stop(self):
        # Where the start was cut off by the time limit, Neutron's own would wait for its end for ever.
        if self.mech_driver._post_fork_event.is_set():
            super().stop()

    # What a tenant or an admin does

    def a_network(self, cidr, name='net', **extra):
        """A network with one subnet. Ids of both."""
        network = self.core.create_network(self.admin, {'network': {
            'name': name, **self.owned, 'admin_state_up': True,
            'shared': False, 'port_security_enabled': True, 'mtu': 1400, **extra}})
        subnet = self.core.create_subnet(self.admin, {'subnet': {
            'network_id': network['id'], **self.owned, 'name': '',
            'ip_version': 4, 'cidr': cidr, 'gateway_ip': constants.ATTR_NOT_SPECIFIED, 'enable_dhcp': False,
            'allocation_pools': constants.ATTR_NOT_SPECIFIED, 'dns_nameservers': constants.ATTR_NOT_SPECIFIED,
            'host_routes': constants.ATTR_NOT_SPECIFIED, 'prefixlen': constants.ATTR_NOT_SPECIFIED,
            'subnetpool_id': None, 'ipv6_address_mode': None, 'ipv6_ra_mode': None}})
        return network['id'], subnet['id']

    def an_external_network(self, cidr='172.24.4.0/24'):
        extra = {'router:external': True, 'provider:network_type': 'flat', 'provider:physical_network': 'physnet1'}
        return self.a_network(cidr, name='public', **extra)[0]

    def a_router(self, *subnets, external=None):
        """A router on subnets. Its id."""
        gateway = {'external_gateway_info': {'network_id': external}} if external else {}
        router = self.routers.create_router(self.admin, {'router': {
            'name': 'router', 'admin_state_up': True, **self.owned,
            **gateway}})
        for subnet in subnets:
            self.attach(router['id'], subnet)
        return router['id']

    def attach(self, router, subnet):
        """Puts a router on a subnet. Id of the port."""
        return self.routers.add_router_interface(self.admin, router, {'subnet_id': subnet})['port_id']

    def detach(self, router, subnet):
        self.routers.remove_router_interface(self.admin, router, {'subnet_id': subnet})

    def a_port(self, network):
        return self.core.create_port(self.admin, {'port': {
            'network_id': network, **self.owned, 'name': 'vm',
            'admin_state_up': True, 'device_id': '', 'device_owner': '', 'mac_address': constants.ATTR_NOT_SPECIFIED,
            'fixed_ips': constants.ATTR_NOT_SPECIFIED, 'port_security_enabled': True,
            'security_groups': []}})['id']

    def a_bgpvpn(self, name='blue', **attributes):
        return self.bgpvpns.create_bgpvpn(self.admin, {'bgpvpn': {
            'name': name, 'type': 'l3', **self.owned, 'route_targets': [],
            'import_targets': [], 'export_targets': [], 'route_distinguishers': [], 'vni': None, 'local_pref': None,
            **attributes}})['id']

    def associate_router(self, bgpvpn, router):
        return self.bgpvpns.create_bgpvpn_router_association(self.admin, bgpvpn, {
            'router_association': {'router_id': router, **self.owned}})['id']

    def associate_network(self, bgpvpn, network):
        return self.bgpvpns.create_bgpvpn_network_association(self.admin, bgpvpn, {
            'network_association': {'network_id': network, **self.owned}})['id']

    def associate_port(self, bgpvpn, port, **attributes):
        return self.bgpvpns.create_bgpvpn_port_association(self.admin, bgpvpn, {
            'port_association': {'port_id': port, **self.owned, 'advertise_fixed_ips': True,
                                 'routes': [], **attributes}})['id']

    # What the databases say, asked by OVN's own programs

    def nbctl(self, *arguments):
        return subprocess.run(['ovn-nbctl', '--db=' + self.ovsdb_server_mgr.get_ovsdb_connection_path('nb'),
                               *arguments], check=True, capture_output=True, text=True, timeout=20).stdout

    def external_ids(self, row):
        """All keys of a row; None where there is no such row."""
        output = self.nbctl('--format=json', '--columns=external_ids', *(
            ['list', row.table] if row.table == annotations.GLOBAL else ['find', row.table, f'name="{row.name}"']))
        return external_ids_of(output)

    def keys(self, row):
        """Keys of the driver's, and what they say."""
        return {name: text for name, text in (self.external_ids(row) or {}).items() if annotations.is_ours(name)}

    def said(self, row, bgpvpn):
        """What a row says of a BGPVPN; None: nothing."""
        text = self.keys(row).get(annotations.key(bgpvpn))
        return None if text is None else json.loads(text)

    def wait_until(self, condition):
        utils.wait_until_true(condition, timeout=20, sleep=0.05)

    def wait_for_replica(self, row, key):
        """Until the driver's replica has seen a key that somebody else wrote."""
        self.wait_until(lambda: key in commands.present(self.federation.nb, [row]).get(row, {}))

    def gateway_of(self, router):
        return self.core.get_ports(self.admin, filters={
            'device_id': [router], 'device_owner': ['network:router_gateway']})[0]['id']

    def assert_right(self):
        """Nothing is to be repaired."""
        found, _wanted = annotator.drift(self.federation.nb)
        self.assertEqual({}, found.changes)


def second_connection(test):
    """To the northbound database, with a replica of its own: as another worker of Neutron's API has it."""
    api = impl_idl_ovn.OvsdbNbOvnIdl
    idl = ovsdb_monitor.BaseOvnIdl.from_server(api.connection_string, api.schema_helper)
    own = connection.Connection(idl, timeout=30)
    test.addCleanup(own.stop, timeout=10)
    return api(own)


def external_ids_of(output):
    """The first row's, of `ovn-nbctl --format=json --columns=external_ids`; None: there is no row."""
    data = json.loads(output)['data']
    return dict(data[0][0][1]) if data else None


def keys_of(output):
    """Those that the driver keeps."""
    return {name: text for name, text in (external_ids_of(output) or {}).items() if annotations.is_ours(name)}


def transact(test, operations):
    """A transaction of operations (RFC 7047, 4.1.3) on the northbound database. Its result, an object each."""
    path = test.ovsdb_server_mgr.get_ovsdb_connection_path('nb').removeprefix('unix:')
    with socket.socket(socket.AF_UNIX) as connected:
        connected.settimeout(60)
        connected.connect(path)
        connected.sendall(json.dumps({'method': 'transact', 'id': 1,
                                      'params': ['OVN_Northbound', *operations]}).encode())
        reply = b''
        while True:
            reply += connected.recv(1 << 20)
            try:
                result = json.loads(reply)['result']
                break
            except ValueError:
                continue
    test.assertFalse([one for one in result if one and 'error' in one])
    return result
