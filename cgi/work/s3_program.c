#include "work/s3_program.h"

#include "crypto/sha256.h"
#include "work/child.h"
#include "work/outside.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { CONNECT_MS = 8000, TRANSFER_MS = 30000, QUIET_S = 15, QUIET_BYTES = 1024 };

/* One request and what it needs. */
struct exchange {
	const json_t *question;
	struct arena *arena;
	const char *bytes; /* of the file; NULL for what has none */
	size_t n, sent;
	char hash[SHA256_HEX_SIZE];
	struct curl_slist *headers, *resolved;
	char why[CURL_ERROR_SIZE];
};

static const char *word(const struct exchange *exchange, const char *name)
{
	const char *text = json_text(exchange->question, name);
	return text != NULL ? text : "";
}

static size_t give_file(char *out, size_t size, size_t count, void *context)
{
	struct exchange *exchange = context;
	size_t rest = exchange->n - exchange->sent, n = rest < size * count ? rest : size * count;
	memcpy(out, exchange->bytes + exchange->sent, n);
	exchange->sent += n;
	return n;
}

/* What the service says beside its status is XML for programmers. */
static size_t swallow(char *bytes, size_t size, size_t count, void *context)
{
	(void)bytes;
	(void)context;
	return size * count;
}

static bool map_file(struct exchange *exchange)
{
	struct stat status;
	if (fstat(CHILD_FILE_FD, &status) != 0 || !S_ISREG(status.st_mode))
		return false;
	exchange->n = (size_t)status.st_size;
	exchange->bytes = "";
	if (exchange->n > 0)
		exchange->bytes = mmap(NULL, exchange->n, PROT_READ, MAP_PRIVATE, CHILD_FILE_FD, 0);
	return exchange->bytes != MAP_FAILED;
}

static void add_header(struct exchange *exchange, const char *name, const char *value)
{
	const char *line = arena_printf(exchange->arena, "%s: %s", name, value);
	exchange->headers = curl_slist_append(exchange->headers, line);
}

/* The hash is part of what is signed, and the service compares it with what it gets. */
static void add_headers(struct exchange *exchange, bool is_put)
{
	curl_slist_free_all(exchange->headers);
	exchange->headers = NULL;
	sha256_hex(is_put ? exchange->bytes : "", is_put ? exchange->n : 0, exchange->hash);
	add_header(exchange, "x-amz-content-sha256", exchange->hash);
	if (!is_put)
		return;
	add_header(exchange, "Content-Type", word(exchange, "type"));
	add_header(exchange, "Content-Disposition", word(exchange, "disposition"));
	if (strcmp(word(exchange, "encryption"), "off") != 0)
		add_header(exchange, "x-amz-server-side-encryption", word(exchange, "encryption"));
}

static bool set_up(CURL *curl, struct exchange *exchange, const char *method)
{
	bool is_put = strcmp(method, "PUT") == 0, is_head = strcmp(method, "HEAD") == 0;
	add_headers(exchange, is_put);
	const char *provider = arena_printf(exchange->arena, "aws:amz:%s:s3", word(exchange, "region"));
	bool is_good = curl_easy_setopt(curl, CURLOPT_URL, word(exchange, "url")) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, provider) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_USERNAME, word(exchange, "access_key")) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_PASSWORD, word(exchange, "secret_key")) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_HTTPHEADER, exchange->headers) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_RESOLVE, exchange->resolved) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, swallow) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)TRANSFER_MS) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)QUIET_S) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)QUIET_BYTES) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, exchange->why) == CURLE_OK;
	if (is_good && is_put)
		return curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_file) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_READDATA, exchange) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)exchange->n) == CURLE_OK;
	if (is_good && is_head)
		return curl_easy_setopt(curl, CURLOPT_NOBODY, 1L) == CURLE_OK;
	return is_good && curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method) == CURLE_OK;
}

/* What the service says of itself, our key or our signature would be the same for the next file. */
static enum child_verdict judge(struct exchange *exchange, CURLcode code, long status)
{
	if (code != CURLE_OK) {
		printf("%s\n", exchange->why[0] != '\0' ? exchange->why : curl_easy_strerror(code));
		return CHILD_ELSEWHERE;
	}
	if (status >= 200 && status < 300)
		return CHILD_DONE;
	printf("the service answered %ld\n", status);
	return status == 400 || status == 413 ? CHILD_LATER : CHILD_ELSEWHERE;
}

static enum child_verdict ask(struct exchange *exchange, const char *method, curl_off_t *length)
{
	long status = 0;
	CURL *curl = curl_easy_init();
	if (curl == NULL || !set_up(curl, exchange, method)) {
		curl_easy_cleanup(curl);
		printf("libcurl does not take the settings of S3\n");
		return CHILD_ELSEWHERE;
	}
	CURLcode code = curl_easy_perform(curl);
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (length != NULL)
		(void)curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, length);
	curl_easy_cleanup(curl);
	/* What is gone already is as it was asked to be. */
	if (code == CURLE_OK && status == 404 && strcmp(method, "DELETE") == 0)
		return CHILD_DONE;
	return judge(exchange, code, status);
}

/* The service has compared the hash; that the object is there, and whole, is seen again from outside. */
static enum child_verdict put(struct exchange *exchange)
{
	curl_off_t length = -1;
	if (!map_file(exchange)) {
		printf("the file cannot be read\n");
		return CHILD_FAILED;
	}
	enum child_verdict verdict = ask(exchange, "PUT", NULL);
	if (verdict == CHILD_DONE)
		verdict = ask(exchange, "HEAD", &length);
	if (verdict == CHILD_DONE && length != (curl_off_t)exchange->n) {
		printf("of %zu bytes %lld are there\n", exchange->n, (long long)length);
		return CHILD_LATER;
	}
	return verdict;
}

static enum child_verdict answer(struct exchange *exchange)
{
	bool is_put = strcmp(word(exchange, "method"), "PUT") == 0;
	if (!outside_resolve(exchange->arena, word(exchange, "url"), &exchange->resolved)) {
		printf("the name of the S3 service cannot be resolved\n");
		return CHILD_ELSEWHERE;
	}
	return is_put ? put(exchange) : ask(exchange, "DELETE", NULL);
}

int s3_program(void)
{
	struct arena arena;
	json_t *question;
	enum child_verdict verdict = CHILD_FAILED;
	arena_init(&arena);
	if (outside_question(&arena, S3_QUESTION_MAX_BYTES, &question) && outside_confine(NULL) &&
	    curl_global_init(CURL_GLOBAL_DEFAULT) == 0) {
		struct exchange exchange = {.question = question, .arena = &arena};
		verdict = answer(&exchange);
		curl_slist_free_all(exchange.headers);
		curl_slist_free_all(exchange.resolved);
		curl_global_cleanup();
	}
	arena_free(&arena);
	return fflush(stdout) == 0 ? (int)verdict : (int)CHILD_FAILED;
}
