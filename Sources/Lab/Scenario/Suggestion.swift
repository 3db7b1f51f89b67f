/// What somebody may have meant who wrote a name that is not there.
package enum Suggestion {
    /// ` did you mean “two-clouds”?`, or nothing where no name is near.
    package static func text(for word: String, among names: [String]) -> String {
        nearest(to: word, among: names).map { "; did you mean “\($0)”?" } ?? ""
    }

    /// The name that is reached by the fewest edits: at most a third of the word's length, and at least one that is a beginning.
    static func nearest(to word: String, among names: [String]) -> String? {
        let word = word.lowercased()
        let ranked = names.map { (name: $0, edits: edits(from: word, to: $0.lowercased())) }
        if let best = ranked.min(by: { $0.edits < $1.edits }), best.edits <= max(1, word.count / 3) { return best.name }
        // `gw1` for `paris/gw1`, `vswitchd` for `ovs-vswitchd`: a part that only one name has.
        let parts = names.filter { !word.isEmpty && $0.lowercased().contains(word) }
        return parts.count == 1 ? parts[0] : nil
    }

    /// Letters to insert, remove, replace or swap with their neighbour (optimal string alignment).
    static func edits(from: String, to: String) -> Int {
        let (one, other) = (Array(from), Array(to))
        var rows = [Array(0...other.count)]
        for i in one.indices {
            var row = [i + 1]
            for j in other.indices {
                var cost = min(row[j] + 1, rows[i][j + 1] + 1, rows[i][j] + (one[i] == other[j] ? 0 : 1))
                if i > 0, j > 0, one[i] == other[j - 1], one[i - 1] == other[j] { cost = min(cost, rows[i - 1][j - 1] + 1) }
                row.append(cost)
            }
            rows.append(row)
        }
        return rows[one.count][other.count]
    }
}
