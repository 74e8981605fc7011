# SPDX-License-Identifier: MIT
"""What users of shop.py do."""
import locust


class Visitor(locust.HttpUser):
    wait_time = locust.between(0.01, 0.05)

    @locust.task(3)
    def look(self):
        self.client.get("/")

    @locust.task
    def cart(self):
        self.client.get("/cart")

    @locust.task
    def gone(self):
        self.client.get("/gone")
