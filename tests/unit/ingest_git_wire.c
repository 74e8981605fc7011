/* SPDX-License-Identifier: MIT */
/* ingest_git_wire: what a reader sends arrives; what it shouldn't send is noticed. */
#include "tests/unit/suite.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "ingest/git/decode.h"
#include "ingest/git/sandbox.h"

static struct cf_history *history;
static struct cf_git_decoder decoder;

static void setup(void)
{
	history = cf_history_new();
	cf_git_decoder_init(&decoder, history, NULL);
}

static void teardown(void)
{
	cf_git_decoder_clear(&decoder);
	cf_history_free(history);
}

static void text(struct cf_wire_out *out, const char *t)
{
	cf_wire_text(out, t, strlen(t));
}

static void commit(struct cf_wire_out *out, uint8_t name, const char *path, uint64_t status)
{
	uint8_t oid[CF_OID_SIZE] = { name };

	cf_wire_begin(out, CF_WIRE_COMMIT);
	cf_wire_raw(out, oid, sizeof(oid));
	cf_wire_u64(out, CF_COMMIT_DIFFED);
	cf_wire_u64(out, 0);
	for (int i = 0; i < 2; i++) {
		text(out, "Ann");
		text(out, "a@x");
		cf_wire_i64(out, -5);
		cf_wire_i64(out, -90);
	}
	text(out, "subject");
	cf_wire_u64(out, 1);
	text(out, "Ben");
	text(out, "b@x");
	cf_wire_u64(out, 1);
	text(out, path);
	cf_wire_u64(out, status);
	cf_wire_u64(out, 0);
	cf_wire_u64(out, 0100644);
	cf_wire_u64(out, 0100644);
	cf_wire_u64(out, 3);
	cf_wire_u64(out, 4);
	cf_wire_end(out);
}

static void end(struct cf_wire_out *out)
{
	cf_wire_begin(out, CF_WIRE_END);
	cf_wire_end(out);
	cf_wire_flush(out);
}

struct body {
	int kind;
};

static void send_all(const void *job, int fd)
{
	const struct body *body = job;
	struct cf_wire_out out;

	cf_wire_out_init(&out, fd);
	switch (body->kind) {
	case 0: /* as it should be */
		commit(&out, 1, "a", 'M');
		commit(&out, 2, "b/c", 'A');
		end(&out);
		break;
	case 1: /* no end */
		commit(&out, 1, "a", 'M');
		cf_wire_flush(&out);
		break;
	case 2: /* a status that there isn't */
		commit(&out, 1, "a", 'X');
		end(&out);
		break;
	case 3: /* the same commit twice */
		commit(&out, 1, "a", 'M');
		commit(&out, 1, "a", 'M');
		end(&out);
		break;
	case 4: /* cut in a frame */
		commit(&out, 1, "a", 'M');
		g_byte_array_set_size(out.buffer, out.buffer->len - 3);
		cf_wire_flush(&out);
		break;
	case 5: /* a length beyond all limits */
		g_byte_array_append(out.buffer, (const guint8 *)"C\xff\xff\xff\xff", 5);
		cf_wire_flush(&out);
		break;
	case 6: /* an error of its own */
		cf_wire_begin(&out, CF_WIRE_ERROR);
		text(&out, "object \033[31m is bad");
		cf_wire_end(&out);
		cf_wire_flush(&out);
		break;
	case 7:
		raise(SIGSEGV);
		break;
	case 8:
		for (;;)
			pause();
		break;
	case 9: { /* more memory than is allowed */
		char *block = g_try_malloc((gsize)1 << 32);

		if (block)
			memset(block, 1, (size_t)1 << 32);
		commit(&out, block ? 9 : 1, "a", 'M');
		end(&out);
		break;
	}
	case 10: { /* a file where none may be */
		int file = open("/tmp/callflow-wire-test", O_WRONLY | O_CREAT, 0600);

		commit(&out, file < 0 || write(file, "x", 1) != 1 ? 1 : 9, "a", 'M');
		end(&out);
		break;
	}
	case 11: /* a path of no bytes */
		commit(&out, 1, "", 'M');
		end(&out);
		break;
	case 12:
		for (volatile uint64_t i = 0;; i++)
			;
		break;
	}
}

/* Runs a body; the message, or NULL when all was well. Caller frees. */
static char *run(int kind)
{
	struct cf_sandbox limits = { .seconds = kind == 8 || kind == 12 ? 1 : 60,
				     .memory = (uint64_t)256 << 20 };
	struct body body = { kind };
	char *why;

	signal(SIGXFSZ, SIG_IGN);
	if (cf_sandbox_run(&limits, send_all, &body, cf_git_decode, &decoder, &why) == 0)
		return NULL;
	return why ? why : g_strdup(decoder.error ? decoder.error : "nonsense");
}

START_TEST(arrives)
{
	const struct cf_commit *c;
	g_autofree char *why = run(0);

	ck_assert_ptr_null(why);
	ck_assert(decoder.ended);
	ck_assert_uint_eq(history->commits->len, 2);
	c = &g_array_index(history->commits, struct cf_commit, 0);
	ck_assert_int_eq(c->author_time, -5);
	ck_assert_int_eq(c->commit_zone, -90);
	ck_assert_uint_eq(c->coauthors, 1);
	ck_assert_str_eq(cf_history_text(history, c->subject), "subject");
	ck_assert_str_eq(cf_history_author(history, c), "Ann");
	ck_assert_uint_eq(g_array_index(history->changes, struct cf_change, 0).deleted, 4);
	ck_assert_str_eq(cf_history_path_text(history, 1), "b/c");
}
END_TEST

START_TEST(is_noticed)
{
	g_autofree char *why = run(_i);

	ck_assert_msg(_i == 1 ? why == NULL && !decoder.ended : why != NULL, "case %d: %s", _i, why);
	if (_i == 6)
		ck_assert_str_eq(why, "object \\x1b[31m is bad");
	if (_i == 7)
		ck_assert_ptr_nonnull(strstr(why, "signal 11"));
	if (_i == 8 || _i == 12)
		ck_assert_str_eq(why, "reading took longer than 1 seconds; --time-limit allows more");
}
END_TEST

START_TEST(memory)
{
#if defined(__SANITIZE_ADDRESS__)
	return;
#endif
	g_autofree char *why = run(9);

	ck_assert_ptr_null(why);
	ck_assert_uint_eq(g_array_index(history->commits, struct cf_commit, 0).oid.bytes[0], 1);
}
END_TEST

START_TEST(files)
{
	g_autofree char *why = NULL;

	unlink("/tmp/callflow-wire-test");
	why = run(10);
	ck_assert(why || g_array_index(history->commits, struct cf_commit, 0).oid.bytes[0] == 1);
	unlink("/tmp/callflow-wire-test");
}
END_TEST

/* Numbers of every size, and payloads that end too early. */
START_TEST(numbers)
{
	static const uint64_t values[] = { 0, 1, 127, 128, 16383, 16384, UINT32_MAX, INT64_MAX, UINT64_MAX };
	struct cf_wire_out out;
	struct cf_wire_in in;

	cf_wire_out_init(&out, -1);
	for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
		cf_wire_u64(&out, values[i]);
		cf_wire_i64(&out, (int64_t)values[i]);
	}
	in = (struct cf_wire_in){ .rest = { out.buffer->data, out.buffer->len } };
	for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
		ck_assert_uint_eq(cf_wire_get_u64(&in, UINT64_MAX), values[i]);
		ck_assert_int_eq(cf_wire_get_i64(&in), (int64_t)values[i]);
	}
	ck_assert(!in.bad);
	ck_assert_uint_eq(cf_wire_get_u64(&in, 1), 0);
	ck_assert(in.bad);
	in = (struct cf_wire_in){ .rest = { (const uint8_t *)"\x05", 1 } };
	ck_assert_uint_eq(cf_wire_get_u64(&in, 4), 0);
	ck_assert(in.bad);
	in = (struct cf_wire_in){ .rest = { (const uint8_t *)"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
					    10 } };
	cf_wire_get_u64(&in, UINT64_MAX);
	ck_assert(in.bad);
	in = (struct cf_wire_in){ .rest = { (const uint8_t *)"\x09"
							     "abc",
					    4 } };
	ck_assert_ptr_null(cf_wire_get_text(&in).data);
	ck_assert(in.bad);
	cf_wire_out_clear(&out);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest_git_wire");
	TCase *t = tcase_create("wire");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, arrives);
	tcase_add_loop_test(t, is_noticed, 1, 9);
	tcase_add_loop_test(t, is_noticed, 11, 13);
	tcase_add_test(t, memory);
	tcase_add_test(t, files);
	tcase_add_test(t, numbers);
	suite_add_tcase(s, t);
	return s;
}
