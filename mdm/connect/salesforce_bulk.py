"""Bulk 2.0 of Salesforce for writing: many records as one table, taken by a job, and what became of each."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mdm.connect.salesforce import SalesforceRest
from mdm.connect.target import Answer
from mdm.errors import SystemSilent

MOST: Final = 5_000
"""Records of a job: more would not be read, written and read back within the lease of their letters."""

PAUSE: Final = 2.0
"""Seconds until a job is asked for again."""

LONGEST: Final = 240.0
"""Seconds for a job; whatever it does afterwards is found when it is read back."""

NOTHING: Final = "#N/A"
"""What empties a field in such a table; an empty cell leaves it as it is."""

ENDED: Final = ("JobComplete", "Failed", "Aborted")
ID: Final = "Id"


class BulkLoad:
    """Jobs that change records of one object, by their Id or by the external id field `key`."""

    def __init__(self, rest: SalesforceRest, name: str, key: str) -> None:
        self._rest, self._name, self._key = rest, name, key

    def write(self, rows: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, str, str]]:
        """For each key with an answer the id, whether it was created, and the error; the last two empty for none.

        Raises SystemSilent where the job does not end in time, so that it may take effect later.
        """
        by_id = self._key == ID
        begun = {"object": self._name, "operation": "update" if by_id else "upsert"}
        external = {} if by_id else {"externalIdFieldName": self._key}
        job = self._rest.job("POST", "", {**begun, **external, "contentType": "CSV", "lineEnding": "LF"})["id"]
        self._rest.job_table("PUT", f"/{job}/batches", _table(self._key, rows))
        self._rest.job("PATCH", f"/{job}", {"state": "UploadComplete"})
        state, reason = self._wait_for(job)
        done = [row for part in ("successfulResults", "failedResults") for row in self._rows(job, part)]
        left = () if state == "JobComplete" else self._rows(job, "unprocessedrecords")
        told = {row[self._key]: ("", "", f"JOB_{state.upper()}:{reason}") for row in left}
        for row in done:
            told[row[self._key]] = (row["sf__Id"], row.get("sf__Created", ""), row.get("sf__Error", ""))
        return told

    def _wait_for(self, job: str) -> tuple[str, str]:
        end = time.monotonic() + LONGEST
        while time.monotonic() < end:
            said = self._rest.job("GET", f"/{job}")
            if said.get("state") in ENDED:
                return str(said["state"]), str(said.get("errorMessage") or "no reason is given")[:300]
            time.sleep(PAUSE)
        raise SystemSilent(f"Job {job} of Salesforce does not end.", "Its records are read back by the next sending.")

    def _rows(self, job: str, part: str) -> Iterator[dict[str, str]]:
        text = self._rest.job_table("GET", f"/{job}/{part}").decode("utf-8-sig")
        return csv.DictReader(io.StringIO(text, newline=""))


def is_writable(fields: Mapping[str, str]) -> bool:
    """Whether the table would say what is meant: one text of it means nothing at all."""
    return NOTHING not in fields.values()


def answer_of(created: str, error: str) -> Mapping[str, object]:
    """A row of the results as an answer of a collection has it: `CODE:words:fields --` is its error."""
    code, _, words = error.partition(":")
    words = words.rpartition(":")[0] if words.endswith("--") else words
    errors = [{"statusCode": code, "message": words}] if error else []
    return {"success": not error, "created": created == "true", "errors": errors}


def refuse(record: str) -> Answer:
    return Answer("refused", f"A value of {record} is {NOTHING}, which would empty the field.")


def _table(key: str, rows: Mapping[str, Mapping[str, str]]) -> bytes:
    names: Sequence[str] = list(dict.fromkeys(name for fields in rows.values() for name in fields))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow([key, *names])
    writer.writerows([record, *(fields.get(name, "") for name in names)] for record, fields in rows.items())
    return text.getvalue().encode()
