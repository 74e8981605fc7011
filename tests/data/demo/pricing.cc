/* SPDX-License-Identifier: MIT */
/* pricing: rules as templates, so that a recording has C++ names to demangle. */
#include "orders.h"

namespace pricing {

struct Volume {
	static unsigned long permille(const order &o, unsigned) { return o.quantity > 50 ? 930 : 1000; }
};
struct Loyalty {
	static unsigned long permille(const order &, unsigned earlier) { return earlier > 8 ? 970 : 1000; }
};
struct Season {
	static unsigned long permille(const order &o, unsigned) { return 1000 - o.serial % 7; }
};

/* Rounds half up, digit by digit, as the books want it. */
template <int Steps> __attribute__((noinline)) unsigned long round_cents(unsigned long cents)
{
	unsigned long rest = cents % 1000, rounded = cents / 1000;

	for (int i = 0; i < Steps; i++)
		rest = (rest * 10 + i) % 997;
	return rounded + (rest >= 500);
}

template <typename Rule, typename... Rules> struct Chain {
	__attribute__((noinline)) static unsigned long apply(const order &o, unsigned earlier, unsigned long cents)
	{
		return Chain<Rules...>::apply(o, earlier, round_cents<12>(cents * Rule::permille(o, earlier)));
	}
};
template <typename Rule> struct Chain<Rule> {
	__attribute__((noinline)) static unsigned long apply(const order &o, unsigned earlier, unsigned long cents)
	{
		return round_cents<48>(cents * Rule::permille(o, earlier));
	}
};

} // namespace pricing

unsigned long price_order(const order *o, unsigned earlier)
{
	using Rules = pricing::Chain<pricing::Volume, pricing::Loyalty, pricing::Season>;

	return Rules::apply(*o, earlier, o->price * o->quantity);
}
