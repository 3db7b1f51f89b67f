"""Pure: what rows shall say. Needs nothing but Python."""

import json
import unittest

from networking_ovn_federation import annotations
from networking_ovn_federation.annotations import Association
from networking_ovn_federation.annotations import BGPVPN
from networking_ovn_federation.annotations import RouterPort

BLUE = BGPVPN('b1', 'blue', 'p1', 'l3', vni=10001, route_targets=('64900:10001',))
RED = BGPVPN('b2', 'red', 'p1', 'l3')
FLAT = BGPVPN('b3', 'flat', 'p1', 'l2', vni=77)
# Router r1 has interfaces on n1 and n2, and a gateway; r2 is on n2 as well.
PORTS = (RouterPort('i1', 'r1', 'n1'), RouterPort('i2', 'r1', 'n2'), RouterPort('g1', 'r1', 'ext', True),
         RouterPort('j2', 'r2', 'n2'), RouterPort('h2', 'r2', 'ext', True))


def desired(*associations, bgpvpns=(BLUE, RED, FLAT), ports=PORTS, local_as=None):
    return annotations.desired(annotations.Facts({b.id: b for b in bgpvpns}, associations, ports), local_as)


def rows(wanted):
    """Of a BGPVPN's rows: table and name, NB_Global left out."""
    return sorted((row.table, row.name) for row in wanted if row != annotations.NB_GLOBAL)


def said(wanted, row, bgpvpn=BLUE):
    return json.loads(wanted[row][annotations.key(bgpvpn.id)])


class RowsTest(unittest.TestCase):

    def test_a_router_annotates_its_interfaces_its_gateway_and_the_switches_of_its_interfaces(self):
        wanted = desired(Association('a', 'b1', 'router', 'r1'))
        self.assertEqual([('Logical_Switch', 'neutron-n1'), ('Logical_Switch', 'neutron-n2'),
                          ('Logical_Switch_Port', 'g1'), ('Logical_Switch_Port', 'i1'),
                          ('Logical_Switch_Port', 'i2')], rows(wanted))

    def test_nothing_is_written_on_routers(self):
        wanted = desired(Association('a', 'b1', 'router', 'r1'), Association('c', 'b1', 'network', 'n2'))
        self.assertEqual({'Logical_Switch', 'Logical_Switch_Port', 'NB_Global'}, {row.table for row in wanted})

    def test_a_layer_3_network_annotates_its_switch_and_its_routers_interfaces_and_gateways(self):
        wanted = desired(Association('a', 'b1', 'network', 'n2'))
        self.assertEqual([('Logical_Switch', 'neutron-n2'), ('Logical_Switch_Port', 'g1'),
                          ('Logical_Switch_Port', 'h2'), ('Logical_Switch_Port', 'i2'),
                          ('Logical_Switch_Port', 'j2')], rows(wanted))

    def test_a_layer_2_network_annotates_its_switch_only(self):
        wanted = desired(Association('a', 'b3', 'network', 'n2'))
        self.assertEqual([('Logical_Switch', 'neutron-n2')], rows(wanted))
        self.assertEqual('l2', wanted[annotations.switch('n2')]['neutron_bgpvpn:type'])

    def test_a_port_annotates_itself(self):
        wanted = desired(Association('a', 'b1', 'port', 'vm'))
        self.assertEqual([('Logical_Switch_Port', 'vm')], rows(wanted))

    def test_a_router_without_ports_has_no_row(self):
        self.assertEqual([], rows(desired(Association('a', 'b1', 'router', 'r9'))))

    def test_an_external_network_of_a_gateway_is_not_the_routers(self):
        self.assertNotIn(annotations.switch('ext'), desired(Association('a', 'b1', 'router', 'r1')))

    def test_a_bgpvpn_that_went_meanwhile_annotates_nothing(self):
        self.assertEqual([], rows(desired(Association('a', 'gone', 'router', 'r1'))))

    def test_the_order_of_associations_does_not_matter(self):
        one = Association('a', 'b1', 'network', 'n1')
        two = Association('c', 'b1', 'network', 'n2')
        self.assertEqual(desired(one, two), desired(two, one))
        self.assertEqual('a', said(desired(two, one), annotations.port('g1'))['association'])


class KeysTest(unittest.TestCase):

    def test_our_key_is_json_with_sorted_members_and_no_blanks(self):
        wanted = desired(Association('a', 'b1', 'router', 'r1'))
        self.assertEqual('{"association":"a","by":"router","name":"blue","project":"p1","rt":["64900:10001"],'
                         '"type":"l3","vni":10001}',
                         wanted[annotations.port('i1')]['ovn_federation:bgpvpn/b1'])

    def test_what_is_not_set_is_absent(self):
        wanted = desired(Association('a', 'b2', 'router', 'r1'))
        self.assertEqual({'association': 'a', 'by': 'router', 'name': 'red', 'project': 'p1', 'type': 'l3'},
                         said(wanted, annotations.port('i1'), RED))

    def test_a_vni_of_none_writes_no_vni_for_others_either(self):
        wanted = desired(Association('a', 'b2', 'router', 'r1'))
        self.assertEqual({'ovn_federation:bgpvpn/b2', 'neutron_bgpvpn:type'}, set(wanted[annotations.port('i1')]))

    def test_all_that_a_bgpvpn_may_have_is_there(self):
        full = BLUE._replace(import_targets=('1:1', '1:2'), export_targets=('1:3',), route_distinguishers=('9:9',),
                             local_pref=200)
        wanted = desired(Association('a', 'b1', 'router', 'r1', extra_routes=False), bgpvpns=[full], local_as=65001)
        self.assertEqual({'association': 'a', 'by': 'router', 'name': 'blue', 'project': 'p1', 'type': 'l3',
                          'vni': 10001, 'rt': ['64900:10001'], 'it': ['1:1', '1:2'], 'et': ['1:3'], 'rd': ['9:9'],
                          'local_pref': 200, 'extra_routes': False}, said(wanted, annotations.port('i1')))
        keys = {name: text for name, text in wanted[annotations.port('i1')].items() if 'neutron' in name}
        self.assertEqual({'neutron_bgpvpn:vni': '10001', 'neutron_bgpvpn:as': '65001', 'neutron_bgpvpn:type': 'l3',
                          'neutron_bgpvpn:rt': '["64900:10001"]', 'neutron_bgpvpn:it': '["1:1", "1:2"]',
                          'neutron_bgpvpn:et': '["1:3"]', 'neutron_bgpvpn:rd': '["9:9"]',
                          'neutron_bgpvpn:local_pref': '200'}, keys)

    def test_a_local_preference_of_zero_is_a_value(self):
        wanted = desired(Association('a', 'b1', 'port', 'vm', routes=(annotations.Route('10.9.0.0/16', 0),)),
                         bgpvpns=[BLUE._replace(local_pref=0)])
        self.assertEqual(0, said(wanted, annotations.port('vm'))['local_pref'])
        self.assertEqual([{'local_pref': 0, 'prefix': '10.9.0.0/16'}], said(wanted, annotations.port('vm'))['routes'])

    def test_routes_and_fixed_addresses_of_a_port(self):
        wanted = desired(Association('a', 'b1', 'port', 'vm', fixed_ips=False, routes=(
            annotations.Route('10.9.0.0/16', 50), annotations.Route('10.8.0.0/16'))))
        self.assertEqual([{'prefix': '10.8.0.0/16'}, {'prefix': '10.9.0.0/16', 'local_pref': 50}],
                         said(wanted, annotations.port('vm'))['routes'])
        self.assertIs(False, said(wanted, annotations.port('vm'))['fixed_ips'])

    def test_every_bgpvpn_is_said_to_exist(self):
        wanted = desired()[annotations.NB_GLOBAL]
        self.assertEqual({annotations.key(b.id) for b in (BLUE, RED, FLAT)}, set(wanted))
        self.assertEqual('{"by":"none","name":"blue","project":"p1","rt":["64900:10001"],"type":"l3","vni":10001}',
                         wanted[annotations.key('b1')])

    def test_an_odd_name_keeps_nothing_else_from_being_written(self):
        for name in ('bläu "1"', 'a\n\x00b', '\ud800', '🟦' * 255):
            text = annotations.value(BLUE._replace(name=name))
            json.loads(text)
            text.encode('utf-8')
            self.assertNotIn('\n', text)
            self.assertNotIn('\x00', text)
            self.assertLess(annotations.length(text), annotations.VALUE_LIMIT)


class SeveralTest(unittest.TestCase):

    def test_a_row_in_two_vpns_has_a_key_of_each_and_layer_3_for_ovn_bgp_agent(self):
        for order in (1, -1):
            wanted = desired(*[Association('a', 'b3', 'network', 'n1'),
                               Association('z', 'b1', 'router', 'r1')][::order])
            keys = wanted[annotations.switch('n1')]
            self.assertEqual('network', said(wanted, annotations.switch('n1'), FLAT)['by'])
            self.assertEqual('router', said(wanted, annotations.switch('n1'))['by'])
            self.assertEqual(('l3', '10001'), (keys['neutron_bgpvpn:type'], keys['neutron_bgpvpn:vni']))

    def test_the_widest_association_of_a_bgpvpn_is_named(self):
        wanted = desired(Association('a', 'b1', 'port', 'i1'), Association('z', 'b1', 'router', 'r1'))
        self.assertEqual(('router', 'z'), (said(wanted, annotations.port('i1'))['by'],
                                           said(wanted, annotations.port('i1'))['association']))

    def test_a_layer_2_vpn_of_a_network_leaves_its_routers_ports_alone(self):
        wanted = desired(Association('a', 'b3', 'network', 'n1'), Association('z', 'b1', 'router', 'r1'))
        self.assertNotIn(annotations.key('b3'), wanted[annotations.port('i1')])


class DifferenceTest(unittest.TestCase):

    def test_equal_keys_are_no_change(self):
        keys = {'ovn_federation:bgpvpn/b1': '{}', 'neutron_bgpvpn:vni': '1'}
        self.assertFalse(annotations.difference({**keys, 'neutron:port_name': 'x'}, keys))

    def test_other_peoples_keys_are_never_touched(self):
        change = annotations.difference({'neutron:port_name': 'x', 'name': 'y', 'neutron_bgpvpn': 'z'}, {})
        self.assertFalse(change)

    def test_what_is_wrong_is_set_and_what_is_too_much_is_removed(self):
        change = annotations.difference({'neutron_bgpvpn:vni': '2', 'neutron_bgpvpn:as': '1', 'ovn_federation:x': '',
                                         'neutron:y': ''}, {'neutron_bgpvpn:vni': '1', 'neutron_bgpvpn:type': 'l3'})
        self.assertEqual({'neutron_bgpvpn:vni': '1', 'neutron_bgpvpn:type': 'l3'}, change.set)
        self.assertEqual({'neutron_bgpvpn:as', 'ovn_federation:x'}, change.remove)

    def test_keys_outside_of_what_is_looked_at_stay(self):
        present = {annotations.key('b1'): 'old', annotations.key('b2'): 'old'}
        change = annotations.difference(present, {}, only={annotations.key('b1')})
        self.assertEqual({annotations.key('b1')}, change.remove)

    def test_annotations_by_hand_go_or_stay_as_configured(self):
        by_hand = {'neutron_bgpvpn:vni': '7', 'neutron_bgpvpn:as': '65001'}
        self.assertEqual(set(by_hand), annotations.difference(by_hand, {}).remove)
        self.assertFalse(annotations.difference(by_hand, {}, keep_unowned=True))
        # What the driver wrote has a key of its own beside, and goes.
        ours = {**by_hand, annotations.key('b1'): '{}'}
        self.assertEqual(set(ours), annotations.difference(ours, {}, keep_unowned=True).remove)
        # What is associated through the API is the API's.
        self.assertTrue(annotations.difference(by_hand, {'neutron_bgpvpn:vni': '8'}, keep_unowned=True))
