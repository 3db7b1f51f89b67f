"""ovn-bgp-agent 7.0.0 reads what the driver wrote: its own code, on real databases.

Its code that touches the node (bridges, VRFs) is left out; all that reads OVN's databases is its own.
"""

from unittest import mock

from oslo_config import cfg
from ovn_bgp_agent import constants as agent_constants
from ovn_bgp_agent.drivers.openstack.utils import ovn as agent_ovn
from ovn_bgp_agent.drivers.openstack.utils import wire
from ovn_bgp_agent.drivers.openstack.watchers import evpn_watcher
from ovn_bgp_agent.drivers.openstack.watchers import nb_bgp_watcher
from ovsdbapp.backend.ovs_idl import connection

from networking_ovn_federation import annotations
from networking_ovn_federation.tests.unit import base

CHASSIS = 'gw1'


class AgentTest(base.CloudTestCase):

    def agents(self, api, idl):
        """A connection of the agent's, as its drivers make it."""
        mock.patch.object(api, 'ovsdb_connection', None, create=True).start()
        own = connection.Connection(idl, timeout=30)
        self.addCleanup(own.stop, timeout=10)
        return api(own)

    def southbound(self):
        tables = ('Port_Binding', 'Datapath_Binding', 'SB_Global', 'Chassis')
        return self.agents(agent_ovn.OvsdbSbOvnIdl, agent_ovn.OvnSbIdl(
            self.ovsdb_server_mgr.get_ovsdb_connection_path('sb'), chassis=CHASSIS, tables=tables))

    def northbound(self):
        tables = ('Logical_Switch', 'Logical_Switch_Port', 'NB_Global')
        return self.agents(agent_ovn.OvsdbNbOvnIdl, agent_ovn.OvnNbIdl(
            self.ovsdb_server_mgr.get_ovsdb_connection_path('nb'), tables=tables))

    def test_the_southbound_evpn_driver_exposes_the_routers_ports(self):
        cfg.CONF.set_override('as', 65001, 'ovn_federation')
        _network, subnet = self.a_network('10.1.1.0/24')
        router = self.a_router(external=self.an_external_network())
        interface = self.attach(router, subnet)
        gateway = self.gateway_of(router)
        bgpvpn = self.a_bgpvpn(vni=10001)
        association = self.associate_router(bgpvpn, router)
        self.nbctl('--wait=sb', 'sync')
        agent = self.southbound()
        attached = evpn_watcher.SubnetRouterAttachedEvent(mock.Mock(chassis=CHASSIS))
        for port in (interface, gateway):
            self.assertEqual({'vni': 10001, 'bgp_as': 65001}, agent.get_evpn_info_from_port_name('lrp-' + port))
            row = agent.get_port_by_name(port)
            self.assertEqual(agent_constants.OVN_PATCH_VIF_PORT_TYPE, row.type)
            self.assertTrue(attached.match_fn(attached.ROW_CREATE, row, None))
        # Its end is seen as well: nothing is left that it would read.
        self.bgpvpns.delete_bgpvpn_router_association(self.admin, association, bgpvpn)
        self.nbctl('--wait=sb', 'sync')
        self.wait_until(lambda: agent.get_evpn_info_from_port_name('lrp-' + interface) == {})
        self.assertFalse(attached.match_fn(attached.ROW_CREATE, agent.get_port_by_name(gateway), None))

    def test_the_northbound_driver_reads_the_switches(self):
        external = self.an_external_network()
        bgpvpn = self.a_bgpvpn(vni=10001, route_targets=['64900:10001', '64900:2'], import_targets=['1:1'],
                               export_targets=['1:2'], route_distinguishers=['65001:9'])
        association = self.associate_network(bgpvpn, external)
        agent = self.northbound()
        ports = list(agent.get_localnet_ports_by_network_name('physnet1'))
        networks = agent.get_bgpvpn_networks_for_ports(ports)
        self.assertEqual([annotations.switch(external).name], [row.name for row in networks])
        # Its own loop, up to where it would make the bridge.
        node = mock.Mock()
        node.get_ovn_bridge_mappings.return_value = ['physnet1:br-ex']
        devices = mock.patch.object(wire, '_ensure_evpn_vlan_dev', return_value=(None, None))
        with mock.patch.object(wire.evpn, 'setup') as setup, devices, mock.patch.object(wire, 'linux_net'), \
                mock.patch.object(wire, 'ovs'):
            wire._ensure_base_wiring_config_evpn(agent, node)
        (call,) = setup.call_args_list
        self.assertEqual('10001', call.kwargs['vni'])
        self.assertEqual({'route_targets': ['64900:10001', '64900:2'], 'import_targets': ['1:1'],
                          'export_targets': ['1:2'], 'route_distinguishers': ['65001:9']}, call.kwargs['evpn_opts'])
        # The end of the association is an event for it.
        event = nb_bgp_watcher.LogicalSwitchUpdateEvent(mock.Mock())
        old = mock.Mock(external_ids=dict(networks[0].external_ids))
        self.bgpvpns.delete_bgpvpn_network_association(self.admin, association, bgpvpn)
        self.wait_until(lambda: not agent.get_bgpvpn_networks_for_ports(ports))
        self.assertTrue(event.match_fn(event.ROW_UPDATE, networks[0], old))

    def test_a_vpn_of_layer_2_is_none_of_layer_3_for_it(self):
        external = self.an_external_network()
        self.associate_network(self.a_bgpvpn(type='l2', vni=77), external)
        agent = self.northbound()
        ports = list(agent.get_localnet_ports_by_network_name('physnet1'))
        self.assertEqual([], agent.get_bgpvpn_networks_for_ports(ports))
        self.assertEqual(1, len(agent.get_bgpvpn_networks_for_ports(ports, vpn_type='l2')))
