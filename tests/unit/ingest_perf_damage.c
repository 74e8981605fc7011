/* SPDX-License-Identifier: MIT */
/* ingest_perf_damage: what isn't supported is refused by name, what is damaged is located. */
#include "tests/unit/suite.h"

#include "tests/unit/perf_file.h"

static struct builder b;
static GByteArray *file;

/* One event with callchains, a name, a map, two samples and a round, and some features. */
static void setup(void)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE,
					.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME |
						       PERF_SAMPLE_CALLCHAIN | PERF_SAMPLE_PERIOD |
						       PERF_SAMPLE_BRANCH_STACK,
					.sample_id_all = 1,
					.exclude_guest = 1 };
	guint at;

	builder_init(&b);
	add_event(&b, attr, 3);
	at = begin_record(&b, PERF_RECORD_COMM, 0);
	put_u32(b.records, 7);
	put_u32(b.records, 7);
	put_padded(b.records, "app");
	put_u64(b.records, 7);
	put_u64(b.records, 0);
	end_record(&b, at);
	at = begin_record(&b, PERF_RECORD_MMAP2, PERF_RECORD_MISC_USER);
	put_u32(b.records, 7);
	put_u32(b.records, 7);
	put_u64(b.records, 0x1000);
	put_u64(b.records, 0x1000);
	for (unsigned i = 0; i < 5; i++)
		put_u64(b.records, 0);
	put_padded(b.records, "/bin/app");
	put_u64(b.records, 7);
	put_u64(b.records, 0);
	end_record(&b, at);
	for (unsigned i = 0; i < 2; i++) {
		at = begin_record(&b, PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER);
		put_u64(b.records, 0x1100);
		put_u32(b.records, 7);
		put_u32(b.records, 7);
		put_u64(b.records, 10 + i);
		put_u64(b.records, 5);
		put_u64(b.records, 3);
		put_u64(b.records, (uint64_t)PERF_CONTEXT_USER);
		put_u64(b.records, 0x1100);
		put_u64(b.records, 0x1200);
		put_u64(b.records, 1); /* one branch */
		for (unsigned j = 0; j < 3; j++)
			put_u64(b.records, 0);
		end_record(&b, at);
		end_record(&b, begin_record(&b, 68, 0));
	}
	put_u32(feature(&b, 3), 4);
	g_byte_array_append(feature(&b, 3), (const guint8 *)"box", 4);
	put_u32(feature(&b, 11), 1);
	put_u32(feature(&b, 11), 5);
	g_byte_array_append(feature(&b, 11), (const guint8 *)"perf", 5);
	file = build(&b);
}

static void teardown(void)
{
	builder_release(&b);
	g_byte_array_unref(file);
}

static void expect_message(gboolean partial, const char *want)
{
	struct result r = read_file(file->data, file->len, partial);

	ck_assert_str_eq(r.messages->str, want);
	ck_assert_int_eq(r.rc, strstr(want, "error") ? -1 : 0);
	ck_assert_uint_eq(r.diag.errors, r.rc ? 1 : 0);
	result_clear(&r);
}

static void poke64(guint at, uint64_t v)
{
	ck_assert_uint_le(at + 8, file->len);
	memcpy(file->data + at, &v, 8);
}

static uint64_t peek64(guint at)
{
	uint64_t v;

	memcpy(&v, file->data + at, 8);
	return v;
}

/* Where the records begin, and the first sample. */
static guint records_at(void)
{
	return (guint)peek64(40);
}

static guint sample_at(void)
{
	guint at = records_at();

	while (file->data[at] != PERF_RECORD_SAMPLE)
		at += (guint)file->data[at + 6] + 256u * file->data[at + 7];
	return at;
}

START_TEST(whole)
{
	expect_message(FALSE, "");
	expect_message(TRUE, "");
}
END_TEST

START_TEST(other_kinds_of_file)
{
	memcpy(file->data, "2ELIFREP", 8);
	expect_message(FALSE, "error p: perf.data of the other byte order is not supported yet\n");
	memcpy(file->data, "PERFFILE", 8);
	expect_message(
		FALSE,
		"error p: version 1 of perf.data (PERFFILE, before Linux 2.6.33) is not supported yet\n");
	memcpy(file->data, "PERFILE2", 8);
	poke64(8, 16);
	expect_message(FALSE,
		       "error p@0x8: perf.data in pipe mode (perf record -o -) is not supported yet\n");
	poke64(8, 17);
	expect_message(FALSE, "error p@0x8: the header says it has 17 bytes, expected 104\n");
}
END_TEST

START_TEST(features_not_supported)
{
	static const struct {
		unsigned bit;
		const char *message;
	} cases[] = {
		{ 18, "error p@0x48: a recording of an AUX area (AUXTRACE, as of Intel PT or ARM CoreSight) "
		      "is not supported yet\n" },
		{ 24, "error p@0x48: the directory format (perf record --threads) is not supported yet\n" },
		{ 27, "error p@0x48: a compressed recording (zstd, perf record -z) is not supported yet\n" },
	};
	uint64_t features = peek64(72);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		poke64(72, features | 1ULL << cases[i].bit);
		expect_message(FALSE, cases[i].message);
		expect_message(TRUE, cases[i].message);
	}
	/* perf stat record sets nearly all bits. */
	poke64(72, features | 0xaefb7ff8);
	expect_message(FALSE,
		       "error p@0x48: a file of perf stat record, which has counts and no samples, is not "
		       "supported yet\n");
}
END_TEST

START_TEST(attributes_not_supported)
{
	uint64_t type = peek64(104 + 24);

	poke64(104 + 24, type | PERF_SAMPLE_STACK_USER | PERF_SAMPLE_REGS_USER);
	expect_message(
		FALSE,
		"error p@0x68: a recording with user stacks (--call-graph dwarf) is not supported yet\n");
	poke64(104 + 24, type | PERF_SAMPLE_READ);
	poke64(104 + 32, PERF_FORMAT_GROUP | PERF_FORMAT_ID);
	expect_message(
		FALSE,
		"error p@0x68: a recording of SAMPLE_READ groups (leader sampling) is not supported yet\n");
	poke64(104 + 24, type | PERF_SAMPLE_AUX);
	expect_message(FALSE, "error p@0x68: a recording with AUX area samples is not supported yet\n");
}
END_TEST

START_TEST(records_not_supported)
{
	guint at = sample_at();
	g_autofree char *compressed = g_strdup_printf(
		"error p@0x%x: a compressed recording (zstd, perf record -z) is not supported yet\n", at);
	g_autofree char *aux = g_strdup_printf(
		"error p@0x%x: a recording of an AUX area (AUXTRACE, as of Intel PT or ARM CoreSight) "
		"is not supported yet\n",
		at);

	file->data[at] = 81;
	expect_message(TRUE, compressed);
	file->data[at] = 83;
	expect_message(TRUE, compressed);
	file->data[at] = 71;
	expect_message(FALSE, aux);
}
END_TEST

START_TEST(header_damage)
{
	static const struct {
		guint at;
		uint64_t value;
		const char *message;
	} cases[] = {
		{ 16, 0, "error p@0x10: an event's attributes take 0 bytes, expected 80 to 65535\n" },
		{ 16, G_MAXUINT64,
		  "error p@0x10: an event's attributes take 18446744073709551615 bytes, expected 80 to "
		  "65535\n" },
		{ 24, G_MAXUINT64,
		  "error p@0x18: the event attributes are not inside the file (%u bytes)\n" },
		{ 32, G_MAXUINT64 - 8,
		  "error p@0x18: the event attributes are not inside the file (%u bytes)\n" },
		{ 32, 8, "error p@0x18: the file has 0 events, expected 1 to 16384\n" },
		{ 40, G_MAXUINT64,
		  "error p@0x28: the records begin at 0xffffffffffffffff, the file has %u bytes\n" },
		{ 40, 8, "error p@0x28: the records begin at 0x8, the file has %u bytes\n" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		uint64_t good = peek64(cases[i].at);
		GString *want = g_string_new(cases[i].message);
		g_autofree char *size = g_strdup_printf("%u", file->len);

		g_string_replace(want, "%u", size, 0);
		poke64(cases[i].at, cases[i].value);
		expect_message(FALSE, want->str);
		poke64(cases[i].at, good);
		g_string_free(want, TRUE);
	}
}
END_TEST

START_TEST(record_damage)
{
	guint at = sample_at();
	static const struct {
		guint at;
		uint64_t value;
		const char *message;
	} cases[] = {
		{ 40, 100, "the call chain is longer than its record" },
		{ 40, G_MAXUINT64, "the call chain is longer than its record" },
		{ 72, 2, "the branch stack is longer than its record" },
		{ 72, G_MAXUINT64 / 24 + 2, "the branch stack is longer than its record" },
		{ 32, (uint64_t)1 << 63, "a sample's period is 2^63 or more" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		uint64_t good = peek64(at + cases[i].at);
		g_autofree char *error = g_strdup_printf("error p@0x%x: %s; --partial keeps what is before\n",
							 at, cases[i].message);

		poke64(at + cases[i].at, cases[i].value);
		expect_message(FALSE, error);
		expect_message(TRUE, "");
		poke64(at + cases[i].at, good);
	}
}
END_TEST

START_TEST(record_sizes)
{
	guint at = sample_at();
	g_autofree char *none = g_strdup_printf(
		"error p@0x%x: a record of 0 bytes; at least 8 expected; --partial keeps what is before\n",
		at);
	g_autofree char *small = g_strdup_printf(
		"error p@0x%x: a record of 7 bytes; at least 8 expected; --partial keeps what is before\n",
		at);
	g_autofree char *fields = g_strdup_printf(
		"error p@0x%x: the record is too short for its fields; --partial keeps what is before\n", at);
	g_autofree char *large = g_strdup_printf(
		"error p@0x%x: the records end inside one; --partial keeps what is before\n", at);

	file->data[at + 7] = 0;
	file->data[at + 6] = 0;
	expect_message(FALSE, none);
	file->data[at + 6] = 7;
	expect_message(FALSE, small);
	file->data[at + 6] = 16;
	expect_message(FALSE, fields);
	file->data[at + 6] = 0xff;
	file->data[at + 7] = 0xff;
	expect_message(FALSE, large);
}
END_TEST

START_TEST(names_that_do_not_end)
{
	guint at = records_at();
	g_autofree char *want = g_strdup_printf(
		"error p@0x%x: a name that does not end inside its record; --partial keeps what is before\n",
		at);

	/* COMM: everything after the ids is text without a NUL. */
	memset(file->data + at + 16, 'x', (guint)file->data[at + 6] - 16);
	/* The time, too; one without any is looked at at once. */
	memset(file->data + at + file->data[at + 6] - 8, 0xff, 8);
	expect_message(FALSE, want);
}
END_TEST

/* What was before the damage is kept when that is asked for, and the run is marked. */
START_TEST(partial_keeps_what_is_whole)
{
	guint at = sample_at(), second = at + file->data[at + 6] + 8;
	struct result r;

	poke64(second + 40, 100);
	r = read_file(file->data, file->len, TRUE);
	ck_assert_int_eq(r.rc, 0);
	ck_assert_uint_eq(r.trace->stack_costs->len, 1);
	ck_assert_int_eq(g_array_index(r.trace->stack_costs, struct cf_stack_cost, 0).weight, 5);
	ck_assert_str_eq(g_array_index(r.trace->quality, struct cf_quality, 0).key, "partial");
	result_clear(&r);
}
END_TEST

/* A cut file says so once, with what helps; when it is kept all the same, one remark has it. */
START_TEST(cut_short)
{
	guint end = records_at() + (guint)peek64(48), cut = end - 12;
	g_autofree char *error = g_strdup_printf("error p@0x%x: the file is cut short: %u of %u bytes of "
						 "records are there; --partial keeps what is "
						 "before\n",
						 cut, cut - records_at(), end - records_at());
	g_autofree char *remark = g_strdup_printf("the file is damaged at 0x%x: the file is cut short: %u of "
						  "%u bytes of records are there; only what is "
						  "before was read",
						  cut, cut - records_at(), end - records_at());
	struct result r;

	g_byte_array_set_size(file, cut);
	expect_message(FALSE, error);
	expect_message(TRUE, "");
	r = read_file(file->data, file->len, TRUE);
	ck_assert_str_eq(g_array_index(r.trace->quality, struct cf_quality, 0).text, remark);
	for (guint i = 0; i < r.trace->quality->len; i++)
		ck_assert_str_ne(g_array_index(r.trace->quality, struct cf_quality, i).key, "unfinished");
	result_clear(&r);
}
END_TEST

START_TEST(killed_recorder)
{
	struct result r;
	guint end = records_at() + (guint)peek64(48);

	/* No size, no sections, and the last record half written. */
	poke64(48, 0);
	r = read_file(file->data, end - 12, FALSE);
	ck_assert_int_eq(r.rc, 0);
	ck_assert_str_eq(r.messages->str, "");
	ck_assert_str_eq(g_array_index(r.trace->quality, struct cf_quality, 0).key, "unfinished");
	ck_assert_ptr_nonnull(g_array_index(r.trace->quality, struct cf_quality, 0).cure);
	ck_assert_int_eq(g_array_index(r.trace->stack_costs, struct cf_stack_cost, 0).count, 1);
	result_clear(&r);
}
END_TEST

/* Cut anywhere: an error that is located, or the whole file's facts; with --partial never more than those. */
START_TEST(cut_anywhere)
{
	for (guint len = 0; len < file->len; len++) {
		g_autofree uint8_t *copy = g_memdup2(file->data, len);
		struct result r = read_file(copy, len, FALSE);

		ck_assert_int_eq(r.rc, -1);
		ck_assert_uint_eq(r.diag.errors, 1);
		ck_assert(g_str_has_prefix(r.messages->str, "error p"));
		result_clear(&r);
		r = read_file(copy, len, TRUE);
		ck_assert_int_eq(r.rc, r.diag.errors ? -1 : 0);
		if (r.rc == 0 && r.trace->stack_costs->len > 0)
			ck_assert_int_le(g_array_index(r.trace->stack_costs, struct cf_stack_cost, 0).weight,
					 10);
		result_clear(&r);
	}
}
END_TEST

START_TEST(flipped_bits)
{
	for (guint bit = 0; bit < 8 * file->len; bit++) {
		struct result r;

		file->data[bit / 8] ^= (guint8)(1 << bit % 8);
		r = read_file(file->data, file->len, bit % 2);
		ck_assert_int_eq(r.rc, r.diag.errors ? -1 : 0);
		result_clear(&r);
		file->data[bit / 8] ^= (guint8)(1 << bit % 8);
	}
}
END_TEST

/* Many forks and many maps: the work is bounded. */
START_TEST(endless_address_spaces)
{
	struct result r;
	guint at;

	b.records->len = 0;
	for (unsigned i = 0; i < 60000; i++) {
		at = begin_record(&b, PERF_RECORD_MMAP, PERF_RECORD_MISC_USER);
		put_u32(b.records, 7);
		put_u32(b.records, 7);
		put_u64(b.records, (uint64_t)(60000 - i) << 12);
		put_u64(b.records, 0x1000);
		put_u64(b.records, 0);
		put_padded(b.records, "a");
		end_record(&b, at);
	}
	r = read_built(&b);
	ck_assert_int_eq(r.rc, -1);
	ck_assert_ptr_nonnull(
		strstr(r.messages->str, ": the address spaces have more mappings than any real recording; "));
	result_clear(&r);
}
END_TEST

START_TEST(probe)
{
	struct cf_input input = { .path = "p", .bytes = { file->data, file->len } };
	const char *why = NULL;

	ck_assert_int_eq(cf_format_perf.probe(&input, &why), CF_BID_MAGIC);
	memcpy(file->data, "2ELIFREP", 8);
	ck_assert_int_eq(cf_format_perf.probe(&input, &why), CF_BID_MAGIC);
	input.bytes.len = 7;
	ck_assert_int_eq(cf_format_perf.probe(&input, &why), CF_BID_NO);
	ck_assert_str_eq(why, "no PERFILE2 magic");
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest_perf_damage");
	TCase *t = tcase_create("damage");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 120);
	tcase_add_test(t, whole);
	tcase_add_test(t, other_kinds_of_file);
	tcase_add_test(t, features_not_supported);
	tcase_add_test(t, attributes_not_supported);
	tcase_add_test(t, records_not_supported);
	tcase_add_test(t, header_damage);
	tcase_add_test(t, record_damage);
	tcase_add_test(t, record_sizes);
	tcase_add_test(t, names_that_do_not_end);
	tcase_add_test(t, partial_keeps_what_is_whole);
	tcase_add_test(t, cut_short);
	tcase_add_test(t, killed_recorder);
	tcase_add_test(t, cut_anywhere);
	tcase_add_test(t, flipped_bits);
	tcase_add_test(t, endless_address_spaces);
	tcase_add_test(t, probe);
	suite_add_tcase(s, t);
	return s;
}
