import Foundation

/// Puts a recording's events to a core again, anywhere: nothing is read but the file, and nothing is done.
package struct Replay {
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// The first line on which this program decides differently from the one that recorded.
    package struct Difference: Hashable, Sendable {
        /// From 1, as editors count.
        package var line: Int
        package var recorded: String
        package var decided: String
    }

    /// An event and what was decided on it, as text.
    package struct Decision: Hashable, Sendable {
        /// Milliseconds since 1970.
        package var at: Int64
        package var event: String
        /// One JSON object each.
        package var actions: [String]
    }

    /// The release that recorded.
    package let release: String
    private var core: AgentCore
    private let lines: [Substring]

    /// - Throws: `Failure`, where it is no recording, or one of another format.
    package init(_ text: String) throws(Failure) {
        lines = text.split(separator: "\n")
        do {
            guard let first = lines.first else { throw Failure(description: "the recording is empty") }
            struct Format: Decodable { var format: Int }
            let format = try JSONDecoder().decode(Format.self, from: Data(first.utf8)).format
            guard format == Transcript.format else {
                throw Failure(
                    description:
                        "format \(format), and this fed-agent reads format \(Transcript.format): replay it with the release that recorded it"
                )
            }
            let header = try JSONDecoder().decode(Transcript.Header.self, from: Data(first.utf8))
            (release, core) = (header.release, header.core)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(description: "line 1 is not the header of a recording: \(error)")
        }
    }

    /// - Parameters:
    ///   - say: is given each decision as it is made.
    ///   - explain: is given facts, design and plan as they are at the end, where all decisions are the same.
    /// - Returns: nil where all decisions are byte for byte those that were recorded.
    package consuming func run(
        _ say: (Decision) -> Void = { _ in }, explain: (Explanation) -> Void = { _ in }
    ) throws(Failure) -> Difference? {
        var transcript = Transcript()
        var seenAt: [String: Int64] = [:]
        var last: (at: Int64, actions: [Action]) = (0, [])
        for (index, line) in lines.enumerated().dropFirst() {
            do {
                guard let (event, time) = try transcript.read(line) else { throw Failure(description: "no event") }
                let actions = core.handle(event, at: time)
                seenAt[Explanation.fact(of: event)] = time
                last = (time, actions)
                say(Decision(at: time, event: event.name, actions: try actions.map { try CanonicalJSON.text(of: $0) }))
                let decided = try transcript.line(event, at: time, actions)
                guard decided == line else { return Difference(line: index + 1, recorded: String(line), decided: decided) }
            } catch {
                // A recording ends where the agent was killed.
                if index == lines.count - 1, index > 0, !line.hasSuffix("}") { break }
                throw Failure(description: "line \(index + 1) cannot be read: \(error)")
            }
        }
        explain(Explanation(core, last.actions, seenAt: seenAt, now: last.at))
        return nil
    }
}
