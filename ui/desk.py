"""The desk for data stewards: its pages and what surrounds them. `mdm ui` serves it through `ui/serve.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from mdm.app.desk import shown
from mdm.errors import MdmError
from ui import memory, places, session, view

ICON: Final = Path(__file__).parent / "icon.png"


def main() -> None:
    st.set_page_config(page_title="Customers · mdm", page_icon=str(ICON), layout="wide")
    page = st.navigation(
        [
            st.Page(places.PAGES["overview"], title="Today", default=True),
            st.Page(places.PAGES["customers"], title="Customers"),
            st.Page(places.PAGES["review"], title="Review"),
            st.Page(places.PAGES["bulk"], title="Bulk"),
            st.Page(places.PAGES["proposals"], title="Proposals"),
            st.Page(places.PAGES["runs"], title="Runs"),
            st.Page(places.PAGES["customer"], title="Customer", visibility="hidden"),
            st.Page(places.PAGES["pair"], title="Pair", visibility="hidden"),
            st.Page(places.PAGES["cohort"], title="Cohort", visibility="hidden"),
        ],
        position="top",
    )
    told = ["For data stewards. The desk listens on this computer only (127.0.0.1); nobody else can open it."]
    try:
        desk = session.desk()
        told.append(f"Project {shown(desk.project.folder.name)}. Decisions are recorded as {shown(desk.author)}.")
        page.run()
    except MdmError as error:
        view.show(view.problem(error), key="problem")
    view.show(view.footer(*told), key="footer")
    memory.collect_when_due()


main()
