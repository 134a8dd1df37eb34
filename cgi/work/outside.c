#include "work/outside.h"

#include "work/confine.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

bool outside_question(struct arena *arena, size_t max_bytes, json_t **question)
{
	struct stat status;
	if (fstat(STDIN_FILENO, &status) != 0 || status.st_size < 1 || status.st_size > (off_t)max_bytes)
		return false;
	const void *text = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
	return text != MAP_FAILED && json_parse_own(arena, text, (size_t)status.st_size, question) == ERR_OK;
}

bool outside_confine(const char *more)
{
	const char *const paths[] = {"/etc",
				     "/usr",
				     "/lib",
				     "/lib64",
				     "/run/systemd/resolve",
				     "/run/resolvconf",
				     "/run/NetworkManager",
				     "/dev/null",
				     "/dev/urandom",
				     more,
				     NULL};
	return confine_to_reading(paths);
}

/* "host:port:address,address", with brackets around those of IPv6. */
struct curl_slist *outside_pin(struct arena *arena, const char *host, const char *port,
			       const struct addrinfo *addresses)
{
	const char *line = arena_printf(arena, "%s:%s:", host, port), *comma = "";
	for (const struct addrinfo *each = addresses; each != NULL; each = each->ai_next) {
		char address[NI_MAXHOST];
		bool is_v6 = each->ai_family == AF_INET6;
		if (getnameinfo(each->ai_addr, each->ai_addrlen, address, sizeof(address), NULL, 0, NI_NUMERICHOST) !=
		    0)
			continue;
		line = arena_printf(arena, "%s%s%s%s%s", line, comma, is_v6 ? "[" : "", address, is_v6 ? "]" : "");
		comma = ",";
	}
	return curl_slist_append(NULL, line);
}

bool outside_resolve(struct arena *arena, const char *url, struct curl_slist **pinned)
{
	const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
	struct addrinfo *list = NULL;
	char *host = NULL, *port = NULL;
	CURLU *parts = curl_url();
	*pinned = NULL;
	bool is_good = parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
		       curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
		       curl_url_get(parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK;
	if (is_good && host[0] != '[') {
		is_good = getaddrinfo(host, port, &wanted, &list) == 0;
		if (is_good)
			*pinned = outside_pin(arena, host, port, list);
	}
	if (list != NULL)
		freeaddrinfo(list);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(parts);
	return is_good;
}
