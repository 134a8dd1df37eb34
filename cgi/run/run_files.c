/* As root, files/ belongs to the store's user, who could put links into it: nothing here follows one. */
#include "run/run_files.h"

#include "run/run_refuse.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_MODE = 0711, INCOMING_MODE = 0770 };

static enum err make(int parent_fd, const char *name, mode_t mode, const struct run_owners *owners, int *fd)
{
	if (mkdirat(parent_fd, name, 0700) != 0 && errno != EEXIST)
		return run_refuse("%s cannot be made in the data folder: %s", name, strerror(errno));
	*fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	bool is_good = *fd >= 0 && (!owners->is_root ||
				    fchown(*fd, owners->uids[RUN_OWNER_STORE], owners->gids[RUN_OWNER_STORE]) == 0);
	if (is_good && fchmod(*fd, mode) == 0)
		return ERR_OK;
	enum err err = run_refuse("%s in the data folder is no folder of ours: %s", name, strerror(errno));
	if (*fd >= 0)
		(void)close(*fd);
	return err;
}

/* Takes the descriptor. */
static void empty(int folder_fd)
{
	DIR *folder = fdopendir(folder_fd);
	if (folder == NULL) {
		(void)close(folder_fd);
		return;
	}
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
		(void)unlinkat(folder_fd, entry->d_name, 0);
	(void)closedir(folder);
}

enum err run_files_prepare(const struct run_owners *owners, int *fd)
{
	int files_fd, incoming_fd;
	TRY(make(AT_FDCWD, "files", FILES_MODE, owners, &files_fd));
	enum err err = make(files_fd, "incoming", INCOMING_MODE, owners, &incoming_fd);
	if (err == ERR_OK) {
		empty(incoming_fd);
		*fd = openat(files_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (*fd < 0)
			err = run_refuse("files cannot be opened in the data folder: %s", strerror(errno));
	}
	(void)close(files_fd);
	return err;
}
