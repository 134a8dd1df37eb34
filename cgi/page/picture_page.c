/* Avatars, icons and emoji: GET /avatars/{user}/HASH.webp, /icons/{guild}/HASH.webp and /emojis/ID.webp, where
 * Discord's libraries look for them when their cdn is this server. Whoever knows the hash, 128 bits, may see the
 * picture; it is told to those who may see the person or the workspace. An emoji is for whoever knows its id: it is
 * seen wherever somebody used it. Only the picture of now is served, as WebP whatever extension was asked for, since
 * that is all there is. */
#include "base/id.h"
#include "domain/emoji/emoji.h"
#include "domain/guild/guild.h"
#include "domain/picture/picture.h"
#include "domain/user/user.h"
#include "front/reply.h"
#include "http/headers.h"
#include "page/handlers.h"

#include <string.h>

/* ".png", or another. */
static bool is_extension(const char *text)
{
	return text[0] == '.' && text[1] != '\0' && strspn(text + 1, "abcdefghijklmnopqrstuvwxyz") == strlen(text + 1);
}

/* "HASH.png" names this hash. */
static bool names_hash(const char *file, const char *hash)
{
	size_t n = hash != NULL ? strlen(hash) : 0;

	return n > 0 && strncmp(file, hash, n) == 0 && is_extension(file + n);
}

/* It looks the same to everybody, and may be kept for as long as caching says. */
static enum err send(struct request *request, struct response *response, const char *hash, const char *caching)
{
	struct str content;

	TRY(picture_find(request->db, request->arena, hash, &content));
	response->content_type = "image/webp";
	response->header_scopes = (response->header_scopes & HEADER_HTTPS) | HEADER_FILE | HEADER_PICTURE;
	reply_header(response, "Cache-Control", caching);
	buf_put(response->body, content.p, content.n);
	return ERR_OK;
}

/* What stands at an address with a hash never changes. */
static enum err show(struct request *request, struct response *response, const char *hash)
{
	if (!names_hash(request->path.code, hash))
		return ERR_NOT_FOUND;
	return send(request, response, hash, "public, max-age=31536000, immutable");
}

enum err page_avatar(struct request *request, struct response *response)
{
	struct user user;
	enum err e = user_find(request->db, request->arena, request->path.user_id, &user);

	if (e == ERR_UNKNOWN_USER)
		return ERR_NOT_FOUND;
	TRY(e);
	return show(request, response, user.avatar);
}

enum err page_icon(struct request *request, struct response *response)
{
	struct guild guild;
	enum err e = guild_find(request->db, request->arena, request->path.guild_id, &guild);

	if (e == ERR_UNKNOWN_GUILD)
		return ERR_NOT_FOUND;
	TRY(e);
	return show(request, response, guild.icon);
}

/* It never changes either, but it may be deleted, and is then to be gone before long. */
enum err page_emoji(struct request *request, struct response *response)
{
	const char *file = request->path.code;
	size_t n = strspn(file, "0123456789");
	struct emoji emoji;
	int64_t id;

	if (!id_parse(file, n, &id) || !is_extension(file + n))
		return ERR_NOT_FOUND;
	enum err e = emoji_find_by_id(request->db, request->arena, id, &emoji);
	if (e == ERR_UNKNOWN_EMOJI)
		return ERR_NOT_FOUND;
	TRY(e);
	return send(request, response, emoji.picture, "public, max-age=3600");
}
