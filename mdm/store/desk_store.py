"""What the store shows the desk: customers and questions, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mdm.store import desk, questions
from mdm.store.readable import ReadableStore

if TYPE_CHECKING:
    from collections.abc import Collection

    import polars as pl

    from mdm.records import RecordKey


class DeskStore(ReadableStore):
    """The pages, counts and neighbours that a steward looks at."""

    def page_golden(
        self, asked: desk.Asked, order: desk.GoldenOrder = "name", *, revision: int | None = None
    ) -> desk.Page:
        """GOLDEN_PAGE lines of customers; `search` is a master id, or words that must all be in the name."""
        return self._read(desk.page_golden, revision, asked, order)

    def count_golden(self, search: str = "", ids: tuple[str, ...] = (), *, revision: int | None = None) -> int:
        return self._read(desk.count_golden, revision, search, ids)

    def find_owners(self, key: str, systems: tuple[str, ...], *, revision: int | None = None) -> tuple[str, ...]:
        """The master ids of the records with exactly this key in one of the systems, in their order."""
        return self._read(desk.find_owners, revision, key, systems)

    def page_questions(
        self,
        sought: questions.Sought,
        after: questions.Place | None = None,
        limit: int = 50,
        *,
        revision: int | None = None,
    ) -> desk.Page:
        """STORED_QUESTIONS that fit, in the order sought, behind a place."""
        return self._read(questions.page_questions, revision, sought, after, limit)

    def count_questions(self, sought: questions.Sought = questions.EVERYTHING, *, revision: int | None = None) -> int:
        return self._read(questions.count_questions, revision, sought)

    def value_of_questions(
        self, sought: questions.Sought = questions.EVERYTHING, *, revision: int | None = None
    ) -> int:
        """What the customers of the questions that fit are worth together."""
        return self._read(questions.value_of_questions, revision, sought)

    def look_around(
        self, sought: questions.Sought, place: questions.Place, *, revision: int | None = None
    ) -> questions.Around:
        """The questions around a place, and how many stand before it."""
        return self._read(questions.look_around, revision, sought, place)

    def read_question(self, left: RecordKey, right: RecordKey, *, revision: int | None = None) -> pl.DataFrame:
        """STORED_QUESTIONS of one pair, answered or not; none where the last scan did not ask it."""
        return self._read(questions.read_question, revision, (left.system, left.key, right.system, right.key))

    def read_questions(self, *, revision: int | None = None) -> pl.DataFrame:
        """STORED_QUESTIONS by the two record keys, answered ones too."""
        return self._read(questions.read_questions, revision)

    def question_choices(self, *, revision: int | None = None) -> questions.Choices:
        """What the queue can be narrowed to."""
        return self._read(questions.read_choices, revision)

    def get_customer(self, master_id: str, *, revision: int | None = None) -> desk.Customer | None:
        """A customer with its records, links and history; None for an id that is not active (see `resolve`)."""
        return self._read(desk.get_customer, revision, master_id)

    def get_customers(self, master_ids: Collection[str], *, revision: int | None = None) -> dict[str, desk.Customer]:
        """Several customers by their ids; an id that is not active is left out."""
        return self._read(desk.get_customers, revision, master_ids)

    def read_links_among(self, master_ids: Collection[str], *, revision: int | None = None) -> pl.DataFrame:
        """Stored links both of whose records belong to these customers, and to which of them."""
        return self._read(desk.read_links_among, revision, master_ids)
