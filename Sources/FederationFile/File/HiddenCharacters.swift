extension Unicode.Scalar {
    /// Controls a terminal, or the direction of writing, or ends a line: no value of the file needs it, and whoever reads the value in
    /// a log or on a screen would be told something else than what it says.
    var isHiddenInText: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
        default: false
        }
    }

    /// `001B`, as behind `U+`.
    var hexadecimal: String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
