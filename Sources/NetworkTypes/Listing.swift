extension Sequence where Element: CustomStringConvertible {
    /// For messages: the first few elements, and the number of the others.
    package func listed(limit: Int = 5) -> String {
        let all = map(\.description)
        let text = all.prefix(limit).joined(separator: ", ")
        return all.count > limit ? "\(text) and \(all.count - limit) more" : text
    }
}
