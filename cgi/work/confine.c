#include "work/confine.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define OWN_ARCHITECTURE AUDIT_ARCH_RISCV64
#endif

#if defined(OWN_ARCHITECTURE) && !defined(__SANITIZE_ADDRESS__)

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define KILL BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)
#define ALLOW_CALL(name) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), ALLOW

/* Memory may not become executable: the third argument of both calls is the protection. */
#define ALLOW_UNLESS_EXECUTABLE(name)                                                                                  \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 4), LOAD(args[2]),                                          \
	    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1), KILL, ALLOW

bool confine_to_memory(void)
{
	static const struct sock_filter filter[] = {
	    LOAD(arch),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0),
	    KILL,
	    LOAD(nr),
	    ALLOW_CALL(read),
	    ALLOW_CALL(write),
	    ALLOW_CALL(lseek),
	    ALLOW_CALL(munmap),
	    ALLOW_CALL(mremap),
	    ALLOW_CALL(brk),
	    ALLOW_CALL(madvise),
	    ALLOW_CALL(futex),
	    ALLOW_CALL(getrandom), /* the allocator, once */
	    ALLOW_CALL(clock_gettime),
	    ALLOW_CALL(rt_sigreturn),
	    ALLOW_CALL(exit),
	    ALLOW_CALL(exit_group),
	    ALLOW_UNLESS_EXECUTABLE(mmap),
	    ALLOW_UNLESS_EXECUTABLE(mprotect),
	    KILL,
	};
	const struct sock_fprog program = {
	    .len = sizeof(filter) / sizeof(filter[0]),
	    .filter = (struct sock_filter *)(unsigned long)filter, /* the kernel only reads it */
	};
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

#else

bool confine_to_memory(void)
{
	return true;
}

#endif
