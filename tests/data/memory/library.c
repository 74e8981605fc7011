/* SPDX-License-Identifier: MIT */
/* library: a program that forgets memory in every way, for recordings of memory tools. */
/*
 * What it leaves behind, by design:
 *
 *	lost for good       5 notes of 100 bytes, and the root of a tree of 15 shelves of 64 bytes
 *	lost with the root  14 shelves
 *	perhaps lost        a catalogue of 4096 bytes, of which only the middle is known
 *	still reachable     3 members of 40 bytes in a list
 *
 * Before, it fills and empties a reading room three times: 200 books of 500 bytes. With an argument it also makes
 * mistakes: "uninitialised", "overrun", "twice".
 */
#include <stdlib.h>
#include <string.h>

#define KEEP __attribute__((noinline))

struct shelf {
	struct shelf *left, *right;
	char books[48];
};

struct member {
	struct member *next;
	char name[32];
};

static char *room[200];
static char *volatile middle;
static struct member *volatile members;

KEEP static void fill_room(void)
{
	for (int i = 0; i < 200; i++) {
		room[i] = malloc(500);
		memset(room[i], i, 500);
	}
}

KEEP static void empty_room(void)
{
	for (int i = 0; i < 200; i++)
		free(room[i]);
	memset(room, 0, sizeof(room));
}

KEEP static void write_notes(void)
{
	for (int i = 0; i < 5; i++) {
		volatile char *note = malloc(100);

		note[0] = (char)i;
	}
}

KEEP static struct shelf *build_shelves(int levels)
{
	struct shelf *shelf;

	if (!levels)
		return NULL;
	shelf = calloc(1, sizeof(*shelf));
	shelf->left = build_shelves(levels - 1);
	shelf->right = build_shelves(levels - 1);
	return shelf;
}

KEEP static void lose_shelves(void)
{
	volatile struct shelf *root = build_shelves(4);

	root->books[0] = 1;
}

KEEP static void open_catalogue(void)
{
	char *catalogue = malloc(4096);

	memset(catalogue, 1, 4096);
	middle = catalogue + 128;
}

KEEP static void enrol(const char *name)
{
	struct member *member = malloc(sizeof(*member));

	strncpy(member->name, name, sizeof(member->name));
	member->next = members;
	members = member;
}

KEEP static int read_uninitialised(void)
{
	volatile char *page = malloc(16);
	int blank = 0;

	for (int i = 0; i < 3; i++)
		if (page[i] == ' ')
			blank++;
	free((void *)page);
	return blank;
}

KEEP static int read_overrun(void)
{
	char *page = calloc(1, 16);
	volatile char *end = page + 16;
	int c = *end;

	free(page);
	return c;
}

KEEP static void return_twice(void)
{
	char *book = malloc(24);
	char *volatile again = book;

	free(book);
	free(again);
}

/* Old pointers would keep lost blocks alive. */
KEEP static void wipe_stack(void)
{
	volatile char old[8192];

	for (size_t i = 0; i < sizeof(old); i++)
		old[i] = 0;
}

int main(int argc, char **argv)
{
	volatile int sink = 0;

	for (int i = 0; i < 3; i++) {
		fill_room();
		empty_room();
	}
	write_notes();
	lose_shelves();
	open_catalogue();
	enrol("ada");
	enrol("grace");
	enrol("edsger");
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "uninitialised"))
			sink += read_uninitialised() ? read_overrun() : 0;
		else if (!strcmp(argv[i], "overrun"))
			sink += read_overrun();
		else if (!strcmp(argv[i], "twice"))
			return_twice();
	}
	wipe_stack();
	return 0;
}
