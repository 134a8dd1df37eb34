/* Composing a page: one JSON document of views, written by jw, parsed, decorated, rendered. A page is
 *
 *   struct page page;
 *   page_begin(&page, request, response);
 *   page_csrf(&page);
 *   TRY(something_to_json(request->db, …, &page.jw, "something", …));
 *   TRY(page_data(&page, &data));              // only where what was written needs decorating
 *   return page_finish(&page, "page/name");
 *
 * Every handler answers a POST that changed something with a redirect (303), so that reloading never posts again. */
#ifndef SNUG_PAGE_PAGE_H
#define SNUG_PAGE_PAGE_H

#include "front/front.h"
#include "json/jw.h"
#include "json/view.h"

struct page {
	struct request *request;
	struct response *response;
	struct buf *text; /* what jw has written */
	struct jw jw;
	struct view *data; /* NULL until page_data */
};

/* Opens the document with what every page has: static, public_url, request_id. Needs no database. */
void page_begin(struct page *page, struct request *request, struct response *response);

/* Begins a read transaction anew where an op has ended it: for forms that are shown again. */
enum err page_read_again(struct request *request) MUST_USE;

/* Adds csrf: a page with a form needs it. */
void page_csrf(struct page *page);

/* Adds nonce: a form that posts a message sends it along, so that sending it twice posts once. */
void page_nonce(struct page *page);

/* Adds user: the view of whoever is asking, null for a visitor. */
enum err page_user(struct page *page) MUST_USE;

/* Adds workspace {name, back}: what the small pages of a workspace lead back to. channel_id 0 is its first channel;
 * guild_id 0 is of direct messages and groups, and has no name. */
enum err page_workspace(struct page *page, int64_t guild_id, int64_t channel_id) MUST_USE;

/* Closes the document and parses it. */
enum err page_data(struct page *page, struct view **data) MUST_USE;

/* Renders the template into the response, whose status stays as it is. */
enum err page_finish(struct page *page, const char *name) MUST_USE;

/* One input of a form: what stands there when the page is shown again. */
struct page_field {
	const char *name;
	bool is_secret; /* never shown again, only what is wrong with it */
};

/* An error of an op that is about one field. */
struct page_blame {
	enum err why;
	const char *field;
};

/* A form as its template wants it. */
struct page_form {
	const struct page_field *fields; /* ends with a NULL name */
	const struct page_blame *blames; /* ends with ERR_OK; may be NULL */
};

/* Adds form {name: text}, errors {name: text or null} and problem {text} or null. What was typed comes from the posted
 * form, before one was posted from the query. why is ERR_OK when the form is shown for the first time. */
enum err page_form(struct page *page, const struct page_form *form, enum err why) MUST_USE;

/* The same for a form that changes what is there: where nothing was typed stands what initial has. */
enum err page_form_of(struct page *page, const struct page_form *form, const struct form *initial,
		      enum err why) MUST_USE;

/* Puts a text into a form that is made here, such as initial; NULL is "". Both are borrowed. */
void page_form_put(struct form *form, const char *name, const char *value);

/* The error's text for people, without the status that some begin with. */
const char *page_error_text(enum err why);

/* Adds problem {text, status, …} as page/error wants it. */
void page_problem(struct page *page, enum err why);

/* Adds place: where the addresses of the request's channel stand, the id of its workspace or @me. */
void page_place(struct page *page);

/* "/channels/G/C" in the arena, "/channels/@me/C" with guild_id 0; with channel_id 0 "/guilds/G", which finds a channel
 * or says that there is none. */
const char *page_channel_path(struct request *request, int64_t guild_id, int64_t channel_id);

/* The id behind which the asked-for page of a list begins, of the query's "after"; 0: the first page. */
int64_t page_after(const struct request *request);

/* Where a message stands in the conversation of the request's path: "/channels/G/C?around=M#m-M". */
const char *page_message_path(struct request *request, int64_t message_id);

/* Where a form asks to go after logging in: a path of this site, "/" for anything else. */
const char *page_next_path(const char *next);

/* Whether the client asks for a piece of a page instead of a page: the script of an open one does. */
bool page_wants_fragment(const struct request *request);

#endif
