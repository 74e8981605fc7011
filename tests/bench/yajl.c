/* SPDX-License-Identifier: MIT */
/* yajl: reads JSON with yajl and does nothing with it: what callflow's reader is measured against. */
#include <stdio.h>
#include <yajl/yajl_parse.h>

int main(int argc, char **argv)
{
	static unsigned char buffer[64 * 1024];
	yajl_handle yajl = yajl_alloc(NULL, NULL, NULL);
	FILE *in = argc == 2 ? fopen(argv[1], "rb") : NULL;
	yajl_status status = yajl_status_ok;
	size_t n;

	if (!in || !yajl)
		return 2;
	yajl_config(yajl, yajl_allow_multiple_values, 1);
	while (status == yajl_status_ok && (n = fread(buffer, 1, sizeof(buffer), in)) > 0)
		status = yajl_parse(yajl, buffer, n);
	if (status == yajl_status_ok)
		status = yajl_complete_parse(yajl);
	yajl_free(yajl);
	fclose(in);
	return status != yajl_status_ok;
}
