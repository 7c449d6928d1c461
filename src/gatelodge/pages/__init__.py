"""What people see: pages as values, their sentences in each language, and their HTML.

Owns page ids, element ids, string ids, the wording, the stylesheet and the headers a page travels
with. Knows nothing of journeys, storage or HTTP requests: whoever builds a `Page` says which
sentence to show by its string id and never writes one.
"""
