"""What goes wrong in a cloud: races, a database that is silent, updates of Neutron's own that undo ours."""

import inspect
import os
import signal
import sys
import threading
import time
from unittest import mock

from futurist import periodics
from neutron.db.models import ovn as ovn_models
from neutron.db import ovn_revision_numbers_db
from neutron.plugins.ml2.drivers.ovn.mech_driver.ovsdb import maintenance as ovn_maintenance
from neutron.plugins.ml2.drivers.ovn.mech_driver.ovsdb import ovn_db_sync
from neutron_lib.callbacks import events
from neutron_lib.callbacks import resources
from neutron_lib.db import api as db_api
from neutron_lib.plugins import directory

from networking_ovn_federation import annotations
from networking_ovn_federation import annotator
from networking_ovn_federation import commands
from networking_ovn_federation import driver
from networking_ovn_federation import facts
from networking_ovn_federation import maintenance
from networking_ovn_federation.tests.unit import base

PORT = annotations.port
SWITCH = annotations.switch
# Neutron's base class puts another one into its place.
MaintenanceThread = ovn_maintenance.MaintenanceThread


class AssociatedRouter(base.CloudTestCase):
    """A router with one interface in a BGPVPN."""

    def setUp(self, **kwargs):
        super().setUp(**kwargs)
        self.network, self.subnet = self.a_network('10.1.1.0/24')
        self.router = self.a_router()
        self.interface = self.attach(self.router, self.subnet)
        self.bgpvpn = self.a_bgpvpn(vni=10001)
        self.association = self.associate_router(self.bgpvpn, self.router)

    def associated(self):
        return self.said(PORT(self.interface), self.bgpvpn) is not None

    def disassociate(self):
        self.bgpvpns.delete_bgpvpn_router_association(self.admin, self.association, self.bgpvpn)


class RaceTest(AssociatedRouter):

    def test_a_worker_that_read_the_database_before_another_one_wrote(self):
        # The second worker has the state before the disassociation in hand, and writes after the first one.
        known, extent = facts.read(self.admin, facts.Scope(routers=frozenset([self.router])))
        stale = annotations.desired(known)
        self.disassociate()
        self.assertFalse(self.associated())
        second = base.second_connection(self)
        commands.write(second, extent.rows, stale)
        self.assertTrue(self.associated())
        self.wait_for_replica(PORT(self.interface), annotations.key(self.bgpvpn))
        annotator.repair(self.federation.nb)
        self.assertFalse(self.associated())
        self.assert_right()

    def test_a_worker_that_was_overtaken_looks_again_before_it_ends(self):
        # Between its reading and its writing, another one disassociates: the pass after the write sees it.
        write, overtaken = commands.write, []

        def overtaking(nb, *arguments, **keywords):
            if not overtaken:
                overtaken.append(True)
                self.disassociate()
            return write(nb, *arguments, **keywords)
        self.nbctl('clear', 'Logical_Switch_Port', self.interface, 'external_ids')
        self.wait_until(lambda: not commands.present(self.federation.nb, [PORT(self.interface)])[PORT(self.interface)])
        with mock.patch.object(commands, 'write', overtaking):
            annotator.converge(self.federation.nb, facts.Scope(routers=frozenset([self.router])))
        self.assertFalse(self.associated())
        self.assert_right()

    def test_a_row_that_changes_between_reading_and_writing_is_read_again(self):
        # The replica of the writer is held back while somebody else writes a key: the `wait` fails, and what is
        # written then is right beside that key.
        second = base.second_connection(self)
        with second.ovsdb_connection.lock:
            self.disassociate()
            self.nbctl('set', 'Logical_Switch_Port', self.interface, r'external_ids:neutron_bgpvpn\:vni=666',
                       'external_ids:mine=yours')
            thread = threading.Thread(target=commands.write, args=(second, [PORT(self.interface)], {}))
            thread.start()
            time.sleep(0.2)
        thread.join(20)
        self.assertEqual({}, self.keys(PORT(self.interface)))
        self.assertEqual('yours', self.external_ids(PORT(self.interface))['mine'])

    def test_many_workers_that_associate_and_disassociate_at_once(self):
        # Connections of their own, one row: mutations do not lose each other's keys.
        if 'eventlet' in sys.modules and sys.modules['eventlet'].patcher.is_monkey_patched('thread'):
            self.skipTest('four connections in one process of eventlet (Neutron before 28) wait for each other')
        keys = {f'{annotations.BGPVPN_KEY}{worker}': '{}' for worker in range(4)}
        connections = {key: base.second_connection(self) for key in keys}

        def work(key):
            for turn in range(10):
                commands.write(connections[key], [SWITCH(self.network)], {SWITCH(self.network): {key: str(turn)}},
                               {SWITCH(self.network): {key}})
        threads = [threading.Thread(target=work, args=(key,)) for key in keys]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        present = self.keys(SWITCH(self.network))
        self.assertEqual({key: '9' for key in keys}, {key: present.get(key) for key in keys})
        self.assertIn(annotations.key(self.bgpvpn), present)

    def test_an_update_of_neutrons_from_an_old_replica_is_undone_by_the_repair(self):
        # Neutron reads external_ids from its replica and writes the column whole, without a `wait`.
        old = self.external_ids(PORT(self.interface))
        self.disassociate()
        self.mech_driver.nb_ovn.db_set('Logical_Switch_Port', self.interface, ('external_ids', old)).execute(
            check_error=True)
        self.assertTrue(self.associated())
        annotator.repair(self.federation.nb)
        self.assertFalse(self.associated())


class SilenceTest(AssociatedRouter):

    def northbound_pid(self):
        with open(os.path.join(self.temp_dir, 'ovn-nb.pid')) as file:
            return int(file.read())

    def test_a_northbound_database_that_stands_still_during_a_request(self):
        os.kill(self.northbound_pid(), signal.SIGSTOP)
        try:
            waker = threading.Timer(2, os.kill, (self.northbound_pid(), signal.SIGCONT))
            waker.start()
            started = time.monotonic()
            self.disassociate()
            self.assertGreater(time.monotonic() - started, 1.5)
        finally:
            os.kill(self.northbound_pid(), signal.SIGCONT)
            waker.join()
        self.assertFalse(self.associated())
        self.assert_right()

    def test_a_northbound_database_that_stands_still_for_longer_than_a_request(self):
        # The request ends as it should, because it is done in Neutron's database; the repair does the rest.
        self.mech_driver.nb_ovn.ovsdb_connection.timeout = 1
        os.kill(self.northbound_pid(), signal.SIGSTOP)
        try:
            self.disassociate()
        finally:
            os.kill(self.northbound_pid(), signal.SIGCONT)
        self.assertEqual([], self.bgpvpns.get_bgpvpn_router_associations(self.admin, self.bgpvpn))
        self.mech_driver.nb_ovn.ovsdb_connection.timeout = 30
        annotator.repair(self.federation.nb)
        self.assertFalse(self.associated())
        self.assert_right()

    def test_what_the_northbound_database_lost_comes_back_with_the_repair(self):
        for row in (PORT(self.interface), SWITCH(self.network)):
            self.nbctl('clear', row.table, row.name, 'external_ids')
        self.nbctl('clear', 'NB_Global', '.', 'external_ids')
        self.wait_until(lambda: not commands.present(self.federation.nb)[annotations.NB_GLOBAL])
        annotator.repair(self.federation.nb)
        self.assertTrue(self.associated())
        self.assertEqual('router', self.said(SWITCH(self.network), self.bgpvpn)['by'])
        self.assertEqual('none', self.said(annotations.NB_GLOBAL, self.bgpvpn)['by'])


class NeutronsOwnMaintenanceTest(AssociatedRouter):

    def setUp(self):
        # Each sleeps for ten seconds, so that others can start first.
        for synchronizer in (ovn_db_sync.OvnNbSynchronizer, ovn_db_sync.OvnSbSynchronizer):
            mock.patch.object(synchronizer, 'sync').start()
        super().setUp(maintenance_worker=True)

    def everything(self):
        return {row: self.external_ids(row) for row in
                (PORT(self.interface), SWITCH(self.network), annotations.NB_GLOBAL)}

    def ours(self):
        return {row: {name: text for name, text in keys.items() if annotations.is_ours(name)}
                for row, keys in self.everything().items()}

    def test_the_synchronization_leaves_our_keys(self):
        before = self.ours()
        mode = 'repair'
        if _takes_databases():
            synchronizer = ovn_db_sync.OvnNbSynchronizer(self.core, self.mech_driver.nb_ovn, self.mech_driver.sb_ovn,
                                                         mode, self.mech_driver)
        else:
            synchronizer = ovn_db_sync.OvnNbSynchronizer(self.core, self.mech_driver, mode)
        # A row that it makes anew has no keys until the repair.
        port = self.a_port(self.network)
        self.associate_port(self.bgpvpn, port)
        self.nbctl('lsp-del', port)
        self.wait_until(lambda: not commands.present(self.federation.nb, [PORT(port)]))
        synchronizer.do_sync()
        self.assertEqual(before, self.ours())
        self.assertEqual({}, self.keys(PORT(port)))
        annotator.repair(self.federation.nb)
        self.assertEqual('port', self.said(PORT(port), self.bgpvpn)['by'])

    def test_the_maintenance_that_rewrites_a_port_leaves_our_keys(self):
        before = self.ours()
        # It looks at what is older than a minute only.
        mock.patch.object(ovn_revision_numbers_db, 'INCONSISTENCIES_OLDER_THAN', -60).start()
        # A forged old revision number has Neutron write the row again.
        with db_api.CONTEXT_WRITER.using(self.admin):
            for row in self.admin.session.query(ovn_models.OVNRevisionNumbers).filter_by(
                    resource_uuid=self.interface):
                row.revision_number = 0
        self.nbctl('set', 'Logical_Switch_Port', self.interface, r'external_ids:neutron\:revision_number=0')
        self.wait_until(lambda: commands.present(self.federation.nb, [PORT(self.interface)])[PORT(
            self.interface)].get('neutron:revision_number') == '0')
        consistency = ovn_maintenance.DBInconsistenciesPeriodics(self.mech_driver._ovn_client)
        self.wait_until(lambda: self.mech_driver.nb_ovn.idl.has_lock)
        consistency.check_for_inconsistencies()
        after = self.everything()[PORT(self.interface)]
        self.assertNotEqual('0', after['neutron:revision_number'])
        self.assertEqual(before, self.ours())

    def test_the_repair_runs_in_neutrons_maintenance_thread_under_its_lock(self):
        self.wait_until(lambda: self.mech_driver.nb_ovn.idl.has_lock)
        self.nbctl('clear', 'Logical_Switch_Port', self.interface, 'external_ids')
        self.wait_until(lambda: not commands.present(self.federation.nb, [PORT(self.interface)])[PORT(self.interface)])
        thread = MaintenanceThread()
        for repair in directory.get_plugin('bgpvpn').ovn_maintenance_periodics(self.mech_driver._ovn_client):
            thread.add_periodics(repair)
        self.assertEqual(1, len(thread._callables))
        thread.start()
        self.addCleanup(thread.stop)
        self.wait_until(self.associated)

    def test_the_repair_joins_the_thread_of_a_neutron_that_does_not_ask_for_it(self):
        # Neutron before 28: its thread runs already when the driver hears of the new worker.
        self.wait_until(lambda: self.mech_driver.nb_ovn.idl.has_lock)
        self.nbctl('clear', 'Logical_Switch_Port', self.interface, 'external_ids')
        self.wait_until(lambda: not commands.present(self.federation.nb, [PORT(self.interface)])[PORT(self.interface)])
        thread = MaintenanceThread()
        thread.add_periodics(_Idle())
        thread.start()
        self.addCleanup(thread.stop)
        with mock.patch.object(self.mech_driver, '_maintenance_thread', thread, create=True), \
                mock.patch.object(driver, 'ASKS_PLUGINS', False):
            self.federation._process_started(resources.PROCESS, events.AFTER_INIT, None)
        self.wait_until(self.associated)

    def test_without_the_lock_nothing_is_repaired(self):
        self.nbctl('clear', 'Logical_Switch_Port', self.interface, 'external_ids')
        self.wait_until(lambda: not commands.present(self.federation.nb, [PORT(self.interface)])[PORT(self.interface)])
        repair = maintenance.Repair(mock.Mock(idl=mock.Mock(has_lock=False), wraps=self.mech_driver.nb_ovn))
        repair.run()
        self.assertFalse(self.associated())

    def test_an_error_ends_one_pass_and_not_the_repair(self):
        self.wait_until(lambda: self.mech_driver.nb_ovn.idl.has_lock)
        repair = maintenance.Repair(self.mech_driver.nb_ovn)
        with mock.patch.object(facts, 'read_all', side_effect=RuntimeError('the database went away')), \
                mock.patch.object(maintenance.LOG, 'exception') as logged:
            repair.repair()
        logged.assert_called_once()
        repair.repair()
        self.assert_right()

    def test_a_release_of_neutron_without_the_connection_is_said(self):
        # Neutron takes an AttributeError for "has no periodics" and says nothing.
        with mock.patch.object(maintenance.LOG, 'exception') as logged:
            self.assertEqual([], maintenance.periodics_of(object()))
        logged.assert_called_once()


class _Idle:

    @periodics.periodic(spacing=1)
    def idle(self):
        pass


def _takes_databases():
    """Neutron 21 to 28 hand databases to the synchronizer, 29 the driver alone."""
    return 'sb_ovn' in inspect.signature(ovn_db_sync.OvnNbSynchronizer.__init__).parameters
