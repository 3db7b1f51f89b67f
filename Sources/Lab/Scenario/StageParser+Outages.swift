import Yams

/// Reads what breaks and is mended.
extension StageParser {
    /// `kill`, `stop` or `freeze`.
    func processes(_ node: Node, _ word: String) -> Step? {
        let time = word == "freeze" ? "for" : "restart-after"
        let fields = reader.mapping(node, word, required: ["victims", "pinging"], optional: [time] + Self.outageKeys)
        let victims = reader.items(fields["victims"], "victims").compactMap(victim)
        let fault: Step.Fault =
            switch word {
            case "stop": .stopped(victims)
            case "freeze": .frozen(victims)
            default: .killed(victims)
            }
        return outage(fault, fields, time)
    }

    func database(_ node: Node) -> Step? {
        let fields = reader.mapping(
            node, "database", required: ["cloud", "database", "becomes", "pinging"], optional: ["for"] + Self.outageKeys)
        guard let place = place(fields), let word = reader.string(fields["becomes"], "becomes") else { return nil }
        guard let fault = Step.DatabaseFault(rawValue: word), fault != .halfFilled || place.name == .southbound else {
            reader.complain(
                "a \(place.name.rawValue) database cannot become “\(word)”: write wiped, restored or, of a southbound, half-filled",
                at: fields["becomes"])
            return nil
        }
        return outage(.database(place, fault), fields, "for")
    }

    func harm(_ node: Node) -> Step? {
        let fields = reader.mapping(node, "harm", required: ["on", "command", "undo", "pinging"], optional: ["for"] + Self.outageKeys)
        guard let host = host(fields["on"]), let command = reader.string(fields["command"], "command"),
            let undo = reader.string(fields["undo"], "undo")
        else { return nil }
        return outage(.command(on: host, command, undo: undo), fields, "for")
    }

    private static let outageKeys = ["meanwhile", "every", "lost", "gap", "keeps-routes", "back-within"]

    private func outage(_ fault: Step.Fault, _ fields: YAMLReader.Fields, _ time: String) -> Step? {
        guard let pinging = pinging(fields) else { return nil }
        return .outage(
            .init(
                fault: fault, after: reader.seconds(fields[time], "time") ?? 2, meanwhile: steps(fields["meanwhile"], "meanwhile"),
                pinging: pinging, gap: reader.milliseconds(fields["gap"], "time"),
                keepsRoutes: reader.flag(fields["keeps-routes"], "keeps-routes") ?? false,
                backWithin: reader.seconds(fields["back-within"], "time")))
    }

    func victim(_ node: Node) -> Step.Victim? {
        guard let text = reader.string(node, "victim") else { return nil }
        if let victim = Step.Victim(text, in: scenario) { return victim }
        reader.complain(
            "unknown process “\(text)”: write coordinator, or PROCESS HOST with a process as “fedlab status” names it, or frr HOST for all of FRR",
            at: node)
        return nil
    }

    func place(_ fields: YAMLReader.Fields) -> Step.DatabasePlace? {
        guard let cloud = reader.string(fields["cloud"], "cloud"), let word = reader.string(fields["database"], "database") else {
            return nil
        }
        guard scenario.cloud(cloud) != nil else {
            reader.complain("unknown cloud \(cloud)", at: fields["cloud"])
            return nil
        }
        guard let name = Step.DatabasePlace.Name(rawValue: word) else {
            reader.complain("unknown database “\(word)”: write northbound or southbound", at: fields["database"])
            return nil
        }
        return .init(cloud: cloud, name: name)
    }
}
