/* SPDX-License-Identifier: MIT */
/* orders: what the service and its pricing rules share. */
#ifndef ORDERS_H
#define ORDERS_H

#ifdef __cplusplus
extern "C" {
#endif

struct order {
	unsigned serial, customer, quantity;
	unsigned long price;
};

/* The price to pay, in cents; loyal customers pay less. */
unsigned long price_order(const struct order *order, unsigned earlier_orders);

#ifdef __cplusplus
}
#endif
#endif
