/// What `fedctl verify -o json` says, as far as the injector looks at it.
struct VerifyAnswer: Hashable, Sendable {
    struct Pair: Hashable, Sendable {
        var vpn: String
        /// Whose addresses are to be reached.
        var origin: String
        /// Who is to reach them.
        var viewer: String
        var state: String
        /// Nil where there is nothing to say.
        var cause: Cause?

        /// Packets are said to pass, or nothing is said against it.
        var isWell: Bool { ["ok", "programmed", "empty"].contains(state) }
        var name: String { "\(vpn): \(viewer) to \(origin)" }
    }

    struct Cause: Hashable, Sendable {
        var code: String
        var step: String
        var sentence: String
        var remedy: String
    }

    var pairs: [Pair]
    /// Import paths that no policy allows.
    var leaks: Int

    var isWell: Bool { pairs.allSatisfy(\.isWell) && leaks == 0 }

    /// Nil if it is not such an answer.
    init?(_ document: JSON) {
        guard let items = document["pairs"]?.array else { return nil }
        leaks = document["leaks"]?.number.map { Int($0) } ?? 0
        pairs = items.compactMap { item in
            guard let vpn = item["vpn"]?.string, let origin = item["origin"]?.string, let viewer = item["viewer"]?.string,
                let state = item["state"]?.string
            else { return nil }
            let cause = item["cause"].flatMap { cause -> Cause? in
                guard let code = cause["code"]?.string, let step = cause["step"]?.string else { return nil }
                return Cause(
                    code: code, step: step, sentence: cause["sentence"]?.string ?? "", remedy: cause["remedy"]?.string ?? "")
            }
            return Pair(vpn: vpn, origin: origin, viewer: viewer, state: state, cause: cause)
        }
        guard pairs.count == items.count else { return nil }
    }

    /// What must stay the same for an answer to count as settled.
    var signature: [String] { pairs.map { "\($0.name) \($0.state) \($0.cause?.code ?? "")" } + ["\(leaks)"] }

    /// The causes as `code at step`, sorted.
    var words: [String] { Set(pairs.compactMap(\.cause).map { "\($0.code) at \($0.step)" }).sorted() }

    /// The distinct causes, in the order of the pairs.
    var causes: [Cause] {
        var seen: Set<String> = []
        return pairs.compactMap(\.cause).filter { seen.insert("\($0.code) \($0.step) \($0.remedy)").inserted }
    }

    func pair(_ vpn: String, origin: String, viewer: String) -> Pair? {
        pairs.first { $0.vpn == vpn && $0.origin == origin && $0.viewer == viewer }
    }
}

extension Judge {
    /// What verify says now; exit statuses count for nothing here.
    func verifyAnswer() async throws -> VerifyAnswer {
        let result = try await lab.daemons.fedctl(["verify", "-o", "json"]).run()
        guard let document = try? JSON(parsing: result.output.utf8), let answer = VerifyAnswer(document) else {
            throw LabError("fedctl verify -o json exited with \(result.status): \(result.text.prefix(300))")
        }
        return answer
    }
}
