"""Telephones in the hands of people and tests: one page, and the JSON that it and `simulator.client` use."""
