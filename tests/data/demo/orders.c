/* SPDX-License-Identifier: MIT */
/* orders: a small order service that needs no library, so that its recordings resolve on any machine. */
#include "orders.h"

#include <asm/unistd.h>

/* --- system calls ---------------------------------------------------------------------------------------------- */

static long call3(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
	return result;
}

static long sys_read(int fd, void *buffer, unsigned long size) { return call3(__NR_read, fd, (long)buffer, (long)size); }
static long sys_write(int fd, const void *buffer, unsigned long size)
{
	return call3(__NR_write, fd, (long)buffer, (long)size);
}
static void set_name(const char *name) { call3(__NR_prctl, 15, (long)name, 0); }

void *memset(void *to, int byte, unsigned long size)
{
	for (unsigned long i = 0; i < size; i++)
		((volatile char *)to)[i] = (char)byte;
	return to;
}

void *memcpy(void *to, const void *from, unsigned long size)
{
	for (unsigned long i = 0; i < size; i++)
		((volatile char *)to)[i] = ((const char *)from)[i];
	return to;
}

/* --- making and parsing orders --------------------------------------------------------------------------------- */

enum { LINE = 96, BATCH = 256, BUCKETS = 4096 };

struct customer {
	unsigned id, orders;
	unsigned long spent;
};
static struct customer customers[BUCKETS];

static char *put_number(char *to, unsigned long number)
{
	char digits[24];
	int n = 0;

	do {
		digits[n++] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	while (n)
		*to++ = digits[--n];
	return to;
}

static int format_order(char *line, unsigned serial)
{
	unsigned mixed = serial * 2654435761u;
	char *to = line;

	to = put_number(to, serial);
	*to++ = ';';
	to = put_number(to, (mixed >> 7) % 5000);
	*to++ = ';';
	to = put_number(to, (mixed >> 11) % 97 + 1);
	*to++ = ';';
	to = put_number(to, (mixed >> 3) % 19999 + 99);
	*to++ = '\n';
	return (int)(to - line);
}

static const char *parse_number(const char *from, unsigned long *number)
{
	*number = 0;
	while (*from >= '0' && *from <= '9')
		*number = *number * 10 + (unsigned long)(*from++ - '0');
	return from + 1;
}

static const char *parse_order(const char *line, struct order *order)
{
	unsigned long field;

	line = parse_number(line, &field);
	order->serial = (unsigned)field;
	line = parse_number(line, &field);
	order->customer = (unsigned)field;
	line = parse_number(line, &field);
	order->quantity = (unsigned)field;
	return parse_number(line, &order->price);
}

static unsigned hash_customer(unsigned id)
{
	unsigned long hash = 1469598103934665603ul;

	for (int i = 0; i < 16; i++)
		hash = (hash ^ (id >> (i % 4 * 8) & 255)) * 1099511628211ul;
	return (unsigned)(hash >> 20);
}

static struct customer *find_customer(unsigned id)
{
	unsigned slot = hash_customer(id);

	for (int probes = 0; probes < BUCKETS - 1; probes++, slot++) {
		struct customer *customer = &customers[slot % BUCKETS];

		if (!customer->id || customer->id == id + 1) {
			customer->id = id + 1;
			return customer;
		}
	}
	return &customers[0];
}

/* --- ranking: quicksort, so that a recording has deep recursion ------------------------------------------------- */

static void sort_orders(struct order *orders, int n)
{
	unsigned long pivot;
	int low = 0, high = n - 1;

	if (n < 2)
		return;
	pivot = orders[n / 2].price;
	while (low <= high) {
		while (orders[low].price < pivot)
			low++;
		while (orders[high].price > pivot)
			high--;
		if (low <= high) {
			struct order swap = orders[low];

			orders[low++] = orders[high];
			orders[high--] = swap;
		}
	}
	sort_orders(orders, high + 1);
	sort_orders(orders + low, n - low);
}

static unsigned checksum(const char *text, int size)
{
	unsigned a = 1, b = 0;

	for (int i = 0; i < size; i++) {
		a = (a + (unsigned char)text[i]) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

/* --- the service: a producer and two workers over pipes --------------------------------------------------------- */

static unsigned long handle_batch(const char *text, int size)
{
	static struct order orders[BATCH];
	const char *end = text + size;
	unsigned long total = 0;
	int n = 0;

	while (text < end && n < BATCH)
		text = parse_order(text, &orders[n++]);
	for (int i = 0; i < n; i++) {
		struct customer *customer = find_customer(orders[i].customer);
		unsigned long price = price_order(&orders[i], customer->orders);

		customer->orders++;
		customer->spent += price;
		total += price;
	}
	sort_orders(orders, n);
	return total;
}

static void work(int from)
{
	static char text[BATCH * LINE];
	unsigned long total = 0;
	int header[2];

	while (sys_read(from, header, sizeof(header)) == sizeof(header)) {
		int got = 0;

		while (got < header[0])
			got += (int)sys_read(from, text + got, (unsigned long)(header[0] - got));
		if (checksum(text, header[0]) == (unsigned)header[1])
			total += handle_batch(text, header[0]);
	}
	call3(__NR_exit_group, total == 0, 0, 0);
}

static void produce(const int *to, unsigned batches)
{
	static char text[BATCH * LINE];
	unsigned serial = 0;

	for (unsigned batch = 0; batch < batches; batch++) {
		int header[2] = { 0, 0 };

		for (int i = 0; i < BATCH; i++)
			header[0] += format_order(text + header[0], serial++);
		header[1] = (int)checksum(text, header[0]);
		sys_write(to[batch % 2], header, sizeof(header));
		sys_write(to[batch % 2], text, (unsigned long)header[0]);
	}
}

__attribute__((used)) static void serve(long *stack)
{
	static const char *const names[2] = { "order-worker-1", "order-worker-2" };
	unsigned batches = 0;
	int pipes[2][2], to[2];

	if (stack[0] > 1)
		for (const char *digit = (const char *)stack[2]; *digit; digit++)
			batches = batches * 10 + (unsigned)(*digit - '0');
	for (int i = 0; i < 2; i++)
		call3(__NR_pipe2, (long)pipes[i], 0, 0);
	for (int i = 0; i < 2; i++) {
		to[i] = pipes[i][1];
		if (call3(__NR_fork, 0, 0, 0) == 0) {
			set_name(names[i]);
			call3(__NR_close, pipes[0][1], 0, 0);
			call3(__NR_close, pipes[1][1], 0, 0);
			work(pipes[i][0]);
		}
	}
	produce(to, batches ? batches : 4000);
	for (int i = 0; i < 2; i++)
		call3(__NR_close, to[i], 0, 0);
	for (int i = 0; i < 2; i++)
		call3(__NR_wait4, -1, 0, 0);
	call3(__NR_exit_group, 0, 0, 0);
}

__asm__(".globl _start\n.type _start, @function\n_start:\n\txor %ebp, %ebp\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n"
	"\tcall serve\n\thlt\n.size _start, .-_start\n");
