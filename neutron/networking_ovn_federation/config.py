"""Options of the driver: the group `ovn_federation` of neutron.conf or ovn_federation.ini."""

from oslo_config import cfg

from networking_ovn_federation import _i18n

GROUP = 'ovn_federation'

OPTIONS = [
    # oslo.config reads a file by `dest`, so the name that is no word of Python stays as it is:
    # read it as CONF.ovn_federation['as'].
    cfg.IntOpt('as', min=1, max=4294967295,
               help=_i18n._('Number of this cloud\'s AS, for readers of the neutron_bgpvpn:as key '
                            '(ovn-bgp-agent). The agents of the federation do not need it. Unset: '
                            'the key is not written.')),
    cfg.IntOpt('repair_interval', default=30, min=5, max=300,
               help=_i18n._('Seconds between two passes in which the maintenance worker compares all '
                            'rows of the northbound database with Neutron\'s and mends them.')),
    cfg.BoolOpt('keep_unowned', default=False,
                help=_i18n._('Leave neutron_bgpvpn:* keys on rows that have none of the driver\'s own '
                             'keys and are not associated: somebody annotated them by hand. For '
                             'clouds that move from annotations by hand to the BGPVPN API; unset '
                             'it when they have moved.')),
    cfg.StrOpt('coordinator',
               help=_i18n._('HOST:PORT of the coordinator, as its certificate has it. The maintenance worker reads '
                            'there what the attributes status and reaches of BGPVPNs show. Unset: BGPVPNs have no '
                            'such attributes.')),
    cfg.StrOpt('cloud', help=_i18n._('This cloud\'s name in the federation file.')),
    cfg.StrOpt('reader_certificate', default='/etc/neutron/ovn-federation/reader.pem',
               help=_i18n._('Certificate of a reader of this cloud: fedctl pki issue reader CLOUD.')),
    cfg.StrOpt('reader_key', default='/etc/neutron/ovn-federation/reader.key',
               help=_i18n._('Its key.')),
    cfg.StrOpt('trust_roots', default='/etc/neutron/ovn-federation/ca.pem',
               help=_i18n._('The federation\'s certificate authority.')),
    cfg.IntOpt('status_interval', default=20, min=5, max=60,
               help=_i18n._('Seconds between two readings. What is older than 60 seconds is shown as UNKNOWN.')),
]


def register(conf=cfg.CONF):
    """Registers the options, once or again."""
    conf.register_opts(OPTIONS, group=GROUP)
    return conf


def list_options():
    """For oslo-config-generator."""
    return [(GROUP, OPTIONS)]
