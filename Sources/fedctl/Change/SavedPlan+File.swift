import Federation
import Foundation

extension SavedPlan {
    func save(to path: String) throws(CommandError) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            var data = try encoder.encode(self)
            data.append(0x0a)
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw Self.complaint(path, error)
        }
    }

    private static func complaint(_ path: String, _ error: any Error) -> CommandError {
        let folder = (path as NSString).deletingLastPathComponent
        var isFolder: ObjCBool = false
        let (reason, remedy): (String, String)
        if !folder.isEmpty, !FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) {
            (reason, remedy) = ("no such folder \(folder)", "create it: mkdir -p \(folder)")
        } else if !folder.isEmpty, !isFolder.boolValue {
            (reason, remedy) = ("\(folder) is not a folder", "name another file with --out")
        } else if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            (reason, remedy) = ("the path is a folder", "name a file in it: --out \(path)/tonight.plan")
        } else {
            switch (error as? CocoaError)?.code {
            case .fileWriteOutOfSpace: (reason, remedy) = ("the disk is full", "name a file on another disk with --out")
            case .fileWriteVolumeReadOnly: (reason, remedy) = ("the disk is read-only", "name a file on another disk with --out")
            case .fileWriteInvalidFileName: (reason, remedy) = ("the name is too long", "name another file with --out")
            default: (reason, remedy) = ("permission denied", "name another file with --out")
            }
        }
        return CommandError("cannot write the plan to \(path): \(reason)", remedy: remedy)
    }

    init(path: String) throws(CommandError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw CommandError(
                "cannot read \(path): \(FederationText.reason(error))", remedy: "create a plan with “fedctl plan -f FILE --out \(path)”")
        }
        do {
            self = try JSONDecoder().decode(SavedPlan.self, from: data)
        } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
            throw CommandError("cannot use plan \(path): \(context.debugDescription)", remedy: "fedctl plan -f FILE --out \(path)")
        } catch {
            throw CommandError(
                "\(path) is not a saved plan",
                remedy: "apply a federation file with -f; create a plan with “fedctl plan -f FILE --out \(path)”")
        }
    }
}
