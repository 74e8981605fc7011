/* SPDX-License-Identifier: MIT */
/* partition: the segments of constant mean that describe a series best, at a price per segment. */
#ifndef CF_ANALYZERS_STAT_PARTITION_H
#define CF_ANALYZERS_STAT_PARTITION_H

#include <glib.h>

/*
 * The starts of all segments but the first, ascending, as size_t; caller unrefs. Minimises the sum of
 * squares about the means of the segments plus penalty (above 0) times their number, over all partitions
 * into segments of at least min_length (1 or more) values. Fewer than 2 min_length values: none.
 *
 * This is the optimum that PELT finds (Killick, Fearnhead & Eckley, JASA 107, 2012), by functional pruning
 * (FPOP: Maidstone, Hocking, Rigaill & Fearnhead, Statistics and Computing 27, 2017): where nothing changes
 * PELT prunes nothing and takes n^2, this stays near n log n.
 */
GArray *cf_partition(const double *x, size_t n, double penalty, size_t min_length);

#endif
