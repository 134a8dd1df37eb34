/* Names of time zones: see time_zone.h. */
#include "base/time_zone.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const char folder_path[] = "/usr/share/zoneinfo";

/* Components of letters, digits, '_', '+' and '-', each begun by a letter ("America/Port-au-Prince", "Etc/GMT+1"): no
 * dots, so that nothing of the file system lies beyond the folder. */
static bool is_well_formed(const char *name)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	static const char others[] = "0123456789_+-";
	bool is_start = true;

	if (name[0] == '\0' || strlen(name) > TIME_ZONE_NAME_MAX)
		return false;
	for (const char *c = name; *c != '\0'; c++) {
		bool is_letter = strchr(letters, *c) != NULL;

		if (*c == '/' ? is_start : !is_letter && (is_start || strchr(others, *c) == NULL))
			return false;
		is_start = *c == '/';
	}
	return !is_start;
}

/* The database's files begin with "TZif" (RFC 8536); there are tables and lists beside them. */
static bool is_zone_file(int folder, const char *name)
{
	char magic[4];
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool is_zone =
	    fd >= 0 && read(fd, magic, sizeof(magic)) == sizeof(magic) && memcmp(magic, "TZif", sizeof(magic)) == 0;

	if (fd >= 0)
		(void)close(fd);
	return is_zone;
}

bool time_zone_is_known(const char *name)
{
	int folder;
	bool is_known = true;

	/* "posix/…" and "right/…" are the database over again, the latter with leap seconds. */
	if (!is_well_formed(name) || strncmp(name, "posix", 5) == 0 || strncmp(name, "right/", 6) == 0 ||
	    strcmp(name, "localtime") == 0 || strcmp(name, "Factory") == 0)
		return false;
	folder = open(folder_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder >= 0) {
		is_known = is_zone_file(folder, name);
		(void)close(folder);
	}
	return is_known;
}
