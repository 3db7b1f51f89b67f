"""networking-ovn-federation-check: how the northbound database differs from what Neutron's database says.

Reads both, and changes nothing. Before the driver is switched on it says what the first repair will do, keys that
hands wrote among it; later, a difference that stays says that no maintenance worker repairs.
"""

import sys

from neutron.common import config as neutron_config
from neutron.conf.plugins.ml2.drivers.ovn import ovn_conf
# All models: SQLAlchemy looks up those that others name.
from neutron.db.migration.models import head  # noqa: F401
from neutron.plugins.ml2.drivers.ovn.mech_driver.ovsdb import impl_idl_ovn
from neutron.plugins.ml2.drivers.ovn.mech_driver.ovsdb import ovsdb_monitor
from oslo_config import cfg
from ovsdbapp.backend.ovs_idl import connection

from networking_ovn_federation import annotations
from networking_ovn_federation import annotator
from networking_ovn_federation import config

# Lines that are printed; the sum counts all.
_MOST_LINES = 50


def northbound():
    """A connection of our own, by neutron's section [ovn]."""
    api = impl_idl_ovn.OvsdbNbOvnIdl
    idl = ovsdb_monitor.BaseOvnIdl.from_server(api.connection_string, api.schema_helper)
    return api(connection.Connection(idl, timeout=ovn_conf.get_ovn_ovsdb_timeout()))


def report(found):
    """Lines about a drift."""
    for row, change in sorted(found.changes.items())[:_MOST_LINES]:
        words = [f'set {name}' for name in sorted(change.set)]
        words += [f'remove {name}' for name in sorted(change.remove)]
        yield f"{row.table} {row.name or '.'}: {', '.join(words)}"
    if len(found.changes) > _MOST_LINES:
        yield f'… and {len(found.changes) - _MOST_LINES} rows more'
    by_hand = [change for change in found.changes.values() if change.remove and not change.set and all(
        name.startswith(annotations.LEGACY_NAMESPACE) for name in change.remove)]
    if by_hand:
        yield (f'{len(by_hand)} of them have keys of ovn-bgp-agent alone, and no association: if hands wrote them, '
               'make BGPVPNs and associations that say the same, or set keep_unowned = true in [ovn_federation], '
               'before the driver removes them')
    yield f'{found.rows} rows, {len(found.changes)} differ'


def main(arguments=None):
    """Exit status: 0 nothing differs, 1 something does, 2 a database cannot be read."""
    arguments = sys.argv[1:] if arguments is None else arguments
    neutron_config.register_common_config_options()
    neutron_config.init(arguments)
    ovn_conf.register_opts()
    config.register(cfg.CONF)
    try:
        found, _wanted = annotator.drift(northbound())
    except Exception as error:
        print(f'cannot compare: {error}', file=sys.stderr)
        print('name neutron\'s files: networking-ovn-federation-check --config-file /etc/neutron/neutron.conf '
              '--config-file /etc/neutron/plugins/ml2/ml2_conf.ini', file=sys.stderr)
        return 2
    for line in report(found):
        print(line)
    return 1 if found.changes else 0


if __name__ == '__main__':
    sys.exit(main())
