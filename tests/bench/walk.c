/* SPDX-License-Identifier: MIT */
/* walk: the least that any reader of a perf.data file has to do, to measure importers against. */

/*
 * usage: walk perf.data
 *
 * Maps the file, adds up every 8-byte word of its records, and puts (time, offset) of the records of each
 * round in order with the C library's qsort. Nothing else: no names, no maps, no stacks. Files of perf record
 * with one event and sample_id_all only.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define FINISHED_ROUND 68

struct item {
	uint64_t time, offset;
};

static int by_time(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static uint64_t word(const uint8_t *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return w;
}

int main(int argc, char **argv)
{
	struct item *items = NULL;
	size_t n = 0, room = 0, rounds = 0, records = 0;
	uint64_t sum = 0, mix = 0, offset, end, sample_type;
	unsigned time_at = 0, time_back = 1;
	const uint8_t *bytes;
	struct stat st;
	int fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;

	if (fd < 0 || fstat(fd, &st) || st.st_size < 104) {
		fprintf(stderr, "usage: walk perf.data\n");
		return 2;
	}
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED || memcmp(bytes, "PERFILE2", 8)) {
		fprintf(stderr, "walk: not a perf.data file of this byte order\n");
		return 3;
	}
	sample_type = word(bytes + word(bytes + 24) + 24);
	for (uint64_t bits = sample_type & (PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID); bits;
	     bits &= bits - 1)
		time_at++;
	for (uint64_t bits = sample_type & (PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_CPU | PERF_SAMPLE_STREAM_ID |
					    PERF_SAMPLE_ID);
	     bits; bits &= bits - 1)
		time_back++;
	offset = word(bytes + 40);
	end = offset + word(bytes + 48);
	if (end > (uint64_t)st.st_size)
		end = (uint64_t)st.st_size;
	while (end - offset >= 8) {
		const struct perf_event_header *head = (const void *)(bytes + offset);

		if (head->size < 8 || head->size > end - offset)
			break;
		for (unsigned i = 0; i + 8 <= head->size; i += 8)
			sum += word(bytes + offset + i);
		if (head->type == FINISHED_ROUND) {
			if (n > 0)
				qsort(items, n, sizeof(*items), by_time);
			for (size_t i = 0; i < n; i++)
				mix = mix * 31 + items[i].offset;
			n = 0;
			rounds++;
		} else if (head->type < 64 && head->size >= 8 * (2 + time_at) &&
			   head->size >= 8 * (1 + time_back)) {
			if (n == room) {
				room = room ? 2 * room : 4096;
				items = realloc(items, room * sizeof(*items));
				if (!items)
					return 4;
			}
			items[n].time = word(bytes + offset +
					     (head->type == PERF_RECORD_SAMPLE ? 8 * (1 + time_at)
									       : head->size - 8 * time_back));
			items[n++].offset = offset;
		}
		records++;
		offset += head->size;
	}
	if (n > 0)
		qsort(items, n, sizeof(*items), by_time);
	for (size_t i = 0; i < n; i++)
		mix = mix * 31 + items[i].offset;
	printf("%zu records in %zu rounds, sum %016" PRIx64 ", order %016" PRIx64 "\n", records, rounds, sum,
	       mix);
	free(items);
	return 0;
}
