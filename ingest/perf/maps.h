/* SPDX-License-Identifier: MIT */
/* maps: processes, their threads and what is mapped into their address spaces. */
#ifndef CF_INGEST_PERF_MAPS_H
#define CF_INGEST_PERF_MAPS_H

#include <stdbool.h>

#include "core/table.h"
#include "ingest/perf/symbols.h"

/* A module with the functions at those of its addresses that were asked for. */
struct cf_perf_module {
	struct cf_dso *dso;
	bool by_offset; /* its addresses are file offsets, else those of the process */
	struct cf_perf_address {
		uint64_t address;
		struct cf_func func; /* id 0: free slot */
	} * slots;
	uint32_t mask, used;
};

struct cf_perf_map {
	uint64_t start, end; /* end exclusive */
	uint64_t pgoff;
	struct cf_perf_module *module;
};

/*
 * An address space. It is shared by the processes that came out of one another by fork, until one of them
 * maps something. While the generation stays the same, so does the function at each address.
 */
struct cf_perf_space {
	unsigned refs;
	uint32_t generation;      /* from 1 */
	struct cf_perf_map *maps; /* by start, none overlaps another */
	uint32_t n, room;
	gboolean asked; /* functions were asked for in this generation */
	GArray *holes;  /* uint64_t: addresses asked for that were outside every map; NULL for none */
	uint64_t *live; /* the machine's */
};

/* Threads of one process share this. */
struct cf_perf_process {
	unsigned refs;
	struct cf_perf_space *space;
};

struct cf_perf_thread {
	int32_t pid, tid; /* pid -1: not known yet */
	struct cf_str comm;
	gboolean named; /* comm is from the recording, not made from the tid */
	struct cf_perf_process *process;
	struct cf_thread handle; /* in the trace, for handle_pid and the present comm */
	int32_t handle_pid;
	gboolean has_handle;
	uint32_t cost_row; /* of the trace, where its last sample went */
	GArray *unnamed;   /* struct cf_sample taken before the thread had a name; NULL for none */
};

struct cf_perf_machine {
	struct cf_trace *trace;
	struct cf_symbols *symbols; /* borrowed; set before the first map or address */
	GPtrArray *threads;         /* struct cf_perf_thread *, in order of appearance */
	struct cf_table index;      /* by tid */
	struct cf_perf_thread *last;
	struct cf_perf_space *kernel;
	GPtrArray *modules; /* struct cf_perf_module * */
	struct cf_table module_index;
	struct cf_perf_answer *answers; /* the functions asked for lately */
	uint32_t generations;
	uint64_t work; /* maps moved or copied so far */
	uint64_t live; /* maps in all address spaces */
};

void cf_perf_machine_init(struct cf_perf_machine *machine, struct cf_trace *trace);
/* Samples of threads that never got a name go to the trace. */
void cf_perf_machine_finish(struct cf_perf_machine *machine);
void cf_perf_machine_release(struct cf_perf_machine *machine);

/* The thread of this tid, made when it isn't known. pid -1: any. */
struct cf_perf_thread *cf_perf_machine_thread(struct cf_perf_machine *machine, int32_t pid, int32_t tid);
/* clone: the new process gets what its parent has mapped. */
void cf_perf_machine_fork(struct cf_perf_machine *machine, int32_t pid, int32_t ppid, int32_t tid,
			  int32_t ptid, gboolean clone);
void cf_perf_machine_comm(struct cf_perf_machine *machine, struct cf_perf_thread *thread, const char *comm,
			  gboolean exec);
/* The module of a dso. */
struct cf_perf_module *cf_perf_machine_module(struct cf_perf_machine *machine, struct cf_dso *dso,
					      bool by_offset);
/* Maps on top of what is there. -1: the maps of this recording take more work than any real one. */
int cf_perf_machine_map(struct cf_perf_machine *machine, struct cf_perf_space **space,
			const struct cf_perf_map *map);

/* The function at address. */
struct cf_func cf_perf_function(struct cf_perf_machine *machine, struct cf_perf_space *space,
				uint64_t address);

/*
 * Adds a sample under the thread's name, now or once it has one. sample->thread isn't looked at. row: as of
 * cf_trace_sample_at.
 */
void cf_perf_machine_sample(struct cf_perf_machine *machine, struct cf_perf_thread *thread, int32_t pid,
			    struct cf_sample *sample, uint32_t *row);

#endif
