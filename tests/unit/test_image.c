/* Pictures: the four formats, which side is up, and files that were made to do harm. */
#include "image/image.h"

#include "base/ensure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <png.h>
#include <turbojpeg.h>

enum { RED = 0, BLUE = 1, SIDE = 32, FILE_MAX = 64 * 1024 };

struct file {
	unsigned char bytes[FILE_MAX];
	size_t n;
};

static struct str as_str(const struct file *file)
{
	return (struct str){(const char *)file->bytes, file->n};
}

static void append(struct file *file, const void *bytes, size_t n)
{
	assert_true(file->n + n <= FILE_MAX);
	memcpy(file->bytes + file->n, bytes, n);
	file->n += n;
}

/* Which of the two colours a pixel is, more or less. */
static int colour_at(const struct image *image, int x, int y)
{
	uint32_t pixel = image->pixels[y * image->width + x];
	unsigned red = pixel >> 16 & 255, blue = pixel & 255;
	assert_int_equal(pixel >> 24, 255);
	assert_true((red > 180 && blue < 80) || (red < 80 && blue > 180));
	return red > blue ? RED : BLUE;
}

/* A picture twice as wide as high: its left half is red, its right half blue. */
static struct image make_halves(void)
{
	struct image image;
	ensure(image_make(2 * SIDE, SIDE, &image) == ERR_OK);
	for (int i = 0; i < image.width * image.height; i++)
		image.pixels[i] = i % image.width < SIDE ? 0xffff0000 : 0xff0000ff;
	return image;
}

static struct file make_png(void)
{
	struct image image = make_halves();
	png_image png = {.version = PNG_IMAGE_VERSION, .width = 2 * SIDE, .height = SIDE, .format = PNG_FORMAT_BGRA};
	struct file file = {.n = FILE_MAX};
	png_alloc_size_t n = FILE_MAX;
	ensure(png_image_write_to_memory(&png, file.bytes, &n, 0, image.pixels, 0, NULL) != 0);
	file.n = n;
	image_free(&image);
	return file;
}

/* A JPEG whose EXIF block says orientation; 0: it has none. */
static struct file make_jpeg(int orientation, bool is_little)
{
	struct image image = make_halves();
	struct file file = {.n = 0};
	unsigned char *bytes = NULL;
	unsigned long n = 0;
	tjhandle encoder = tjInitCompress();
	ensure(tjCompress2(encoder, (unsigned char *)image.pixels, image.width, 0, image.height, TJPF_BGRA, &bytes, &n,
			   TJSAMP_444, 95, 0) == 0);
	append(&file, bytes, 2);
	if (orientation != 0) {
		unsigned char big[] = "\xff\xe1\0\x22"
				      "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
		unsigned char little[] = "\xff\xe1\0\x22"
					 "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
		big[29] = little[28] = (unsigned char)orientation;
		append(&file, is_little ? little : big, sizeof(big) - 1);
	}
	append(&file, bytes + 2, n - 2);
	tjFree(bytes);
	(void)tjDestroy(encoder);
	image_free(&image);
	return file;
}

/* 2 by 2 pixels, red and blue in turns; the code of the pixels is written by hand, three bits each. */
static struct file make_gif(void)
{
	static const char bytes[] = "GIF89a\x02\0\x02\0\x80\0\0\xff\0\0\0\0\xff"
				    ",\0\0\0\0\x02\0\x02\0\0"
				    "\x02\x03\x44\x02\x05\0;";
	struct file file = {.n = 0};
	append(&file, bytes, sizeof(bytes) - 1);
	return file;
}

static struct file make_webp(void)
{
	struct image image = make_halves();
	struct file file = {.n = 0};
	unsigned char *webp;
	size_t n;
	ensure(image_encode_square(&image, SIDE, FILE_MAX, &webp, &n) == ERR_OK);
	append(&file, webp, n);
	free(webp);
	image_free(&image);
	return file;
}

static enum err decode(const struct file *file, struct image *out)
{
	return image_decode(as_str(file), 1024, out);
}

static void the_content_says_what_a_file_is(void **state)
{
	struct file png = make_png(), jpeg = make_jpeg(0, false), gif = make_gif(), webp = make_webp();
	(void)state;
	assert_int_equal(image_format_of(as_str(&png)), IMAGE_PNG);
	assert_int_equal(image_format_of(as_str(&jpeg)), IMAGE_JPEG);
	assert_int_equal(image_format_of(as_str(&gif)), IMAGE_GIF);
	assert_int_equal(image_format_of(as_str(&webp)), IMAGE_WEBP);
	static const struct str others[] = {{"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", 42},
					    {"BM..............", 16},
					    {"%PDF-1.4 .........", 18},
					    {"II*\0............", 16},
					    {"\x89PNG", 4},
					    {"", 0},
					    {"RIFF....WAVEfmt ", 16},
					    {"P6 1 1 255 ......", 17}};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct image image;
		assert_int_equal(image_format_of(others[i]), IMAGE_NONE);
		assert_int_equal(image_decode(others[i], 64, &image), ERR_BAD_PICTURE);
		assert_null(image.pixels);
	}
}

static void each_format_gives_its_pixels(void **state)
{
	struct image image;
	struct file files[] = {make_png(), make_jpeg(0, false)};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(decode(&files[i], &image), ERR_OK);
		assert_int_equal(image.width, 2 * SIDE);
		assert_int_equal(image.height, SIDE);
		assert_int_equal(colour_at(&image, 4, 4), RED);
		assert_int_equal(colour_at(&image, 2 * SIDE - 5, SIDE - 5), BLUE);
		image_free(&image);
	}
	struct file gif = make_gif(), webp = make_webp();
	assert_int_equal(decode(&gif, &image), ERR_OK);
	assert_int_equal(image.width, 2);
	assert_int_equal(image.height, 2);
	assert_int_equal(colour_at(&image, 0, 0), RED);
	assert_int_equal(colour_at(&image, 1, 0), BLUE);
	image_free(&image);
	/* The middle square of the halves. */
	assert_int_equal(decode(&webp, &image), ERR_OK);
	assert_int_equal(image.width, SIDE);
	assert_int_equal(image.height, SIDE);
	assert_int_equal(colour_at(&image, 4, SIDE / 2), RED);
	assert_int_equal(colour_at(&image, SIDE - 5, SIDE / 2), BLUE);
	image_free(&image);
}

static void a_jpeg_is_decoded_no_larger_than_it_has_to_be(void **state)
{
	struct file jpeg = make_jpeg(0, false);
	struct image image;
	(void)state;
	assert_int_equal(image_decode(as_str(&jpeg), 8, &image), ERR_OK);
	assert_int_equal(image.height, 8);
	assert_int_equal(image.width, 16);
	image_free(&image);
}

/* Where the red half is once the picture stands upright. */
static void a_photograph_stands_upright(void **state)
{
	static const struct {
		bool is_sideways;
		int first, last; /* colours at the upper left and the lower right */
	} expected[] = {{false, RED, BLUE}, {false, RED, BLUE}, {false, BLUE, RED},
			{false, BLUE, RED}, {false, RED, BLUE}, {true, RED, BLUE},
			{true, RED, BLUE},  {true, BLUE, RED},  {true, BLUE, RED}};
	(void)state;
	for (int orientation = 0; orientation <= 8; orientation++) {
		for (int is_little = 0; is_little <= 1; is_little++) {
			struct file jpeg = make_jpeg(orientation, is_little != 0);
			struct image image;
			bool is_sideways = expected[orientation].is_sideways;
			assert_int_equal(image_exif_orientation(as_str(&jpeg)), orientation == 0 ? 1 : orientation);
			assert_int_equal(decode(&jpeg, &image), ERR_OK);
			assert_int_equal(image.width, is_sideways ? SIDE : 2 * SIDE);
			assert_int_equal(image.height, is_sideways ? 2 * SIDE : SIDE);
			assert_int_equal(colour_at(&image, 3, 3), expected[orientation].first);
			assert_int_equal(colour_at(&image, image.width - 4, image.height - 4),
					 expected[orientation].last);
			image_free(&image);
		}
	}
}

/* A picture of six different pixels, turned: what stands where is written down. */
static void every_orientation_moves_every_pixel_to_its_place(void **state)
{
	static const struct {
		int width;
		uint32_t pixels[6];
	} expected[] = {{3, {1, 2, 3, 4, 5, 6}}, {3, {3, 2, 1, 6, 5, 4}}, {3, {6, 5, 4, 3, 2, 1}},
			{3, {4, 5, 6, 1, 2, 3}}, {2, {1, 4, 2, 5, 3, 6}}, {2, {4, 1, 5, 2, 6, 3}},
			{2, {6, 3, 5, 2, 4, 1}}, {2, {3, 6, 2, 5, 1, 4}}};
	(void)state;
	for (int orientation = 1; orientation <= 8; orientation++) {
		struct image image;
		assert_int_equal(image_make(3, 2, &image), ERR_OK);
		for (uint32_t i = 0; i < 6; i++)
			image.pixels[i] = i + 1;
		image_turn(&image, orientation);
		assert_int_equal(image.width, expected[orientation - 1].width);
		assert_memory_equal(image.pixels, expected[orientation - 1].pixels, 6 * sizeof(uint32_t));
		image_free(&image);
	}
}

static void a_header_that_claims_too_much_is_refused_before_anything_is_decoded(void **state)
{
	struct image image;
	struct file png = make_png(), jpeg = make_jpeg(0, false), gif = make_gif();
	(void)state;
	/* 30,000 by 30,000; the checksum of the header is right. */
	static const unsigned char claim[] = {0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30, 8, 6, 0, 0, 0};
	memcpy(png.bytes + 16, claim, sizeof(claim));
	uint32_t crc = 0xffffffff;
	for (size_t i = 12; i < 29; i++) {
		crc ^= png.bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	crc = ~crc;
	for (int i = 0; i < 4; i++)
		png.bytes[29 + i] = (unsigned char)(crc >> (24 - 8 * i));
	assert_int_equal(decode(&png, &image), ERR_TOO_LARGE);

	unsigned char *frame = memmem(jpeg.bytes, jpeg.n, "\xff\xc0", 2);
	memcpy(frame + 5, "\xff\xdc\xff\xdc", 4);
	assert_int_equal(decode(&jpeg, &image), ERR_TOO_LARGE);

	memcpy(gif.bytes + 6, "\xff\xff\xff\xff", 4);
	assert_int_equal(decode(&gif, &image), ERR_TOO_LARGE);
	gif = make_gif();
	memcpy(gif.bytes + 24, "\xff\xff\xff\xff", 4); /* the frame */
	assert_int_equal(decode(&gif, &image), ERR_TOO_LARGE);

	struct file webp = {.n = 0};
	append(&webp, "RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\xff\xff\xff\x0f\0\0\0\0\0\0\0\0\0", 34);
	assert_int_equal(decode(&webp, &image), ERR_TOO_LARGE);
	assert_int_equal(image_make(0, 5, &image), ERR_BAD_PICTURE);
	assert_int_equal(image_make(INT64_C(1) << 40, INT64_C(1) << 40, &image), ERR_TOO_LARGE);
}

/* The last bytes of a file are its end mark as a rule, so some may be missing. */
static void a_file_that_ends_too_early_is_refused(void **state)
{
	struct file files[] = {make_png(), make_jpeg(6, true), make_gif(), make_webp()};
	static const size_t spare[] = {16, 2, 4, 1};
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		for (size_t n = 0; n + spare[i] < files[i].n; n++) {
			/* Memory of its own, so that a byte too many is noticed. */
			char *part = ensure_calloc(n + 1, 1);
			struct image image;
			memcpy(part, files[i].bytes, n);
			part = realloc(part, n > 0 ? n : 1);
			if (image_decode((struct str){part, n}, 64, &image) == ERR_OK)
				fail_msg("file %zu passes with %zu of %zu bytes", i, n, files[i].n);
			(void)image_exif_orientation((struct str){part, n});
			free(part);
		}
	}
}

static void a_damaged_file_harms_nobody(void **state)
{
	struct file files[] = {make_png(), make_jpeg(6, true), make_gif(), make_webp()};
	uint64_t random = 7;
	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct file damaged = files[round % 4];
		struct image image;
		for (int i = 0; i <= round % 5; i++) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			damaged.bytes[(random >> 40) % damaged.n] = (unsigned char)(random >> 32);
		}
		if (decode(&damaged, &image) == ERR_OK) {
			assert_true(image.width > 0 && image.height > 0);
			image_free(&image);
		} else {
			assert_null(image.pixels);
		}
		int orientation = image_exif_orientation(as_str(&damaged));
		assert_in_range(orientation, 1, 8);
	}
}

static void what_is_written_is_a_small_webp_without_metadata(void **state)
{
	struct image noise;
	unsigned char *webp;
	size_t n;
	uint64_t random = 3;
	(void)state;
	assert_int_equal(image_make(700, 500, &noise), ERR_OK);
	for (int i = 0; i < 700 * 500; i++) {
		random = random * 6364136223846793005u + 1442695040888963407u;
		noise.pixels[i] = (uint32_t)(random >> 32);
	}
	/* Even pure noise finds room in what the database keeps. */
	assert_int_equal(image_encode_square(&noise, 256, FILE_MAX, &webp, &n), ERR_OK);
	assert_true(n <= FILE_MAX);
	assert_int_equal(image_format_of((struct str){(char *)webp, n}), IMAGE_WEBP);
	static const char *const blocks[] = {"EXIF", "XMP ", "ICCP"};
	for (size_t i = 0; i < 3; i++)
		assert_null(memmem(webp, n, blocks[i], 4));
	free(webp);
	assert_int_equal(image_encode_square(&noise, 256, 500, &webp, &n), ERR_TOO_LARGE);
	image_free(&noise);
}

/* One pixel, or a line of them, is a picture too. */
static void the_smallest_pictures_are_made_larger(void **state)
{
	static const int sizes[][2] = {{1, 1}, {1, 3000}, {3000, 1}, {2, 3}};
	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct image image;
		unsigned char *webp;
		size_t n;
		assert_int_equal(image_make(sizes[i][0], sizes[i][1], &image), ERR_OK);
		assert_int_equal(image_encode_square(&image, 64, FILE_MAX, &webp, &n), ERR_OK);
		image_free(&image);
		assert_int_equal(image_decode((struct str){(char *)webp, n}, 64, &image), ERR_OK);
		assert_int_equal(image.width, 64);
		image_free(&image);
		free(webp);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_content_says_what_a_file_is),
	    cmocka_unit_test(each_format_gives_its_pixels),
	    cmocka_unit_test(a_jpeg_is_decoded_no_larger_than_it_has_to_be),
	    cmocka_unit_test(a_photograph_stands_upright),
	    cmocka_unit_test(every_orientation_moves_every_pixel_to_its_place),
	    cmocka_unit_test(a_header_that_claims_too_much_is_refused_before_anything_is_decoded),
	    cmocka_unit_test(a_file_that_ends_too_early_is_refused),
	    cmocka_unit_test(a_damaged_file_harms_nobody),
	    cmocka_unit_test(what_is_written_is_a_small_webp_without_metadata),
	    cmocka_unit_test(the_smallest_pictures_are_made_larger),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
