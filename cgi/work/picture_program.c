#include "work/picture_program.h"

#include "domain/picture/picture.h"
#include "front/picture.h"
#include "image/image.h"
#include "work/child.h"
#include "work/confine.h"

#include <stdlib.h>
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

static bool map_question(struct str *file)
{
	struct stat status;
	if (fstat(STDIN_FILENO, &status) != 0 || status.st_size < 1 || status.st_size > PICTURE_UPLOAD_MAX_BYTES)
		return false;
	void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
	*file = (struct str){bytes, (size_t)status.st_size};
	return bytes != MAP_FAILED;
}

static bool write_answer(const unsigned char *bytes, size_t n)
{
	for (size_t written = 0; written < n;) {
		ssize_t w = write(STDOUT_FILENO, bytes + written, n - written);
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

int picture_program(int argc, char **argv)
{
	struct str file;
	int side = argc == 2 ? picture_side_parse(argv[1]) : 0;
	if (side == 0 || !map_question(&file) || !confine_to_memory())
		return CHILD_FAILED;
	enum err err = encode_again(file, side);
	/* Memory is not given back: the process ends. */
	return err == ERR_OK          ? CHILD_DONE
	       : err == ERR_TOO_LARGE ? CHILD_TOO_LARGE
	       : err == ERR_INTERNAL  ? CHILD_FAILED
				      : CHILD_REFUSED;
}
