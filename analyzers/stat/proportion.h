/* SPDX-License-Identifier: MIT */
/* proportion: intervals of a share and of a difference of shares. */
#ifndef CF_ANALYZERS_STAT_PROPORTION_H
#define CF_ANALYZERS_STAT_PROPORTION_H

#include "analyzers/stat/order.h"
#include <stdint.h>

/* k of n, 0 <= k <= n; shares from 0 to 1. n = 0: estimate NAN, the interval is 0 to 1. */

/* Clopper & Pearson (1934): never covers less than the level. */
struct cf_interval cf_clopper_pearson(int64_t k, int64_t n, double level);
/* Wilson (1927): covers the level on average; the better choice for showing a share. */
struct cf_interval cf_wilson(int64_t k, int64_t n, double level);
/* k2 / n2 - k1 / n1, Newcombe (1998), method 10. */
struct cf_interval cf_newcombe(int64_t k1, int64_t n1, int64_t k2, int64_t n2, double level);

#endif
