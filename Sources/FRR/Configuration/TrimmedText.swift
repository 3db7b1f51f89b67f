extension StringProtocol {
    /// Without spaces and line ends around it.
    package var trimmingSpaces: String {
        var view = Substring(self)
        while let last = view.unicodeScalars.last, last.properties.isWhitespace { view.unicodeScalars.removeLast() }
        while let first = view.unicodeScalars.first, first.properties.isWhitespace { view.unicodeScalars.removeFirst() }
        return String(view)
    }
}
