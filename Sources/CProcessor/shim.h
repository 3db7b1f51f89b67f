// What Swift cannot ask the processor itself.
#pragma once

#if defined(__x86_64__)
#include <cpuid.h>
#endif

/// Bytes of a process's extended state in XSAVE's standard format, for the components that the kernel has enabled
/// (CPUID leaf 0xD, sub-leaf 0, EBX); 0 where the processor has no XSAVE.
static inline unsigned processor_extended_state_size(void) {
#if defined(__x86_64__)
    unsigned a, size, c, d;
    if (__get_cpuid_count(0xd, 0, &a, &size, &c, &d)) return size;
#endif
    return 0;
}
