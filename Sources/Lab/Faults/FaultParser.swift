import Yams

/// Reads `faults.yaml`, strictly.
package enum FaultParser {
    package static func parse(_ text: String, for scenario: Scenario, file: String) throws(ScenarioError) -> [InjectedFault] {
        let reader = YAMLReader(file: file)
        guard let root = reader.root(of: text) else { throw ScenarioError(problems: reader.problems) }
        let fields = reader.mapping(root, "faults", required: ["faults"])
        var faults: [InjectedFault] = []
        for node in reader.items(fields["faults"], "faults") {
            guard let fault = fault(node, reader, StageParser(reader: reader, scenario: scenario)) else { continue }
            if faults.contains(where: { $0.name == fault.name }) { reader.complain("fault \(fault.name) is there twice", at: node) }
            faults.append(fault)
        }
        guard reader.problems.isEmpty else { throw ScenarioError(problems: reader.problems) }
        return faults
    }

    private static func fault(_ node: Node, _ reader: YAMLReader, _ stages: StageParser) -> InjectedFault? {
        let fields = reader.mapping(
            node, "a fault", required: ["fault", "layer", "what"],
            optional: ["harm", "kill", "stop", "freeze", "causes", "steps", "effect", "within"])
        var harms = reader.items(fields["harm"], "harm").compactMap { harm($0, reader, stages) }
        for (word, make) in [("kill", Step.Fault.killed), ("stop", Step.Fault.stopped), ("freeze", Step.Fault.frozen)] {
            let victims = reader.items(fields[word], word).compactMap(stages.victim)
            if !victims.isEmpty { harms.append(make(victims)) }
        }
        guard let name = reader.string(fields["fault"], "name"), let what = reader.string(fields["what"], "what") else { return nil }
        if harms.isEmpty { reader.complain("fault \(name) does nothing: give it harm, kill, stop or freeze", at: node) }
        let causes = reader.strings(fields["causes"], "causes"), steps = reader.strings(fields["steps"], "steps")
        let effect = choice(InjectedFault.Effect.self, fields["effect"], "effect", reader) ?? .lost
        if (causes + steps).isEmpty, effect != .none {
            reader.complain("fault \(name) needs causes or steps, unless its effect is none", at: node)
        }
        return InjectedFault(
            name: name, layer: choice(InjectedFault.Layer.self, fields["layer"], "layer", reader) ?? .kernel, what: what, harms: harms,
            causes: causes, steps: steps, effect: effect, within: reader.seconds(fields["within"], "time") ?? 30)
    }

    private static func harm(_ node: Node, _ reader: YAMLReader, _ stages: StageParser) -> Step.Fault? {
        let fields = reader.mapping(node, "harm", required: ["on", "command"], optional: ["undo"])
        guard let host = stages.host(fields["on"]), let command = reader.string(fields["command"], "command") else { return nil }
        return .command(on: host, command, undo: reader.string(fields["undo"], "undo") ?? "true")
    }

    private static func choice<T: RawRepresentable<String> & CaseIterable>(
        _ type: T.Type, _ node: Node?, _ what: String, _ reader: YAMLReader
    ) -> T? {
        guard let node, let word = reader.string(node, what) else { return nil }
        if let value = T(rawValue: word) { return value }
        reader.complain("unknown \(what) “\(word)”: write one of \(T.allCases.map(\.rawValue).joined(separator: ", "))", at: node)
        return nil
    }
}
