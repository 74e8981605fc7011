/* SPDX-License-Identifier: MIT */
/* shop: what the recordings in this folder are of: calls, recursion, a cycle, an inlined file, two threads. */
#include "shop.h"

#include <pthread.h>
#include <stdio.h>

static volatile unsigned sink;

__attribute__((noinline)) static unsigned checksum(unsigned n)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < n; i++)
		sum = rotate(sum, 5) ^ i;
	return sum;
}

__attribute__((noinline)) static unsigned tree(unsigned depth)
{
	return depth ? tree(depth - 1) + tree(depth - 1) + 1 : checksum(3);
}

__attribute__((noinline)) static unsigned pong(unsigned n);

__attribute__((noinline)) static unsigned ping(unsigned n)
{
	return n ? pong(n - 1) + checksum(2) : 1;
}

__attribute__((noinline)) static unsigned pong(unsigned n)
{
	return n ? ping(n - 1) + 2 : 2;
}

__attribute__((noinline)) static unsigned order(unsigned n)
{
	return checksum(10 * n) + tree(n % 4);
}

__attribute__((noinline)) static unsigned refund(unsigned n)
{
	return checksum(n) + ping(n % 7);
}

/* --dump-before cuts the profile here. */
__attribute__((noinline)) void close_books(void)
{
	sink++;
}

__attribute__((noinline)) static void trade(unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++) {
		sink += order(i);
		if (i % 3 == 0)
			sink += refund(i);
	}
	close_books();
}

static void *shop(void *unused)
{
	trade(0, 10);
	return unused;
}

int main(void)
{
	pthread_t thread;

	trade(0, 20);
	if (pthread_create(&thread, NULL, shop, NULL) != 0)
		return 1;
	pthread_join(thread, NULL);
	trade(20, 25);
	return 0;
}
