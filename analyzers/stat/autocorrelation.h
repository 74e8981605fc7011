/* SPDX-License-Identifier: MIT */
/* autocorrelation: how much a series is like itself some steps later. */
#ifndef CF_ANALYZERS_STAT_AUTOCORRELATION_H
#define CF_ANALYZERS_STAT_AUTOCORRELATION_H

#include <stddef.h>

/*
 * rho[k] for k = 0 to n - 1: the sum of (x[i] - mean)(x[i + k] - mean) over that of the squares (Box &
 * Jenkins; R's acf). rho[0] = 1; a constant series has 0 elsewhere. Through the Fourier transform, in n log
 * n.
 */
void cf_autocorrelation(const double *x, size_t n, double *rho);

#endif
