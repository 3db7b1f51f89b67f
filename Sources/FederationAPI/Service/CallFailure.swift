import GRPCCore

/// A call that got no answer, or a refusal.
package struct CallFailure: Error, Hashable, Sendable {
    package enum Cause: Hashable, Sendable {
        /// There is no connection.
        case unreachable
        /// There is no answer in time.
        case timedOut
        /// The coordinator does not serve us; its words.
        case notAuthorized(String)
        case refused(AdminRefusal)
        /// Too much was asked for at once; the transport's words.
        case exhausted(String)
        /// What the transport says of what went wrong.
        case failed(String)
        /// The answer is of another release.
        case notUnderstood(ConversionError)
        /// A backup did not arrive whole.
        case incompleteBackup
    }

    package var cause: Cause
    /// The coordinator's.
    package var endpoint: Endpoint
    /// What the connection knows of itself, for people; nil where nothing is wrong with it.
    package var trouble: String?

    package init(_ cause: Cause, at endpoint: Endpoint, trouble: String? = nil) {
        self.cause = cause
        self.endpoint = endpoint
        self.trouble = trouble
    }

    /// The coordinator was not reached: trying again later may help.
    package var isUnreachable: Bool { cause == .unreachable || cause == .timedOut }

    /// Nil where the coordinator did not say why.
    package var refusal: AdminRefusal? { if case .refused(let refusal) = cause { refusal } else { nil } }
}

extension CallFailure.Cause {
    init(_ error: RPCError) {
        if let refusal = AdminRefusal(error) {
            self = .refused(refusal)
            return
        }
        switch error.code {
        // What protobuf’s details would say; a proxy may drop them, and a later release may have codes in them that are unknown here.
        case .aborted: self = .refused(AdminRefusal(.conflict, error.message, remedy: AdminRefusal.conflictRemedy))
        case .unavailable: self = .unreachable
        case .deadlineExceeded: self = .timedOut
        case .permissionDenied, .unauthenticated: self = .notAuthorized(error.message)
        case .resourceExhausted: self = .exhausted(error.message)
        default: self = .failed("\(error.code): \(error.message)")
        }
    }
}
