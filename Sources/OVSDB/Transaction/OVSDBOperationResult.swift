/// What an operation of a committed transaction did.
package enum OVSDBOperationResult: Hashable, Sendable {
    case inserted(OVSDBUUID)
    /// How many rows an update, mutate or delete met.
    case count(Int)
    case rows([[String: OVSDBValue]])
    /// A wait or a comment.
    case done

    package var uuid: OVSDBUUID? { if case .inserted(let uuid) = self { uuid } else { nil } }
    package var count: Int? { if case .count(let count) = self { count } else { nil } }
    package var rows: [[String: OVSDBValue]]? { if case .rows(let rows) = self { rows } else { nil } }

    private init?(_ json: JSONValue) {
        guard let members = json.object else { return nil }
        if let uuid = members["uuid"] {
            guard case .uuid(let uuid)? = OVSDBAtom(uuid) else { return nil }
            self = .inserted(uuid)
        } else if let count = members["count"] {
            guard let count = count.integer else { return nil }
            self = .count(Int(count))
        } else if let rows = members["rows"] {
            guard let rows = rows.array else { return nil }
            var result: [[String: OVSDBValue]] = []
            for row in rows {
                guard let columns = row.object else { return nil }
                let values = columns.compactMapValues { OVSDBValue($0) }
                guard values.count == columns.count else { return nil }
                result.append(values)
            }
            self = .rows(result)
        } else {
            self = .done
        }
    }

    /// The result of `transact` (RFC 7047, section 4.1.3): errors hide in it, one at the operation that failed, or one behind
    /// all operations where the commit failed; operations behind a failed one are null.
    static func list(_ json: JSONValue, of operations: Int) throws(OVSDBError) -> [OVSDBOperationResult] {
        guard let results = json.array else { throw .unexpected("a transaction's result must be a list") }
        for (index, result) in results.enumerated() {
            guard let error = result["error"]?.string else { continue }
            throw .transactionFailed(
                operation: index < operations ? index : nil, error: error, details: result["details"]?.string ?? "")
        }
        guard results.count == operations else {
            throw .unexpected("\(results.count) results of \(operations) operations")
        }
        var list: [OVSDBOperationResult] = []
        for result in results {
            guard let result = OVSDBOperationResult(result) else { throw .unexpected("an operation's result that is not in RFC 7047") }
            list.append(result)
        }
        return list
    }
}
