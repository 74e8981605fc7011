/* SPDX-License-Identifier: MIT */
/* git_wire: feeds arbitrary bytes to the parent of a reader, which trusts none of what that sends. */
#include <unistd.h>

#include "ingest/git/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cf_history *history = cf_history_new();
	struct cf_git_decoder decoder;
	int ends[2];

	if (size > 60000 || pipe(ends) != 0)
		return -1;
	g_assert(write(ends[1], data, size) == (ssize_t)size);
	close(ends[1]);
	cf_git_decoder_init(&decoder, history, NULL);
	if (cf_wire_read(ends[0], cf_wire_now_ms() + 10000, cf_git_decode, &decoder) == CF_WIRE_DONE)
		cf_history_settle(history, NULL, NULL);
	close(ends[0]);
	cf_git_decoder_clear(&decoder);
	cf_history_free(history);
	return 0;
}
