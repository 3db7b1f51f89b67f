// What becomes of a traced child's registers when they are written through ptrace(2): one line for each question, on standard output.
// A user-mode kernel asks the same of the machine's kernel; run it with and without libfedlab-xstate.so preloaded.

#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>

enum { room = 1 << 16, header = 512, xmm = 160 };
static unsigned char before[room], given[room], after[room];
static volatile long word = -1;

static size_t read_state(pid_t child, unsigned char *buffer) {
  struct iovec state = {.iov_base = buffer, .iov_len = room};
  return ptrace(PTRACE_GETREGSET, child, (void *)NT_X86_XSTATE, &state) < 0 ? 0 : state.iov_len;
}

static int write_state(pid_t child, unsigned char *buffer, size_t size) {
  struct iovec state = {.iov_base = buffer, .iov_len = size};
  return (int)ptrace(PTRACE_SETREGSET, child, (void *)NT_X86_XSTATE, &state);
}

// AVX, AVX-512 and protection keys get values, where the processor has them and they end within `size`.
static void fill(unsigned char *state, size_t size, unsigned char pattern) {
  static const uint32_t components[] = {2, 5, 6, 7, 9};
  uint32_t has, length, offset, c, d;
  uint64_t used = 3;
  memset(state + xmm, pattern, 256);
  if (!__get_cpuid_count(0xd, 0, &has, &length, &c, &d)) return;
  for (size_t i = 0; i < sizeof components / sizeof *components; i++) {
    if (!(has & (1u << components[i])) || !__get_cpuid_count(0xd, components[i], &length, &offset, &c, &d)) continue;
    if (offset + length > size) continue;
    memset(state + offset, pattern, components[i] == 9 ? 4 : length);
    used |= UINT64_C(1) << components[i];
  }
  memcpy(state + header, &used, sizeof used);
}

static void print_state(const char *what, size_t size, size_t short_size) {
  for (size_t i = 0; i < size; i++) {
    if (i >= header && i < header + 8) continue;
    unsigned char expected = i < short_size ? given[i] : before[i];
    if (after[i] == expected) continue;
    printf("%s: lost from byte %zu on\n", what, i);
    return;
  }
  printf("%s: whole\n", what);
}

static void ask_short(pid_t child, size_t whole, size_t size) {
  char what[32];
  snprintf(what, sizeof what, "%zu bytes", size);
  read_state(child, before);
  fill(before, whole, 0x11);
  if (write_state(child, before, whole) < 0) {
    printf("%s: no whole state to begin with, errno %d\n", what, errno);
    return;
  }
  // Its header says nothing of what lies beyond, as that of a state does that was read before that was used.
  memcpy(given, before, sizeof given);
  fill(given, size, 0x77);
  if (write_state(child, given, size) < 0) {
    printf("%s: refused, errno %d\n", what, errno);
    return;
  }
  read_state(child, after);
  print_state(what, whole, size);
}

static void ask_others(pid_t child, size_t whole) {
  errno = 5;
  long value = ptrace(PTRACE_PEEKDATA, child, (void *)&word, NULL);
  printf("peek: %ld, errno %d\n", value, errno);
  errno = 0;
  value = ptrace(PTRACE_PEEKDATA, child, NULL, NULL);
  printf("peek nowhere: %ld, errno %s\n", value, errno ? "set" : "0");
  struct user_regs_struct registers;
  int taken = ptrace(PTRACE_GETREGS, child, NULL, &registers) == 0;
  value = ptrace(PTRACE_PEEKUSER, child, (void *)offsetof(struct user_regs_struct, rip), NULL);
  printf("registers: %s\n", taken && value == (long)registers.rip ? "read" : "not read");
  struct iovec general = {.iov_base = &registers, .iov_len = sizeof registers};
  printf("general registers: %s\n",
         ptrace(PTRACE_SETREGSET, child, (void *)NT_PRSTATUS, &general) == 0 ? "written" : "not written");
  struct user_fpregs_struct floating;
  read_state(child, before);
  fill(before, whole, 0x11);
  write_state(child, before, whole);
  taken = ptrace(PTRACE_GETFPREGS, child, NULL, &floating) == 0;
  memset(floating.xmm_space, 0x55, sizeof floating.xmm_space);
  taken = taken && ptrace(PTRACE_SETFPREGS, child, NULL, &floating) == 0;
  read_state(child, after);
  memcpy(given, before, header);
  memset(given + xmm, 0x55, 256);
  print_state(taken ? "floating-point registers" : "floating-point registers not written", whole, header);
}

int main(int count, char **arguments) {
  pid_t child = fork();
  if (child < 0) return 1;
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    raise(SIGSTOP);
    _exit(0);
  }
  int status;
  if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) return 1;
  size_t whole = read_state(child, before);
  printf("state: %zu\n", whole);
  for (int i = 1; i < count && whole; i++) ask_short(child, whole, strtoul(arguments[i], NULL, 10));
  if (whole) ask_others(child, whole);
  kill(child, SIGKILL);
  waitpid(child, &status, 0);
  struct iovec state = {.iov_base = before, .iov_len = whole};
  long value = ptrace(PTRACE_SETREGSET, child, (void *)NT_X86_XSTATE, &state);
  printf("nobody: %ld, errno %d\n", value, errno);
  return 0;
}
#else
int main(void) {
  puts("state: 0");
  return 0;
}
#endif
