/* SPDX-License-Identifier: MIT */
/* core_spawn: running other programs with limits. */
#include "tests/unit/suite.h"

#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/spawn.h"

static void collect(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	g_string_append_printf(ctx, "%s\n", text);
}

static void run(const char *const *argv, const char *input, unsigned seconds, size_t cap, const char *want,
		const char *messages)
{
	g_autoptr(GString) said = g_string_new(NULL), out = g_string_new(NULL);
	struct cf_diag diag = { .consume = collect, .ctx = said };
	struct cf_slice bytes = { (const uint8_t *)input, strlen(input) };
	int rc = cf_spawn(argv, bytes, seconds, cap, out, &diag);

	ck_assert_str_eq(said->str, messages);
	ck_assert_int_eq(rc, *messages ? -1 : 0);
	if (rc == 0)
		ck_assert_str_eq(out->str, want);
}

#define ARGV(...) ((const char *const[]){ __VA_ARGS__, NULL })

START_TEST(runs)
{
	run(ARGV("cat"), "hello", 10, 100, "hello", "");
	run(ARGV("cat"), "", 10, 100, "", "");
	run(ARGV("cat"), "12345", 10, 5, "12345", "");
	/* No shell: words are words. */
	run(ARGV("printf", "%s|", "$(x)", "a b", "; exit 1"), "", 10, 100, "$(x)|a b|; exit 1|", "");
	/* A program that doesn't read its input is no error. */
	{
		g_autofree char *much = g_strnfill(1000000, 'x');

		run(ARGV("true"), much, 10, 100, "", "");
	}
}
END_TEST

START_TEST(moves_much_both_ways)
{
	g_autofree char *much = g_strnfill(3000000, 'x');

	run(ARGV("cat"), much, 20, 3000000, much, "");
}
END_TEST

START_TEST(says_what_failed)
{
	run(ARGV("no-such-program-here"), "", 10, 100, "",
	    "no-such-program-here: program not found in PATH\n");
	run(ARGV("false"), "", 10, 100, "", "false failed with status 1\n");
	run(ARGV("sh", "-c", "echo 'it\033 broke' >&2; exit 7"), "", 10, 100, "",
	    "sh failed with status 7: it\\x1b broke\n");
	run(ARGV("sh", "-c", "kill -9 $$"), "", 10, 100, "", "sh was killed by signal 9\n");
	run(ARGV("cat"), "123456", 10, 5, "", "cat wrote more than 5 bytes\n");
	run(ARGV("yes"), "", 10, 100000, "", "yes wrote more than 100000 bytes\n");
}
END_TEST

START_TEST(keeps_time)
{
	time_t start = time(NULL);

	run(ARGV("sleep", "60"), "", 1, 100, "", "sleep ran longer than 1 seconds\n");
	/* Its children go too, and closed outputs don't hide it. */
	run(ARGV("sh", "-c", "sleep 60"), "", 1, 100, "", "sh ran longer than 1 seconds\n");
	run(ARGV("sh", "-c", "exec >&- 2>&-; sleep 60"), "", 1, 100, "", "sh ran longer than 1 seconds\n");
	ck_assert_int_lt((int)(time(NULL) - start), 20);
}
END_TEST

START_TEST(hands_down_no_files)
{
	int fd = open("/dev/null", O_RDONLY); /* not close-on-exec */

	ck_assert_int_gt(fd, 2);
	/* ls itself opens the directory as 3. */
	run(ARGV("ls", "/proc/self/fd"), "", 10, 100, "0\n1\n2\n3\n", "");
	close(fd);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core/spawn");
	TCase *t = tcase_create("spawn");

	tcase_set_timeout(t, 30);
	tcase_add_test(t, runs);
	tcase_add_test(t, moves_much_both_ways);
	tcase_add_test(t, says_what_failed);
	tcase_add_test(t, keeps_time);
	tcase_add_test(t, hands_down_no_files);
	suite_add_tcase(s, t);
	return s;
}
