import FederationModel
import FederationViews

extension AppliedGraph {
    /// The graph.
    /// - Throws: a complaint where none was applied yet.
    func required() throws(CommandError) -> FederationGraph {
        guard let graph else {
            throw CommandError(
                "no federation file is applied yet", remedy: "fedctl apply -f FILE (topologies/two-clouds/federation.yaml is an example)")
        }
        return graph
    }
}

extension CommandError {
    init(_ error: AppliedGraph.Unreadable) {
        self.init(
            "the federation file of revision \(error.revision) is not understood",
            remedy: "use fedctl and fed-coordinator of the same version")
    }
}
