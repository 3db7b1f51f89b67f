/// What was changed of a text, in lines, in the unified form of diff(1).
package enum TextDifference {
    package struct Line: Hashable, Sendable, Encodable {
        package enum Kind: String, Hashable, Sendable, Encodable {
            /// `@@ -1,4 +1,5 @@`: which lines follow.
            case place
            case same, added, removed
        }

        package var kind: Kind
        package var text: String
    }

    /// Lines that are shown around a change.
    package static let context = 3

    /// Empty where the texts are equal.
    package static func unified(from old: String, to new: String) -> [Line] {
        let before = lines(old), after = lines(new)
        let script = script(before, after)
        var result: [Line] = []
        var index = 0
        while let start = script[index...].firstIndex(where: { $0.kind != .same }) {
            // Changes with few equal lines between them stand in one hunk.
            var end = start
            var next = start
            while next < script.count, next - end <= 2 * context {
                if script[next].kind != .same { end = next }
                next += 1
            }
            let range = max(index, start - context)..<min(script.count, end + context + 1)
            result.append(Line(kind: .place, text: place(script, range)))
            result += script[range]
            index = range.upperBound
        }
        return result
    }

    private static func lines(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// Every line of both, in order; what goes comes before what comes.
    private static func script(_ old: [String], _ new: [String]) -> [Line] {
        let difference = new.difference(from: old)
        var removed: Set<Int> = [], inserted: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var script: [Line] = []
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            if removed.contains(i) {
                script.append(Line(kind: .removed, text: old[i]))
                i += 1
            } else if inserted.contains(j) {
                script.append(Line(kind: .added, text: new[j]))
                j += 1
            } else {
                script.append(Line(kind: .same, text: old[i]))
                i += 1
                j += 1
            }
        }
        return script
    }

    /// `@@ -FIRST,COUNT +FIRST,COUNT @@`; of no lines the first is the one before.
    private static func place(_ script: [Line], _ range: Range<Int>) -> String {
        func side(_ other: Line.Kind) -> String {
            let before = script[..<range.lowerBound].count { $0.kind != other }
            let count = script[range].count { $0.kind != other }
            return "\(count == 0 ? before : before + 1),\(count)"
        }
        return "@@ -\(side(.added)) +\(side(.removed)) @@"
    }
}
