import ArgumentParser
import FederationAPI
import FederationModel
import Terminal

struct SelectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only this VPN.", valueName: "name"), transform: reading)
    var vpn: VPNName?

    @Option(help: ArgumentHelp("Only this cloud.", valueName: "name"), transform: reading)
    var cloud: CloudName?

    var selection: FederationSelection { FederationSelection(vpn: vpn, cloud: cloud) }

    /// A name that nothing has selects nothing, and would look like health.
    func check(against graph: FederationGraph) throws(CommandError) {
        if let vpn { _ = try find(vpn, in: graph.vpns, "VPN") }
        if let cloud { _ = try find(cloud, in: graph.clouds, "cloud") }
    }
}

/// The thing of that name.
/// - Throws: a complaint that says which there are.
func find<Name: FederationName, Value>(_ name: Name, in things: [Name: Value], _ noun: String) throws(CommandError) -> Value {
    if let value = things[name] { return value }
    let names = things.keys.sorted().map(\.text).joined(separator: ", ")
    throw CommandError(
        "unknown \(noun) “\(name)”",
        remedy: things.isEmpty
            ? "add it to the federation file, then fedctl apply -f FILE"
            : (Misspelling.closest(to: name.text, among: things.keys.sorted().map(\.text)).map { "did you mean “\($0)”? " } ?? "")
                + "choose one of: \(names)")
}
