/* SPDX-License-Identifier: MIT */
/* core_memory: failed allocations end with a message and status 4, faults of another kind do not. */
#include "tests/unit/suite.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/diag.h"
#include "core/memory.h"

/* Runs act in a guarded child; its wait status, and what it wrote to stderr. */
static int run(void (*act)(void), char *text, size_t size)
{
	int pipes[2], status;
	ssize_t n;
	pid_t child;

	ck_assert_int_eq(pipe(pipes), 0);
	child = fork();
	if (child == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
		dup2(pipes[1], STDERR_FILENO);
		cf_memory_guard();
		act();
		_exit(0);
	}
	close(pipes[1]);
	memset(text, 0, size);
	while ((n = read(pipes[0], text + strlen(text), size - 1 - strlen(text))) > 0)
		;
	close(pipes[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return status;
}

#ifndef __SANITIZE_ADDRESS__ /* which has its own opinion on huge allocations and on faults */
static void too_large(void)
{
	free(g_malloc(G_MAXSIZE / 2));
}

static void overflow(void)
{
	volatile gsize n = G_MAXSIZE / 2;

	g_free(g_new(gint64, n));
}

static void string_grows(void)
{
	g_autoptr(GString) s = g_string_new("x");

	g_string_set_size(s, G_MAXSSIZE / 2);
}

static void table_fills(void)
{
	GHashTable *table = g_hash_table_new(NULL, NULL);

	setrlimit(RLIMIT_AS, &(struct rlimit){ 64 << 20, 64 << 20 });
	for (guint i = 1;; i++)
		g_hash_table_add(table, GUINT_TO_POINTER(i));
}

/* Small pieces of the slice allocator until nothing is left. */
static void list_grows(void)
{
	GList *list = NULL;

	setrlimit(RLIMIT_AS, &(struct rlimit){ 64 << 20, 64 << 20 });
	for (;;)
		list = g_list_prepend(list, list);
}

static void aborts(void)
{
	errno = 0;
	abort();
}

static void null_pointer(void)
{
	volatile int *volatile nowhere = NULL;

	errno = 0;
	*nowhere = 1;
}

START_TEST(ends_in_order)
{
	static void (*const acts[])(void) = { too_large,   overflow,   string_grows,
					      table_fills, list_grows, (void (*)(void))cf_memory_out };
	char text[4000];

	for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
		int status = run(acts[i], text, sizeof(text));

		ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == CF_STATUS_SYSTEM, "case %zu: %x %s",
			      i, status, text);
		ck_assert_msg(g_str_has_suffix(text, "callflow: error: out of memory\n"), "case %zu: %s", i,
			      text);
	}
}
END_TEST

START_TEST(leaves_other_faults)
{
	char text[4000];

	ck_assert(WIFSIGNALED(run(aborts, text, sizeof(text))));
	ck_assert_ptr_null(strstr(text, "out of memory"));
	ck_assert(WIFSIGNALED(run(null_pointer, text, sizeof(text))));
	ck_assert_ptr_null(strstr(text, "out of memory"));
}
END_TEST
#endif

static void critical(void)
{
	g_return_if_fail(errno == -1);
}

START_TEST(prints_criticals)
{
	char text[4000];

	ck_assert_int_eq(run(critical, text, sizeof(text)), 0);
	ck_assert_str_eq(text, "callflow: critical: assertion 'errno == -1' failed\n");
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core/memory");
	TCase *t = tcase_create("memory");

	tcase_set_timeout(t, 30);
#ifndef __SANITIZE_ADDRESS__
	tcase_add_test(t, ends_in_order);
	tcase_add_test(t, leaves_other_faults);
#endif
	tcase_add_test(t, prints_criticals);
	suite_add_tcase(s, t);
	return s;
}
