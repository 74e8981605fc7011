/* SPDX-License-Identifier: MIT */
/* components: strongly connected components of a directed graph. */
#ifndef CF_CORE_COMPONENTS_H
#define CF_CORE_COMPONENTS_H

#include <glib.h>
#include <stdint.h>

/* The edges of node i of n lead to ends[first[i]] up to ends[first[i + 1] - 1]. */
struct cf_adjacency {
	uint32_t n;
	const uint32_t *first, *ends;
};

/*
 * The component of each node, from 0: nodes that can reach each other have the same one. An edge from one component
 * to another always leads to a lower number. *count: how many there are. Caller frees.
 */
uint32_t *cf_components(const struct cf_adjacency *graph, uint32_t *count);

#endif
