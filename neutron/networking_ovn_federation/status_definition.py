"""The extension as neutron-lib has its own: constants by name."""

from neutron_lib.api.definitions import bgpvpn

ALIAS = 'ovn-federation-status'
IS_SHIM_EXTENSION = False
IS_STANDARD_ATTR_EXTENSION = False
NAME = 'Status of a BGPVPN in its federation'
API_PREFIX = ''
DESCRIPTION = 'Whether a BGPVPN works, and which clouds it reaches'
UPDATED_TIMESTAMP = '2026-11-29T00:00:00-00:00'
STATUS = 'status'
REACHES = 'reaches'
_READ_ONLY = {'allow_post': False, 'allow_put': False, 'is_visible': True}
RESOURCE_ATTRIBUTE_MAP = {bgpvpn.COLLECTION_NAME: {STATUS: dict(_READ_ONLY), REACHES: dict(_READ_ONLY)}}
SUB_RESOURCE_ATTRIBUTE_MAP = {}
ACTION_MAP = {}
ACTION_STATUS = {}
REQUIRED_EXTENSIONS = [bgpvpn.ALIAS]
OPTIONAL_EXTENSIONS = []
