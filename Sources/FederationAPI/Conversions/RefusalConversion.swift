extension AdminRefusal {
    init(_ wire: WireRefusal) throws(ConversionError) {
        self.init(try Code(wire.code, "code"), wire.reason, remedy: wire.remedy, place: wire.place)
    }
}

extension WireRefusal {
    init(_ refusal: AdminRefusal) {
        code = Code(refusal.code)
        reason = refusal.reason
        remedy = refusal.remedy
        place = refusal.place
    }
}

extension AdminRefusal.Code {
    fileprivate init(_ wire: WireRefusal.Code, _ field: String) throws(ConversionError) {
        guard let code = Self.allCases.first(where: { WireRefusal.Code($0) == wire }) else {
            throw ConversionError(field: field, reason: "unknown code \(wire.rawValue) of a refusal")
        }
        self = code
    }
}

extension WireRefusal.Code {
    init(_ code: AdminRefusal.Code) {
        switch code {
        case .conflict: self = .conflict
        case .awaitingConfirmation: self = .awaitingConfirmation
        case .notConfirmable: self = .notConfirmable
        case .unknownRevision: self = .unknownRevision
        case .invalidRequest: self = .invalidRequest
        case .busy: self = .busy
        case .ledger: self = .ledger
        case .database: self = .database
        case .failed: self = .failed
        }
    }
}
