/* SPDX-License-Identifier: MIT */
/* library: shared libraries that are loaded when something needs them. */
#ifndef CF_CORE_LIBRARY_H
#define CF_CORE_LIBRARY_H

#include "core/diag.h"

/*
 * Some libraries bring dozens of others, which take longer to load than most commands to run. What uses one has a table
 * of the functions that it calls, NAME.def with a line CF_FUNCTION(function) each, from which a struct of pointers and
 * this table are made:
 *
 *	struct cf_drawing {
 *	#define CF_FUNCTION(name) __typeof__(name) *name;
 *	#include "render/drawing.def"
 *	#undef CF_FUNCTION
 *	};
 *
 * The library's headers are included as usual; the program isn't linked with it.
 */
struct cf_library_function {
	const char *name;
	size_t offset; /* of its pointer in the struct */
};
#define CF_LIBRARY_FUNCTION(api, name)            \
	{                                         \
#name, offsetof(struct api, name) \
	}

/*
 * Fills api with the functions (NULL-terminated) of the library soname, or of those that it brings. It stays loaded.
 * -1 with a message that names the Debian package.
 */
int cf_library_load(const char *soname, const char *package, const struct cf_library_function *functions,
		    void *api, struct cf_diag *diag);

#endif
