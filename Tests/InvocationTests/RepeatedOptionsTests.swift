import ArgumentParser
import Testing

@testable import Invocation

@Suite("Options that are given again")
struct RepeatedOptionsTests {
    private struct Tool: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "tool", subcommands: [Apply.self])
        @Option var coordinator: String?
    }

    private struct Apply: ParsableCommand {
        @Option(name: .shortAndLong) var file: String
        @Option(name: .shortAndLong) var message: String?
        @Option var address: [String] = []
        @Option var coordinator: String?
        @Flag(name: .shortAndLong) var yes = false
        @Argument(parsing: .postTerminator) var words: [String] = []
    }

    private func found(_ line: String) throws -> [RepeatedOption] {
        repeatedOptions(in: line.split(separator: " ").map(String.init), of: try CommandDescription(of: Tool.self))
    }

    @Test(
        "the long, the short and the = form are one option",
        arguments: ["apply -f a -f b", "apply --file a -f b", "apply --file=a -f=b", "apply -f a --yes --file=b"])
    func forms(line: String) throws {
        #expect(try found(line) == [RepeatedOption(name: "--file", values: ["a", "b"])])
    }

    @Test("before and behind the command's name is twice, too")
    func levels() throws {
        #expect(try found("--coordinator a apply -f x --coordinator b").map(\.name) == ["--coordinator"])
    }

    @Test(
        "lists, flags, values that look like options and what follows -- are not repeated",
        arguments: [
            "apply -f a --address x --address y", "apply -f a -y -y", "apply -f a -m -f", "apply -f a -- -f b -f c", "apply -f -",
            "apply -f",
        ])
    func others(line: String) throws {
        #expect(try found(line).isEmpty)
    }

    @Test("the refusal is wrong usage, names the option and all its values")
    func refusal() throws {
        let error = #expect(throws: ValidationError.self) {
            try Tool.refuseRepeatedOptions(in: ["apply", "-f", "a", "-f", "b", "-f", "c"])
        }
        #expect(error?.message == "--file is given 3 times: “a”, “b”, “c”; give it only once")
        #expect(error.map { Tool.exitCode(for: $0).rawValue } == 64)
        #expect(throws: Never.self) { try Tool.refuseRepeatedOptions(in: ["apply", "-f", "a"]) }
    }
}
