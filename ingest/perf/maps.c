/* SPDX-License-Identifier: MIT */
/* maps: follows forks, names and mappings, so that an address of a thread at a time means a function. */
#include "ingest/perf/maps.h"

#include <string.h>

/* Copying and shifting this many maps takes seconds; recordings of busy machines take a thousandth. */
#define WORK_MAX (UINT64_C(1) << 30)
/* So many maps at a time take half a gigabyte; 100,000 processes of a large build have a fifth of them. */
#define LIVE_MAX (UINT64_C(1) << 24)
/* More addresses outside every map than this aren't remembered one by one. */
#define HOLES_MAX 256

/* Small enough to stay in the processor's caches: most frames are of few functions. */
#define ANSWER_BITS 14

struct cf_perf_answer {
	uint64_t address;
	uint32_t generation; /* 0: free */
	struct cf_func func;
};

/* --- address spaces ------------------------------------------------------------------------------------- */

static struct cf_perf_space *space_new(struct cf_perf_machine *machine)
{
	struct cf_perf_space *space = g_new0(struct cf_perf_space, 1);

	space->refs = 1;
	space->live = &machine->live;
	space->generation = ++machine->generations;
	return space;
}

static void forget_answers(struct cf_perf_space *space)
{
	space->asked = FALSE;
	g_clear_pointer(&space->holes, g_array_unref);
}

static void space_unref(struct cf_perf_space *space)
{
	if (--space->refs > 0)
		return;
	forget_answers(space);
	*space->live -= space->n;
	g_free(space->maps);
	g_free(space);
}

static struct cf_perf_space *space_ref(struct cf_perf_space *space)
{
	space->refs++;
	return space;
}

/* The first map that ends after address. */
static uint32_t first_after(const struct cf_perf_space *space, uint64_t address)
{
	uint32_t low = 0, high = space->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (space->maps[middle].end > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Makes *space a copy that nobody else uses. */
static void make_own(struct cf_perf_machine *machine, struct cf_perf_space **space)
{
	struct cf_perf_space *old = *space, *own;

	if (old->refs == 1)
		return;
	own = space_new(machine);
	own->n = old->n;
	own->room = old->n + 8;
	own->maps = g_new(struct cf_perf_map, own->room);
	if (old->n > 0)
		memcpy(own->maps, old->maps, old->n * sizeof(*old->maps));
	machine->work += old->n;
	machine->live += old->n;
	space_unref(old);
	*space = own;
}

/* Whether a function that was found could be another after map is put in. */
static gboolean changes_answers(const struct cf_perf_space *space, const struct cf_perf_map *map)
{
	uint32_t at = first_after(space, map->start);

	if (!space->asked)
		return FALSE;
	if (at < space->n && space->maps[at].start < map->end)
		return TRUE;
	if (!space->holes)
		return FALSE;
	if (space->holes->len >= HOLES_MAX)
		return TRUE;
	for (guint i = 0; i < space->holes->len; i++) {
		uint64_t hole = g_array_index(space->holes, uint64_t, i);

		if (hole >= map->start && hole < map->end)
			return TRUE;
	}
	return FALSE;
}

int cf_perf_machine_map(struct cf_perf_machine *machine, struct cf_perf_space **where,
			const struct cf_perf_map *map)
{
	struct cf_perf_space *space;
	struct cf_perf_map pieces[3];
	uint32_t first, last, n = 0;

	if (map->start >= map->end)
		return 0;
	make_own(machine, where);
	space = *where;
	if (changes_answers(space, map)) {
		space->generation = ++machine->generations;
		forget_answers(space);
	}
	/* What sticks out on the left and on the right of the maps that it covers stays. */
	first = last = first_after(space, map->start);
	while (last < space->n && space->maps[last].start < map->end)
		last++;
	if (first < last && space->maps[first].start < map->start) {
		pieces[n] = space->maps[first];
		pieces[n++].end = map->start;
	}
	pieces[n++] = *map;
	if (first < last && space->maps[last - 1].end > map->end) {
		pieces[n] = space->maps[last - 1];
		pieces[n].pgoff += map->end - pieces[n].start;
		pieces[n++].start = map->end;
	}
	if (space->n + 2 > space->room) {
		space->room = space->room + space->room / 2 + 8;
		space->maps = g_renew(struct cf_perf_map, space->maps, space->room);
	}
	memmove(space->maps + first + n, space->maps + last, (space->n - last) * sizeof(*space->maps));
	memcpy(space->maps + first, pieces, n * sizeof(*pieces));
	machine->work += space->n - first;
	space->n += n - (last - first);
	machine->live += (uint64_t)n - (last - first);
	return machine->work > WORK_MAX || machine->live > LIVE_MAX ? -1 : 0;
}

/* --- functions ------------------------------------------------------------------------------------------ */

static struct cf_perf_address *slot_of(const struct cf_perf_module *module, uint64_t address)
{
	uint32_t pos = cf_hash(address, 0) & module->mask;

	while (module->slots[pos].func.id && module->slots[pos].address != address)
		pos = (pos + 1) & module->mask;
	return &module->slots[pos];
}

static void grow(struct cf_perf_module *module)
{
	struct cf_perf_address *old = module->slots;
	uint32_t n = old ? module->mask + 1 : 0;

	module->mask = n ? 2 * n - 1 : 63;
	module->slots = g_new0(struct cf_perf_address, (size_t)module->mask + 1);
	for (uint32_t i = 0; i < n; i++)
		if (old[i].func.id)
			*slot_of(module, old[i].address) = old[i];
	g_free(old);
}

struct cf_perf_module *cf_perf_machine_module(struct cf_perf_machine *machine, struct cf_dso *dso,
					      bool by_offset)
{
	uint32_t hash = cf_hash((uintptr_t)dso, 0), pos, id;
	struct cf_perf_module *module;

	for (pos = hash; (id = cf_table_next(&machine->module_index, hash, &pos)) != 0;) {
		module = g_ptr_array_index(machine->modules, id - 1);
		if (module->dso == dso)
			return module;
	}
	module = g_new0(struct cf_perf_module, 1);
	module->dso = dso;
	module->by_offset = by_offset;
	g_ptr_array_add(machine->modules, module);
	cf_table_add(&machine->module_index, hash, machine->modules->len);
	return module;
}

/* Each address of a module is asked for once. */
static struct cf_func ask_module(struct cf_perf_module *module, uint64_t address)
{
	struct cf_perf_address *slot;

	if (module->used >= module->mask / 2)
		grow(module);
	slot = slot_of(module, address);
	if (!slot->func.id) {
		slot->address = address;
		slot->func = cf_symbols_function(module->dso, address);
		module->used++;
	}
	return slot->func;
}

static struct cf_func find_function(struct cf_perf_machine *machine, struct cf_perf_space *space,
				    uint64_t address)
{
	uint32_t at = first_after(space, address);
	const struct cf_perf_map *map = at < space->n ? &space->maps[at] : NULL;

	space->asked = TRUE;
	if (map && map->start <= address)
		return ask_module(map->module,
				  map->module->by_offset ? address - map->start + map->pgoff : address);
	if (!space->holes)
		space->holes = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	if (space->holes->len < HOLES_MAX)
		g_array_append_val(space->holes, address);
	/* Those of the kernel too, as perf files them. */
	return cf_symbols_unmapped(machine->symbols, FALSE);
}

struct cf_func cf_perf_function(struct cf_perf_machine *machine, struct cf_perf_space *space,
				uint64_t address)
{
	struct cf_perf_answer *answer =
		&machine->answers[cf_hash(address, space->generation) >> (32 - ANSWER_BITS)];

	if (answer->address != address || answer->generation != space->generation) {
		answer->func = find_function(machine, space, address);
		answer->address = address;
		answer->generation = space->generation;
	}
	return answer->func;
}

/* --- threads -------------------------------------------------------------------------------------------- */

static struct cf_perf_process *process_new(struct cf_perf_machine *machine)
{
	struct cf_perf_process *process = g_new0(struct cf_perf_process, 1);

	process->refs = 1;
	process->space = space_new(machine);
	return process;
}

static struct cf_perf_process *process_ref(struct cf_perf_process *process)
{
	process->refs++;
	return process;
}

static void process_unref(struct cf_perf_process *process)
{
	if (!process || --process->refs > 0)
		return;
	space_unref(process->space);
	g_free(process);
}

static struct cf_perf_thread *find_thread(struct cf_perf_machine *machine, int32_t tid)
{
	uint32_t hash = cf_hash((uint32_t)tid, 1), pos, id;

	if (machine->last && machine->last->tid == tid)
		return machine->last;
	for (pos = hash; (id = cf_table_next(&machine->index, hash, &pos)) != 0;) {
		struct cf_perf_thread *thread = g_ptr_array_index(machine->threads, id - 1);

		if (thread->tid == tid)
			return machine->last = thread;
	}
	return NULL;
}

/* Samples that waited for a name get the one the thread has. */
static void flush_unnamed(struct cf_perf_machine *machine, struct cf_perf_thread *thread)
{
	g_autoptr(GArray) samples = g_steal_pointer(&thread->unnamed);

	for (guint i = 0; samples && i < samples->len; i++)
		cf_perf_machine_sample(machine, thread,
				       (int32_t)g_array_index(samples, struct cf_sample, i).thread.id,
				       &g_array_index(samples, struct cf_sample, i), &(uint32_t){ 0 });
}

static void start_thread(struct cf_perf_machine *machine, struct cf_perf_thread *thread, int32_t pid)
{
	char comm[16];

	g_snprintf(comm, sizeof(comm), ":%d", thread->tid);
	thread->pid = pid;
	thread->comm = cf_dict_str(machine->trace->dict, comm, -1);
	thread->named = thread->has_handle = FALSE;
	if (pid == thread->tid || pid == -1)
		thread->process = process_new(machine);
	else
		thread->process = process_ref(cf_perf_machine_thread(machine, pid, pid)->process);
}

/* The task ended unseen and its number is used again. */
static void restart_thread(struct cf_perf_machine *machine, struct cf_perf_thread *thread, int32_t pid)
{
	struct cf_perf_process *old = thread->process;

	thread->named = TRUE;
	flush_unnamed(machine, thread);
	start_thread(machine, thread, pid);
	process_unref(old);
}

struct cf_perf_thread *cf_perf_machine_thread(struct cf_perf_machine *machine, int32_t pid, int32_t tid)
{
	struct cf_perf_thread *thread = find_thread(machine, tid);

	if (!thread) {
		thread = g_new0(struct cf_perf_thread, 1);
		thread->tid = tid;
		g_ptr_array_add(machine->threads, thread);
		cf_table_add(&machine->index, cf_hash((uint32_t)tid, 1), machine->threads->len);
		start_thread(machine, thread, pid);
		return machine->last = thread;
	}
	if (thread->pid == -1 && pid != -1) {
		thread->pid = pid;
		if (pid != tid) {
			struct cf_perf_process *old = thread->process;

			thread->process = process_ref(cf_perf_machine_thread(machine, pid, pid)->process);
			process_unref(old);
			machine->last = thread;
		}
	}
	return thread;
}

void cf_perf_machine_fork(struct cf_perf_machine *machine, int32_t pid, int32_t ppid, int32_t tid,
			  int32_t ptid, gboolean clone)
{
	struct cf_perf_thread *thread = find_thread(machine, tid);
	struct cf_perf_thread *parent = cf_perf_machine_thread(machine, ppid, ptid);

	/* The parent's number may have been that of a task whose end was lost. */
	if (parent->pid != ppid)
		restart_thread(machine, parent, ppid);
	if (thread && thread != parent)
		restart_thread(machine, thread, pid);
	else
		thread = cf_perf_machine_thread(machine, pid, tid);
	if (thread == parent)
		return;
	if (parent->named)
		cf_perf_machine_comm(machine, thread, cf_dict_text(machine->trace->dict, parent->comm),
				     FALSE);
	if (thread->pid == parent->pid || !clone || thread->process == parent->process)
		return;
	space_unref(thread->process->space);
	thread->process->space = space_ref(parent->process->space);
}

void cf_perf_machine_comm(struct cf_perf_machine *machine, struct cf_perf_thread *thread, const char *comm,
			  gboolean exec)
{
	thread->comm = cf_dict_str(machine->trace->dict, comm, -1);
	thread->has_handle = FALSE;
	if (!thread->named) {
		thread->named = TRUE;
		flush_unnamed(machine, thread);
	}
	if (exec) {
		space_unref(thread->process->space);
		thread->process->space = space_new(machine);
	}
}

void cf_perf_machine_sample(struct cf_perf_machine *machine, struct cf_perf_thread *thread, int32_t pid,
			    struct cf_sample *sample, uint32_t *row)
{
	if (!thread->named) {
		/* perf gives the samples before the first name that name too, so they wait; pid waits in
		 * thread. */
		if (!thread->unnamed)
			thread->unnamed = g_array_new(FALSE, FALSE, sizeof(struct cf_sample));
		sample->thread.id = (uint32_t)pid;
		g_array_append_vals(thread->unnamed, sample, 1);
		return;
	}
	if (!thread->has_handle || thread->handle_pid != pid) {
		thread->handle = cf_trace_thread(machine->trace, pid, thread->tid,
						 cf_dict_text(machine->trace->dict, thread->comm));
		thread->handle_pid = pid;
		thread->has_handle = TRUE;
	}
	sample->thread = thread->handle;
	cf_trace_sample_at(machine->trace, sample, row, &thread->cost_row);
}

/* --- the machine ---------------------------------------------------------------------------------------- */

void cf_perf_machine_init(struct cf_perf_machine *machine, struct cf_trace *trace)
{
	*machine = (struct cf_perf_machine){ .trace = trace };
	machine->threads = g_ptr_array_new();
	machine->modules = g_ptr_array_new();
	machine->answers = g_new0(struct cf_perf_answer, (size_t)1 << ANSWER_BITS);
	machine->kernel = space_new(machine);
	cf_perf_machine_comm(machine, cf_perf_machine_thread(machine, 0, 0), "swapper", FALSE);
}

void cf_perf_machine_finish(struct cf_perf_machine *machine)
{
	for (guint i = 0; i < machine->threads->len; i++) {
		struct cf_perf_thread *thread = g_ptr_array_index(machine->threads, i);

		thread->named = TRUE;
		flush_unnamed(machine, thread);
	}
}

void cf_perf_machine_release(struct cf_perf_machine *machine)
{
	for (guint i = 0; i < machine->threads->len; i++) {
		struct cf_perf_thread *thread = g_ptr_array_index(machine->threads, i);

		process_unref(thread->process);
		if (thread->unnamed)
			g_array_unref(thread->unnamed);
		g_free(thread);
	}
	g_ptr_array_unref(machine->threads);
	for (guint i = 0; i < machine->modules->len; i++) {
		struct cf_perf_module *module = g_ptr_array_index(machine->modules, i);

		g_free(module->slots);
		g_free(module);
	}
	g_ptr_array_unref(machine->modules);
	g_free(machine->answers);
	space_unref(machine->kernel);
	cf_table_release(&machine->index);
	cf_table_release(&machine->module_index);
}
