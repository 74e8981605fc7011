/* SPDX-License-Identifier: MIT */
/* script_name: what a script is called, of its URL. */
#ifndef CF_INGEST_SCRIPT_NAME_H
#define CF_INGEST_SCRIPT_NAME_H

/*
 * "index.js" is too common a name: a script is called by what follows node_modules/, else with its folder:
 * "tokenizer/index.js". Borrowed from url.
 */
const char *cf_script_name(const char *url);

#endif
