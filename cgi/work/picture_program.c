#include "work/picture_program.h"

#include "domain/file/file.h"
#include "domain/picture/picture.h"
#include "front/picture.h"
#include "image/file_type.h"
#include "image/image.h"
#include "work/child.h"
#include "work/confine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int picture_side_parse(const char *text)
{
	char *end;
	long side = strtol(text, &end, 10);
	return text[0] >= '1' && text[0] <= '9' && *end == '\0' && side >= PICTURE_SIDE_MIN && side <= PICTURE_SIDE_MAX
		   ? (int)side
		   : 0;
}

static bool map_question(off_t max_bytes, struct str *file)
{
	struct stat status;
	if (fstat(STDIN_FILENO, &status) != 0 || status.st_size < 1 || status.st_size > max_bytes)
		return false;
	void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
	*file = (struct str){bytes, (size_t)status.st_size};
	return bytes != MAP_FAILED;
}

static bool write_answer(const void *bytes, size_t n)
{
	const char *p = bytes;
	for (size_t written = 0; written < n;) {
		ssize_t w = write(STDOUT_FILENO, p + written, n - written);
		if (w <= 0)
			return false;
		written += (size_t)w;
	}
	return true;
}

static enum err encode_again(struct str file, int side)
{
	struct image image;
	unsigned char *webp;
	size_t n;
	TRY(image_decode(file, side, &image));
	TRY(image_encode_square(&image, side, PICTURE_MAX_BYTES, &webp, &n));
	return write_answer(webp, n) ? ERR_OK : ERR_INTERNAL;
}

/* "type width height 1" and the file without metadata, or 0 where it is to stay as it is. */
static enum err look(struct str file)
{
	struct image_measure measure;
	struct buf stripped;
	char type[FILE_TYPE_SIZE], head[FILE_TYPE_SIZE + 64];
	file_type_of(file, type);
	bool is_picture = file_show_of(type) == FILE_PICTURE && image_measure(file, &measure);
	if (!is_picture)
		measure = (struct image_measure){0};
	buf_init(&stripped);
	bool has_content = is_picture && image_strip(file, &stripped);
	int n = snprintf(head, sizeof(head), "%s %d %d %d\n", type, measure.width, measure.height, has_content);
	bool is_written = write_answer(head, (size_t)n) && (!has_content || write_answer(stripped.p, stripped.n));
	return is_written ? ERR_OK : ERR_INTERNAL;
}

/* "width height 1" and the thumbnail; the last says whether the picture moves. */
static enum err make_thumbnail(struct str file)
{
	struct image_measure measure;
	struct image image;
	unsigned char *webp;
	char head[64];
	size_t n;
	if (!image_measure(file, &measure))
		return ERR_BAD_PICTURE;
	TRY(image_decode(file, FILE_THUMBNAIL_SIDE, &image));
	TRY(image_encode_fitted(&image, FILE_THUMBNAIL_SIDE, FILE_THUMBNAIL_MAX_BYTES, &webp, &n));
	int head_n = snprintf(head, sizeof(head), "%d %d %d\n", measure.width, measure.height, measure.is_animated);
	return write_answer(head, (size_t)head_n) && write_answer(webp, n) ? ERR_OK : ERR_INTERNAL;
}

/* Memory is not given back: the process ends. */
static int verdict_of(enum err err)
{
	return err == ERR_OK          ? CHILD_DONE
	       : err == ERR_TOO_LARGE ? CHILD_TOO_LARGE
	       : err == ERR_INTERNAL  ? CHILD_FAILED
				      : CHILD_REFUSED;
}

int picture_program(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";
	bool is_look = strcmp(what, PICTURE_LOOK) == 0, is_thumbnail = strcmp(what, PICTURE_THUMBNAIL) == 0;
	int side = is_look || is_thumbnail ? 0 : picture_side_parse(what);
	struct str file;
	if (!is_look && !is_thumbnail && side == 0)
		return CHILD_FAILED;
	if (!map_question(side != 0 ? PICTURE_UPLOAD_MAX_BYTES : PICTURE_FILE_MAX_BYTES, &file))
		return CHILD_FAILED;
	if ((is_look && !file_type_open()) || !confine_to_memory())
		return CHILD_FAILED;
	return verdict_of(is_look ? look(file) : is_thumbnail ? make_thumbnail(file) : encode_again(file, side));
}
