/* SPDX-License-Identifier: MIT */
/* culprit_source: what a profile knows of a function's source: where it is, what it calls, what is inlined into it. */
#include "analyzers/culprit_source.h"

#include <string.h>

#define CALLEES_MOST 50
#define SHARE_LEAST 0.01

struct finder {
	const struct cf_trace *trace;
	gboolean *target; /* per function */
	double *weight;   /* per function: of what the target calls */
	gboolean *inlined;
	double whole;
};

/* Is it one of the copies? Names are made canonical once each. */
static void mark_targets(struct finder *f, const char *function, const char *module)
{
	const struct cf_dict *dict = f->trace->dict;

	for (uint32_t i = 1; i < cf_dict_funcs(dict); i++) {
		const struct cf_func func = { i };
		g_autofree char *canonical = NULL;

		if (module && strcmp(cf_dict_func_module(dict, func), module) != 0)
			continue;
		/* A canonical name is the beginning of the name: most are told apart without being made. */
		if (strncmp(cf_dict_func_name(dict, func), function, 1) != 0)
			continue;
		canonical = cf_canonical_name(cf_dict_func_name(dict, func));
		f->target[i] = strcmp(canonical, function) == 0;
	}
}

/*
 * What stands directly below the innermost frame of the target, and below that as long as it was inlined: such code is part
 * of the target's own.
 */
static void add_stack(struct finder *f, const struct cf_stack_cost *cost)
{
	const struct cf_dict *dict = f->trace->dict;
	struct cf_stack stack = cost->stack;
	struct cf_stack chain[64];
	size_t n = 0;

	for (; stack.id; stack = cf_dict_stack_info(dict, stack).caller) {
		if (f->target[cf_dict_stack_info(dict, stack).func.id])
			break;
		/* Only those nearest to the target are wanted, so older ones are let go. */
		chain[n++ % G_N_ELEMENTS(chain)] = stack;
	}
	if (!stack.id)
		return;
	f->whole += (double)cost->weight;
	for (size_t i = 0; i < MIN(n, G_N_ELEMENTS(chain)); i++) {
		struct cf_stack_info info =
			cf_dict_stack_info(dict, chain[(n - 1 - i) % G_N_ELEMENTS(chain)]);

		f->weight[info.func.id] += (double)cost->weight;
		f->inlined[info.func.id] = f->inlined[info.func.id] || info.kind == CF_FRAME_INLINED;
		if (info.kind != CF_FRAME_INLINED)
			break;
	}
}

static void add_calls(struct finder *f)
{
	for (guint i = 0; i < f->trace->calls->len; i++) {
		const struct cf_call_cost *call = &g_array_index(f->trace->calls, struct cf_call_cost, i);

		if (!f->target[call->caller.id] || f->target[call->callee.id])
			continue;
		f->weight[call->callee.id] += (double)call->weight;
		f->whole += (double)call->weight;
	}
}

static const struct cf_symbol *symbol_of(const struct cf_trace *trace, uint32_t func)
{
	for (guint i = 0; i < trace->symbols->len; i++) {
		const struct cf_symbol *symbol = &g_array_index(trace->symbols, struct cf_symbol, i);

		if (symbol->func.id == func)
			return symbol;
	}
	return NULL;
}

static gint by_share(gconstpointer a, gconstpointer b)
{
	const struct cf_culprit_callee *x = a, *y = b;

	if (x->share != y->share)
		return x->share > y->share ? -1 : 1;
	return strcmp(x->function, y->function);
}

static void collect(const struct finder *f, struct cf_culprit_source *source)
{
	const struct cf_dict *dict = f->trace->dict;

	for (uint32_t i = 1; i < cf_dict_funcs(dict); i++) {
		const struct cf_symbol *symbol;
		struct cf_culprit_callee callee;

		if (!(f->weight[i] > 0) || f->weight[i] < f->whole * SHARE_LEAST)
			continue;
		symbol = symbol_of(f->trace, i);
		callee = (struct cf_culprit_callee){ cf_dict_func_name(dict, (struct cf_func){ i }),
						     symbol ? cf_dict_text(dict, symbol->file) : NULL,
						     f->inlined[i], f->weight[i] / f->whole };
		g_array_append_val(source->callees, callee);
	}
	g_array_sort(source->callees, by_share);
	if (source->callees->len > CALLEES_MOST)
		g_array_set_size(source->callees, CALLEES_MOST);
}

static void place(const struct finder *f, struct cf_culprit_source *source)
{
	for (uint32_t i = 1; i < cf_dict_funcs(f->trace->dict); i++) {
		const struct cf_symbol *symbol = f->target[i] ? symbol_of(f->trace, i) : NULL;

		if (symbol && *cf_dict_text(f->trace->dict, symbol->file)) {
			source->subject.file = cf_dict_text(f->trace->dict, symbol->file);
			source->subject.line = symbol->line;
			return;
		}
	}
}

void cf_culprit_source_find(struct cf_culprit_source *source, const struct cf_trace *trace,
			    const char *function, const char *module)
{
	uint32_t n = cf_dict_funcs(trace->dict);
	g_autofree gboolean *target = g_new0(gboolean, n + 1);
	g_autofree gboolean *inlined = g_new0(gboolean, n + 1);
	g_autofree double *weight = g_new0(double, n + 1);
	struct finder f = { trace, target, weight, inlined, 0 };

	*source = (struct cf_culprit_source){ .subject.function = function,
					      .callees = g_array_new(FALSE, FALSE,
								     sizeof(struct cf_culprit_callee)) };
	mark_targets(&f, function, module);
	for (guint i = 0; i < trace->stack_costs->len; i++)
		add_stack(&f, &g_array_index(trace->stack_costs, struct cf_stack_cost, i));
	add_calls(&f);
	place(&f, source);
	collect(&f, source);
	source->subject.callees = (const struct cf_culprit_callee *)(const void *)source->callees->data;
	source->subject.n_callees = source->callees->len;
}

void cf_culprit_source_clear(struct cf_culprit_source *source)
{
	g_clear_pointer(&source->callees, g_array_unref);
}
