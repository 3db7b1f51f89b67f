/// The word in `known` that was probably meant; nil if none is close.
func nearMiss(of word: String, among known: some Sequence<String>) -> String? {
    let meant = word.lowercased()
    // A third of the letters wrong, two at most: `asn` is `as`, `vnni` is `vni`, `l2` is not `l3`.
    let tolerance = min(2, meant.count / 3)
    return
        known.map { (distance: editDistance(Array(meant), Array($0.lowercased())), word: $0) }
        .filter { $0.distance <= tolerance && $0.distance < $0.word.count }
        .min { ($0.distance, $0.word) < ($1.distance, $1.word) }?.word
}

/// Damerau and Levenshtein's distance (optimal string alignment): letters to insert, remove, replace, or swap.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    // Names have at most 63 letters; a much longer word is not a typo.
    guard a.count <= 80, b.count <= 80 else { return .max }
    var rows = [[Int]](repeating: Array(repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { rows[i][0] = i }
    for j in 0...b.count { rows[0][j] = j }
    for i in 0..<a.count {
        for j in 0..<b.count {
            var best = min(rows[i][j + 1] + 1, rows[i + 1][j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
            rows[i + 1][j + 1] = best
        }
    }
    return rows[a.count][b.count]
}
