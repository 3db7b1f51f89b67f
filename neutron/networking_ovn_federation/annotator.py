"""Brings the northbound database to what Neutron's database says: what an event touched, or all of it."""

import typing

from neutron_lib import context as n_context
from oslo_config import cfg
from oslo_log import log

from networking_ovn_federation import annotations
from networking_ovn_federation import commands
from networking_ovn_federation import config
from networking_ovn_federation import facts

LOG = log.getLogger(__name__)

# A pass that changed something is followed by another one, which reads both databases again: Neutron's own updates
# set the whole column and can undo ours, and two API workers can have read different states. What is still open
# after these passes is the repair's.
_MOST_PASSES = 3


class Drift(typing.NamedTuple):
    # By row, what is to be changed.
    changes: dict
    # How many rows were looked at.
    rows: int


def drift(nb, context=None):
    """How all rows differ from what they shall be, and what they shall be. Changes nothing."""
    conf = config.register(cfg.CONF)[config.GROUP]
    wanted = annotations.desired(facts.read_all(context or n_context.get_admin_context()), conf['as'])
    present = commands.present(nb)
    changes = {}
    for row, keys in present.items():
        # A row of somebody else's is none of ours, whatever keys it has.
        if row not in wanted and not annotations.is_neutrons(keys):
            continue
        change = annotations.difference(keys, wanted.get(row, {}), keep_unowned=conf.keep_unowned)
        if change:
            changes[row] = change
    return Drift(changes, len(present)), wanted


def repair(nb, context=None):
    """Makes all rows what they shall be.

    :returns: by row, what was changed; and what all rows shall be.
    """
    conf = config.register(cfg.CONF)[config.GROUP]
    changes = {}
    for _pass in range(_MOST_PASSES):
        found, wanted = drift(nb, context)
        if not found.changes:
            break
        changes.update(commands.write(nb, found.changes, wanted, keep_unowned=conf.keep_unowned))
    return changes, wanted


def converge(nb, scope):
    """Makes the rows that depend on a scope what they shall be.

    :returns: by row, what was changed.
    """
    conf = config.register(cfg.CONF)[config.GROUP]
    changes = {}
    for _pass in range(_MOST_PASSES):
        # A context of its own: that of the request may see an older state of the database.
        known, extent = facts.read(n_context.get_admin_context(), scope)
        wanted = annotations.desired(known, conf['as'])
        only = {annotations.NB_GLOBAL: extent.global_keys}
        wanted[annotations.NB_GLOBAL] = {name: text for name, text in wanted[annotations.NB_GLOBAL].items()
                                         if name in extent.global_keys}
        rows = extent.rows | ({annotations.NB_GLOBAL} if extent.global_keys else set())
        differing = [row for row, keys in commands.present(nb, rows).items()
                     if annotations.difference(keys, wanted.get(row, {}), only.get(row), conf.keep_unowned)]
        if not differing:
            break
        changes.update(commands.write(nb, differing, wanted, only, conf.keep_unowned))
    return changes
