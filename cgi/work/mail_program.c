#include "work/mail_program.h"

#include "work/child.h"
#include "work/outside.h"

#include <stdio.h>
#include <string.h>

enum { CONNECT_MS = 10000, TRANSFER_MS = 20000, FIRST_PERMANENT = 500, LAST_PERMANENT = 599 };

struct lists {
	struct curl_slist *recipients, *resolved;
};

/* One transfer: what is sent, and how far it came. */
struct letter {
	const char *content;
	size_t n, sent;
	bool was_begun; /* the server has accepted sender and recipient and hears the content */
};

static size_t give_content(char *out, size_t size, size_t count, void *context)
{
	struct letter *letter = context;
	size_t n = letter->n - letter->sent < size * count ? letter->n - letter->sent : size * count;
	memcpy(out, letter->content + letter->sent, n);
	letter->sent += n;
	letter->was_begun = true;
	return n;
}

static long encryption_of(const char *tls)
{
	if (strcmp(tls, "off") == 0)
		return CURLUSESSL_NONE;
	return strcmp(tls, "optional") == 0 ? CURLUSESSL_TRY : CURLUSESSL_ALL;
}

/* A setting that libcurl refuses would be left out silently: then nothing is sent. */
static bool set_up(CURL *curl, const json_t *question, struct letter *letter, const struct lists *lists, char *why)
{
	const char *user = json_text(question, "user"), *authorities = json_text(question, "authorities");
	bool is_good = curl_easy_setopt(curl, CURLOPT_URL, json_text(question, "url")) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_USE_SSL, encryption_of(json_text(question, "tls"))) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_MAIL_FROM, json_text(question, "from")) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, lists->recipients) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_RESOLVE, lists->resolved) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_content) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_READDATA, letter) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)TRANSFER_MS) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why) == CURLE_OK;
	if (is_good && user[0] != '\0')
		is_good = curl_easy_setopt(curl, CURLOPT_USERNAME, user) == CURLE_OK &&
			  curl_easy_setopt(curl, CURLOPT_PASSWORD, json_text(question, "password")) == CURLE_OK;
	if (is_good && authorities[0] != '\0')
		is_good = curl_easy_setopt(curl, CURLOPT_CAINFO, authorities) == CURLE_OK;
	return is_good;
}

/* A 5xx about this mail is the last word on it. Anything about the server, its name, its certificate or our password
 * would be the same for the next mail, and may be mended by then. */
static enum child_verdict judge(CURLcode code, long reply, const struct letter *letter)
{
	bool is_about_mail = code == CURLE_SEND_ERROR || letter->was_begun;
	if (code == CURLE_OK)
		return CHILD_DONE;
	if (!is_about_mail || reply < 400)
		return CHILD_ELSEWHERE;
	return reply >= FIRST_PERMANENT && reply <= LAST_PERMANENT ? CHILD_REFUSED : CHILD_LATER;
}

static enum child_verdict send_letter(CURL *curl, const json_t *question, const struct lists *lists)
{
	char why[CURL_ERROR_SIZE] = "";
	long reply = 0;
	const char *content = json_text(question, "content");
	struct letter letter = {.content = content, .n = strlen(content)};
	if (!set_up(curl, question, &letter, lists, why)) {
		printf("libcurl does not take the settings of mail\n");
		return CHILD_ELSEWHERE;
	}
	CURLcode code = curl_easy_perform(curl);
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
	printf("%s\n", why[0] != '\0' ? why : curl_easy_strerror(code));
	return judge(code, reply, &letter);
}

static bool is_whole(const json_t *question)
{
	static const char *const names[] = {"url", "user", "password", "tls", "authorities", "from", "to", "content"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (json_text(question, names[i]) == NULL)
			return false;
	}
	return true;
}

static enum child_verdict answer(struct arena *arena, const json_t *question)
{
	struct lists lists = {.resolved = NULL};
	enum child_verdict verdict = CHILD_FAILED;
	if (!outside_resolve(arena, json_text(question, "url"), &lists.resolved)) {
		printf("the mail server's name cannot be resolved\n");
		return CHILD_ELSEWHERE;
	}
	CURL *curl = curl_easy_init();
	lists.recipients = curl_slist_append(NULL, json_text(question, "to"));
	if (curl != NULL && lists.recipients != NULL)
		verdict = send_letter(curl, question, &lists);
	curl_easy_cleanup(curl);
	curl_slist_free_all(lists.recipients);
	curl_slist_free_all(lists.resolved);
	return verdict;
}

int mail_program(void)
{
	struct arena arena;
	json_t *question;
	enum child_verdict verdict = CHILD_FAILED;
	arena_init(&arena);
	if (outside_question(&arena, MAIL_QUESTION_MAX_BYTES, &question) && is_whole(question) &&
	    outside_confine(json_text(question, "authorities")) && curl_global_init(CURL_GLOBAL_DEFAULT) == 0) {
		verdict = answer(&arena, question);
		curl_global_cleanup();
	}
	arena_free(&arena);
	return fflush(stdout) == 0 ? (int)verdict : (int)CHILD_FAILED;
}
