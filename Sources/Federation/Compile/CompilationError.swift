/// The ledger has no value for an object of the graph: it has not allocated for this graph.
package struct CompilationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `route target`
    package let what: String
    /// `blue`
    package let owner: String

    package var description: String { "no \(what) is allocated to \(owner); allocate for the graph before compiling it" }
}

extension Optional {
    /// The value; throws if the ledger has none.
    func allocated(_ what: String, _ owner: some CustomStringConvertible) throws(CompilationError) -> Wrapped {
        guard let self else { throw CompilationError(what: what, owner: owner.description) }
        return self
    }
}
