/* SPDX-License-Identifier: MIT */
/* sequences: a typical trace of each important operation as a sequence diagram. */
#include "analyzers/architecture/view.h"

#include <string.h>

#include "analyzers/critical_path.h"
#include "core/hash.h"
#include "core/sequence.h"

#define DIAGRAMS 5
#define STEPS_MAX 80
/* Repeated groups of up to that many messages become loops. */
#define PERIOD_MAX 4

/* A call from one service to another. Messages come in the order of a walk: those it causes follow it. */
struct message {
	uint32_t from, to; /* participants */
	const char *text;
	gboolean async;
	unsigned marks;
	int64_t sum, n; /* of the durations of all that were merged into it */
	uint32_t size;  /* messages that it causes, with itself */
	uint32_t hash;  /* of all of them */
	uint32_t depth;
};

struct drawing {
	const struct cf_arch_view *view;
	struct cf_sequence *sequence;
	GArray *messages; /* struct message */
	uint8_t *on_path; /* by span */
};

static struct message *message_at(const struct drawing *d, uint32_t i)
{
	return &g_array_index(d->messages, struct message, i);
}

static const char *text_of(const struct drawing *d, struct cf_str str)
{
	return cf_dict_text(d->view->profile->trace->dict, str);
}

static uint32_t participant(const struct drawing *d, const char *name, enum cf_party kind)
{
	return cf_sequence_participant(d->sequence, *name ? name : "[unnamed service]", NULL, kind);
}

static enum cf_party party_of(const struct drawing *d, const char *name)
{
	const struct cf_architecture *arch = d->view->arch;

	for (guint i = 0; i < arch->parts->len; i++)
		if (!strcmp(cf_arch_part_at(arch, i)->name, name))
			return cf_arch_part_at(arch, i)->kind;
	return CF_PARTY_EXTERNAL;
}

static void add_message(struct drawing *d, uint32_t number, uint32_t from, uint32_t to, uint32_t depth)
{
	const struct cf_span *span = cf_span_at(&d->view->forest, number);
	struct message message = { .from = from,
				   .to = to,
				   .text = text_of(d, span->name),
				   .async = !cf_span_is_synchronous(span) || span->kind == CF_SPAN_PRODUCER,
				   .sum = span->duration_ns,
				   .n = 1,
				   .depth = depth };

	if (span->status == CF_SPAN_ERROR)
		message.marks |= CF_MARK_FAILED;
	if (d->on_path[number])
		message.marks |= CF_MARK_HIGHLIGHT;
	g_array_append_val(d->messages, message);
}

/* A span on the way down, with the number of messages around it. */
struct visit {
	uint32_t number, depth;
};

static gboolean is_answered(const struct cf_span_forest *forest, uint32_t number)
{
	for (uint32_t i = forest->first[number]; i < forest->first[number + 1]; i++)
		if (cf_span_at(forest, forest->children[i])->service.id !=
		    cf_span_at(forest, number)->service.id)
			return TRUE;
	return FALSE;
}

/* Spans within a service are its own business; what leaves it is a message. */
static void find_messages(struct drawing *d, uint32_t root)
{
	const struct cf_span_forest *forest = &d->view->forest;
	g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(struct visit));
	struct visit visit = { root, 0 };

	g_array_append_val(stack, visit);
	while (stack->len) {
		const struct cf_span *span;
		uint32_t up, to, depth;
		const char *peer;

		visit = g_array_index(stack, struct visit, stack->len - 1);
		g_array_set_size(stack, stack->len - 1);
		span = cf_span_at(forest, visit.number);
		up = visit.number == root ? 0 : forest->parent[visit.number];
		to = participant(d, text_of(d, span->service), CF_PARTY_SERVICE);
		depth = visit.depth;
		if (up && cf_span_at(forest, up)->service.id != span->service.id)
			add_message(
				d, visit.number,
				participant(d, text_of(d, cf_span_at(forest, up)->service), CF_PARTY_SERVICE),
				to, depth++);
		peer = text_of(d, span->peer);
		if (*peer && !is_answered(forest, visit.number))
			add_message(d, visit.number, to, participant(d, peer, party_of(d, peer)), depth);
		for (uint32_t i = forest->first[visit.number + 1]; i-- > forest->first[visit.number];) {
			const struct visit child = { forest->children[i], depth };

			g_array_append_val(stack, child);
		}
	}
}

/* Sizes and hashes from the end, where the causes of all that follow are known. */
static void measure(struct drawing *d)
{
	for (uint32_t i = d->messages->len; i-- > 0;) {
		struct message *m = message_at(d, i);

		m->size = 1;
		m->hash = cf_hash((uint64_t)m->from << 32 | m->to, cf_str_hash(m->text) + m->async);
		for (uint32_t k = i + 1; k < d->messages->len && message_at(d, k)->depth > m->depth;
		     k += message_at(d, k)->size) {
			m->hash = cf_hash(m->hash, message_at(d, k)->hash);
			m->size += message_at(d, k)->size;
		}
	}
}

/* --- loops ---------------------------------------------------------------------------------------------- */

/* The same messages with the same texts, whatever they took. */
static gboolean is_same(const struct drawing *d, uint32_t a, uint32_t b)
{
	const struct message *x = message_at(d, a), *y = message_at(d, b);

	if (x->hash != y->hash || x->size != y->size)
		return FALSE;
	for (uint32_t i = 0; i < x->size; i++) {
		const struct message *p = message_at(d, a + i), *q = message_at(d, b + i);

		if (p->from != q->from || p->to != q->to || p->async != q->async ||
		    strcmp(p->text, q->text) != 0 || p->depth - x->depth != q->depth - y->depth)
			return FALSE;
	}
	return TRUE;
}

/* How often the period messages at list[at] are repeated. */
static guint repetitions(const struct drawing *d, const GArray *list, guint at, guint period)
{
	guint times = 1;

	for (guint next = at + period; next + period <= list->len; next += period, times++)
		for (guint i = 0; i < period; i++)
			if (!is_same(d, g_array_index(list, uint32_t, at + i),
				     g_array_index(list, uint32_t, next + i)))
				return times;
	return times;
}

/* Adds what later rounds took to the first one. */
static void merge(struct drawing *d, uint32_t into, uint32_t from)
{
	for (uint32_t i = 0; i < message_at(d, into)->size; i++) {
		struct message *a = message_at(d, into + i);
		const struct message *b = message_at(d, from + i);

		cf_sum(&a->sum, b->sum);
		a->n += b->n;
		a->marks |= b->marks;
	}
}

enum task_kind { TASK_LIST, TASK_MESSAGE, TASK_RETURN, TASK_END };
struct task {
	enum task_kind kind;
	uint32_t from, to; /* TASK_LIST: messages[from] up to messages[to - 1]; else from */
	int64_t times;
};

static void push(GArray *tasks, enum task_kind kind, uint32_t from, uint32_t to, int64_t times)
{
	const struct task task = { kind, from, to, times };

	g_array_append_val(tasks, task);
}

/* Takes the first messages off a list: as a loop when they are repeated. Tasks are done from the last one. */
static void begin_list(struct drawing *d, GArray *tasks, uint32_t from, uint32_t to)
{
	g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	guint period = 1, times = 1;
	uint32_t next;
	gboolean loop;

	for (uint32_t i = from; i < to; i += message_at(d, i)->size)
		g_array_append_val(list, i);
	if (!list->len)
		return;
	for (guint p = 1; p <= PERIOD_MAX && p * 2 <= list->len; p++) {
		guint n = repetitions(d, list, 0, p);

		if (n > 1 && n * p > times * period) {
			period = p;
			times = n;
		}
	}
	for (guint k = period; k < period * times; k++)
		merge(d, g_array_index(list, uint32_t, k % period), g_array_index(list, uint32_t, k));
	next = period * times < list->len ? g_array_index(list, uint32_t, period * times) : to;
	if (next < to)
		push(tasks, TASK_LIST, next, to, 1);
	loop = times > 1 && (period > 1 || message_at(d, from)->size > 1);
	if (loop) {
		cf_sequence_begin(d->sequence, NULL, times);
		push(tasks, TASK_END, 0, 0, 1);
	}
	for (guint k = period; k-- > 0;)
		push(tasks, TASK_MESSAGE, g_array_index(list, uint32_t, k), 0, loop ? 1 : times);
}

static void add_step(struct drawing *d, GArray *tasks, const struct task *task)
{
	const struct message *m = message_at(d, task->from);
	const struct cf_step step = { .kind = m->async ? CF_STEP_ASYNC : CF_STEP_CALL,
				      .from = m->from,
				      .to = m->to,
				      .text = m->text,
				      .count = task->times,
				      .duration = d->view->structure ? -1 : m->sum / m->n,
				      .marks = d->view->structure ? 0 : m->marks };

	cf_sequence_add(d->sequence, &step);
	if (m->size > 1 && !m->async)
		push(tasks, TASK_RETURN, task->from, 0, 1);
	push(tasks, TASK_LIST, task->from + 1, task->from + m->size, 1);
}

static void add_steps(struct drawing *d)
{
	g_autoptr(GArray) tasks = g_array_new(FALSE, FALSE, sizeof(struct task));
	guint depth = 0;

	push(tasks, TASK_LIST, 0, d->messages->len, 1);
	while (tasks->len) {
		const struct task task = g_array_index(tasks, struct task, tasks->len - 1);
		guint steps = d->sequence->steps->len;
		gboolean full = steps > STEPS_MAX;

		g_array_set_size(tasks, tasks->len - 1);
		if (task.kind == TASK_END) {
			cf_sequence_end(d->sequence);
			depth--;
		} else if (full) {
			continue;
		} else if (task.kind == TASK_LIST) {
			begin_list(d, tasks, task.from, task.to);
			depth += d->sequence->steps->len > steps;
		} else if (task.kind == TASK_MESSAGE) {
			add_step(d, tasks, &task);
		} else {
			const struct message *m = message_at(d, task.from);
			const struct cf_step step = {
				.kind = CF_STEP_RETURN, .from = m->to, .to = m->from, .duration = -1
			};

			cf_sequence_add(d->sequence, &step);
		}
	}
	g_assert(!depth);
}

/* --- the traces ----------------------------------------------------------------------------------------- */

/* Roots with one operation. */
struct operation {
	struct cf_str service, name;
	int64_t sum;
	GArray *roots; /* uint32_t */
};

static gint by_duration(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_span_forest *forest = data;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int64_t p = cf_span_at(forest, x)->duration_ns, q = cf_span_at(forest, y)->duration_ns;

	if (p != q)
		return p < q ? -1 : 1;
	return (x > y) - (x < y);
}

static gint by_sum(gconstpointer a, gconstpointer b, gpointer dict)
{
	const struct operation *x = a, *y = b;
	int order = (x->sum < y->sum) - (x->sum > y->sum);

	if (!order)
		order = strcmp(cf_dict_text(dict, x->service), cf_dict_text(dict, y->service));
	return order ? order : strcmp(cf_dict_text(dict, x->name), cf_dict_text(dict, y->name));
}

static void operation_clear(gpointer data)
{
	g_array_unref(((struct operation *)data)->roots);
}

/* Caller frees with g_array_unref. */
static GArray *operations_of(const struct cf_arch_view *view)
{
	GArray *operations = g_array_new(FALSE, FALSE, sizeof(struct operation));
	g_autoptr(GHashTable) index = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

	g_array_set_clear_func(operations, operation_clear);
	for (uint32_t number = 1; number <= view->forest.n; number++) {
		const struct cf_span *span = cf_span_at(&view->forest, number);
		uint64_t key = (uint64_t)span->service.id << 32 | span->name.id;
		gpointer at;
		struct operation *operation;

		if (view->forest.parent[number])
			continue;
		at = g_hash_table_lookup(index, &key);
		if (!at) {
			const struct operation fresh = { span->service, span->name, 0,
							 g_array_new(FALSE, FALSE, sizeof(uint32_t)) };

			g_array_append_val(operations, fresh);
			at = GUINT_TO_POINTER(operations->len);
			g_hash_table_insert(index, g_memdup2(&key, sizeof(key)), at);
		}
		operation = &g_array_index(operations, struct operation, GPOINTER_TO_UINT(at) - 1);
		cf_sum(&operation->sum, span->duration_ns);
		g_array_append_val(operation->roots, number);
	}
	g_array_sort_with_data(operations, by_sum, view->profile->trace->dict);
	return operations;
}

static void mark_path(struct drawing *d, const GArray *path, uint8_t mark)
{
	for (guint i = 0; i < path->len; i++)
		d->on_path[g_array_index(path, struct cf_path_piece, i).span] = mark;
}

/* That everything is on the critical path says nothing of any message. */
static void unmark_all(struct drawing *d)
{
	for (guint i = 0; i < d->messages->len; i++)
		if (!(message_at(d, i)->marks & CF_MARK_HIGHLIGHT))
			return;
	for (guint i = 0; i < d->messages->len; i++)
		message_at(d, i)->marks &= ~(unsigned)CF_MARK_HIGHLIGHT;
}

/* FALSE: the trace never leaves its service. */
static gboolean present_operation(const struct cf_arch_view *view, const struct operation *operation,
				  uint8_t *on_path)
{
	struct drawing d = { .view = view,
			     .sequence = cf_sequence_new(CF_UNIT_NS),
			     .messages = g_array_new(FALSE, FALSE, sizeof(struct message)),
			     .on_path = on_path };
	g_autoptr(GArray) path = NULL;
	uint32_t root;
	g_autofree char *caption = NULL, *duration = NULL;
	gboolean any;

	g_array_sort_with_data(operation->roots, by_duration, (gpointer)&view->forest);
	root = g_array_index(operation->roots, uint32_t, (operation->roots->len - 1) / 2);
	path = cf_critical_path(&view->forest, root);
	mark_path(&d, path, 1);
	find_messages(&d, root);
	any = d.messages->len > 0;
	unmark_all(&d);
	measure(&d);
	if (any) {
		guint all = d.messages->len;

		add_steps(&d);
		if (d.sequence->steps->len > STEPS_MAX)
			d.sequence->note = g_strdup_printf("the beginning of a trace with %u calls", all);
		duration = cf_unit_text_i64(CF_UNIT_NS, cf_span_at(&view->forest, root)->duration_ns);
		caption = view->structure
				  ? g_strdup_printf("%s %s", text_of(&d, operation->service),
						    text_of(&d, operation->name))
				  : g_strdup_printf("%s %s: the median of %u trace%s, %s",
						    text_of(&d, operation->service),
						    text_of(&d, operation->name), operation->roots->len,
						    operation->roots->len == 1 ? "" : "s", duration);
		cf_doc_sequence(view->analysis->doc, view->at, "sequence", caption, d.sequence);
	} else {
		cf_sequence_free(d.sequence);
	}
	mark_path(&d, path, 0);
	g_array_unref(d.messages);
	return any;
}

void cf_arch_present_sequences(const struct cf_arch_view *view)
{
	g_autoptr(GArray) operations = operations_of(view);
	g_autofree uint8_t *on_path = g_new0(uint8_t, (size_t)view->forest.n + 1);
	guint most = view->limit ? (guint)MIN(view->limit, DIAGRAMS) : operations->len, shown = 0, within = 0,
	      i;

	for (i = 0; i < operations->len && shown < most; i++) {
		if (present_operation(view, &g_array_index(operations, struct operation, i), on_path))
			shown++;
		else
			within++;
	}
	if (within)
		cf_doc_para(view->analysis->doc, view->at, "%u operation%s one service: nothing to draw.",
			    within, within == 1 ? " stays within" : "s stay within");
	if (i < operations->len)
		cf_doc_para(view->analysis->doc, view->at, "%u more operations take less time.",
			    operations->len - i);
}
