/* Invariants: a caller is SERVED exactly when its child runs; upload is open from QUEUED on. */
#include "work/picture_service.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/pass.h"
#include "domain/picture/picture.h"
#include "front/picture.h"
#include "work/picture_program.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ASK_WAIT_MS = 1000, QUEUE_WAIT_MS = 5000 };

/* Looking at a file keeps a second copy of a picture, without metadata, and answers with it. */
static const struct child_limits look_limits = {
    .memory_bytes = INT64_C(384) * 1024 * 1024,
    .answer_bytes = PICTURE_FILE_MAX_BYTES + 1024,
    .cpu_s = 4,
    .descriptors = 8,
    .wall_ms = 5000,
};

/* The memory holds the pixels of the largest picture that image.h allows twice; what needs more is refused. */
static const struct child_limits picture_limits = {
    .memory_bytes = INT64_C(256) * 1024 * 1024,
    .answer_bytes = PICTURE_MAX_BYTES,
    .cpu_s = 4,
    .descriptors = 4,
    .wall_ms = 5000,
};

void picture_service_init(struct picture_service *service, int web_fd, int api_fd, int program)
{
	*service = (struct picture_service){.listeners = {web_fd, api_fd}, .program = program};
}

static void release(struct picture_caller *caller)
{
	if (caller->state == PICTURE_SERVED)
		child_kill(&caller->child);
	if (caller->upload >= 0)
		(void)close(caller->upload);
	(void)close(caller->fd);
	caller->state = PICTURE_FREE;
}

/* The answer is small and the first on its connection: there is room, or nobody who waits. */
static void answer(struct picture_caller *caller, enum err err, int memory)
{
	const char *name = err_info(err)->name;
	(void)pass_send(caller->fd, name, strlen(name), memory, MSG_DONTWAIT);
	release(caller);
}

static struct picture_caller *free_caller(struct picture_service *service)
{
	for (int i = 0; i < PICTURE_CALLERS_MAX; i++) {
		if (service->callers[i].state == PICTURE_FREE)
			return &service->callers[i];
	}
	return NULL;
}

static void accept_callers(struct picture_service *service, int listener)
{
	int fd;
	while (listener >= 0 && (fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		struct picture_caller one_too_many, *caller = free_caller(service);
		bool is_welcome = caller != NULL;
		if (!is_welcome)
			caller = &one_too_many;
		*caller = (struct picture_caller){
		    .state = PICTURE_ASKING,
		    .fd = fd,
		    .upload = -1,
		    .number = service->count++,
		    .give_up_ms = clock_monotonic_ms() + ASK_WAIT_MS,
		};
		if (!is_welcome)
			answer(caller, ERR_OVERLOADED, -1);
	}
}

static bool is_upload(int memory)
{
	const int wanted = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	int seals = fcntl(memory, F_GET_SEALS);
	off_t size = lseek(memory, 0, SEEK_END);
	return seals >= 0 && (seals & wanted) == wanted && size > 0 && size <= PICTURE_UPLOAD_MAX_BYTES;
}

/* A file that is being received is passed as a descriptor that only reads: what changes in it harms the child alone. */
static bool is_file(int fd)
{
	struct stat status;
	int flags = fcntl(fd, F_GETFL);
	return flags >= 0 && (flags & O_ACCMODE) == O_RDONLY && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	       status.st_size > 0 && status.st_size <= PICTURE_FILE_MAX_BYTES;
}

static bool is_look(const char *what)
{
	return strcmp(what, PICTURE_LOOK) == 0;
}

static bool is_good_question(const char *what, int attached)
{
	if (attached < 0)
		return false;
	return is_look(what) ? is_file(attached) : picture_side_parse(what) != 0 && is_upload(attached);
}

static void read_question(struct picture_caller *caller)
{
	int memory;
	char what[sizeof(caller->what)] = "";
	ssize_t n = pass_receive(caller->fd, what, sizeof(what) - 1, &memory, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
		if (clock_monotonic_ms() >= caller->give_up_ms)
			release(caller);
		return;
	}
	caller->upload = memory;
	if (n <= 0) {
		release(caller);
	} else if (!is_good_question(what, memory)) {
		answer(caller, ERR_BAD_PICTURE, -1);
	} else {
		memcpy(caller->what, what, sizeof(what));
		caller->state = PICTURE_QUEUED;
		caller->give_up_ms = clock_monotonic_ms() + QUEUE_WAIT_MS;
	}
}

/* Whoever asked says nothing more: whatever can be read is the end. */
static bool has_left(const struct picture_caller *caller)
{
	char byte;
	return recv(caller->fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) >= 0;
}

static void finish(struct picture_caller *caller, enum child_verdict verdict)
{
	int webp = verdict == CHILD_DONE ? caller->child.answer : -1;
	enum err err = verdict == CHILD_DONE ? ERR_OK : verdict == CHILD_TOO_LARGE ? ERR_TOO_LARGE : ERR_BAD_PICTURE;
	const char *name = err_info(err)->name;
	(void)pass_send(caller->fd, name, strlen(name), webp, MSG_DONTWAIT);
	child_close(&caller->child);
	caller->state = PICTURE_QUEUED; /* there is no child any more */
	release(caller);
}

static void start(const struct picture_service *service, struct picture_caller *caller)
{
	const struct child_limits *limits = is_look(caller->what) ? &look_limits : &picture_limits;
	if (child_start(&caller->child, service->program, "snug-picture", caller->what, caller->upload, limits)) {
		caller->state = PICTURE_SERVED;
		return;
	}
	log_event(LOG_ERROR, "picture_not_started", log_text("error", strerror(errno)));
	answer(caller, ERR_OVERLOADED, -1);
}

static void step(struct picture_caller *caller)
{
	enum child_verdict verdict;
	if (caller->state == PICTURE_ASKING)
		read_question(caller);
	else if (caller->state == PICTURE_SERVED && child_has_ended(&caller->child, &verdict))
		finish(caller, verdict);
	else if (caller->state != PICTURE_FREE && has_left(caller))
		release(caller);
	else if (caller->state == PICTURE_QUEUED && clock_monotonic_ms() >= caller->give_up_ms)
		answer(caller, ERR_OVERLOADED, -1);
}

static struct picture_caller *next_in_queue(struct picture_service *service)
{
	struct picture_caller *next = NULL;
	for (int i = 0; i < PICTURE_CALLERS_MAX; i++) {
		struct picture_caller *caller = &service->callers[i];
		if (caller->state == PICTURE_QUEUED && (next == NULL || caller->number < next->number))
			next = caller;
	}
	return next;
}

static int count_in_state(const struct picture_service *service, enum picture_caller_state state)
{
	int count = 0;
	for (int i = 0; i < PICTURE_CALLERS_MAX; i++)
		count += service->callers[i].state == state;
	return count;
}

void picture_service_turn(struct picture_service *service, bool is_ending)
{
	for (int i = 0; i < PICTURE_LISTENERS && !is_ending; i++)
		accept_callers(service, service->listeners[i]);
	for (int i = 0; i < PICTURE_CALLERS_MAX; i++)
		step(&service->callers[i]);
	struct picture_caller *next;
	while (count_in_state(service, PICTURE_SERVED) < PICTURE_AT_ONCE && (next = next_in_queue(service)) != NULL)
		start(service, next);
}

void picture_service_wait(const struct picture_service *service, struct polls *polls, bool is_ending)
{
	for (int i = 0; i < PICTURE_LISTENERS && !is_ending; i++)
		if (service->listeners[i] >= 0)
			polls_add(polls, service->listeners[i]);
	for (int i = 0; i < PICTURE_CALLERS_MAX; i++) {
		const struct picture_caller *caller = &service->callers[i];
		if (caller->state == PICTURE_FREE)
			continue;
		polls_add(polls, caller->fd);
		if (caller->state == PICTURE_SERVED)
			polls_add(polls, caller->child.pidfd);
		polls_until(polls, caller->state == PICTURE_SERVED ? caller->child.kill_at_ms : caller->give_up_ms);
	}
}

bool picture_service_is_idle(const struct picture_service *service)
{
	return count_in_state(service, PICTURE_FREE) == PICTURE_CALLERS_MAX;
}

void picture_service_close(struct picture_service *service)
{
	for (int i = 0; i < PICTURE_CALLERS_MAX; i++) {
		if (service->callers[i].state != PICTURE_FREE)
			release(&service->callers[i]);
	}
}
