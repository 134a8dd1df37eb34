/* What names an emoji of either kind. */
#include "base/id.h"
#include "domain/emoji/emoji.h"
#include "domain/member/member.h"
#include "domain/perm.h"
#include "text/emoji.h"
#include "text/token.h"

#include <string.h>

/* "name:id", with "a:" before it for one that moves; what it is called here does not matter, as in Discord. */
static bool parse_custom(struct arena *arena, struct str text, struct emoji_ref *out)
{
	struct str name, id;
	if (text.n > 2 && memcmp(text.p, "a:", 2) == 0 && memchr(text.p + 2, ':', text.n - 2) != NULL)
		text = (struct str){text.p + 2, text.n - 2};
	if (!str_cut(text, ':', &name, &id) || name.n == 0 || !id_parse(id.p, id.n, &out->id))
		return false;
	out->name = arena_strndup(arena, name.p, name.n);
	return true;
}

enum err emoji_ref_parse(struct arena *arena, const char *text, struct emoji_ref *out)
{
	struct str all = str_from(text);
	*out = (struct emoji_ref){0};
	if (parse_custom(arena, all, out))
		return ERR_OK;
	struct str whole = emoji_whole(all);
	if (whole.n == 0)
		return ERR_INVALID_EMOJI;
	out->name = arena_strndup(arena, whole.p, whole.n);
	return ERR_OK;
}

/* Who may not see the other workspace cannot tell its emoji from one that was never there. */
enum err emoji_ref_check(struct apply *apply, int64_t guild_id, uint64_t bits, struct emoji_ref *ref)
{
	struct emoji emoji;
	struct member member;
	if (ref->id == 0)
		return ERR_OK;
	enum err err = emoji_find_by_id(apply->db, apply->arena, ref->id, &emoji);
	if (err == ERR_OK && emoji.guild_id != guild_id)
		err = member_find(apply->db, apply->arena, emoji.guild_id, apply->actor_id, &member);
	if (err == ERR_UNKNOWN_EMOJI || err == ERR_UNKNOWN_MEMBER)
		return ERR_INVALID_EMOJI;
	TRY(err);
	ref->name = emoji.name;
	return emoji.guild_id == guild_id || perm_has(bits, PERM_EXTERNAL_EMOJIS) ? ERR_OK : ERR_MISSING_PERMISSIONS;
}

static enum err is_foreign(struct apply *apply, int64_t guild_id, const struct token *token, bool *out)
{
	struct emoji emoji;
	*out = false;
	if (token->kind != TOKEN_EMOJI)
		return ERR_OK;
	enum err err = emoji_find_by_id(apply->db, apply->arena, token->id, &emoji);
	if (err == ERR_UNKNOWN_EMOJI)
		return ERR_OK;
	TRY(err);
	*out = emoji.guild_id != guild_id;
	return ERR_OK;
}

enum err emoji_text_settle(struct apply *apply, int64_t guild_id, uint64_t bits, const char **text)
{
	struct buf *settled = buf_in_arena(apply->arena);
	struct str rest = str_from(*text);
	struct token token;
	bool foreign;
	if (perm_has(bits, PERM_EXTERNAL_EMOJIS) || strchr(*text, '<') == NULL)
		return ERR_OK;
	while (rest.n > 0) {
		size_t n = 1;
		foreign = false;
		if (rest.p[0] == '<' && token_match(rest, &token)) {
			n = token.n;
			TRY(is_foreign(apply, guild_id, &token, &foreign));
		}
		if (foreign)
			buf_printf(settled, ":%.*s:", (int)token.name.n, token.name.p);
		else
			buf_put(settled, rest.p, n);
		rest = (struct str){rest.p + n, rest.n - n};
	}
	*text = arena_strndup(apply->arena, settled->p, settled->n);
	return ERR_OK;
}
