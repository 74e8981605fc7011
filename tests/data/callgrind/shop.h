/* SPDX-License-Identifier: MIT */
/* shop: what is inlined into shop.c from here. */
static inline unsigned rotate(unsigned value, unsigned by)
{
	return value << by | value >> (32 - by);
}
