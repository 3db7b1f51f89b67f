// ptrace(2) for a user-mode Linux kernel whose buffer is smaller than the processor's extended state.
//
// UML 6.1 keeps 2,696 bytes of it (HOST_FP_SIZE in arch/x86/um/user-offsets.c): enough for AVX-512 and protection keys, not for AMX,
// with which the state has 11,008. PTRACE_GETREGSET cuts to the buffer; PTRACE_SETREGSET refuses all that is not whole, with
// EFAULT, and the guest's kernel panics at its first process. Preloaded into that kernel's process, this object lays what is given over
// the beginning of the process's own state, and writes it back whole. All other requests, PTRACE_SETFPREGS among them, which takes
// 512 bytes on every processor, go to the system call as they are.
//
// Nothing is lost: what lies beyond the buffer is AMX's, and no process has it without asking the host's kernel (arch_prctl(2),
// ARCH_REQ_XCOMP_PERM), which a guest's process cannot.

#define _GNU_SOURCE
#include "CXState.h"

#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>

// UML calls ptrace from one thread, and never from a signal handler; its stacks have 16 KiB, so the state must not lie there.
static unsigned char whole[1 << 16] __attribute__((aligned(64)));

// XSTATE_BV, the first word of the XSAVE header (Intel SDM volume 1, 13.4.2): which components are not in their initial state.
enum { header = 512, components = 63 };

// Where each component ends in the standard format. Asked once: CPUID leaves a virtual machine each time.
static uint32_t end[components];

__attribute__((constructor)) static void find_components(void) {
  for (unsigned component = 2; component < components; component++) {
    uint32_t size, offset, flags, unused;
    if (!__get_cpuid_count(0xd, component, &size, &offset, &flags, &unused)) return;
    end[component] = offset + size;
  }
}

static long set_whole_state(long pid, void *kind, struct iovec *given) {
  struct iovec state = {.iov_base = whole, .iov_len = sizeof whole};
  if (syscall(SYS_ptrace, PTRACE_GETREGSET, pid, kind, &state) < 0) return -1;
  if (state.iov_len == sizeof whole) {  // It may be larger still, and must not be cut.
    errno = EOVERFLOW;
    return -1;
  }
  if (given->iov_len > state.iov_len) given->iov_len = state.iov_len;  // As the kernel does.
  uint64_t had = 0, has = 0, kept = 0;
  memcpy(&had, whole + header, sizeof had);
  memcpy(whole, given->iov_base, given->iov_len);
  // A component that was not given stays as it was, also where the header that was given is from before it was used.
  for (int component = 2; component < components; component++)
    if (end[component] > given->iov_len) kept |= UINT64_C(1) << component;
  memcpy(&has, whole + header, sizeof has);
  has = (has & ~kept) | (had & kept);
  memcpy(whole + header, &has, sizeof has);
  return syscall(SYS_ptrace, PTRACE_SETREGSET, pid, kind, &state);
}
#endif

long ptrace(enum __ptrace_request request, ...) {
  va_list rest;
  va_start(rest, request);
  long pid = va_arg(rest, pid_t);
  void *address = va_arg(rest, void *);
  void *data = va_arg(rest, void *);
  va_end(rest);
#if defined(__x86_64__)
  if (request == PTRACE_SETREGSET && address == (void *)NT_X86_XSTATE && data) return set_whole_state(pid, address, data);
#endif
  // The system call leaves the word that it read where `data` points; the C library returns it, and an error is told by errno alone.
  if (request == PTRACE_PEEKTEXT || request == PTRACE_PEEKDATA || request == PTRACE_PEEKUSER) {
    long word = 0;
    if (syscall(SYS_ptrace, request, pid, address, &word) < 0) return -1;
    errno = 0;
    return word;
  }
  return syscall(SYS_ptrace, request, pid, address, data);
}
