/* Files on messages: GET /attachments/{channel}/{attachment}/NAME, with ?thumbnail for the small picture. Who may see
 * one is who may read its message now; an address that the API gave out is good by itself until it expires.
 *
 * What a browser would run is never shown, only downloaded, and whatever a browser makes of the rest, it runs nothing
 * and is of no origin (HEADER_FILE). lighttpd sends the bytes: HEAD, ranges and conditional requests are its. */
#include "base/log.h"
#include "domain/file/file.h"
#include "domain/file/file_url.h"
#include "domain/perm.h"
#include "front/reply.h"
#include "http/disposition.h"
#include "http/headers.h"
#include "page/handlers.h"

#include <stdio.h>
#include <string.h>

/* As the address says, which the pattern's ids hold: {channel}, {target}, {code}. */
static struct file_address address_of(const struct request *request)
{
	return (struct file_address){
	    .channel_id = request->path.channel_id,
	    .attachment_id = request->path.target_id,
	    .name = request->path.code,
	    .is_thumbnail = form_find(&request->query, "thumbnail") != NULL,
	};
}

/* Who may not look back sees what is said while they are there, and so do open pages: of that the files are theirs for
 * as long as an address in the API is good. */
static bool is_recent(const struct request *request, const struct file *file)
{
	return request->now_ms - id_created_at_ms(file->message_id) < request->app->urls.ttl_s * 1000;
}

static enum err check_reader(struct request *request, const struct file *file)
{
	uint64_t bits;
	enum err e;

	if (request->caller.user_id == 0)
		return ERR_UNAUTHORIZED;
	e = perm_of_channel(request->db, request->arena, request->path.channel_id, request->caller.user_id, &bits);
	if (e == ERR_UNKNOWN_CHANNEL)
		return ERR_NOT_FOUND;
	TRY(e);
	return perm_has(bits, PERM_READ_HISTORY) || is_recent(request, file) ? ERR_OK : ERR_NOT_FOUND;
}

static const char *type_of(const struct file *file)
{
	switch (file_show_of(file->type)) {
	case FILE_DOWNLOAD:
		return "application/octet-stream";
	case FILE_TEXT:
		return "text/plain; charset=utf-8";
	default:
		return file->type;
	}
}

static const char *disposition_of(struct request *request, const struct file *file)
{
	bool is_shown = file_show_of(file->type) != FILE_DOWNLOAD && form_find(&request->query, "download") == NULL;

	return disposition_write(request->arena, is_shown ? "inline" : "attachment", file->name);
}

/* It is not on this disk: an address that is good for a minute, which nobody keeps. */
static enum err send_elsewhere(struct request *request, struct response *response, const struct file *file)
{
	const struct s3_reply reply = {.type = type_of(file), .disposition = disposition_of(request, file)};
	const struct s3 *s3 = &request->app->s3;

	if (!s3_is_on(s3)) {
		log_event(LOG_ERROR, "file_is_in_s3", log_text("object", file->object));
		return ERR_OVERLOADED;
	}
	response->status = 302;
	response->content_type = NULL;
	reply_header(response, "Location", s3_read_url(request->arena, s3, file->object, &reply, request->now_ms));
	return ERR_OK;
}

static void send(struct request *request, struct response *response, const struct file *file, bool is_thumbnail)
{
	char path[FILE_PATH_SIZE];

	if (is_thumbnail)
		file_thumbnail_path(file->hash, path);
	else
		file_path(file->hash, path);
	response->content_type = is_thumbnail ? "image/webp" : type_of(file);
	reply_header(response, "Content-Disposition", disposition_of(request, file));
	/* The folder that lighttpd was handed is files/ of the path. */
	reply_header(response, "X-Sendfile",
		     arena_printf(request->arena, "/proc/self/fd/6/%s", path + sizeof("files/") - 1));
}

enum err page_attachment(struct request *request, struct response *response)
{
	struct file_address address = address_of(request);
	struct file file;
	bool is_signed = file_url_is_signed(&request->app->urls.key, &address, form_find(&request->query, "ex"),
					    form_find(&request->query, "hm"), request->now_ms);

	if (!is_signed && request->caller.user_id == 0)
		return form_find(&request->query, "hm") != NULL ? ERR_NOT_FOUND : ERR_UNAUTHORIZED;
	TRY(file_find(request->db, request->arena, address.channel_id, address.attachment_id, &file));
	if (strcmp(file.name, address.name) != 0 || (address.is_thumbnail && !file.has_thumbnail))
		return ERR_NOT_FOUND;
	if (!is_signed)
		TRY(check_reader(request, &file));
	/* Browsers show no PDF in a sandbox; our pages show it in a frame. */
	response->header_scopes = (response->header_scopes & HEADER_HTTPS) |
				  (file_show_of(file.type) == FILE_PDF ? HEADER_FRAMED : HEADER_FILE);
	/* Addresses that are good by themselves may be used by pages of other sites, as Discord's are. */
	if (is_signed)
		response->header_scopes |= HEADER_PICTURE;
	/* It may be kept, and is asked for again each time: what is deleted, or no longer theirs, is not shown from
	 * there. */
	reply_header(response, "Cache-Control", "private, no-cache");
	if (file.object != NULL && !address.is_thumbnail)
		return send_elsewhere(request, response, &file);
	send(request, response, &file, address.is_thumbnail);
	return ERR_OK;
}
