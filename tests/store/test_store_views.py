"""Saved views of the queue, on both engines: one of a name for each owner, shared ones seen by all."""

from __future__ import annotations

from mdm.store import SavedView, Store


def test_views_belong_to_their_owner_and_shared_ones_are_seen_by_all(store: Store) -> None:
    store.views.save(SavedView("ann", "Dear ones", {"by": "value", "worth": "100000"}, shared=True))
    store.views.save(SavedView("ann", "Änderungen", {}, shared=False))
    store.views.save(SavedView("bob", "Dear ones", {"find": "\u202e'; DROP TABLE x"}, shared=False))
    assert [(v.owner, v.name) for v in store.views.seen_by("ann")] == [("ann", "Dear ones"), ("ann", "Änderungen")]
    bob = store.views.seen_by("bob")
    assert [(v.owner, v.name, v.shared) for v in bob] == [("bob", "Dear ones", False), ("ann", "Dear ones", True)]
    assert dict(bob[0].address) == {"find": "\u202e'; DROP TABLE x"}


def test_a_view_of_the_same_name_replaces_the_former_and_is_deleted_once(store: Store) -> None:
    store.views.save(SavedView("ann", "Oldest", {"by": "age"}, shared=True))
    store.views.save(SavedView("ann", "Oldest", {"by": "records"}, shared=False))
    (view,) = store.views.seen_by("ann")
    assert (dict(view.address), view.shared) == ({"by": "records"}, False)
    store.views.delete("bob", "Oldest")
    assert len(store.views.seen_by("ann")) == 1
    store.views.delete("ann", "Oldest")
    store.views.delete("ann", "Oldest")
    assert store.views.seen_by("ann") == ()
