"""The driver in a cloud: real ML2/OVN, northbound database and northd."""

import subprocess

from neutron_lib.plugins import directory
from oslo_config import cfg

from networking_ovn_federation import annotations
from networking_ovn_federation import annotator
from networking_ovn_federation import check
from networking_ovn_federation import refusals
from networking_ovn_federation.tests.unit import base

PORT = annotations.port
SWITCH = annotations.switch


class RouterTest(base.CloudTestCase):

    def test_a_router_association_follows_the_routers_ports(self):
        network, subnet = self.a_network('10.1.1.0/24')
        external = self.an_external_network()
        router = self.a_router(external=external)
        interface = self.attach(router, subnet)
        bgpvpn = self.a_bgpvpn(vni=10001)
        association = self.associate_router(bgpvpn, router)
        for row in (PORT(interface), PORT(self.gateway_of(router)), SWITCH(network)):
            self.assertEqual({'association': association, 'by': 'router', 'name': 'blue', 'project': self.project,
                              'type': 'l3', 'vni': 10001}, self.said(row, bgpvpn))
        self.assertEqual({}, self.keys(SWITCH(external)))

        # northd copies what stands at router ports into the southbound database, where ovn-bgp-agent reads it.
        self.nbctl('--wait=sb', 'sync')
        self.assertEqual(self.keys(PORT(interface)), self.southbound_keys(interface))

        # An interface more.
        second, second_subnet = self.a_network('10.1.2.0/24')
        second_interface = self.attach(router, second_subnet)
        self.assertEqual('router', self.said(PORT(second_interface), bgpvpn)['by'])
        self.assertEqual('router', self.said(SWITCH(second), bgpvpn)['by'])

        # One less: its switch stays without keys.
        self.detach(router, subnet)
        self.assertIsNone(self.external_ids(PORT(interface)))
        self.assertEqual({}, self.keys(SWITCH(network)))

        # Another gateway.
        self.routers.update_router(self.admin, router, {'router': {'external_gateway_info': {}}})
        self.routers.update_router(self.admin, router, {'router': {'external_gateway_info': {'network_id': external}}})
        self.assertEqual('router', self.said(PORT(self.gateway_of(router)), bgpvpn)['by'])

        # Neutron replaces the keys of routers at each update; nothing of ours is there.
        self.routers.update_router(self.admin, router, {'router': {'name': 'other', 'description': 'x'}})
        self.assertEqual('router', self.said(PORT(second_interface), bgpvpn)['by'])
        self.assert_right()

        self.bgpvpns.delete_bgpvpn_router_association(self.admin, association, bgpvpn)
        for row in (PORT(second_interface), PORT(self.gateway_of(router)), SWITCH(second)):
            self.assertEqual({}, self.keys(row))
        self.assert_right()

    def test_what_the_admin_and_the_tenant_change_is_followed(self):
        _network, subnet = self.a_network('10.1.1.0/24')
        router = self.a_router()
        interface = self.attach(router, subnet)
        bgpvpn = self.a_bgpvpn(route_targets=['64900:1'])
        association = self.associate_router(bgpvpn, router)
        cfg.CONF.set_override('as', 65001, 'ovn_federation')
        self.bgpvpns.update_bgpvpn(self.admin, bgpvpn, {'bgpvpn': {
            'name': 'azure', 'route_targets': ['64900:3', '64900:2'], 'route_distinguishers': ['65001:9'],
            'local_pref': 200}})
        said = self.said(PORT(interface), bgpvpn)
        self.assertEqual(('azure', ['64900:2', '64900:3'], ['65001:9'], 200),
                         (said['name'], said['rt'], said['rd'], said['local_pref']))
        self.assertEqual('["64900:2", "64900:3"]', self.keys(PORT(interface))['neutron_bgpvpn:rt'])
        self.assertEqual('65001', self.keys(PORT(interface))['neutron_bgpvpn:as'])
        self.bgpvpns.update_bgpvpn_router_association(self.admin, association, bgpvpn, {
            'router_association': {'advertise_extra_routes': False}})
        self.assertIs(False, self.said(PORT(interface), bgpvpn)['extra_routes'])
        # The keys of ovn-bgp-agent that are not needed any more go.
        self.bgpvpns.update_bgpvpn(self.admin, bgpvpn, {'bgpvpn': {'route_targets': [], 'route_distinguishers': []}})
        self.assertEqual({'neutron_bgpvpn:as', 'neutron_bgpvpn:local_pref', 'neutron_bgpvpn:type',
                          annotations.key(bgpvpn)}, set(self.keys(PORT(interface))))
        self.assert_right()

    def southbound_keys(self, port):
        output = subprocess.run(['ovn-sbctl', '--db=' + self.ovsdb_server_mgr.get_ovsdb_connection_path('sb'),
                                 '--format=json', '--columns=external_ids', 'find', 'Port_Binding',
                                 f'logical_port="{port}"'],
                                check=True, capture_output=True, text=True, timeout=20).stdout
        return base.keys_of(output)


class NetworkAndPortTest(base.CloudTestCase):

    def test_a_layer_3_network_and_its_routers_to_come(self):
        network, subnet = self.a_network('10.1.1.0/24')
        bgpvpn = self.a_bgpvpn()
        association = self.associate_network(bgpvpn, network)
        self.assertEqual(('network', association), (self.said(SWITCH(network), bgpvpn)['by'],
                                                    self.said(SWITCH(network), bgpvpn)['association']))
        router = self.a_router(external=self.an_external_network())
        interface = self.attach(router, subnet)
        self.assertEqual('network', self.said(PORT(interface), bgpvpn)['by'])
        self.assertEqual('network', self.said(PORT(self.gateway_of(router)), bgpvpn)['by'])
        self.detach(router, subnet)
        self.assertEqual({}, self.keys(PORT(self.gateway_of(router))))
        self.assertEqual('network', self.said(SWITCH(network), bgpvpn)['by'])
        self.bgpvpns.delete_bgpvpn_network_association(self.admin, association, bgpvpn)
        self.assertEqual({}, self.keys(SWITCH(network)))
        self.assert_right()

    def test_a_network_of_layer_2_put_on_a_router_of_layer_3_is_in_both(self):
        network, subnet = self.a_network('10.1.1.0/24')
        flat = self.a_bgpvpn('flat', type='l2', vni=77)
        blue = self.a_bgpvpn('blue', vni=10001)
        self.associate_network(flat, network)
        router = self.a_router()
        self.associate_router(blue, router)
        interface = self.attach(router, subnet)
        self.assertEqual(('l2', 'l3'), (self.said(SWITCH(network), flat)['type'],
                                        self.said(SWITCH(network), blue)['type']))
        self.assertEqual('10001', self.keys(SWITCH(network))['neutron_bgpvpn:vni'])
        self.assertIsNone(self.said(PORT(interface), flat))
        self.assert_right()

    def test_a_port_and_its_routes(self):
        network, _subnet = self.a_network('10.1.1.0/24')
        port = self.a_port(network)
        bgpvpn = self.a_bgpvpn()
        association = self.associate_port(bgpvpn, port, routes=[
            {'type': 'prefix', 'prefix': '10.9.0.0/16', 'local_pref': 50}, {'type': 'prefix', 'prefix': '10.8.0.0/16'}])
        self.assertEqual({'association': association, 'by': 'port', 'name': 'blue', 'project': self.project,
                          'type': 'l3', 'routes': [{'prefix': '10.8.0.0/16'},
                                                   {'prefix': '10.9.0.0/16', 'local_pref': 50}]},
                         self.said(PORT(port), bgpvpn))
        self.bgpvpns.update_bgpvpn_port_association(self.admin, association, bgpvpn, {'port_association': {
            'advertise_fixed_ips': False, 'routes': [{'type': 'prefix', 'prefix': '10.7.0.0/16'}]}})
        said = self.said(PORT(port), bgpvpn)
        self.assertEqual((False, [{'prefix': '10.7.0.0/16'}]), (said['fixed_ips'], said['routes']))
        self.bgpvpns.delete_bgpvpn_port_association(self.admin, association, bgpvpn)
        self.assertEqual({}, self.keys(PORT(port)))
        self.assert_right()


class DeletionTest(base.CloudTestCase):

    def test_a_bgpvpn_that_is_deleted_takes_all_its_keys_along(self):
        network, subnet = self.a_network('10.1.1.0/24')
        router = self.a_router(external=self.an_external_network())
        interface = self.attach(router, subnet)
        other_network, _subnet = self.a_network('10.1.2.0/24')
        port = self.a_port(other_network)
        bgpvpn = self.a_bgpvpn()
        other = self.a_bgpvpn('other')
        self.associate_router(bgpvpn, router)
        self.associate_network(bgpvpn, other_network)
        self.associate_port(bgpvpn, port)
        self.associate_port(other, port)
        rows = [PORT(interface), PORT(self.gateway_of(router)), PORT(port), SWITCH(network), SWITCH(other_network)]
        for row in rows:
            self.assertIsNotNone(self.said(row, bgpvpn))
        self.bgpvpns.delete_bgpvpn(self.admin, bgpvpn)
        for row in rows + [annotations.NB_GLOBAL]:
            self.assertIsNone(self.said(row, bgpvpn))
        self.assertEqual('port', self.said(PORT(port), other)['by'])
        self.assert_right()

    def test_what_is_deleted_while_it_is_associated_leaves_nothing(self):
        network, subnet = self.a_network('10.1.1.0/24')
        port = self.a_port(network)
        empty = self.a_router()
        bgpvpn = self.a_bgpvpn()
        association = self.associate_port(bgpvpn, port)
        self.associate_router(bgpvpn, empty)
        self.associate_network(bgpvpn, network)
        self.core.delete_port(self.admin, port)
        self.routers.delete_router(self.admin, empty)
        self.assertIsNone(self.external_ids(PORT(port)))
        self.core.delete_network(self.admin, network)
        self.assertIsNone(self.external_ids(SWITCH(network)))
        self.assertEqual([], self.bgpvpns.get_bgpvpn_port_associations(self.admin, bgpvpn))
        self.assertNotIn(association, self.nbctl('list', 'Logical_Switch_Port'))
        self.assertEqual('none', self.said(annotations.NB_GLOBAL, bgpvpn)['by'])
        self.assert_right()

    def test_a_bgpvpn_without_association_is_said_to_exist(self):
        bgpvpn = self.a_bgpvpn(vni=10001)
        self.assertEqual({'by': 'none', 'name': 'blue', 'project': self.project, 'type': 'l3', 'vni': 10001},
                         self.said(annotations.NB_GLOBAL, bgpvpn))
        other = self.a_bgpvpn('other')
        self.bgpvpns.update_bgpvpn(self.admin, bgpvpn, {'bgpvpn': {'name': 'azure'}})
        self.assertEqual('azure', self.said(annotations.NB_GLOBAL, bgpvpn)['name'])
        self.bgpvpns.delete_bgpvpn(self.admin, bgpvpn)
        self.assertIsNone(self.said(annotations.NB_GLOBAL, bgpvpn))
        self.assertEqual('other', self.said(annotations.NB_GLOBAL, other)['name'])


class RefusalTest(base.CloudTestCase):

    def assert_refused(self, refusal, *words):
        self.assertEqual(400, refusal.code if hasattr(refusal, 'code') else 400)
        for word in words:
            self.assertIn(word, str(refusal))

    def test_a_second_vpn_of_a_router(self):
        router = self.a_router()
        blue, red = self.a_bgpvpn('blue'), self.a_bgpvpn('red')
        association = self.associate_router(blue, router)
        refusal = self.assertRaises(refusals.RouterInAnotherBGPVPN, self.associate_router, red, router)
        self.assert_refused(refusal, f'Router {router} is in BGPVPN blue ({blue}) already',
                            f'openstack bgpvpn router association delete {association} {blue}')
        self.assertEqual([], self.bgpvpns.get_bgpvpn_router_associations(self.admin, red))

    def test_a_second_layer_3_vpn_of_a_network(self):
        network, _subnet = self.a_network('10.1.1.0/24')
        blue, red, flat = self.a_bgpvpn('blue'), self.a_bgpvpn('red'), self.a_bgpvpn('flat', type='l2')
        association = self.associate_network(blue, network)
        refusal = self.assertRaises(refusals.NetworkInAnotherBGPVPN, self.associate_network, red, network)
        self.assert_refused(refusal, f'openstack bgpvpn network association delete {association} {blue}')
        self.assertEqual([], self.bgpvpns.get_bgpvpn_network_associations(self.admin, red))
        # One of layer 2 beside it is something else.
        self.associate_network(flat, network)
        self.assertEqual({'network'}, {self.said(SWITCH(network), b)['by'] for b in (blue, flat)})

    def test_ports_of_routers_and_routes_of_other_vpns(self):
        network, subnet = self.a_network('10.1.1.0/24')
        router = self.a_router()
        interface = self.attach(router, subnet)
        blue, red = self.a_bgpvpn('blue'), self.a_bgpvpn('red')
        refusal = self.assertRaises(refusals.PortIsARouters, self.associate_port, blue, interface)
        self.assert_refused(refusal, f'openstack bgpvpn router association create {blue} {router}')
        port = self.a_port(network)
        self.assertRaises(refusals.RoutesOfBGPVPN, self.associate_port, blue, port,
                          routes=[{'type': 'bgpvpn', 'bgpvpn_id': red}])
        self.assertEqual([], self.bgpvpns.get_bgpvpn_port_associations(self.admin, blue))
        association = self.associate_port(blue, port, routes=[{'type': 'prefix', 'prefix': '10.9.0.0/16'}])
        self.assertRaises(refusals.RoutesOfBGPVPN, self.bgpvpns.update_bgpvpn_port_association, self.admin,
                          association, blue, {'port_association': {'routes': [{'type': 'bgpvpn', 'bgpvpn_id': red}]}})
        self.assertEqual([{'prefix': '10.9.0.0/16'}], self.said(PORT(port), blue)['routes'])
        self.assert_right()

    def test_what_is_too_long_for_the_reader(self):
        network, _subnet = self.a_network('10.1.1.0/24')
        port = self.a_port(network)
        bgpvpn = self.a_bgpvpn()
        routes = [{'type': 'prefix', 'prefix': f'10.{i // 256}.{i % 256}.0/24', 'local_pref': 4294967295}
                  for i in range(100)]
        refusal = self.assertRaises(refusals.AnnotationTooLong, self.associate_port, bgpvpn, port, routes=routes)
        self.assert_refused(refusal, '4096')
        association = self.associate_port(bgpvpn, port, routes=routes[:70])
        self.assertEqual(70, len(self.said(PORT(port), bgpvpn)['routes']))
        # What fitted and grows by a name or by targets is refused as well.
        refusal = self.assertRaises(refusals.AnnotationTooLong, self.bgpvpns.update_bgpvpn, self.admin, bgpvpn,
                                    {'bgpvpn': {'name': '🟦' * 250}})
        self.assert_refused(refusal, f'its port association {association}')
        self.assertEqual('blue', self.bgpvpns.get_bgpvpn(self.admin, bgpvpn)['name'])
        self.assertEqual('blue', self.said(PORT(port), bgpvpn)['name'])


class HandTest(base.CloudTestCase):

    def test_keys_changed_by_hand_are_right_after_the_repair(self):
        network, subnet = self.a_network('10.1.1.0/24')
        router = self.a_router()
        interface = self.attach(router, subnet)
        bgpvpn = self.a_bgpvpn(vni=10001)
        self.associate_router(bgpvpn, router)
        right = {row: self.external_ids(row) for row in (PORT(interface), SWITCH(network), annotations.NB_GLOBAL)}
        key = annotations.key(bgpvpn)
        self.nbctl('lsp-set-enabled', interface, 'enabled')
        self.nbctl('remove', 'Logical_Switch_Port', interface, 'external_ids', f'"{key}"')
        self.nbctl('set', 'Logical_Switch_Port', interface, r'external_ids:neutron_bgpvpn\:vni=666')
        self.nbctl('set', 'Logical_Switch', f'neutron-{network}', r'external_ids:neutron_bgpvpn\:as=7',
                   r'external_ids:ovn_federation\:anything=x')
        self.nbctl('remove', 'NB_Global', '.', 'external_ids', f'"{key}"')
        port = self.a_port(network)
        self.nbctl('set', 'Logical_Switch_Port', port, r'external_ids:ovn_federation\:bgpvpn/forged="{}"',
                   'external_ids:mine=yours')
        self.nbctl('ls-add', 'by-hand', '--', 'set', 'Logical_Switch', 'by-hand',
                   r'external_ids:neutron_bgpvpn\:vni=7')
        self.nbctl('--wait=sb', 'sync')
        self.wait_for_replica(SWITCH(network), 'ovn_federation:anything')
        self.assertEqual({PORT(interface), PORT(port), SWITCH(network), annotations.NB_GLOBAL},
                         set(annotator.drift(self.federation.nb)[0].changes))
        annotator.repair(self.federation.nb)
        for row, keys in right.items():
            self.assertEqual(keys, self.external_ids(row))
        self.assertEqual({}, self.keys(PORT(port)))
        # What is other people's stays: keys, and rows that Neutron did not make.
        self.assertEqual('yours', self.external_ids(PORT(port))['mine'])
        self.assertEqual({'neutron_bgpvpn:vni': '7'}, self.external_ids(annotations.Row('Logical_Switch', 'by-hand')))
        self.assert_right()

    def test_annotations_by_hand_stay_where_that_is_configured(self):
        network, _subnet = self.a_network('10.1.1.0/24')
        cfg.CONF.set_override('keep_unowned', True, 'ovn_federation')
        self.nbctl('set', 'Logical_Switch', f'neutron-{network}', r'external_ids:neutron_bgpvpn\:vni=7',
                   r'external_ids:neutron_bgpvpn\:type=l3')
        self.wait_for_replica(SWITCH(network), 'neutron_bgpvpn:type')
        annotator.repair(self.federation.nb)
        self.assertEqual('7', self.keys(SWITCH(network))['neutron_bgpvpn:vni'])
        # The API takes them over, and its end is theirs.
        bgpvpn = self.a_bgpvpn(vni=8)
        association = self.associate_network(bgpvpn, network)
        self.assertEqual('8', self.keys(SWITCH(network))['neutron_bgpvpn:vni'])
        self.bgpvpns.delete_bgpvpn_network_association(self.admin, association, bgpvpn)
        self.assertEqual({}, self.keys(SWITCH(network)))


class PluginTest(base.CloudTestCase):

    def test_the_plugin_has_the_extensions_of_the_driver(self):
        self.assertLessEqual({'bgpvpn', 'bgpvpn-vni', 'bgpvpn-routes-control'},
                             set(directory.get_plugin('bgpvpn').supported_extension_aliases))


class CheckTest(base.CloudTestCase):

    def test_the_check_says_what_differs_and_what_hands_wrote(self):
        network, subnet = self.a_network('10.1.1.0/24')
        router = self.a_router()
        interface = self.attach(router, subnet)
        bgpvpn = self.a_bgpvpn()
        self.associate_router(bgpvpn, router)
        found, _wanted = annotator.drift(self.federation.nb)
        self.assertEqual([f'{found.rows} rows, 0 differ'], list(check.report(found)))
        by_hand, _subnet = self.a_network('10.1.2.0/24')
        self.nbctl('set', 'Logical_Switch', f'neutron-{by_hand}', r'external_ids:neutron_bgpvpn\:vni=7')
        self.nbctl('remove', 'Logical_Switch_Port', interface, 'external_ids', f'"{annotations.key(bgpvpn)}"')
        self.wait_for_replica(SWITCH(by_hand), 'neutron_bgpvpn:vni')
        lines = list(check.report(annotator.drift(check.northbound())[0]))
        self.assertIn(f'Logical_Switch_Port {interface}: set {annotations.key(bgpvpn)}', lines)
        self.assertIn(f'Logical_Switch neutron-{by_hand}: remove neutron_bgpvpn:vni', lines)
        self.assertIn('1 of them have keys of ovn-bgp-agent alone', ' '.join(lines))
        self.assertEqual(f'{found.rows + 1} rows, 2 differ', lines[-1])
        # It changed nothing.
        self.assertEqual({'neutron_bgpvpn:vni': '7'}, self.keys(SWITCH(by_hand)))
