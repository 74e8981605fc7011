// SPDX-License-Identifier: MIT
// shop: a program for V8's profilers: prices orders for a moment and keeps some of them.
'use strict'
const kept = []

function checksum(text) {
  let sum = 0
  for (let i = 0; i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) >>> 0
  return sum
}

function price(order) {
  return order.items.reduce((sum, item) => sum + item.count * item.cents, 0)
}

function order(n) {
  const items = []
  for (let i = 0; i < 20; i++) items.push({count: (n * i) % 7, cents: (n + i) % 900})
  const one = {id: checksum('order ' + n), items}
  one.total = price(one)
  if (n % 50 === 0) kept.push(one)
  return one.total
}

let sum = 0
for (let n = 0; n < 60000; n++) sum += order(n)
process.stdout.write(kept.length + ' orders kept of ' + sum + ' cents\n')
