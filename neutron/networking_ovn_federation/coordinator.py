"""Asks the coordinator for the reports and verdicts of this cloud: gRPC over mTLS, with a reader's certificate.

The messages are those of Protos/, from the descriptor set beside this file (`make protos` writes it): so they need no
generated code, which would need the very release of protobuf that it was made for.
"""

import pathlib

from networking_ovn_federation import status

SERVICE = '/ovn_federation.v1.AdminService/'
# Seconds for each of two calls: Neutron's maintenance waits for them.
TIMEOUT = 5
_MOST_BYTES = 16 << 20


class Messages:
    """The message types of Protos/, by name."""

    def __init__(self):
        from google.protobuf import descriptor_pb2
        from google.protobuf import descriptor_pool
        from google.protobuf import message_factory
        files = descriptor_pb2.FileDescriptorSet.FromString(
            pathlib.Path(__file__).with_name('protos.desc').read_bytes())
        self._pool = descriptor_pool.DescriptorPool()
        for file in files.file:
            self._pool.AddSerializedFile(file.SerializeToString())
        # protobuf before 4.22 has a factory only.
        self._class = getattr(message_factory, 'GetMessageClass', None) or message_factory.MessageFactory(
            self._pool).GetPrototype

    def __getattr__(self, name):
        return self._class(self._pool.FindMessageTypeByName('ovn_federation.v1.' + name))

    def state(self, number):
        """The name of a VerdictState without its prefix; of a newer coordinator's: UNKNOWN."""
        value = self._pool.FindEnumTypeByName('ovn_federation.v1.VerdictState').values_by_number.get(number)
        return 'UNKNOWN' if value is None else value.name.removeprefix('VERDICT_STATE_')


class Coordinator:
    """A connection that is made anew for each question: there are three a minute."""

    def __init__(self, endpoint, cloud, certificate, key, trust_roots):
        self.endpoint = endpoint
        self.cloud = cloud
        self._files = {'root_certificates': trust_roots, 'private_key': key, 'certificate_chain': certificate}
        self._messages = Messages()

    def statuses(self):
        """By id of a BGPVPN, its status. Raises grpc.RpcError or OSError where the coordinator cannot be asked."""
        import grpc
        credentials = grpc.ssl_channel_credentials(
            **{name: pathlib.Path(path).read_bytes() for name, path in self._files.items()})
        options = [('grpc.max_receive_message_length', _MOST_BYTES), ('grpc.enable_http_proxy', 0)]
        with grpc.secure_channel(self.endpoint, credentials, options) as channel:
            vpns_of = {}
            for state in self._ask(channel, 'GetReports', 'GatewayState'):
                for vpn in state.report.vpns:
                    for attachment in vpn.attachments:
                        for bgpvpn in attachment.bgpvpns:
                            vpns_of.setdefault(bgpvpn, set()).add(vpn.name)
            verdicts = [status.Verdict(pair.vpn, pair.origin, pair.viewer, self._messages.state(pair.state))
                        for answer in self._ask(channel, 'Verify', 'VerifyResponse') for pair in answer.pairs]
        return status.judge(self.cloud, vpns_of, verdicts)

    def _ask(self, channel, method, response):
        request = getattr(self._messages, method + 'Request')
        call = channel.unary_stream(SERVICE + method, request_serializer=request.SerializeToString,
                                    response_deserializer=getattr(self._messages, response).FromString)
        yield from call(request(cloud=self.cloud), timeout=TIMEOUT, wait_for_ready=True)
