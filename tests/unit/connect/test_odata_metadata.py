"""What an OData service says of itself, read once for sources and for targets."""

from __future__ import annotations

import pytest

from mdm.connect.odata_metadata import Metadata
from mdm.errors import SystemRefused

SCHEMA = """<Schema Namespace="S" xmlns="urn:s" xmlns:sap="http://www.sap.com/Protocols/SAPData">
<EntityType Name="PartnerType"><Key><PropertyRef Name="Id"/></Key><Property Name="Id" Type="Edm.String" MaxLength="10"/>
<Property Name="By" Type="Edm.String" MaxLength="max" sap:updatable="false"/></EntityType>
<EntityContainer Name="C">
<EntitySet Name="Partners" EntityType="S.PartnerType" sap:creatable="false"/></EntityContainer>
</Schema>"""


def test_what_may_be_written_is_told_beside_what_can_be_read() -> None:
    partners = Metadata(SCHEMA.encode(), "https://s4.example").entity("Partners")
    assert [(c.name, c.type) for c in partners.columns(None)] == [("Id", "Edm.String(10)"), ("By", "Edm.String")]
    assert (partners.properties["Id"].is_updatable, partners.properties["By"].is_updatable) == (True, False)
    assert (partners.is_creatable, partners.is_updatable) == (False, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_whatever_encoding_it_stands(encoding: str) -> None:
    told = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "aaaa">]>{SCHEMA}'
    with pytest.raises(SystemRefused, match="gives no OData metadata"):
        Metadata(told.encode(encoding), "https://s4.example")
