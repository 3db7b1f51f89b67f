/// A text in place of another one that begins and ends like it.
package struct TextDelta: Hashable, Sendable {
    /// Bytes that are kept at the beginning.
    package var head: Int
    /// Bytes that are kept at the end.
    package var tail: Int
    /// What is between.
    package var middle: String

    package init(head: Int, tail: Int, middle: String) {
        self.head = head
        self.tail = tail
        self.middle = middle
    }

    package init(from old: String, to new: String) {
        var (old, new) = (old, new)
        self = old.withUTF8 { old in new.withUTF8 { new in TextDelta(from: old, to: new) } }
    }

    private init(from old: UnsafeBufferPointer<UInt8>, to new: UnsafeBufferPointer<UInt8>) {
        let shorter = min(old.count, new.count)
        var head = 0
        while head < shorter, old[head] == new[head] { head += 1 }
        var tail = 0
        while tail < shorter - head, old[old.count - 1 - tail] == new[new.count - 1 - tail] { tail += 1 }
        // A character is never cut: the middle is a text of its own.
        func isInside(_ index: Int) -> Bool { index < new.count && new[index] & 0xc0 == 0x80 }
        while head > 0, isInside(head) { head -= 1 }
        while tail > 0, isInside(new.count - tail) { tail -= 1 }
        self.init(head: head, tail: tail, middle: String(decoding: new[head..<(new.count - tail)], as: UTF8.self))
    }

    /// Nil where the delta is none of this text's.
    package func applied(to old: String) -> String? {
        let bytes = old.utf8
        guard head >= 0, tail >= 0, head + tail <= bytes.count else { return nil }
        guard let first = String(bytes.prefix(head)), let last = String(bytes.suffix(tail)) else { return nil }
        return first + middle + last
    }
}
