/* SPDX-License-Identifier: MIT */
/* stat_check: comparison of computed numbers with known ones. */
#ifndef CF_TESTS_STAT_CHECK_H
#define CF_TESTS_STAT_CHECK_H

#include "tests/unit/suite.h"

#include "analyzers/stat/order.h"

#include <math.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Equal to a relative difference. */
#define NEAR(got, want, relative)                                                                          \
	do {                                                                                               \
		double got_ = (got), want_ = (want);                                                       \
		ck_assert_msg(fabs(got_ - want_) <= (relative)*fabs(want_), "%s is %.17g, expected %.17g", \
			      #got, got_, want_);                                                          \
	} while (0)

#define SAME(got, want) NEAR(got, want, 1e-10)

#endif
