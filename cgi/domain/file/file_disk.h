/* The bytes of files below files/ of the data folder: what snug-store does with them. Those who receive uploads
 * (front/incoming.c) and snug-worker write into files/incoming alone; everything else there is the store's. */
#ifndef SNUG_DOMAIN_FILE_FILE_DISK_H
#define SNUG_DOMAIN_FILE_FILE_DISK_H

#include "domain/file/file.h"

/* Moves an incoming file of that size to its place and makes that last; where the place is taken already by the same
 * content, the incoming one just goes. Repeating it after it was done changes nothing. Errors: ERR_UPLOAD_LOST (there
 * is no such file, or it has another size), ERR_STORAGE_FULL. */
enum err file_disk_place(const char *token, const char *path, int64_t size) MUST_USE;

/* The size of a WebP picture that a thumbnail may be; -1 when there is none. */
int64_t file_disk_webp_size(const char *path);

/* What is not there is gone. The content with its thumbnail, or alone. */
void file_disk_remove(const char *hash);
void file_disk_remove_content(const char *hash);
void file_disk_remove_incoming(const char *token);

/* Names in files/ab (folder 0 to 255) that nobody has touched since that moment; at most max of them. Thumbnails come
 * with ".webp" at their end. Returns how many. */
enum { FILE_DISK_FOLDERS = 256, FILE_DISK_ENTRY_SIZE = FILE_HASH_SIZE + 5 };
int file_disk_list_old(int folder, int64_t before_ms, char out[][FILE_DISK_ENTRY_SIZE], int max);

/* Removes what uploads that were cut off have left in files/incoming before that moment. */
void file_disk_sweep_incoming(int64_t before_ms);

#endif
