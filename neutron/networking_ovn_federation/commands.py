"""Reads and writes keys of external_ids in the northbound database.

Keys are set and removed one by one (mutate, RFC 7047, 5.2.4), so other people's keys are never written; a `wait`
on the column's former value has the transaction done anew, from what the row has then, where somebody was faster.
"""

from ovsdbapp.backend.ovs_idl import command
from ovsdbapp.backend.ovs_idl import idlutils

from networking_ovn_federation import annotations

# Rows of one transaction: each is guarded, so one that changes meanwhile has all of them done anew.
BATCH = 200


class AnnotateRow(command.BaseCommand):
    """Makes one row have the keys wanted. `result`: the change that was made."""

    def __init__(self, api, row, wanted, only=None, keep_unowned=False):
        super().__init__(api)
        self.row = row
        self.wanted = wanted
        self.only = only
        self.keep_unowned = keep_unowned
        self.result = annotations.NO_CHANGE

    def run_idl(self, txn):
        self.result = annotations.NO_CHANGE
        row = find(self.api, self.row)
        if row is None:
            return
        change = annotations.difference(row.external_ids, self.wanted, self.only, self.keep_unowned)
        if not change:
            return
        row.verify('external_ids')
        for name in sorted(change.remove):
            row.delkey('external_ids', name)
        for name, text in sorted(change.set.items()):
            row.setkey('external_ids', name, text)
        self.result = change


def find(api, row):
    """The row in the replica, or None."""
    if row.table == annotations.GLOBAL:
        return next(iter(api.tables[annotations.GLOBAL].rows.values()), None)
    return idlutils.row_by_value(api.idl, row.table, 'name', row.name, None)


def present(api, rows=None):
    """By row, the keys of external_ids that are in the replica: of the rows given as far as they exist, or of all."""
    with api.ovsdb_connection.lock:
        if rows is not None:
            found = ((row, find(api, row)) for row in rows)
            return {row: dict(record.external_ids) for row, record in found if record is not None}
        found = {}
        for table in (annotations.PORT, annotations.SWITCH):
            for record in api.tables[table].rows.values():
                found[annotations.Row(table, record.name)] = dict(record.external_ids)
        record = find(api, annotations.NB_GLOBAL)
        if record is not None:
            found[annotations.NB_GLOBAL] = dict(record.external_ids)
        return found


def write(api, rows, wanted, only=None, keep_unowned=False):
    """Makes the rows have what is wanted of them, in transactions of BATCH rows.

    :param only: by row, the keys that are looked at; a row that is not in it: all of ours.
    :returns: by row, what was changed.
    """
    rows = sorted(rows)
    changes = {}
    for start in range(0, len(rows), BATCH):
        with api.transaction(check_error=True) as txn:
            done = [txn.add(AnnotateRow(api, row, wanted.get(row, {}), (only or {}).get(row), keep_unowned))
                    for row in rows[start:start + BATCH]]
        changes.update((one.row, one.result) for one in done if one.result)
    return changes
