import ArgumentParser
import FederationAPI
import NetworkTypes

/// On what conditions a change is made; for every command that makes one.
struct ChangeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Agree to lose this number of reachable pairs and prefixes (the plan shows it); required for a plan that removes much.",
            valueName: "n"))
    var yesRemove: UInt32?

    @Option(
        help: ArgumentHelp("Roll back automatically after this time unless confirmed by “fedctl confirm”: 90s, 5m, 1h.", valueName: "time"),
        transform: Seconds.init(parsing:))
    var confirm: Seconds?

    @Option(name: .shortAndLong, help: ArgumentHelp("Reason for the change, shown in the history.", valueName: "text"))
    var message: String?

    @Option(help: ArgumentHelp("Wait until all agents applied it, for at most this time.", valueName: "seconds"))
    var wait: Int?

    @Flag(name: .shortAndLong, help: "Do not ask at a terminal whether to apply (without a terminal there is no question).")
    var yes = false

    func validate() throws {
        if let wait, wait < 0 { throw ValidationError("invalid --wait: must be 0 or more seconds") }
    }

    /// How many reaches or prefixes the admin agrees to lose.
    var agreedLosses: Int { Int(yesRemove ?? 0) }

    func conditions(on base: UInt64) -> ChangeConditions {
        ChangeConditions(base: base, yesRemove: agreedLosses, confirmSeconds: confirm?.value, message: message ?? "")
    }
}

/// A time in seconds: `90`, `90s`, `5m`, `1h`.
struct Seconds: Hashable, Sendable, CustomStringConvertible {
    var value: UInt32

    init(_ value: UInt32) { self.value = value }

    var description: String { "\(value)s" }

    init(parsing text: String) throws {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit: UInt32? =
            switch text.dropFirst(digits.count) {
            case "", "s": 1
            case "m": 60
            case "h": 3600
            default: nil
            }
        guard let number = UInt32(digits), let unit, case let (value, overflow) = number.multipliedReportingOverflow(by: unit), !overflow,
            value > 0
        else { throw ValidationError("invalid time \(cited(text)): write it like 90s, 5m or 1h") }
        self.value = value
    }
}
