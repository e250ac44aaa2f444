"""The status words that the configuration does not know, and what people said they mean."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from bot.domain.statuses import OpenWord, StatusWord, decoded, verdict
from bot.store.changing import AuditedRows
from bot.store.tables import orders, status_answers

_SOME = sa.text("words <> ''")


class StatusTable:
    """Implements ports.imports.StatusRows on one connection."""

    def __init__(self, rows: AuditedRows) -> None:
        self.rows, self.connection = rows, rows.connection

    def answers(self, shop: str) -> dict[StatusWord, bool]:
        """What people of the shop said: whether orders with the word are valid."""
        query = sa.select(status_answers).where(status_answers.c.shop == shop)
        return {StatusWord(row.field, row.word): row.valid for row in self.connection.execute(query)}

    def save_answer(self, shop: str, word: StatusWord, valid: bool, by: str, now: datetime) -> None:
        """Remember what a word means; a later answer replaces an earlier one."""
        said = {"valid": valid, "said_by": by, "said_at": now}
        self.rows.replace(status_answers, shop=shop, field=word.field, word=word.text, **said)

    def words(self, shops: Collection[str]) -> list[OpenWord]:
        """The words of stored orders that the configuration does not know, with the number of orders, most first."""
        counts: dict[tuple[str, StatusWord], int] = {}
        query = sa.select(orders.c.shop, orders.c.words, sa.func.count())
        query = query.where(orders.c.shop.in_(shops), _SOME).group_by(orders.c.shop, orders.c.words)
        for shop, words, count in self.connection.execute(query):
            for word in decoded(words):
                counts[shop, word] = counts.get((shop, word), 0) + count
        answers = {shop: self.answers(shop) for shop in {shop for shop, _ in counts}}
        found = [OpenWord(shop, word, count, answers[shop].get(word)) for (shop, word), count in counts.items()]
        return sorted(found, key=lambda each: (each.shop, -each.orders, each.word))

    def reconsider(self, shop: str) -> set[int]:
        """Apply the current answers to the shop's stored orders with such words; returns the UTC day numbers that
        change."""
        days: set[int] = set()
        answers = self.answers(shop)
        query = sa.select(orders.c.words).where(orders.c.shop == shop, _SOME).distinct()
        for words in self.connection.scalars(query).all():
            valid = verdict(decoded(words), answers)
            known = (
                orders.c.valid.is_(None) if valid is None else orders.c.valid.is_(sa.true() if valid else sa.false())
            )
            here = sa.and_(orders.c.shop == shop, orders.c.words == words, _SOME, sa.not_(known))
            days.update(self.connection.scalars(sa.select(orders.c.created_day).where(here).distinct()))
            self.connection.execute(sa.update(orders).where(here).values(valid=valid))
        return days
