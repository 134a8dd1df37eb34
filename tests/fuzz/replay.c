/* Runs a fuzz target over every file that is named, or lies in a folder that is named, on the command line. It stands
 * in for libFuzzer's main, so that the inputs which once found something are tried by make test with any compiler. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file's bytes in memory of just their size, so that AddressSanitizer sees a read past the end. NULL on failure. */
static uint8_t *file_read(const char *path, size_t size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = malloc(size);

	if (!file || (size > 0 && (!bytes || fread(bytes, 1, size, file) != size))) {
		free(bytes);
		bytes = NULL;
	}
	if (file)
		fclose(file);
	return bytes;
}

static int replay_file(const char *path, size_t size)
{
	uint8_t *bytes = file_read(path, size);

	if (!bytes && size > 0) {
		fprintf(stderr, "%s: cannot be read\n", path);
		return -1;
	}
	(void)LLVMFuzzerTestOneInput(bytes, size);
	free(bytes);
	return 1;
}

static int is_shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int replay_path(const char *path);

/* In the order of names, so that a failure is the same one each time. */
static int replay_folder(const char *folder)
{
	struct dirent **entries;
	int entry_count = scandir(folder, &entries, is_shown, alphasort);
	int replayed = 0;

	if (entry_count < 0) {
		fprintf(stderr, "%s: %s\n", folder, strerror(errno));
		return -1;
	}
	for (int i = 0; i < entry_count; i++) {
		char path[4096];
		int more;

		snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
		more = replayed < 0 ? -1 : replay_path(path);
		replayed = more < 0 ? -1 : replayed + more;
		free(entries[i]);
	}
	free(entries);
	return replayed;
}

/* Returns how many inputs were replayed, -1 when one could not be read. */
static int replay_path(const char *path)
{
	struct stat info;

	if (stat(path, &info) != 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	return S_ISDIR(info.st_mode) ? replay_folder(path) : replay_file(path, (size_t)info.st_size);
}

int main(int argc, char *argv[])
{
	int replayed = 0;

	for (int i = 1; i < argc; i++) {
		int more = replay_path(argv[i]);

		if (more < 0)
			return 2;
		replayed += more;
	}
	printf("%d inputs replayed\n", replayed);
	return replayed > 0 ? 0 : 1;
}
