/// The newest rows, and which of them changed since the reader last looked.
package struct OVSDBUpdate: Sendable {
    package let replica: OVSDBReplica
    /// Merged over everything that happened since the reader's last update; in its first one every row is inserted.
    /// May be empty in a first update only.
    package let change: ReplicaChange
}
