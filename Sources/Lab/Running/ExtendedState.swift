import CProcessor
import Foundation

/// A processor's extended state (x87, SSE, AVX, AMX…), beside what a user-mode kernel keeps of it.
///
/// UML 6.1 reads and writes a process's state through a fixed buffer. Where the state is larger, the machine's kernel refuses what
/// UML writes, and the guest dies at its first process; an object that is preloaded into the kernel's process makes it whole.
package struct ExtendedState: Hashable, Sendable {
    /// Bytes of a process's state in XSAVE's standard format: 2,696 with AVX-512 and protection keys, 11,008 with AMX.
    package var size: Int
    /// Whether the object is to be used either way: to try it on a processor that does not need it.
    package var isForced: Bool

    package init(size: Int, isForced: Bool = false) {
        self.size = size
        self.isForced = isForced
    }

    /// What UML 6.1 keeps: HOST_FP_SIZE of arch/x86/um/user-offsets.c. Bytes.
    package static let kept = 2696

    /// The variable that forces the object: any value but "" and 0.
    package static let variable = "FEDLAB_WHOLE_STATE"

    /// This machine's processor, and what the environment asks for.
    package static var ofThisMachine: ExtendedState {
        let wish = ProcessInfo.processInfo.environment[variable] ?? ""
        return ExtendedState(size: Int(processor_extended_state_size()), isForced: !["", "0"].contains(wish))
    }

    package var needsObject: Bool { isForced || size > Self.kept }

    /// The object's file name: the product `fedlab-xstate`.
    package static let object = "libfedlab-xstate.so"

    /// The path of the object to preload; nil if the kernel needs none.
    /// - Parameters:
    ///   - folder: where fedlab's own binary is.
    ///   - exists: whether there is such a file.
    /// - Throws: `LabError` where it is needed and missing, with the command that builds it.
    package func preload(
        beside folder: String, exists: (String) -> Bool = FileManager.default.fileExists(atPath:)
    ) throws(LabError) -> String? {
        guard needsObject else { return nil }
        let path = "\(folder)/\(Self.object)"
        guard exists(path) else {
            let flavour = folder.hasSuffix("/release") ? " -c release" : ""
            throw LabError(
                "\(path) is missing, but this processor needs it: its state has \(size) bytes, a user-mode kernel saves \(Self.kept); "
                    + "build it: swift build\(flavour) --product fedlab-xstate")
        }
        return path
    }
}
