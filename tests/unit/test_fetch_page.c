/* A name that answers differently the second time (DNS re-binding) leads nowhere: names are resolved once for each
 * address, all that they answer must be good, and connections go to just that. The resolver here is the test's. */
#include "base/ensure.h"
#include "work/fetch_page.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define GOOD "127.0.0.1"
#define BAD "127.0.0.2"
#define ALLOW GOOD "/32"

static struct arena arena;
static int asked;
static const char *answers[4]; /* of the resolver: to the first question, the second …; NULL: no such name */
static const char *more;       /* a second address in each answer, or NULL */

/* Stands in the place of libc's, for libcurl too. */
int getaddrinfo(const char *host, const char *port, const struct addrinfo *hints, struct addrinfo **out)
{
	int (*own)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
	void *found = dlsym(RTLD_NEXT, "getaddrinfo");
	memcpy(&own, &found, sizeof(own));
	if (strcmp(host, "name.test") != 0)
		return own(host, port, hints, out);
	const char *answer = answers[asked < 3 ? asked : 3];
	asked++;
	if (answer == NULL)
		return EAI_NONAME;
	int status = own(answer, port, hints, out);
	if (status == 0 && more != NULL)
		status = own(more, port, hints, &(*out)->ai_next);
	return status;
}

/* What two servers of one port share with the test. */
struct shared {
	int served[2];
	in_port_t port;
};
static struct shared *shared;
static pid_t servers[2];

static int listen_at(const char *address, in_port_t port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = port};
	socklen_t n = sizeof(at);
	int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ensure(inet_pton(AF_INET, address, &at.sin_addr) == 1);
	ensure(fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0);
	if (bind(fd, (const struct sockaddr *)&at, sizeof(at)) != 0 || listen(fd, 8) != 0) {
		(void)close(fd);
		return -1;
	}
	ensure(getsockname(fd, (struct sockaddr *)&at, &n) == 0);
	shared->port = at.sin_port;
	return fd;
}

/* "/to" sends on to "/" of the same name, everything else is a page. */
static void serve(int listener, int which)
{
	char request[4096], reply[512];
	for (;;) {
		int fd = accept(listener, NULL, NULL);
		ssize_t n = fd >= 0 ? read(fd, request, sizeof(request) - 1) : 0;
		if (n > 0) {
			request[n] = '\0';
			shared->served[which]++;
			bool is_sent_on = strncmp(request, "GET /to", 7) == 0;
			int length = is_sent_on
					 ? snprintf(reply, sizeof(reply),
						    "HTTP/1.1 302 Found\r\nLocation: "
						    "http://name.test:%d/\r\nContent-Length: 0\r\n\r\n",
						    ntohs(shared->port))
					 : snprintf(reply, sizeof(reply),
						    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: "
						    "20\r\n\r\n<title>Page</title> ");
			ssize_t written = write(fd, reply, (size_t)length);
			(void)written;
		}
		if (fd >= 0)
			(void)close(fd);
	}
}

static int open_servers(void **state)
{
	int listeners[2];
	(void)state;
	arena_init(&arena);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ensure(shared != MAP_FAILED);
	do {
		listeners[0] = listen_at(GOOD, 0);
		ensure(listeners[0] >= 0);
		listeners[1] = listen_at(BAD, shared->port);
	} while (listeners[1] < 0);
	for (int i = 0; i < 2; i++) {
		servers[i] = fork();
		if (servers[i] == 0) {
			(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
			serve(listeners[i], i);
		}
		(void)close(listeners[i]);
	}
	return curl_global_init(CURL_GLOBAL_DEFAULT) == 0 ? 0 : -1;
}

static int close_servers(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		(void)kill(servers[i], SIGKILL);
		(void)waitpid(servers[i], NULL, 0);
	}
	curl_global_cleanup();
	(void)munmap(shared, sizeof(*shared));
	arena_free(&arena);
	return 0;
}

static bool fetch(const char *path, const char *first, const char *second, const char *beside)
{
	struct fetched_page page;
	asked = 0;
	answers[0] = first;
	answers[1] = answers[2] = answers[3] = second;
	more = beside;
	shared->served[0] = shared->served[1] = 0;
	const char *url = arena_printf(&arena, "http://name.test:%d%s", ntohs(shared->port), path);
	bool is_got = fetch_page(&arena, url, ALLOW, &page);
	if (is_got)
		assert_non_null(strstr(page.html->p, "<title>Page</title>"));
	return is_got;
}

static void test_a_name_is_resolved_once_and_its_answer_is_where_the_connection_goes(void **state)
{
	(void)state;
	assert_true(fetch("/", GOOD, BAD, NULL));
	assert_int_equal(asked, 1);
	assert_int_equal(shared->served[0], 1);
	assert_int_equal(shared->served[1], 0);
}

static void test_a_redirect_is_a_new_address_that_must_be_good_again(void **state)
{
	(void)state;
	assert_false(fetch("/to", GOOD, BAD, NULL));
	assert_int_equal(asked, 2);
	assert_int_equal(shared->served[0], 1);
	assert_int_equal(shared->served[1], 0);
	assert_true(fetch("/to", GOOD, GOOD, NULL));
	assert_int_equal(shared->served[0], 2);
}

static void test_a_name_with_one_bad_address_is_not_asked_at_all(void **state)
{
	(void)state;
	assert_false(fetch("/", GOOD, GOOD, BAD));
	assert_false(fetch("/", BAD, GOOD, GOOD));
	assert_false(fetch("/", BAD, GOOD, NULL));
	assert_false(fetch("/", NULL, GOOD, NULL));
	assert_int_equal(shared->served[0] + shared->served[1], 0);
}

static void test_other_ports_of_public_addresses_are_not_asked(void **state)
{
	struct fetched_page page;
	(void)state;
	answers[0] = answers[1] = "8.8.8.8";
	more = NULL;
	asked = 0;
	assert_false(fetch_page(&arena, "http://name.test:22/", "", &page));
	assert_false(fetch_page(&arena, "http://name.test:8080/", "", &page));
	assert_false(fetch_page(&arena, "http://name.test:0/", "", &page));
	assert_false(fetch_page(&arena, "http://name.test:99999/", "", &page));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_name_is_resolved_once_and_its_answer_is_where_the_connection_goes),
	    cmocka_unit_test(test_a_redirect_is_a_new_address_that_must_be_good_again),
	    cmocka_unit_test(test_a_name_with_one_bad_address_is_not_asked_at_all),
	    cmocka_unit_test(test_other_ports_of_public_addresses_are_not_asked),
	};
	return cmocka_run_group_tests(tests, open_servers, close_servers);
}
