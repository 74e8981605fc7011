/* SPDX-License-Identifier: MIT */
/* model: the parts of a run, what is in them, and who calls whom. */
#include "analyzers/architecture/builder.h"

const char *cf_arch_by_name(enum cf_arch_by by, gboolean several)
{
	static const char *const names[][2] = { { "service", "services" },
						{ "module", "modules" },
						{ "file", "files" },
						{ "function", "functions" } };

	return names[by][several != FALSE];
}

struct cf_architecture *cf_architecture_new(const struct cf_profile *profile, const char *by)
{
	struct cf_architecture *arch = g_new0(struct cf_architecture, 1);
	struct cf_arch_builder builder;

	arch->by = cf_arch_choose(profile, by);
	arch->unit = profile->unit;
	arch->metric = g_strdup(profile->metric_name);
	arch->parts = g_array_new(FALSE, FALSE, sizeof(struct cf_arch_part));
	arch->members = g_array_new(FALSE, FALSE, sizeof(struct cf_arch_member));
	arch->edges = g_array_new(FALSE, FALSE, sizeof(struct cf_arch_call));
	arch->calls = g_array_new(FALSE, FALSE, sizeof(struct cf_arch_call));
	arch->text = g_string_chunk_new(4096);
	cf_arch_builder_init(&builder, arch);
	if (profile->trace->spans->len)
		cf_arch_from_spans(&builder, profile);
	else if (profile->graph)
		cf_arch_from_calls(&builder, profile);
	else
		cf_arch_from_samples(&builder, profile);
	cf_arch_builder_finish(&builder);
	return arch;
}

void cf_architecture_free(struct cf_architecture *arch)
{
	if (!arch)
		return;
	g_free(arch->metric);
	g_array_unref(arch->parts);
	g_array_unref(arch->members);
	g_array_unref(arch->edges);
	g_array_unref(arch->calls);
	g_string_chunk_free(arch->text);
	g_free(arch);
}
