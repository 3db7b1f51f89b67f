import Netlink

// The kernel's objects as the effects know them, apart from the architect's of the same name.
typealias KernelLink = Link
typealias KernelRoute = Route
typealias KernelAddress = Address
typealias KernelNeighbour = Neighbour
