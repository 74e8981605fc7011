/* SPDX-License-Identifier: MIT */
/* suite: what a unit test program defines; main.c runs it. */
#ifndef CF_TESTS_SUITE_H
#define CF_TESTS_SUITE_H

#include <check.h>

Suite *suite(void);

#endif
