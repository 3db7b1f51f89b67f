import Foundation
import Glibc

/// Which kinds of devices the running kernel has or can load.
struct KernelModules {
    enum State {
        /// Loaded or built in.
        case present
        /// The kernel loads it by itself when a device of its kind is made.
        case loadable
        case absent
        case unknown
    }

    private let builtIn: String?
    private let onDisk: String?
    private let loaded: String

    init() {
        var system = utsname()
        uname(&system)
        let release = withUnsafeBytes(of: &system.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        func read(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
        // User-mode kernels have their modules in a place of their own.
        let folders = ["/lib/modules", "/usr/lib/uml/modules"].map { "\($0)/\(release)" }
        builtIn = folders.lazy.compactMap { read("\($0)/modules.builtin") }.first
        onDisk = folders.lazy.compactMap { read("\($0)/modules.dep") }.first
        loaded = read("/proc/modules") ?? ""
    }

    func state(of name: String) -> State {
        if FileManager.default.fileExists(atPath: "/sys/module/\(name)") { return .present }
        if loaded.split(separator: "\n").contains(where: { $0.hasPrefix("\(name) ") }) { return .present }
        if builtIn?.contains("/\(name).ko") == true { return .present }
        if onDisk?.split(separator: "\n").contains(where: { ($0.split(separator: ":").first ?? "").contains("/\(name).ko") }) == true {
            return .loadable
        }
        return builtIn == nil && onDisk == nil ? .unknown : .absent
    }
}
