"""The driver in a cloud: real ML2/OVN, northbound database and northd."""

from networking_ovn_federation import annotations
from networking_ovn_federation.tests.unit import base


class RouterTest(base.CloudTestCase):

    def test_a_router_association_and_its_end(self):
        network, subnet = self.a_network('10.1.1.0/24')
        router = self.a_router(external=self.an_external_network())
        interface = self.attach(router, subnet)
        bgpvpn = self.a_bgpvpn(vni=10001)
        association = self.associate_router(bgpvpn, router)
        for row in (annotations.port(interface), annotations.port(self.gateway_of(router)),
                    annotations.switch(network)):
            self.assertEqual({'association': association, 'by': 'router', 'name': 'blue', 'project': self.project,
                              'type': 'l3', 'vni': 10001}, self.said(row, bgpvpn))
        self.bgpvpns.delete_bgpvpn_router_association(self.admin, association, bgpvpn)
        self.assertEqual({}, self.keys(annotations.port(interface)))
        self.assertEqual({}, self.keys(annotations.switch(network)))
        self.assert_right()
