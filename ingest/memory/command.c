/* SPDX-License-Identifier: MIT */
/* command: the command line that a memory tool ran. */
#include "ingest/memory/command.h"

void cf_command_set(struct cf_trace *trace, struct cf_slice command)
{
	g_autofree char *text = g_strstrip(g_strndup((const char *)command.data, command.len));
	size_t program = strcspn(text, " ");
	const char *name = text;

	if (!*text)
		return;
	/* Profiles of Windows programs have their backslashes. */
	for (size_t i = 0; i + 1 < program; i++)
		if (text[i] == '/' || text[i] == '\\')
			name = text + i + 1;
	if (!trace->meta.name)
		trace->meta.name = g_strndup(name, program - (size_t)(name - text));
	if (!trace->meta.command)
		trace->meta.command = g_steal_pointer(&text);
}
