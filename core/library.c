/* SPDX-License-Identifier: MIT */
/* library: shared libraries that are loaded when something needs them. */
#include "core/library.h"

#include <dlfcn.h>
#include <string.h>

int cf_library_load(const char *soname, const char *package, const struct cf_library_function *functions,
		    void *api, struct cf_diag *diag)
{
	/* Loading it again is cheap: the second time gives the same handle. It is never closed. */
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return cf_error_as(diag, CF_STATUS_SYSTEM, NULL, "can't load %s (package %s): %s", soname,
				   package, dlerror());
	for (; functions->name; functions++) {
		void *function = dlsym(library, functions->name);

		if (!function)
			return cf_error_as(diag, CF_STATUS_SYSTEM, NULL, "%s (package %s) is too old: %s",
					   soname, package, dlerror());
		memcpy((char *)api + functions->offset, &function, sizeof(function));
	}
	return 0;
}
