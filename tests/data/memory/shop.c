/* SPDX-License-Identifier: MIT */
/* shop: two clerks who write one number at once, and sums that don't fit, for recordings of sanitizers. */
#include <pthread.h>
#include <stdio.h>

#define KEEP __attribute__((noinline))

static int stock;

KEEP static void sell(void)
{
	stock--;
}

KEEP static void *clerk(void *name)
{
	for (int i = 0; i < 100; i++)
		sell();
	return name;
}

KEEP static int total(int price, int pieces)
{
	return price * pieces;
}

KEEP static int price_of(int shelf)
{
	static const int prices[4] = { 3, 5, 8, 13 };

	return prices[shelf];
}

int main(int argc, char **argv)
{
	pthread_t one, two;

	printf("%d\n", total(1 << 30, 3 + argc) + price_of(3 + argc));
	pthread_create(&one, NULL, clerk, argv[0]);
	pthread_create(&two, NULL, clerk, argv[0]);
	pthread_join(one, NULL);
	pthread_join(two, NULL);
	return 0;
}
