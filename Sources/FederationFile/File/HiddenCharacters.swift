extension Unicode.Scalar {
    /// A terminal control, direction mark or line end. No value of the file needs it, and in a log or on a screen it could make
    /// the value look different from what it is.
    var isHiddenInText: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
        default: false
        }
    }

    /// `001B`, as in `U+001B`.
    var hexadecimal: String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
