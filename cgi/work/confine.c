#include "work/confine.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
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

/* Newer kernels know more rights than the headers of the one that this is built on: those that each has, as bits. */
static uint64_t file_rights(long abi)
{
	enum { RIGHTS_1 = 13, RIGHTS_2 = 14, RIGHTS_3 = 15 };
	int count = abi >= 3 ? RIGHTS_3 : abi == 2 ? RIGHTS_2 : RIGHTS_1;
	return (UINT64_C(1) << count) - 1;
}

static bool allow_reading(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr rule = {
	    .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
	    .parent_fd = open(path, O_PATH | O_CLOEXEC),
	};
	if (rule.parent_fd < 0)
		return true;
	bool is_allowed = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
	/* A file is no directory to read. */
	rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
	if (!is_allowed)
		is_allowed = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
	(void)close(rule.parent_fd);
	return is_allowed;
}

bool confine_to_reading(const char *const *paths)
{
	/* The second member is handled_access_net, since version 4; bit 0 of it is binding a TCP port. */
	uint64_t handled[2] = {0, 1};
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1)
		return true;
	handled[0] = file_rights(abi);
	size_t size = abi >= 4 ? sizeof(handled) : sizeof(handled[0]);
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, handled, size, 0);
	bool is_good = ruleset >= 0;
	for (; is_good && *paths != NULL; paths++)
		is_good = allow_reading(ruleset, *paths);
	is_good = is_good && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
		  syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	if (ruleset >= 0)
		(void)close(ruleset);
	return is_good;
}
