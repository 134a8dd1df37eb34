/* Room on the disk. Writing stops while there is little left, so that reading, checkpoints and whatever else lives on
 * the disk go on; a ballast file is given up at that moment, for readers that must make files of their own. */
#ifndef SNUG_STORE_STORAGE_H
#define SNUG_STORE_STORAGE_H

#include <stdbool.h>
#include <stdint.h>

enum { STORAGE_RESERVE_BYTES = 4 * 1024 * 1024 };

struct storage {
	int64_t ballast_bytes; /* 0: none is kept */
	bool has_ballast;
	bool is_low;
	bool is_watched; /* false on file systems that tell nothing */
};

/* Works on the current folder. Makes the ballast when there is room. */
void storage_open(struct storage *storage, int64_t ballast_bytes);

/* Looks at the free space. True while writes are to be refused; logs when that changes. */
bool storage_is_low(struct storage *storage);

/* Makes the ballast again once there is room; call now and then. */
void storage_restore(struct storage *storage);

#endif
