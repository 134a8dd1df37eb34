/* Files of a message, readied for part/message_attachments: which kind of thing each is, how large its picture is
 * shown, and its size in a unit that people read. */
#include "text/fragment.h"

/* The box that a picture fits into when it stands alone, and each of several. In pixels of CSS; css/attachments.css
 * shrinks them where the window is narrow, by the same ratio. */
enum { ALONE_WIDTH = 480, ALONE_HEIGHT = 320, TILE_WIDTH = 232, TILE_HEIGHT = 174, SIDE_MIN = 48 };
enum { ENDING_MAX = 5, IS_SPOILER = 1 << 3 /* Discord's flag of an attachment */ };

static bool shows_as(const struct view *attachment, const char *what)
{
	return str_eq_text(view_text(attachment, "show"), what);
}

static int64_t at_least(int64_t number, int64_t least)
{
	return number < least ? least : number;
}

/* Adds box_width and box_height: the picture's own size or, keeping its ratio, what fits. One of several is a tile. */
static void put_box(struct arena *arena, struct view *attachment, bool is_alone)
{
	int64_t width = view_int(attachment, "width"), height = view_int(attachment, "height");

	if (!is_alone || width <= 0 || height <= 0) {
		width = is_alone ? ALONE_WIDTH / 2 : TILE_WIDTH;
		height = is_alone ? ALONE_HEIGHT / 2 : TILE_HEIGHT;
	}
	if (width > ALONE_WIDTH) {
		height = height * ALONE_WIDTH / width;
		width = ALONE_WIDTH;
	}
	if (height > ALONE_HEIGHT) {
		width = width * ALONE_HEIGHT / height;
		height = ALONE_HEIGHT;
	}
	view_put_int(arena, attachment, "box_width", at_least(width, SIDE_MIN));
	view_put_int(arena, attachment, "box_height", at_least(height, SIDE_MIN));
}

/* Adds size_text, "1.2", and the unit's flag, of which one is true: is_bytes, is_kb, is_mb. */
static void put_size(struct arena *arena, struct view *attachment)
{
	const int64_t kb = 1000, mb = 1000 * 1000;
	int64_t size = view_int(attachment, "size");
	bool is_mb = size >= mb, is_kb = !is_mb && size >= kb;
	int64_t unit = is_mb ? mb : kb;
	const char *text;

	if (!is_mb && !is_kb)
		text = arena_printf(arena, "%lld", (long long)size);
	else if (size >= 10 * unit)
		text = arena_printf(arena, "%lld", (long long)((size + unit / 2) / unit));
	else
		text = arena_printf(arena, "%lld.%lld", (long long)(size / unit), (long long)(size % unit * 10 / unit));
	view_put_text(arena, attachment, "size_text", str_from(text));
	view_put_flag(arena, attachment, "is_mb", is_mb);
	view_put_flag(arena, attachment, "is_kb", is_kb);
	view_put_flag(arena, attachment, "is_bytes", !is_mb && !is_kb);
}

/* Adds ending: "PDF" of "report.pdf", or null. */
static void put_ending(struct arena *arena, struct view *attachment)
{
	struct str name = view_text(attachment, "filename");
	size_t from = name.n;

	while (from > 0 && name.p[from - 1] != '.')
		from--;
	size_t n = name.n - from;
	if (from <= 1 || n == 0 || n > ENDING_MAX) {
		view_put_null(arena, attachment, "ending");
		return;
	}
	char *ending = arena_alloc(arena, n);
	for (size_t i = 0; i < n; i++) {
		char c = name.p[from + i];
		ending[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
	}
	view_put_text(arena, attachment, "ending", (struct str){ending, n});
}

/* Adds duration_text, "1:05", of a voice message. */
static void put_duration(struct arena *arena, struct view *attachment)
{
	const struct view *duration = view_find(attachment, "duration_secs");
	long long seconds = 0;

	/* A number with a fraction: its whole seconds are enough here. */
	if (duration != NULL && duration->type == VIEW_NUMBER) {
		for (size_t i = 0;
		     i < duration->text.n && i < 6 && duration->text.p[i] >= '0' && duration->text.p[i] <= '9'; i++)
			seconds = seconds * 10 + (duration->text.p[i] - '0');
	}
	view_put_text(arena, attachment, "duration_text",
		      str_from(arena_printf(arena, "%lld:%02lld", seconds / 60, seconds % 60)));
}

static void ready(struct arena *arena, struct view *attachment, bool is_alone)
{
	static const char *const optional[] = {"description", "width",         "height",
					       "waveform",    "duration_secs", "thumbnail_url"};
	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++) {
		if (!view_find(attachment, optional[i]))
			view_put_null(arena, attachment, optional[i]);
	}
	const struct view *animated = view_find(attachment, "is_animated");
	bool is_animated = animated != NULL && animated->type == VIEW_TRUE;
	/* What snug-worker has not looked at yet, or could not read, has a box and no picture in it: whether it moves
	 * is not known, and it may be ten megabytes. */
	bool is_picture = shows_as(attachment, "picture") && view_int(attachment, "width") > 0;
	bool is_audio = shows_as(attachment, "audio"), is_voice = is_audio && view_text(attachment, "waveform").n > 0;
	bool is_video = shows_as(attachment, "video"), is_pdf = shows_as(attachment, "pdf");

	view_put_flag(arena, attachment, "is_animated", is_animated);
	view_put_flag(arena, attachment, "is_picture", is_picture);
	view_put_flag(arena, attachment, "is_video", is_video);
	view_put_flag(arena, attachment, "is_voice", is_voice);
	view_put_flag(arena, attachment, "is_audio", is_audio && !is_voice);
	view_put_flag(arena, attachment, "is_pdf", is_pdf);
	view_put_flag(arena, attachment, "is_card", !is_picture && !is_voice && !is_video && !is_audio);
	view_put_flag(arena, attachment, "is_spoiler", (view_int(attachment, "flags") & IS_SPOILER) != 0);
	put_box(arena, attachment, is_alone);
	put_size(arena, attachment);
	put_ending(arena, attachment);
	put_duration(arena, attachment);
}

void fragment_attachments(struct arena *arena, struct view *message)
{
	struct view *list = view_find(message, "attachments");
	bool is_list = list != NULL && list->type == VIEW_LIST && list->first != NULL;

	view_put_flag(arena, message, "has_attachments", is_list);
	if (!is_list)
		return;
	bool is_alone = list->first->next == NULL;
	for (struct view *each = list->first; each; each = each->next) {
		if (view_is_object(each))
			ready(arena, each, is_alone);
	}
}
