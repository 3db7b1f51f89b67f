// The object that fedlab preloads into a user-mode kernel: see ptrace.c. It has nothing to call but ptrace(2) itself.
#pragma once
#include <sys/ptrace.h>
