/* SPDX-License-Identifier: MIT */
/* lacks: why a module's addresses have no names, and what would help, in words. */
#include "ingest/perf/lacks.h"

#define AGAIN ", then ingest the recording with --again"

#define UNSTRIPPED \
	"put this build with its symbols (before strip) into a folder and name that with --symfs" AGAIN

/* Where distributions put what they packaged, with symbols in packages of their own. */
static gboolean is_packaged(const char *path)
{
	static const char *const folders[] = { "/usr/lib/",     "/usr/lib32/", "/usr/lib64/", "/usr/bin/",
					       "/usr/sbin/",    "/usr/games/", "/lib/",       "/lib32/",
					       "/usr/libexec/", "/lib64/",     "/bin/",       "/sbin/" };

	for (size_t i = 0; path && i < G_N_ELEMENTS(folders); i++)
		if (g_str_has_prefix(path, folders[i]))
			return TRUE;
	return FALSE;
}

/* reason goes on after the module's name. */
static const struct {
	const char *reason, *cure;
} words[] = {
	[CF_LACK_NOTHING] = { "has code that no symbol covers", NULL },
	[CF_LACK_FILE] = { "isn't on this machine", "copy it from the recording's machine into a folder and "
						    "name that with --symfs" AGAIN },
	[CF_LACK_DELETED] = { "had no file any more when it was mapped (deleted)",
			      "record again after a restart of the program" },
	[CF_LACK_ACCESS] = { "can't be read here", "make it readable for this user" AGAIN },
	[CF_LACK_SAME] = { "is another build than the recorded one (build id differs)",
			   "put the recorded build into a folder and name that with --symfs" AGAIN },
	[CF_LACK_ELF] = { "isn't a sound ELF file here",
			  "put the recorded file into a folder and name that with --symfs" AGAIN },
	[CF_LACK_SYMBOLS] = { "is stripped", UNSTRIPPED },
	[CF_LACK_SYMTAB] = { "is stripped", UNSTRIPPED },
	[CF_LACK_PERF_MAP] = { "is code made at run time that no map in /tmp names",
			       "record with the runtime's perf map on (node --perf-basic-prof, python -X "
			       "perf)" },
	[CF_LACK_OWNER] = { "is code made at run time, and its map in /tmp belongs to another user",
			    "ingest as that user" },
	[CF_LACK_HIDDEN] = { "has its addresses hidden from this user (kptr_restrict)",
			     "ingest as root, or name a copy of kallsyms with --kallsyms" },
	[CF_LACK_KALLSYMS] = { "has no kallsyms of the recorded kernel here",
			       "copy /proc/kallsyms of that machine as root and name it with --kallsyms" },
	[CF_LACK_KERNEL_ID] = { "has no build id in the recording, so no kallsyms can be trusted",
				"copy /proc/kallsyms of that machine as root and name it with --kallsyms" },
	[CF_LACK_BUDGET] = { "wasn't read, since the modules before it have millions of symbols", NULL },
	[CF_LACK_MAP] = { "stands for addresses outside every recorded mapping", NULL },
};

void cf_lack_quality(struct cf_trace *trace, const char *module, const char *path, enum cf_lack lack,
		     int64_t count, int64_t weight)
{
	const char *subject = module[0] ? module : "[unknown]", *cure = words[lack].cure;

	if ((lack == CF_LACK_SYMBOLS || lack == CF_LACK_SYMTAB) && is_packaged(path))
		cure = "install its debug symbols (on Debian its -dbgsym package)" AGAIN;
	cf_trace_quality(trace, "unresolved", subject, count, weight, cure, "%s %s", subject,
			 words[lack].reason);
}

void cf_unchecked_quality(struct cf_trace *trace, const char *module, int64_t count, int64_t weight)
{
	cf_trace_quality(trace, "unchecked", module, count, weight, "record with perf record --buildid-mmap",
			 "%s has no build id in the recording; the file that is here now was used", module);
}
