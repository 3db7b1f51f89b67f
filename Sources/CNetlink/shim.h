#ifndef OVN_FEDERATION_CNETLINK_H
#define OVN_FEDERATION_CNETLINK_H

// libnl-3: sockets, messages, attributes. The rest is the kernel's own wire format.
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <netlink/msg.h>
#include <netlink/attr.h>
#include <netlink/errno.h>

#include <sys/timex.h>

#include <linux/rtnetlink.h>
#include <linux/if_link.h>
#include <linux/if_addr.h>
#include <linux/if_bridge.h>
#include <linux/fib_rules.h>
#include <linux/neighbour.h>
#include <linux/nexthop.h>
#include <linux/veth.h>

// "EEXIST" and "File exists" for EEXIST, NULL for a number that means nothing; safe on every thread, unlike strerror(3).
// glibc (2.32) declares them for _GNU_SOURCE only.
extern const char *strerrorname_np(int errnum);
extern const char *strerrordesc_np(int errnum);

static inline const char *cnetlink_errno_name(int number) { return strerrorname_np(number); }
static inline const char *cnetlink_errno_text(int number) { return strerrordesc_np(number); }

// adjtimex(2) that changes nothing: 1 for a clock that is held by a time service, 0 for one that is not, -1 where it is refused.
static inline int cnetlink_clock_is_synchronized(void) {
    struct timex state = {.modes = 0};
    int answer = adjtimex(&state);
    return answer < 0 ? -1 : answer != TIME_ERROR && !(state.status & STA_UNSYNC);
}

// Casts keep Swift's importer from seeing these as integers.
static const unsigned int cnetlink_rtm_f_cloned = RTM_F_CLONED;
static const unsigned int cnetlink_rtm_f_lookup_table = RTM_F_LOOKUP_TABLE;

#endif
