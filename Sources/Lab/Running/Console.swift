import Foundation

/// What a guest's kernel wrote to its console.
package enum Console {
    /// The line with which a kernel panics, and the one before it, which tends to say why; empty if it did not panic.
    ///
    /// The first panic counts: others follow from it. Each line is cut to 200 characters, and what would steer a terminal is left out.
    package static func panic(in text: String) -> [String] {
        let lines = text.split(whereSeparator: \.isNewline).map { line in
            String(
                String.UnicodeScalarView(line.unicodeScalars.filter { $0.value >= 0x20 && !(0x7f..<0xa0).contains($0.value) }).prefix(200))
        }
        guard let place = lines.firstIndex(where: { $0.contains("Kernel panic - not syncing") }) else { return [] }
        return Array(lines[max(0, place - 1)...place])
    }

    /// The same of a console's file, of which the last MiB is read.
    package static func panic(inFile path: String) -> [String] {
        guard let file = FileHandle(forReadingAtPath: path) else { return [] }
        defer { try? file.close() }
        let end = (try? file.seekToEnd()) ?? 0
        try? file.seek(toOffset: end > 1 << 20 ? end - 1 << 20 : 0)
        return panic(in: String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self))
    }
}
