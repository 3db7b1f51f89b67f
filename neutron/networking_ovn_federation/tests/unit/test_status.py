"""The status of BGPVPNs: judged purely, asked for from a real gRPC server over mTLS, and shown by the API."""

from concurrent import futures
import contextlib
import os
import subprocess
import tempfile
import time
import unittest
from unittest import mock

import grpc
from neutron_lib.plugins import directory
from oslo_config import cfg

from networking_ovn_federation import config
from networking_ovn_federation import coordinator
from networking_ovn_federation import maintenance
from networking_ovn_federation import status
from networking_ovn_federation import status_db
from networking_ovn_federation.tests.unit import base


class JudgementTest(unittest.TestCase):

    def judged(self, *verdicts, vpns=('blue',)):
        return status.judge('paris', {'b1': set(vpns)}, [status.Verdict(*verdict) for verdict in verdicts])['b1']

    def test_a_cloud_is_reached_when_both_directions_are_well(self):
        self.assertEqual(('ACTIVE', ({'cloud': 'tokyo', 'status': 'ACTIVE'},)), self.judged(
            ('blue', 'paris', 'tokyo', 'OK'), ('blue', 'tokyo', 'paris', 'PROGRAMMED')))
        self.assertEqual(('DEGRADED', ({'cloud': 'tokyo', 'status': 'DOWN'},)), self.judged(
            ('blue', 'paris', 'tokyo', 'OK'), ('blue', 'tokyo', 'paris', 'FAILED')))
        self.assertEqual('UNKNOWN', self.judged(('blue', 'paris', 'tokyo', 'OK'),
                                                ('blue', 'tokyo', 'paris', 'UNKNOWN')).status)

    def test_what_a_newer_coordinator_says_is_unknown(self):
        self.assertEqual('UNKNOWN', self.judged(('blue', 'paris', 'tokyo', 'SPLENDID')).status)

    def test_one_cloud_that_is_lost_degrades_it_and_one_that_waits_does_not(self):
        well = [('blue', 'paris', 'tokyo', 'OK'), ('blue', 'tokyo', 'paris', 'OK')]
        self.assertEqual('DEGRADED', self.judged(*well, ('blue', 'rome', 'paris', 'FAILED')).status)
        self.assertEqual('DEGRADED', self.judged(*well, ('blue', 'rome', 'paris', 'UNKNOWN')).status)
        self.assertEqual('ACTIVE', self.judged(*well, ('blue', 'rome', 'paris', 'WAITING')).status)

    def test_nobody_at_the_other_end_and_no_vpn_at_all_are_pending(self):
        self.assertEqual('PENDING', self.judged(('blue', 'paris', 'tokyo', 'EMPTY')).status)
        self.assertEqual(('PENDING', ()), self.judged())

    def test_another_vpn_of_the_cloud_does_not_count(self):
        self.assertEqual('ACTIVE', self.judged(('blue', 'paris', 'tokyo', 'OK'),
                                               ('red', 'paris', 'tokyo', 'FAILED')).status)

    def test_what_is_old_is_unknown(self):
        kept = ('ACTIVE', '[{"cloud": "tokyo", "status": "ACTIVE"}]', 1000)
        self.assertEqual('ACTIVE', status.shown(kept, 1060)['status'])
        for now in (1061, 900):
            self.assertEqual({'status': 'UNKNOWN', 'reaches': []}, status.shown(kept, now))
        self.assertEqual('UNKNOWN', status.shown(None, 1000)['status'])


class Authority:
    """Certificates of a federation, made by openssl as fedctl pki makes them."""

    def __init__(self, folder):
        self.folder = folder
        self._run('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1',
                  '-subj', '/O=ovn-federation/CN=demo', '-keyout', self.path('ca.key'), '-out', self.path('ca.pem'))
        self.issue('coordinator', 'IP:127.0.0.1,URI:spiffe://demo/coordinator', 'serverAuth')
        self.issue('reader', 'URI:spiffe://demo/cloud/paris/reader', 'clientAuth')

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), 'rb') as file:
            return file.read()

    def issue(self, name, names, usage):
        with open(self.path('extensions'), 'w') as file:
            file.write(f'subjectAltName={names}\nextendedKeyUsage={usage}\nbasicConstraints=critical,CA:false\n')
        self._run('req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj',
                  f'/CN={name}', '-keyout', self.path(f'{name}.key'), '-out', self.path('request'))
        self._run('x509', '-req', '-in', self.path('request'), '-CA', self.path('ca.pem'), '-CAkey',
                  self.path('ca.key'), '-CAcreateserial', '-days', '1', '-extfile', self.path('extensions'), '-out',
                  self.path(f'{name}.pem'))

    def _run(self, *arguments):
        subprocess.run(['openssl', *arguments], check=True, capture_output=True, timeout=30)


class Server:
    """A gRPC server with the two calls, over mTLS: what a reader may ask."""

    def __init__(self, authority):
        self.messages = coordinator.Messages()
        self.reports = []
        self.answers = []
        self.asked = []
        handlers = {name: grpc.unary_stream_rpc_method_handler(
            self._answer(name, answers), request_deserializer=getattr(self.messages, name + 'Request').FromString,
            response_serializer=lambda message: message.SerializeToString())
            for name, answers in (('GetReports', 'reports'), ('Verify', 'answers'))}
        self.server = grpc.server(futures.ThreadPoolExecutor(2))
        self.server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(
            'ovn_federation.v1.AdminService', handlers),))
        credentials = grpc.ssl_server_credentials([(authority.read('coordinator.key'), authority.read(
            'coordinator.pem'))], authority.read('ca.pem'), require_client_auth=True)
        self.port = self.server.add_secure_port('127.0.0.1:0', credentials)
        self.server.start()

    def _answer(self, name, answers):
        def answer(request, context):
            peer = b' '.join(context.auth_context().get('x509_subject_alternative_name', []))
            self.asked.append((name, request.cloud, peer.decode()))
            if peer != b'spiffe://demo/cloud/paris/reader' or request.cloud != 'paris':
                context.abort(grpc.StatusCode.PERMISSION_DENIED, 'not for you')
            yield from getattr(self, answers)
        return answer

    def says(self, bgpvpns, pairs):
        """What it answers from now on: the VPNs by BGPVPN, and (vpn, origin, viewer, state)s."""
        state = self.messages.GatewayState(gateway={'cloud': 'paris', 'node': 'gw1'})
        for bgpvpn, vpn in bgpvpns.items():
            state.report.vpns.add(name=vpn).attachments.add(bgpvpns=[bgpvpn])
        answer = self.messages.VerifyResponse()
        for vpn, origin, viewer, name in pairs:
            pair = answer.pairs.add(vpn=vpn, origin=origin, viewer=viewer)
            states = pair.DESCRIPTOR.fields_by_name['state'].enum_type.values_by_name
            pair.state = states['VERDICT_STATE_' + name].number
        self.reports, self.answers = [state], [answer]


@contextlib.contextmanager
def running():
    with tempfile.TemporaryDirectory() as folder:
        authority = Authority(folder)
        server = Server(authority)
        try:
            yield server, authority
        finally:
            server.server.stop(None)


@unittest.skipIf(maintenance.runs_on_eventlet(), 'gRPC does not work in a process of eventlet')
class CoordinatorTest(unittest.TestCase):

    def ask(self, server, authority, name='reader', cloud='paris'):
        return coordinator.Coordinator(f'127.0.0.1:{server.port}', cloud, authority.path(f'{name}.pem'),
                                       authority.path(f'{name}.key'), authority.path('ca.pem')).statuses()

    def test_reports_and_verdicts_of_the_cloud_are_asked_for_by_its_reader(self):
        with running() as (server, authority):
            server.says({'b1': 'blue', 'b2': 'red'}, [('blue', 'paris', 'tokyo', 'OK'),
                                                      ('blue', 'tokyo', 'paris', 'OK')])
            self.assertEqual({'b1': ('ACTIVE', ({'cloud': 'tokyo', 'status': 'ACTIVE'},)), 'b2': ('PENDING', ())},
                             self.ask(server, authority))
            self.assertEqual([(name, 'paris', 'spiffe://demo/cloud/paris/reader') for name in ('GetReports', 'Verify')],
                             server.asked)

    def test_others_are_refused(self):
        with running() as (server, authority):
            authority.issue('other', 'URI:spiffe://demo/cloud/tokyo/reader', 'clientAuth')
            for name, cloud in (('other', 'paris'), ('reader', 'tokyo')):
                with self.assertRaises(grpc.RpcError) as refused:
                    self.ask(server, authority, name, cloud)
                self.assertEqual(grpc.StatusCode.PERMISSION_DENIED, refused.exception.code())

    def test_a_gateway_that_poses_as_the_coordinator_is_not_believed(self):
        with running() as (server, authority), mock.patch.object(coordinator, 'TIMEOUT', 1):
            # A certificate of the same authority, for a client.
            authority.issue('coordinator', 'IP:127.0.0.1,URI:spiffe://demo/cloud/rome/gateway/gw1', 'clientAuth')
            false = Server(authority)
            self.addCleanup(false.server.stop, None)
            false.says({'b1': 'blue'}, [])
            self.assertRaises(grpc.RpcError, self.ask, false, authority)
            self.assertEqual([], false.asked)


class EventletTest(unittest.TestCase):

    def test_a_process_of_eventlet_reads_no_status_and_repairs(self):
        conf = mock.Mock(coordinator='127.0.0.1:1', repair_interval=30)
        with mock.patch.object(maintenance, 'runs_on_eventlet', return_value=True), \
                mock.patch.object(config, 'register', return_value={'ovn_federation': conf}), \
                mock.patch.object(maintenance.LOG, 'warning') as warned:
            (repair,) = maintenance.periodics_of(mock.Mock())
        self.assertIsInstance(repair, maintenance.Repair)
        warned.assert_called_once()


@unittest.skipIf(maintenance.runs_on_eventlet(), 'gRPC does not work in a process of eventlet')
class ShownTest(base.CloudTestCase):

    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.server, authority = stack.enter_context(running())
        config.register()
        for name, value in (('coordinator', f'127.0.0.1:{self.server.port}'), ('cloud', 'paris'),
                            ('reader_certificate', authority.path('reader.pem')),
                            ('reader_key', authority.path('reader.key')), ('trust_roots', authority.path('ca.pem'))):
            cfg.CONF.set_override(name, value, 'ovn_federation')
        super().setUp(maintenance_worker=False)

    def shown(self, bgpvpn):
        shown = self.bgpvpns.get_bgpvpn(self.admin, bgpvpn)
        return shown['status'], shown['reaches']

    def test_what_the_coordinator_says_is_shown_and_grows_old(self):
        self.assertIn('ovn-federation-status', directory.get_plugin('bgpvpn').supported_extension_aliases)
        bgpvpn, other = self.a_bgpvpn(), self.a_bgpvpn('other')
        self.assertEqual(('UNKNOWN', []), self.shown(bgpvpn))
        self.server.says({bgpvpn: 'blue'}, [('blue', 'paris', 'tokyo', 'OK'), ('blue', 'tokyo', 'paris', 'DEGRADED')])
        reading = maintenance.periodics_of(mock.Mock(_nb_idl=mock.Mock(idl=mock.Mock(has_lock=True))))[1]
        reading.read()
        reaches = [{'cloud': 'tokyo', 'status': 'DEGRADED'}]
        self.assertEqual(('DEGRADED', reaches), self.shown(bgpvpn))
        self.assertEqual(('PENDING', []), self.shown(other))
        self.assertEqual([{'reaches': reaches}, {'reaches': []}], sorted(
            self.bgpvpns.get_bgpvpns(self.admin, fields=['reaches']), key=lambda b: -len(b['reaches'])))
        self.assertEqual({'blue', 'other'}, {b['name'] for b in self.bgpvpns.get_bgpvpns(self.admin, fields=['name'])})

        # The coordinator goes: the last word holds for a minute, and then nothing does. One line in the log.
        self.server.server.stop(None).wait()
        with mock.patch.object(coordinator, 'TIMEOUT', 1), mock.patch.object(maintenance.LOG, 'warning') as warned:
            reading.read()
            reading.read()
        warned.assert_called_once()
        self.assertEqual('DEGRADED', self.shown(bgpvpn)[0])
        with mock.patch.object(time, 'time', return_value=time.time() + 61):
            self.assertEqual(('UNKNOWN', []), self.shown(bgpvpn))
        # A BGPVPN that goes takes its status along.
        self.bgpvpns.delete_bgpvpn(self.admin, bgpvpn)
        self.assertEqual(1, self.admin.session.query(status_db.BGPVPNStatus).count())

    def test_the_status_of_a_bgpvpn_is_no_key_of_ovns(self):
        bgpvpn = self.a_bgpvpn()
        self.server.says({bgpvpn: 'blue'}, [('blue', 'paris', 'tokyo', 'OK')])
        before = self.nbctl('list', 'NB_Global')
        maintenance.periodics_of(mock.Mock(_nb_idl=mock.Mock(idl=mock.Mock(has_lock=True))))[1].read()
        self.assertEqual('ACTIVE', self.shown(bgpvpn)[0])
        self.assertEqual(before, self.nbctl('list', 'NB_Global'))
