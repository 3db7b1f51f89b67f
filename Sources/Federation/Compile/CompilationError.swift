/// The ledger has no value for something in the graph: it did not allocate for this graph.
package struct CompilationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `route target`
    package let what: String
    /// `blue`
    package let owner: String

    package var description: String { "\(owner) has no \(what) allocated; allocate for the graph before compiling it" }
}

extension Optional {
    /// The value, which the ledger must have.
    func allocated(_ what: String, _ owner: some CustomStringConvertible) throws(CompilationError) -> Wrapped {
        guard let self else { throw CompilationError(what: what, owner: owner.description) }
        return self
    }
}
