/* SPDX-License-Identifier: MIT */
/* stacks: resolves call chains, remembering the callers of chains seen lately. */
#include "ingest/perf/stacks.h"

#include <string.h>

/* Entries from here up are no addresses: they tell the context of those that follow. */
#define MARKER_MIN ((uint64_t)-4095)
#define FRAMES_MAX (G_MAXUINT16 / 8)
/* Both caches grow when what is asked for doesn't fit; a small one is in the processor's caches. */
#define BITS_MIN 12
#define BITS_MAX 18
#define CHAINS 16 /* about as many processes run at a time */

enum context { CONTEXT_USER, CONTEXT_KERNEL, CONTEXT_OTHER, CONTEXT_UNKNOWN };

struct frame {
	uint64_t address; /* of the call for callers: one byte before where it returns to */
	enum context context;
};

/*
 * Callers of a chain: what its words but the leaf's mean. The words aren't copied; they are compared with
 * those of the chain seen last, where they lie in the input. Two entries a bucket, the newer first.
 */
struct entry {
	uint64_t hash; /* 0: free; not of the leaf */
	uint64_t generations;
	const uint8_t *words;
	uint32_t n : 31;
	uint32_t cut : 1; /* words under a marker that isn't known were left out */
	struct cf_stack stack;
};

/* A leaf on top of its callers. */
struct leaf {
	uint64_t address;
	uint32_t generation; /* of the space that the address is in; 0: free */
	struct cf_stack caller, stack;
	uint32_t row; /* of the trace's costs, where its last sample went */
};

/* A chain that was resolved, root first. The next one of its process often shares its outer frames. */
struct chain {
	uint64_t generations;
	uint32_t n;
	struct frame frames[FRAMES_MAX];
	struct cf_stack stacks[FRAMES_MAX + 1]; /* stacks[i]: up to frame i, exclusive */
};

struct cf_perf_stacks {
	struct cf_perf_machine *machine;
	struct entry *cache; /* pairs */
	struct leaf *leaves;
	unsigned cache_bits, leaf_bits;
	uint32_t cache_misses, leaf_misses; /* since they grew */
	uint32_t row;                       /* for leaves that aren't kept */
	uint64_t skipped;                   /* words left out, of chains when they were resolved */
	uint64_t cut;                       /* samples of such chains */
	struct frame frames[FRAMES_MAX];
	struct chain lately[CHAINS];
};

struct cf_perf_stacks *cf_perf_stacks_new(struct cf_perf_machine *machine)
{
	struct cf_perf_stacks *stacks = g_new0(struct cf_perf_stacks, 1);

	stacks->machine = machine;
	stacks->cache_bits = stacks->leaf_bits = BITS_MIN;
	stacks->cache = g_new0(struct entry, (size_t)2 << BITS_MIN);
	stacks->leaves = g_new0(struct leaf, (size_t)1 << BITS_MIN);
	return stacks;
}

void cf_perf_stacks_free(struct cf_perf_stacks *stacks)
{
	if (!stacks)
		return;
	g_free(stacks->cache);
	g_free(stacks->leaves);
	g_free(stacks);
}

uint64_t cf_perf_stacks_cut(const struct cf_perf_stacks *stacks)
{
	return stacks->cut;
}

static enum context context_of_mode(unsigned cpumode)
{
	switch (cpumode) {
	case PERF_RECORD_MISC_KERNEL:
		return CONTEXT_KERNEL;
	case PERF_RECORD_MISC_USER:
		return CONTEXT_USER;
	default:
		return CONTEXT_OTHER;
	}
}

static enum context context_of_marker(uint64_t marker)
{
	switch (marker) {
	case (uint64_t)PERF_CONTEXT_KERNEL:
		return CONTEXT_KERNEL;
	case (uint64_t)PERF_CONTEXT_USER:
		return CONTEXT_USER;
	case (uint64_t)PERF_CONTEXT_HV:
	case (uint64_t)PERF_CONTEXT_GUEST:
	case (uint64_t)PERF_CONTEXT_GUEST_KERNEL:
	case (uint64_t)PERF_CONTEXT_GUEST_USER:
		return CONTEXT_OTHER;
	default:
		return CONTEXT_UNKNOWN;
	}
}

static struct cf_func function_at(struct cf_perf_stacks *stacks, struct cf_perf_space *space,
				  enum context context, uint64_t address)
{
	if (context == CONTEXT_KERNEL)
		return cf_perf_function(stacks->machine, stacks->machine->kernel, address);
	if (context == CONTEXT_USER)
		return cf_perf_function(stacks->machine, space, address);
	return cf_symbols_unmapped(stacks->machine->symbols, FALSE);
}

static struct cf_stack push(struct cf_perf_stacks *stacks, struct cf_stack caller, struct cf_func func)
{
	struct cf_dict *dict = stacks->machine->trace->dict;

	return cf_dict_push(dict, caller, func, cf_dict_func_info(dict, func).kind);
}

/* Frames of the words of a chain, leaf first; returns how many. after_leaf: word 0 isn't the innermost frame.
 */
static uint32_t decode(struct cf_perf_stacks *stacks, const uint8_t *words, uint32_t n, enum context context,
		       bool exact, struct frame *frames)
{
	uint32_t n_frames = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint64_t word = cf_u64(words + 8 * (size_t)i);

		if (word >= MARKER_MIN) {
			context = context_of_marker(word);
			exact = true;
		} else if (context == CONTEXT_UNKNOWN) {
			stacks->skipped++;
		} else {
			/* Where an interrupted or entered function was is exact, callers are return
			 * addresses. */
			frames[n_frames++] = (struct frame){ exact || word == 0 ? word : word - 1, context };
			exact = false;
		}
	}
	return n_frames;
}

static struct cf_stack resolve(struct cf_perf_stacks *stacks, struct cf_perf_space *space,
			       uint64_t generations, const uint8_t *words, uint32_t n, enum context context,
			       bool exact)
{
	struct chain *chain = &stacks->lately[space->generation % CHAINS];
	uint32_t left = decode(stacks, words, n, context, exact, stacks->frames), depth = 0;

	if (chain->generations != generations)
		chain->n = 0;
	while (left > 0 && depth < chain->n &&
	       stacks->frames[left - 1].address == chain->frames[depth].address &&
	       stacks->frames[left - 1].context == chain->frames[depth].context) {
		left--;
		depth++;
	}
	for (; left > 0; depth++) {
		const struct frame *frame = &stacks->frames[--left];

		chain->frames[depth] = *frame;
		chain->stacks[depth + 1] = push(stacks, chain->stacks[depth],
						function_at(stacks, space, frame->context, frame->address));
	}
	chain->generations = generations;
	chain->n = depth;
	return chain->stacks[depth];
}

#define MULTIPLIER G_GUINT64_CONSTANT(0x9e3779b97f4a7c15)

static inline uint64_t step(uint64_t h, uint64_t word)
{
	h = (h ^ word) * MULTIPLIER;
	return h ^ (h >> 31);
}

/* Four sums side by side, for each step waits for its multiplication. */
static uint64_t hash_words(const uint8_t *words, uint32_t n, uint64_t seed)
{
	uint64_t a = seed, b = seed + 1, c = seed + 2, d = seed + 3;
	uint32_t i = 0;

	for (; i + 4 <= n; i += 4, words += 32) {
		a = step(a, cf_u64(words));
		b = step(b, cf_u64(words + 8));
		c = step(c, cf_u64(words + 16));
		d = step(d, cf_u64(words + 24));
	}
	for (; i < n; i++, words += 8)
		a = step(a, cf_u64(words));
	a = step(step(step(a, b), c), d);
	return a ? a : 1;
}

static bool same(const struct entry *entry, uint64_t hash, uint64_t generations, const uint8_t *words,
		 uint32_t n)
{
	return entry->hash == hash && entry->generations == generations && entry->n == n &&
	       memcmp(entry->words, words, 8 * (size_t)n) == 0;
}

/* Twice the pairs. The hash tells where an entry goes; both of a pair find room in the two that it becomes. */
static void grow_cache(struct cf_perf_stacks *stacks)
{
	size_t pairs = (size_t)1 << stacks->cache_bits;
	struct entry *old = stacks->cache;

	stacks->cache_misses = 0;
	stacks->cache_bits++;
	stacks->cache = g_new0(struct entry, 4 * pairs);
	for (size_t i = 0; i < 2 * pairs; i++) {
		struct entry *pair = stacks->cache + 2 * (old[i].hash >> (64 - stacks->cache_bits));

		if (old[i].hash)
			pair[pair[0].hash ? 1 : 0] = old[i];
	}
	g_free(old);
}

/* The stack of the callers: of words, the first of which are in context (exact: and no return address). */
static struct cf_stack callers(struct cf_perf_stacks *stacks, struct cf_perf_space *space,
			       const uint8_t *words, uint32_t n, enum context context, bool exact)
{
	uint64_t generations = (uint64_t)stacks->machine->kernel->generation << 32 | space->generation;
	uint64_t hash = hash_words(words, n, generations * 8 + context * 2 + exact);
	struct entry *bucket = stacks->cache + 2 * (hash >> (64 - stacks->cache_bits)), old;
	uint64_t skipped = stacks->skipped;

	if (same(&bucket[0], hash, generations, words, n)) {
		stacks->cut += bucket[0].cut;
		/* The newest place is the one most likely to be in the processor's caches next time. */
		bucket[0].words = words;
		return bucket[0].stack;
	}
	old = bucket[0];
	if (same(&bucket[1], hash, generations, words, n)) {
		bucket[0] = bucket[1];
	} else {
		if (++stacks->cache_misses >> stacks->cache_bits && stacks->cache_bits < BITS_MAX) {
			grow_cache(stacks);
			bucket = stacks->cache + 2 * (hash >> (64 - stacks->cache_bits));
			old = bucket[0];
		}
		bucket[0] = (struct entry){ .hash = hash,
					    .generations = generations,
					    .n = n,
					    .stack = resolve(stacks, space, generations, words, n, context,
							     exact) };
		bucket[0].cut = stacks->skipped != skipped;
	}
	stacks->cut += bucket[0].cut;
	bucket[0].words = words;
	bucket[1] = old;
	return bucket[0].stack;
}

static struct cf_stack add_leaf(struct cf_perf_stacks *stacks, struct cf_perf_space *space,
				struct cf_stack caller, enum context context, uint64_t address,
				uint32_t **row)
{
	struct leaf *leaf;
	uint64_t hash;

	if (context == CONTEXT_KERNEL)
		space = stacks->machine->kernel;
	*row = &stacks->row;
	if (context != CONTEXT_USER && context != CONTEXT_KERNEL)
		return push(stacks, caller, function_at(stacks, space, context, address));
	hash = (address ^ (uint64_t)space->generation << 40) * MULTIPLIER;
	hash = (hash ^ hash >> 32 ^ caller.id) * MULTIPLIER;
	leaf = &stacks->leaves[hash >> (64 - stacks->leaf_bits)];
	if (leaf->address != address || leaf->generation != space->generation ||
	    leaf->caller.id != caller.id) {
		if (++stacks->leaf_misses >> stacks->leaf_bits > 1 && stacks->leaf_bits < BITS_MAX) {
			stacks->leaf_misses = 0;
			g_free(stacks->leaves);
			stacks->leaves = g_new0(struct leaf, (size_t)1 << ++stacks->leaf_bits);
			leaf = &stacks->leaves[hash >> (64 - stacks->leaf_bits)];
		}
		leaf->stack = push(stacks, caller, cf_perf_function(stacks->machine, space, address));
		leaf->address = address;
		leaf->generation = space->generation;
		leaf->caller = caller;
	}
	*row = &leaf->row;
	return leaf->stack;
}

struct cf_stack cf_perf_stacks_find(struct cf_perf_stacks *stacks, struct cf_perf_space *space,
				    unsigned cpumode, const struct cf_perf_sample *sample, uint32_t **row)
{
	enum context mode = context_of_mode(cpumode), context = CONTEXT_USER;
	const uint8_t *words = sample->chain;
	uint32_t n = MIN(sample->n_chain, FRAMES_MAX), at = 0;
	struct cf_stack caller = { 0 };
	bool exact = true;

	while (at < n && cf_u64(words + 8 * (size_t)at) >= MARKER_MIN)
		context = context_of_marker(cf_u64(words + 8 * (size_t)at++));
	/*
	 * The first entry is the leaf itself, but where the kernel's part or the user's was left out and the
	 * sample is in that part. The sample's own address then calls for it.
	 */
	if (at < n && context == mode) {
		at++;
		exact = false;
	}
	if (at < n)
		caller = callers(stacks, space, words + 8 * (size_t)at, n - at, context, exact);
	return add_leaf(stacks, space, caller, mode, sample->ip, row);
}
