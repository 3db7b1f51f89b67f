"""What associations and repairs cost in a large cloud. Prints figures: run it with `make neutron-bench`.

1,000 projects with a router each, in a BGPVPN of its own, with one gateway and four interfaces; 10,000 ports with
those of VMs.
Neutron's database is SQLite in memory; the northbound database is OVN's, without northd.
"""

import json
import os
import resource
import time

from neutron.db.models import l3
from neutron.db import models_v2
from neutron_lib.db import api as db_api
from neutron_lib.db import standard_attr
from oslo_utils import uuidutils

from networking_bgpvpn.neutron.db import bgpvpn_db

from networking_ovn_federation import annotator
from networking_ovn_federation.tests.unit import base

ROUTERS = 1000
INTERFACES = 4
PORTS = 10000


class ScaleTest(base.CloudTestCase):

    def fill(self):
        """Rows of both databases, as Neutron would have made them. Ids of the routers."""
        ids = [uuidutils.generate_uuid() for _ in range(ROUTERS)]
        external = uuidutils.generate_uuid()
        networks = {external: [], **{uuidutils.generate_uuid(): [] for _ in range(ROUTERS * INTERFACES)}}
        tenants = iter(list(networks)[1:])
        ports = []
        for router in ids:
            ports.append((router, external, 'network:router_gateway'))
            ports += [(router, next(tenants), 'network:router_interface') for _ in range(INTERFACES)]
        for network in list(networks)[1:PORTS - len(ports) + 1]:
            ports.append((None, network, 'compute:nova'))
        ports += [(None, external, 'compute:nova')] * (PORTS - len(ports))
        self.fill_neutron(ids, networks, [(uuidutils.generate_uuid(), *port) for port in ports])
        return ids

    def fill_neutron(self, routers, networks, ports):
        with db_api.CONTEXT_WRITER.using(self.admin) as session:
            number = session.query(standard_attr.StandardAttribute).count() + 1000

            def put(model, rows, has_standard=True):
                nonlocal number
                rows = list(rows)
                if has_standard:
                    session.bulk_insert_mappings(standard_attr.StandardAttribute, [
                        {'id': number + i, 'resource_type': model.__tablename__, 'revision_number': 1}
                        for i in range(len(rows))])
                    rows = [{**row, 'standard_attr_id': number + i} for i, row in enumerate(rows)]
                    number += len(rows)
                session.bulk_insert_mappings(model, rows)
            project = {'project_id': self.project}
            put(models_v2.Network, ({'id': n, 'name': '', 'admin_state_up': True, 'mtu': 1400, **project}
                                    for n in networks))
            put(models_v2.Port, ({'id': p, 'name': '', 'network_id': n, 'admin_state_up': True, 'status': 'ACTIVE',
                                  'mac_address': 'fa:16:3e:%02x:%02x:%02x' % (i >> 16, i >> 8 & 255, i & 255),
                                  'device_id': r or '', 'device_owner': owner, **project}
                                 for i, (p, r, n, owner) in enumerate(ports)))
            # networking-bgpvpn itself reads all BGPVPNs of the project when a router is associated.
            projects = [uuidutils.generate_uuid(dashed=False) for _ in routers[1:]] + [self.project]
            put(l3.Router, ({'id': r, 'name': '', 'admin_state_up': True, 'enable_snat': True, 'project_id': p}
                            for r, p in zip(routers, projects)))
            put(l3.RouterPort, ({'router_id': r, 'port_id': p, 'port_type': owner} for p, r, _n, owner in ports if r),
                has_standard=False)
            bgpvpns = [uuidutils.generate_uuid() for _ in routers]
            put(bgpvpn_db.BGPVPN, ({'id': b, 'name': f'vpn{i}', 'type': 'l3', 'vni': 10000 + i, 'local_pref': None,
                                    'route_targets': f'64900:{i}', 'import_targets': '', 'export_targets': '',
                                    'route_distinguishers': '', 'project_id': p}
                                   for i, (b, p) in enumerate(zip(bgpvpns, projects))))
            put(bgpvpn_db.BGPVPNRouterAssociation, (
                {'id': uuidutils.generate_uuid(), 'bgpvpn_id': b, 'router_id': r, 'advertise_extra_routes': True,
                 'project_id': p} for b, r, p in zip(bgpvpns[:-1], routers, projects)))
        self.last_bgpvpn = bgpvpns[-1]
        by_network = {network: [] for network in networks}
        for port, _router, network, _owner in ports:
            by_network[network].append(port)
        self.fill_northbound(by_network)

    def fill_northbound(self, by_network):
        names = list(by_network)
        for start in range(0, len(names), 500):
            operations = []
            for network in names[start:start + 500]:
                for port in by_network[network]:
                    keys = ['map', [['neutron:port_name', ''], ['neutron:revision_number', '1']]]
                    operations.append({'op': 'insert', 'table': 'Logical_Switch_Port', 'uuid-name': _name(port),
                                       'row': {'name': port, 'external_ids': keys}})
                operations.append({'op': 'insert', 'table': 'Logical_Switch', 'row': {
                    'name': 'neutron-' + network, 'external_ids': ['map', [['neutron:network_name', 'x']]],
                    'ports': ['set', [['named-uuid', _name(port)] for port in by_network[network]]]}})
            base.transact(self, operations)

    def transactions(self):
        """Of the database: how many there were, and how many rows of ours the last one had."""
        with open(os.path.join(self.temp_dir, 'ovnnb_db.db')) as file:
            lines = [line for line in file if line.startswith('{')]
        last = json.loads(lines[-1])
        return len(lines), sum(len(rows) for table, rows in last.items() if not table.startswith('_'))

    def test_figures(self):
        self.ovn_northd_mgr.stop()
        started = time.monotonic()
        routers = self.fill()
        self.wait_until(lambda: len(self.federation.nb.tables['Logical_Switch_Port'].rows) >= PORTS)
        print(f'\n{PORTS} ports, {ROUTERS * INTERFACES + 1} networks, {ROUTERS - 1} associations; made in '
              f'{time.monotonic() - started:.1f} s')
        figures = {}

        def timed(name, work):
            began, cpu = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_utime
            result = work()
            figures[name] = resource.getrusage(resource.RUSAGE_SELF).ru_utime - cpu
            print(f'{name:58} {time.monotonic() - began:7.2f} s, {figures[name]:6.2f} s of CPU')
            return result
        changes, _wanted = timed('first repair: annotates everything', lambda: annotator.repair(self.federation.nb))
        print(f'  rows annotated: {len(changes)}')
        self.assertEqual((ROUTERS - 1) * (1 + 2 * INTERFACES) + 1, len(changes))
        for turn in range(3):
            changes, _wanted = timed(f'repair pass that finds nothing to do ({turn + 1})',
                                     lambda: annotator.repair(self.federation.nb))
            self.assertEqual({}, changes)
            self.assertLess(figures[f'repair pass that finds nothing to do ({turn + 1})'], 2)
        before, _rows = self.transactions()
        association = timed('association number 1,000',
                            lambda: self.associate_router(self.last_bgpvpn, routers[-1]))
        after, rows = self.transactions()
        print(f'  transactions: {after - before}, rows in it: {rows}')
        self.assertEqual((1, 1 + 2 * INTERFACES), (after - before, rows))
        timed('its end', lambda: self.bgpvpns.delete_bgpvpn_router_association(
            self.admin, association, self.last_bgpvpn))
        self.assertEqual(1, self.transactions()[0] - after)
        timed('a BGPVPN deleted: a full pass', lambda: self.bgpvpns.delete_bgpvpn(self.admin, self.last_bgpvpn))
        self.assert_right()


def _name(port):
    return 'p' + port.replace('-', '')
