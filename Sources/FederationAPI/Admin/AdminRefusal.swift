import NetworkTypes

/// Why the coordinator did not do what an admin asked for, with the next step. Nothing was changed.
package struct AdminRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// For programs.
    package enum Code: Hashable, Sendable, CaseIterable {
        /// Another revision is in force than the admin's base.
        case conflict
        /// A revision awaits confirmation, and this change would not end that.
        case awaitingConfirmation
        /// Nothing awaits confirmation, or something else, or it is too late.
        case notConfirmable
        case unknownRevision
        /// The request says what cannot be.
        case invalidRequest
        /// Others are served, or this takes too long: ask again.
        case busy
        /// The values cannot be reserved or released.
        case ledger
        /// The database is not to be built upon.
        case database
        /// The coordinator could not do it.
        case failed
    }

    package var code: Code
    /// A sentence that names the values.
    package var reason: String
    /// An order.
    package var remedy: String
    /// The field of the request, or the place in the document, that it is about; empty where it is about all of it.
    package var place: String

    /// What is too long is cut: status details travel in HTTP/2 trailers.
    package init(_ code: Code, _ reason: String, remedy: String, place: String = "") {
        self.code = code
        self.reason = TextLimits.cut(reason, to: Self.reasonLimit)
        self.remedy = TextLimits.cut(remedy, to: TextLimits.sentence)
        self.place = TextLimits.cut(place, to: TextLimits.name)
    }

    /// In bytes: a conflict names the revisions since the base.
    package static let reasonLimit = 4096

    /// Of a conflict.
    package static let conflictRemedy = "review what changed (fedctl history, fedctl diff), merge it into your file, then apply again"

    package var description: String { "\(reason); \(remedy)" }
}

extension AdminRefusal {
    /// A request that cannot be read.
    package init(_ error: ConversionError) {
        self.init(
            .invalidRequest, "invalid request: \(error.reason)", remedy: "use fedctl and fed-coordinator of the same version",
            place: error.field)
    }

    /// A value of a request that is not one.
    package init(_ error: ParseError, place: String) {
        self.init(.invalidRequest, error.reason, remedy: error.remedy, place: place)
    }
}
