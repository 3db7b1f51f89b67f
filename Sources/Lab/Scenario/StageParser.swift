import Yams

/// Reads the stages: each has a `stage` name and one step, or a list of `steps`.
struct StageParser {
    let reader: YAMLReader
    let scenario: Scenario

    private static let words = [
        "verify", "pings", "reaches", "isolated", "unreachable", "internet", "run", "fedctl", "kill", "stop", "freeze", "database", "harm",
        "save-database", "drift", "idle", "churn", "move-gateway", "namesake", "recreate-router",
    ]

    func stage(_ node: Node) -> Stage? {
        let fields = reader.mapping(node, "a stage", required: ["stage"], optional: ["steps"] + Self.words)
        guard let name = reader.string(fields["stage"], "stage name") else { return nil }
        var steps: [Step] = []
        let single = Self.words.filter { fields[$0] != nil }
        if let list = fields["steps"] {
            if let word = single.first {
                reader.complain("stage “\(name)” has both steps and \(word); move it into the steps", at: fields[word])
            }
            steps = self.steps(list, "steps")
        } else {
            for word in single { if let node = fields[word], let step = step(word, node) { steps.append(step) } }
            if single.count != 1 {
                reader.complain("stage “\(name)” needs one of \(Self.words.joined(separator: ", ")), or steps", at: node)
            }
        }
        return Stage(name: name, steps: steps, line: node.mark?.line ?? 0)
    }

    func steps(_ list: Node?, _ what: String) -> [Step] {
        reader.items(list, what).flatMap { item in
            let fields = reader.mapping(item, "a step", optional: Self.words)
            if fields.values.count != 1 { reader.complain("a step must be one of \(Self.words.joined(separator: ", "))", at: item) }
            return fields.values.compactMap { step($0.key, $0.value) }
        }
    }

    private func step(_ word: String, _ node: Node) -> Step? {
        switch word {
        case "verify": verify(node)
        case "pings": pings(node)
        case "isolated":
            both(node, "isolated").map { Step.isolated(from: $0, to: $1) }
        case "reaches": groups(node, word).map(Step.reaches)
        case "unreachable": groups(node, word).map(Step.unreachable)
        case "internet": project(reader.mapping(node, "internet", required: ["from"])["from"]).map(Step.internet)
        case "run": run(node)
        case "fedctl": fedctl(node)
        case "kill", "stop", "freeze": processes(node, word)
        case "database": database(node)
        case "harm": harm(node)
        case "save-database": place(reader.mapping(node, word, required: ["cloud", "database"])).map(Step.saveDatabase)
        case "drift": drift(node)
        case "idle": reader.seconds(reader.mapping(node, "idle", required: ["for"])["for"], "time").map(Step.idle)
        case "churn": churn(node)
        case "move-gateway": moveGateway(node)
        case "namesake": namesake(node)
        case "recreate-router": recreateRouter(node)
        default: nil
        }
    }

    private func verify(_ node: Node) -> Step? {
        let fields = reader.mapping(node, "verify", required: ["expect", "within"], optional: ["mentions", "settled", "show"])
        guard let word = reader.string(fields["expect"], "expect") else { return nil }
        guard let expectation = Step.Verify.Expectation(rawValue: word) else {
            reader.complain("invalid expectation “\(word)”: write ok, failed, unknown or leaking", at: fields["expect"])
            return nil
        }
        return .verify(
            .init(
                expect: expectation, within: reader.seconds(fields["within"], "time") ?? 1,
                mentions: reader.strings(fields["mentions"], "mentions"),
                settled: fields["settled"].flatMap { reader.seconds($0, "time") } ?? 0, show: reader.flag(fields["show"], "show") ?? false))
    }

    private func pings(_ node: Node) -> Step? {
        let fields = reader.mapping(node, "pings", required: ["among"], optional: ["count", "every"])
        guard let project = project(fields["among"]) else { return nil }
        return .pings(
            .init(
                among: project, count: reader.number(fields["count"], "count", in: 1...1000) ?? 20,
                interval: reader.milliseconds(fields["every"], "time") ?? 100))
    }

    private func groups(_ node: Node, _ word: String) -> (from: MachineGroup, to: [MachineGroup])? {
        let fields = reader.mapping(node, word, required: ["from", "to"])
        guard let from = group(fields["from"]) else { return nil }
        let to = reader.items(fields["to"], "to").compactMap(group)
        if scenario.pairs(from: from, to: to).isEmpty {
            reader.complain("\(word) needs two machines behind different routers", at: node)
        }
        return (from, to)
    }

    private func group(_ node: Node?) -> MachineGroup? {
        guard let node, let text = reader.string(node, "group of machines") else { return nil }
        if let group = MachineGroup(text, in: scenario) { return group }
        reader.complain("unknown machines “\(text)”: write PROJECT, PROJECT@CLOUD or CLOUD/MACHINE", at: node)
        return nil
    }

    private func run(_ node: Node) -> Step? {
        let fields = reader.mapping(node, "run", required: ["on", "command"], optional: ["status", "prints"] + Self.pingingKeys)
        checkPinging(fields)
        guard let host = host(fields["on"]), let command = reader.string(fields["command"], "command") else { return nil }
        return .run(
            .init(
                on: host, command: command, status: Int32(reader.number(fields["status"], "status", in: 0...255) ?? 0),
                prints: reader.string(fields["prints"], "prints"), pinging: fields["pinging"] == nil ? nil : pinging(fields)))
    }

    private func fedctl(_ node: Node) -> Step? {
        let fields = reader.mapping(node, "fedctl", required: ["arguments"], optional: ["status", "show"] + Self.pingingKeys)
        checkPinging(fields)
        return .fedctl(
            .init(
                arguments: reader.strings(fields["arguments"], "arguments"),
                status: Int32(reader.number(fields["status"], "status", in: 0...255) ?? 0),
                show: reader.flag(fields["show"], "show") ?? false, pinging: fields["pinging"] == nil ? nil : pinging(fields)))
    }

    private func checkPinging(_ fields: YAMLReader.Fields) {
        guard fields["pinging"] == nil, let key = Self.pingingKeys.first(where: { fields[$0] != nil }) else { return }
        reader.complain("“\(key)” has no effect without pings: also write “pinging: PROJECT”", at: fields[key])
    }

    private static let pingingKeys = ["pinging", "every", "lost"]

    func pinging(_ fields: YAMLReader.Fields) -> Step.Pinging? {
        project(fields["pinging"]).map { project in
            Step.Pinging(
                project: project, interval: reader.milliseconds(fields["every"], "time") ?? 100,
                lost: reader.number(fields["lost"], "number of lost requests", in: 0...100_000))
        }
    }

    private func drift(_ node: Node) -> Step? {
        let fields = reader.mapping(node, "drift", required: ["on", "damage", "whole", "within"], optional: ["reported"])
        guard let host = host(fields["on"]), let damage = reader.string(fields["damage"], "damage"),
            let whole = reader.string(fields["whole"], "whole")
        else { return nil }
        return .drift(
            .init(
                on: host, damage: damage, whole: whole, within: reader.seconds(fields["within"], "time") ?? 5,
                reported: reader.string(fields["reported"], "reported")))
    }

    private func churn(_ node: Node) -> Step? {
        let fields = reader.mapping(node, "churn", required: ["seed", "for"])
        guard let seed = reader.number(fields["seed"], "seed", in: 0...Int.max), let seconds = reader.seconds(fields["for"], "time") else {
            return nil
        }
        return .churn(seed: UInt64(seed), seconds: seconds)
    }

    private func moveGateway(_ node: Node) -> Step? {
        let fields = reader.mapping(node, "move-gateway", required: ["cloud", "router", "to", "within"])
        guard let cloud = reader.string(fields["cloud"], "cloud"), let router = reader.string(fields["router"], "router"),
            let gateway = reader.string(fields["to"], "to")
        else { return nil }
        guard scenario.cloud(cloud)?.router(router)?.gateways.contains(gateway) == true else {
            reader.complain("gateway \(gateway) is not a gateway of router \(router) of cloud \(cloud)", at: fields["to"])
            return nil
        }
        return .moveGateway(.init(cloud: cloud, router: router, to: gateway, within: reader.milliseconds(fields["within"], "time") ?? 1000))
    }

    private func namesake(_ node: Node) -> Step? {
        let fields = reader.mapping(
            node, "namesake", required: ["cloud", "router", "project", "pinging"], optional: ["gateway-port", "restart", "every", "lost"])
        guard let (cloud, router) = router(fields), let project = reader.string(fields["project"], "project"), let pinging = pinging(fields)
        else { return nil }
        return .namesake(
            .init(
                cloud: cloud, router: router, project: project, hasGateway: reader.flag(fields["gateway-port"], "gateway-port") ?? false,
                restart: fields["restart"].flatMap(victim), pinging: pinging))
    }

    private func recreateRouter(_ node: Node) -> Step? {
        let fields = reader.mapping(node, "recreate-router", required: ["cloud", "router", "project"])
        guard let (cloud, router) = router(fields), let project = reader.string(fields["project"], "project") else { return nil }
        return .recreateRouter(.init(cloud: cloud, router: router, project: project, line: node.mark?.line ?? 0))
    }

    private func router(_ fields: YAMLReader.Fields) -> (cloud: String, router: String)? {
        guard let cloud = reader.string(fields["cloud"], "cloud"), let router = reader.string(fields["router"], "router") else {
            return nil
        }
        if scenario.cloud(cloud)?.router(router) != nil { return (cloud, router) }
        reader.complain("unknown router \(router) in cloud \(cloud)", at: fields["router"])
        return nil
    }

    private func both(_ node: Node, _ what: String) -> (String, String)? {
        let fields = reader.mapping(node, what, required: ["from", "to"])
        guard let from = project(fields["from"]), let to = project(fields["to"]) else { return nil }
        return (from, to)
    }

    private func project(_ node: Node?) -> String? {
        guard let node, let text = reader.string(node, "project") else { return nil }
        if scenario.projects.contains(text) { return text }
        reader.complain("unknown project “\(text)”: write one of \(scenario.projects.sorted().joined(separator: ", "))", at: node)
        return nil
    }

    func host(_ node: Node?) -> String? {
        guard let node, let text = reader.string(node, "host") else { return nil }
        if scenario.host(named: text) != nil { return text }
        reader.complain("unknown host “\(text)”: write one of \(scenario.hosts.map(\.description).joined(separator: ", "))", at: node)
        return nil
    }
}
