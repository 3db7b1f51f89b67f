"""The API as clients see it: upstream's plugin and its own test case, with REST requests in one process."""

import copy
import unittest
from unittest import mock

from networking_bgpvpn.tests.unit.services import test_plugin
from neutron.api import api_common
from neutron_lib.api.definitions import bgpvpn
from neutron_lib.api.definitions import bgpvpn_routes_control
from neutron_lib.api.definitions import bgpvpn_vni
import webob.exc

from networking_ovn_federation import driver
from networking_ovn_federation import filters

DRIVER = 'networking_ovn_federation.driver.OVNFederationDriver'


class ApiTest(test_plugin.BgpvpnTestCaseMixin):

    def setUp(self):
        super().setUp(service_provider=DRIVER)
        # Neutron 22 and older say tenant.
        self.owned = ({'project_id': self._project_id} if hasattr(self, '_project_id')
                      else {'tenant_id': self._tenant_id})
        # Older ones ask as an admin always.
        self.as_admin = {'as_admin': True} if hasattr(self, '_project_id') else {}

    def listed(self, query):
        """Status, and names of the BGPVPNs."""
        request = self.new_list_request('bgpvpn/bgpvpns', params=query, **self.as_admin)
        response = request.get_response(self.ext_api)
        return response.status_int, sorted(b['name'] for b in response.json.get('bgpvpns', []))

    def test_bgpvpns_are_found_by_name_and_by_what_is_associated(self):
        with self.router(**self.owned) as router, self.bgpvpn(name='blue', vni=10001) as blue, \
                self.bgpvpn(name='red'):
            with self.assoc_router(blue['bgpvpn']['id'], router['router']['id']):
                self.assertEqual((200, ['blue']), self.listed('name=blue'))
                self.assertEqual((200, ['blue']), self.listed('vni=10001'))
                self.assertEqual((200, ['blue']), self.listed('routers=' + router['router']['id']))
                self.assertEqual((200, ['blue', 'red']), self.listed('type=l3'))

    def test_a_refusal_is_a_bad_request_that_says_what_to_type(self):
        with self.router(**self.owned) as router, self.bgpvpn(name='blue') as blue, \
                self.bgpvpn(name='red') as red:
            with self.assoc_router(blue['bgpvpn']['id'], router['router']['id']) as association:
                response = self.new_create_request('bgpvpn/bgpvpns', {'router_association': {
                    'router_id': router['router']['id'], **self.owned}}, id=red['bgpvpn']['id'],
                    subresource='router_associations', **self.as_admin).get_response(self.ext_api)
                self.assertEqual(400, response.status_int)
                self.assertIn('openstack bgpvpn router association delete '
                              f"{association['router_association']['id']} {blue['bgpvpn']['id']}",
                              response.json['NeutronError']['message'])
                shown = self.new_show_request('bgpvpn/bgpvpns', red['bgpvpn']['id'], **self.as_admin)
                self.assertEqual([], shown.get_response(self.ext_api).json['bgpvpn']['routers'])

    def test_a_cloud_without_ovn_gets_its_answer_and_a_line_in_the_log(self):
        # The plugins of this test case have no OVN: what comes after the commit must not fail the request.
        with mock.patch.object(driver.LOG, 'exception') as logged, self.bgpvpn(name='blue'):
            logged.assert_called()


class FiltersTest(unittest.TestCase):

    def test_marking_filters_twice_changes_nothing(self):
        maps = (bgpvpn.RESOURCE_ATTRIBUTE_MAP, bgpvpn_vni.RESOURCE_ATTRIBUTE_MAP,
                bgpvpn_routes_control.SUB_RESOURCE_ATTRIBUTE_MAP)
        filters.mark()
        before = copy.deepcopy(maps)
        filters.mark()
        self.assertEqual(before, maps)

    def test_neutron_takes_names_and_refuses_what_it_would_answer_wrongly(self):
        # Neutron's own check, as a server with the extension `filter-validation` (the default) runs it.
        attributes = {**bgpvpn.RESOURCE_ATTRIBUTE_MAP['bgpvpns'], **bgpvpn_vni.RESOURCE_ATTRIBUTE_MAP['bgpvpns'],
                      **bgpvpn_routes_control.RESOURCE_ATTRIBUTE_MAP['bgpvpns']}

        def asked(**query):
            with mock.patch.object(api_common, 'is_filter_validation_enabled', return_value=True):
                return api_common.get_filters_from_dict(query, attributes, is_filter_validation_supported=True)
        self.assertEqual({'name': ['blue'], 'routers': ['r'], 'vni': [7]},
                         asked(name=['blue'], routers=['r'], vni=['7']))
        self.assertRaises(webob.exc.HTTPBadRequest, asked, ports=['p'])
