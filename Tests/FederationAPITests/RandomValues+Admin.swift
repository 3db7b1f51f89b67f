import Federation
import FederationAPI
import FederationModel
import NetworkTypes
import Verification

/// Values of the types in which admins ask and are told.
extension RandomValues {
    mutating func conditions() -> ChangeConditions {
        ChangeConditions(
            base: maybe { $0.next() }, yesRemove: number(0...999), confirmSeconds: maybe { UInt32($0.number(5...600)) }, message: text())
    }

    mutating func reservedValues() -> Reservation.Values {
        switch number(0...4) {
        case 0: .asns(64512...UInt32(number(64512...65534)))
        case 1: .vnis(1...UInt32(number(1...9999)))
        case 2: .routeTarget(RouteTarget(.as2(64900, UInt32(number(1...9999)))))
        case 3: .routerMAC(mac())
        default: .address(ipv4())
        }
    }

    mutating func principal() -> Principal {
        let certificate: String? = maybe { String($0.next(), radix: 16) }
        switch number(0...2) {
        case 0: return Principal(.admin(name()), certificate: certificate)
        case 1: return Principal(.agent(gateway()), certificate: certificate)
        default: return .coordinator
        }
    }

    mutating func pendingCommit() -> PendingCommit {
        PendingCommit(
            revision: next(), fallback: next(), deadline: Int64(number(0...9999)), author: principal(), obstacle: maybe { $0.text() })
    }

    mutating func summary() -> RevisionSummary {
        var size = ChangeSize()
        (size.added, size.changed, size.removed) = (number(0...99), number(0...99), number(0...99))
        (size.gateways, size.gained, size.lost) = (number(0...99), number(0...99), number(0...99))
        return RevisionSummary(
            number: next() | 1, author: principal(), appliedAt: Int64(number(0...9999)), message: text(),
            origin: RevisionOrigin.known.randomElement(using: &self) ?? .apply, restores: maybe { $0.next() }, size: size)
    }

    mutating func auditEntry() -> AuditEntry {
        AuditEntry(
            number: next(), at: Int64(number(0...9999)), author: principal(),
            action: AuditEntry.Action.known.randomElement(using: &self) ?? .apply,
            outcome: AuditEntry.Outcome.known.randomElement(using: &self) ?? .done, revision: next(), detail: text())
    }

    mutating func diagnostic() -> Diagnostic {
        Diagnostic(
            severity: flag() ? .error : .warning, file: text(), line: number(1...99), column: number(1...99), length: number(1...99),
            path: text(), value: maybe { $0.text() }, reason: text(), remedy: text(), source: "")
    }

    mutating func changeResult() -> ChangeResult {
        ChangeResult(
            revision: next(), accepted: flag(), plan: maybe { $0.plan() }, diagnostics: list { $0.diagnostic() },
            pendingCommit: maybe { $0.pendingCommit() }, base: maybe { $0.summary() } ?? .none)
    }

    mutating func resource() -> ResourceName { maybe { .vpn($0.name()) } ?? .base }

    mutating func status() -> FederationStatus {
        FederationStatus(
            federation: name(), epoch: text(), revision: next(), pending: number(0...99),
            agents: list { values in
                AgentStatus(
                    gateway: values.gateway(), connected: values.flag(), lastSeen: values.maybe { Int64($0.number(0...9999)) },
                    software: values.text(),
                    resources: values.list {
                        ResourceStatus(
                            resource: $0.resource(), intended: $0.maybe { $0.text() }, acknowledged: $0.maybe { $0.text() },
                            rejection: $0.maybe { $0.text() })
                    })
            }, pendingCommit: maybe { $0.pendingCommit() },
            vniChanges: list {
                VNIProgress(vpn: $0.name(), sending: $0.vni(), secondary: $0.vni(), goal: $0.vni(), waitsFor: $0.list { $0.gateway() })
            },
            problems: list { CoordinatorProblem($0.flag() ? .error : .warning, code: $0.text(), reason: $0.text(), remedy: $0.text()) })
    }

    /// One of each.
    mutating func eventKinds() -> [FederationEvent.Kind] {
        [
            .agentConnected(gateway(), software: text()), .agentDisconnected(gateway(), reason: text()),
            .resourceAcknowledged(gateway(), resource(), .applied(text())),
            .resourceAcknowledged(gateway(), resource(), .rejected(text(), reason: text())),
            .verdictsChanged(
                VerdictTransition(
                    before: maybe { Judgement($0.verdict()) }, after: maybe { Judgement($0.verdict()) }, pairs: list { $0.verdict().pair },
                    pairCount: number(0...9999))),
            .recordingBegan(until: maybe { Int64($0.number(0...9999)) }),
            .driftRepaired(gateway(), name(), Drift(object: text(), change: text(), repairedAt: 1)),
            .revisionApplied(
                .init(
                    revision: next(), author: principal(), origin: .rollback, restores: maybe { $0.next() },
                    deadline: maybe { Int64($0.number(0...9999)) })),
            .revisionConfirmed(revision: next(), author: principal()),
        ]
    }
}
