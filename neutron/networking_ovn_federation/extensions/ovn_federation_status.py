"""The API extension: `status` and `reaches` of a BGPVPN, to be read only."""

from neutron_lib.api.definitions import bgpvpn
from neutron_lib.api import extensions

from networking_ovn_federation import status_definition


class Ovn_federation_status(extensions.APIExtensionDescriptor):

    api_definition = status_definition

    @classmethod
    def get_required_extensions(cls):
        return [bgpvpn.ALIAS]
