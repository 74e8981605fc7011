/* SPDX-License-Identifier: MIT */
/* folders: what lies in a folder of objects, before a library opens it. */
#ifndef CF_INGEST_GIT_FOLDERS_H
#define CF_INGEST_GIT_FOLDERS_H

/*
 * The path beneath folder of something that is neither a file nor a folder, as "pack/x.idx"; NULL: there is none. Opening
 * a named pipe would wait for ever. Caller frees.
 */
char *cf_git_folder_strange(const char *folder);

#endif
