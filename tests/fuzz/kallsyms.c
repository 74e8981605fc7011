/* SPDX-License-Identifier: MIT */
/* kallsyms: feeds arbitrary bytes to the reader of /proc/kallsyms. */
#include "ingest/perf/kallsyms.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void drop(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	(void)ctx, (void)severity, (void)loc, (void)text;
}

static void look_up(const struct cf_kallsyms *kallsyms, uint64_t address)
{
	static const char *const modules[] = { NULL, "", "ext4", "a" };

	for (size_t i = 0; i < G_N_ELEMENTS(modules); i++) {
		const struct cf_symbol_entry *entry = cf_kallsyms_find(kallsyms, address, modules[i]);
		g_autofree char *name = entry ? cf_kallsyms_name(entry) : NULL;

		g_assert(!entry || !kallsyms->hidden);
		g_assert(!entry || (entry->start <= address + kallsyms->shift &&
				    address + kallsyms->shift < entry->end));
		g_assert(!name || !strchr(name, '\t'));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("kallsyms", MFD_CLOEXEC);
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
	struct cf_diag diag = { .consume = drop };
	struct cf_kallsyms kallsyms;

	g_assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	if (cf_kallsyms_load(&kallsyms, path, "_text", 0xffffffff81000000) == 0) {
		g_assert(cf_kallsyms_check(path, &diag) == 0);
		for (guint i = 0; i < kallsyms.table.entries->len && i < 100; i++)
			look_up(&kallsyms,
				g_array_index(kallsyms.table.entries, struct cf_symbol_entry, i).start -
					kallsyms.shift);
		look_up(&kallsyms, UINT64_MAX);
		cf_kallsyms_release(&kallsyms);
	}
	close(fd);
	return 0;
}
