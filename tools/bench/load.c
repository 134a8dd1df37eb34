/* A load generator: N keep-alive connections to one address, each with one request in flight, for a time or a count.
 *
 *   load --port 8080 --connections 64 --seconds 5 --method POST --path /x --header 'A: b' --body '{"nonce":"{nonce}"}'
 *
 * Each {nonce} in the body becomes the same 16 characters, which no other request of any run has. Prints one JSON line:
 *   {"requests":N,"seconds":S,"per_second":R,"p50_us":…,"p99_us":…,"max_us":…,"failed":N,"broken":N,"bytes":N,
 *    "statuses":{"200":N}}
 * failed are replies whose status is not 2xx, broken are connections that ended in the middle; bytes is the length of
 * the last body. Replies must carry Content-Length: this measures servers that promise to. It is one thread and does
 * next to nothing a request, so that on two cores the server is what is measured. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	REQUEST_MAX = 64 * 1024,
	REPLY_HEAD_MAX = 16 * 1024,
	CONNECTIONS_MAX = 4096,
	NONCE_SIZE = 16,
	NONCES_MAX = 4,
	STATUS_END = 600
};

/* Latency histogram: 16 steps to each doubling, from 1 µs on; precise to 6 %. */
enum { STEPS = 16, BUCKETS = STEPS * 40 };

struct options {
	int port, connections;
	double seconds;
	uint64_t count; /* 0: until the time is over */
	const char *method, *path, *body;
	char headers[8 * 1024];
};

struct connection {
	int fd;
	uint64_t started_ns;
	size_t sent;
	size_t got;       /* bytes of the reply's head in head */
	size_t body_left; /* once the head is whole */
	bool is_in_body;
	int status;
	char head[REPLY_HEAD_MAX];
};

struct run {
	const struct options *options;
	char request[REQUEST_MAX];
	size_t request_n;
	size_t nonce_at[NONCES_MAX];
	size_t nonce_count;
	uint64_t serial;
	uint32_t salt;
	int epoll;
	uint64_t started, replied, failed, broken, body_bytes;
	uint64_t max_ns;
	uint64_t buckets[BUCKETS];
	uint64_t statuses[STATUS_END];
	bool is_over;
};

static struct connection connections[CONNECTIONS_MAX];
static struct run run;

static void fail(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, errno ? strerror(errno) : "refused");
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static size_t bucket_of(uint64_t ns)
{
	uint64_t us = ns / 1000;
	if (us < STEPS)
		return (size_t)us;
	unsigned shift = 63U - (unsigned)__builtin_clzll(us) - 4U;
	size_t i = (size_t)(shift + 1) * STEPS + (size_t)((us >> shift) & (STEPS - 1));
	return i < BUCKETS ? i : BUCKETS - 1;
}

static uint64_t bucket_us(size_t i)
{
	if (i < STEPS)
		return i;
	size_t shift = i / STEPS - 1;
	return (STEPS + i % STEPS) << shift;
}

static uint64_t percentile_us(double part)
{
	uint64_t wanted = (uint64_t)((double)run.replied * part), seen = 0;
	for (size_t i = 0; i < BUCKETS; i++) {
		seen += run.buckets[i];
		if (seen > wanted)
			return bucket_us(i);
	}
	return run.max_ns / 1000;
}

/* Copies the body with room for each nonce and notes where that is, from the body's start. Returns its length. */
static size_t build_body(const char *from, char *to, size_t size)
{
	static const char mark[] = "{nonce}";
	size_t n = 0;
	for (const char *p = from; *p && n + NONCE_SIZE < size;) {
		if (strncmp(p, mark, sizeof(mark) - 1) == 0 && run.nonce_count < NONCES_MAX) {
			run.nonce_at[run.nonce_count++] = n;
			memset(to + n, '0', NONCE_SIZE);
			n += NONCE_SIZE;
			p += sizeof(mark) - 1;
		} else {
			to[n++] = *p++;
		}
	}
	return n;
}

static void build_request(const struct options *o)
{
	static char body[REQUEST_MAX / 2];
	size_t body_n = o->body ? build_body(o->body, body, sizeof(body)) : 0;
	int n = snprintf(run.request, sizeof(run.request), "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s", o->method,
			 o->path, o->port, o->headers);
	if (n > 0 && o->body && (size_t)n < sizeof(run.request))
		n += snprintf(run.request + n, sizeof(run.request) - (size_t)n, "Content-Length: %zu\r\n", body_n);
	if (n <= 0 || (size_t)n + body_n + 2 >= sizeof(run.request))
		fail("the request is too large");
	memcpy(run.request + n, "\r\n", 2);
	memcpy(run.request + n + 2, body, body_n);
	run.request_n = (size_t)n + 2 + body_n;
	for (size_t i = 0; i < run.nonce_count; i++)
		run.nonce_at[i] += (size_t)n + 2;
	if (getrandom(&run.salt, sizeof(run.salt), 0) != (ssize_t)sizeof(run.salt))
		fail("getrandom");
}

static void open_connection(struct connection *c)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)run.options->port)};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (const struct sockaddr *)&address, sizeof(address)) != 0)
		fail("connect");
	int one = 1;
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
	if (epoll_ctl(run.epoll, EPOLL_CTL_ADD, c->fd, &event) != 0)
		fail("epoll_ctl");
}

/* Requests are small and one is in flight a connection, so a send never waits for the other side. */
static void send_request(struct connection *c)
{
	if (run.is_over || (run.options->count && run.started >= run.options->count))
		return;
	char text[NONCE_SIZE + 1];
	snprintf(text, sizeof(text), "%07x%09llx", run.salt & 0xfffffffU,
		 (unsigned long long)(run.serial++ & 0xfffffffffU));
	for (size_t i = 0; i < run.nonce_count; i++)
		memcpy(run.request + run.nonce_at[i], text, NONCE_SIZE);
	run.started++;
	c->got = 0;
	c->is_in_body = false;
	c->started_ns = now_ns();
	if (send(c->fd, run.request, run.request_n, MSG_NOSIGNAL) != (ssize_t)run.request_n) {
		run.broken++;
		close(c->fd);
		open_connection(c);
		c->started_ns = 0;
	}
}

static void note_reply(struct connection *c)
{
	uint64_t took = now_ns() - c->started_ns;
	run.replied++;
	run.buckets[bucket_of(took)]++;
	if (took > run.max_ns)
		run.max_ns = took;
	run.statuses[c->status]++;
	if (c->status < 200 || c->status > 299)
		run.failed++;
	c->started_ns = 0;
	send_request(c);
}

/* Reads status and length from the head that ends at end; false when it is no such reply. */
static bool read_head(struct connection *c, const char *end)
{
	c->status = c->got > 12 ? (int)strtol(c->head + 9, NULL, 10) : 0;
	if (c->status < 100 || c->status >= STATUS_END)
		return false;
	for (const char *line = strstr(c->head, "\r\n"); line && line < end; line = strstr(line + 2, "\r\n"))
		if (strncasecmp(line + 2, "Content-Length:", 15) == 0) {
			c->body_left = strtoul(line + 17, NULL, 10);
			run.body_bytes = c->body_left;
			return true;
		}
	return c->status == 204;
}

/* Takes n fresh bytes of the head; false when the reply is none. */
static bool take_head(struct connection *c, size_t n)
{
	c->got += n;
	c->head[c->got] = '\0';
	const char *end = strstr(c->head, "\r\n\r\n");
	if (!end)
		return c->got < sizeof(c->head) - 1;
	c->body_left = 0;
	if (!read_head(c, end))
		return false;
	size_t body_here = c->got - (size_t)(end + 4 - c->head);
	if (body_here > c->body_left)
		return false;
	c->body_left -= body_here;
	c->is_in_body = true;
	return true;
}

static void reopen(struct connection *c)
{
	if (c->started_ns)
		run.broken++;
	close(c->fd);
	open_connection(c);
	send_request(c);
}

static void receive(struct connection *c)
{
	static char sink[256 * 1024];
	char *to = c->is_in_body ? sink : c->head + c->got;
	size_t room = c->is_in_body ? sizeof(sink) : sizeof(c->head) - 1 - c->got;
	ssize_t n = recv(c->fd, to, room, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	bool is_good = n > 0 && c->started_ns;
	if (is_good && c->is_in_body) {
		is_good = (size_t)n <= c->body_left;
		c->body_left -= is_good ? (size_t)n : 0;
	} else if (is_good) {
		is_good = take_head(c, (size_t)n);
	}
	if (!is_good)
		reopen(c);
	else if (c->is_in_body && c->body_left == 0)
		note_reply(c);
}

static void drive(const struct options *o)
{
	uint64_t start = now_ns(), deadline = start + (uint64_t)(o->seconds * 1e9);
	for (int i = 0; i < o->connections; i++) {
		open_connection(&connections[i]);
		send_request(&connections[i]);
	}
	struct epoll_event events[256];
	while (run.replied + run.broken < run.started) {
		int n = epoll_wait(run.epoll, events, 256, 1000);
		uint64_t now = now_ns();
		if (now > deadline)
			run.is_over = true;
		if (now > deadline + 30000000000U)
			break;
		for (int i = 0; i < n; i++)
			receive(events[i].data.ptr);
	}
	double seconds = (double)(now_ns() - start) / 1e9;
	printf(
	    "{\"requests\":%llu,\"seconds\":%.3f,\"per_second\":%.1f,\"p50_us\":%llu,\"p99_us\":%llu,\"max_us\":%llu,"
	    "\"failed\":%llu,\"broken\":%llu,\"bytes\":%llu,\"statuses\":{",
	    (unsigned long long)run.replied, seconds, (double)run.replied / seconds,
	    (unsigned long long)percentile_us(0.5), (unsigned long long)percentile_us(0.99),
	    (unsigned long long)(run.max_ns / 1000), (unsigned long long)run.failed,
	    (unsigned long long)(run.broken + (run.started - run.replied - run.broken)),
	    (unsigned long long)run.body_bytes);
	const char *comma = "";
	for (int i = 0; i < STATUS_END; i++)
		if (run.statuses[i]) {
			printf("%s\"%d\":%llu", comma, i, (unsigned long long)run.statuses[i]);
			comma = ",";
		}
	puts("}}");
}

static void read_option(struct options *o, const char *name, const char *value)
{
	if (strcmp(name, "--port") == 0)
		o->port = (int)strtol(value, NULL, 10);
	else if (strcmp(name, "--connections") == 0)
		o->connections = (int)strtol(value, NULL, 10);
	else if (strcmp(name, "--seconds") == 0)
		o->seconds = strtod(value, NULL);
	else if (strcmp(name, "--count") == 0)
		o->count = strtoull(value, NULL, 10);
	else if (strcmp(name, "--method") == 0)
		o->method = value;
	else if (strcmp(name, "--path") == 0)
		o->path = value;
	else if (strcmp(name, "--body") == 0)
		o->body = value;
	else if (strcmp(name, "--header") == 0) {
		size_t n = strlen(o->headers);
		snprintf(o->headers + n, sizeof(o->headers) - n, "%s\r\n", value);
	} else {
		fprintf(stderr, "load: unknown option %s\n", name);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	static struct options options = {.connections = 64, .seconds = 5, .method = "GET", .path = "/"};
	for (int i = 1; i + 1 < argc; i += 2)
		read_option(&options, argv[i], argv[i + 1]);
	if (argc % 2 == 0 || options.port < 1 || options.connections < 1 || options.connections > CONNECTIONS_MAX) {
		fputs("usage: load --port N [--connections N] [--seconds S] [--count N] [--method M] [--path P] "
		      "[--header H] [--body B]\n",
		      stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	run.options = &options;
	run.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (run.epoll < 0)
		fail("epoll_create1");
	build_request(&options);
	drive(&options);
	return 0;
}
