import NetworkTypes

/// Problems of values, as messages.
extension Register {
    static func taken(_ value: Value, _ owner: Owner, _ holder: Owner, _ words: Words) -> AllocationProblem {
        AllocationProblem(
            cause: .taken, path: words.path(owner), value: value.description,
            reason: "\(words.value) \(value) is in use by \(holder)",
            remedy: "choose another one, or omit it to have one allocated")
    }

    static func inUse(_ value: Value, _ owner: Owner, _ last: Owner, _ words: Words) -> AllocationProblem {
        AllocationProblem(
            cause: .taken, path: words.path(owner), value: value.description,
            reason: "\(words.value) \(value) is in use by \(last) until all its gateways have the new one",
            remedy: "choose another one, omit it to have one allocated, or apply again later")
    }

    static func quarantined(
        _ value: Value, _ owner: Owner, _ last: Owner, _ remaining: Int64, _ words: Words
    ) -> AllocationProblem {
        let minutes = (remaining + 59_999) / 60_000
        let time = minutes < 60 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
        return AllocationProblem(
            cause: .quarantined(remaining: remaining), path: words.path(owner), value: value.description,
            reason: "\(words.value) \(value) of \(last) is in quarantine for \(time): agents may still use it",
            remedy: "choose another one, omit it to have one allocated, or apply again later")
    }

    static func reserved(_ value: Value, _ owner: Owner, _ reason: String, _ words: Words) -> AllocationProblem {
        AllocationProblem(
            cause: .reserved, path: words.path(owner), value: value.description,
            reason: "\(words.value) \(value) of \(owner) is reserved: \(reason)",
            remedy: "give \(owner) another one, or remove the reservation")
    }
}
