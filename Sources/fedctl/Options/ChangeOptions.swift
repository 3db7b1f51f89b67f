import ArgumentParser
import FederationAPI

/// On what conditions a change is made; for every command that makes one.
struct ChangeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Agree to lose so many reachabilities and prefixes (the plan says how many); a plan that takes away much asks for it.",
            valueName: "n"))
    var yesRemove: UInt32?

    @Option(
        help: ArgumentHelp("Go back by itself after this time unless “fedctl confirm” comes: 90s, 5m, 1h.", valueName: "time"),
        transform: Seconds.init(parsing:))
    var confirm: Seconds?

    @Option(name: .shortAndLong, help: ArgumentHelp("What it is for, for the history.", valueName: "text"))
    var message: String?

    @Option(help: ArgumentHelp("Wait until all agents applied it, so long at most.", valueName: "seconds"))
    var wait: Int?

    @Flag(name: .shortAndLong, help: "Do not ask at a terminal whether to apply; elsewhere nobody is asked.")
    var yes = false

    func validate() throws {
        if let wait, wait < 0 { throw ValidationError("--wait is a number of seconds, from 0") }
    }

    /// How many reaches or prefixes the admin agrees to lose.
    var agreedLosses: Int { Int(yesRemove ?? 0) }

    func conditions(on base: UInt64) -> ChangeConditions {
        ChangeConditions(base: base, yesRemove: agreedLosses, confirmSeconds: confirm?.value, message: message ?? "")
    }
}

/// A time in seconds: `90`, `90s`, `5m`, `1h`.
struct Seconds: Hashable, Sendable {
    var value: UInt32

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
        else { throw ValidationError("“\(text)” is no time; write it like 90s, 5m or 1h") }
        self.value = value
    }
}
