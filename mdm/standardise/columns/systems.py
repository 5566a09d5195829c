"""Field names of CRM and ERP systems that no dictionary explains: data, read by `headers`.

A number at the end of a name field is the position in a joined name: NAME1 to NAME4 are one name. Words that these
systems use in their plain meaning (`name`, `BillingCity`, `street2`) are left to the vocabulary.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SYSTEM_FIELDS: Final[Mapping[str, Mapping[str, str]]] = {
    "SAP": {
        "key": "KUNNR",
        "name": "NAME1, NAME2, NAME3, NAME4, NAME_ORG1, NAME_ORG2, NAME_ORG3, NAME_ORG4, OrganizationBPName1, "
        "OrganizationBPName2, OrganizationBPName3, OrganizationBPName4, MC_NAME, BusinessPartnerFullName, "
        "BusinessPartnerName, BPCustomerName, BPCustomerFullName, CustomerFullName",
        "given_name": "NAME_FIRST",
        "family_name": "NAME_LAST",
        "birth_date": "GBDAT, BIRTHDT",
        "kind": "BusinessPartnerCategory, BU_TYPE",
        "street@sap": "STRAS",
        "postcode@sap": "PSTLZ",
        "city@sap": "ORT01",
        "region@sap": "REGIO",
        "country@sap": "LAND1",
        "house_number": "HOUSE_NUM1",
        "address_extra": "HOUSE_NUM2, HouseNumberSupplementText, STR_SUPPL1, STR_SUPPL2, CareOfName",
        "postcode": "POST_CODE1, PSTCD",
        "city": "CITY1",
        "phone": "TELF1, TELF2, TELNR_LONG, MOB_NUMBER, InternationalPhoneNumber",
        "fax": "TELFX, FAX_NUMBER, FAXNR_LONG",
        "email": "SMTP_ADDR",
        "website": "URI_ADDR, KNURL, URI_SRCH",
        "vat": "STCEG, VATRegistration",
        "tax_id": "STCD1, STCD2, STCD3, STCD4, STCD5, TaxNumber1, TaxNumber2, TaxNumber3, TaxNumber4, TaxNumber5, "
        "BPTaxNumber, BPTaxLongNumber, TAXNUM, TAXNUMXL",
        "iban": "TIBAN",
        "changed_at": "AEDAT, CHDAT, UDATE, LastChangeDate",
        "no": "MANDT, ORT02, CITY2, PSTL2, PSTL3, POST_CODE2, POST_CODE3, PFACH, PO_BOX, POBoxPostalCode, NAMEV, SORTL, "
        "SORT1, SORT2, ERNAM, ERDAT, AENAM, LIFNR, KONZS, ADRNR, ADDRNUMBER, PERSNUMBER, DATE_FROM, NATION, "
        "HomeCityName, SearchTerm1, SearchTerm2, KTOKD, SPRAS, LANGU, LOEVM, LegalForm, TradingPartner, Supplier, "
        "BusinessPartnerUUID, IndependentAddressID, PersonNumber, BusinessPartnerIDByExtSystem, AddressID, "
        "StreetPrefixName, StreetSuffixName, CREATED_BY, STKZN, ISOCode, CustomerCorporateGroup",
    },
    "Salesforce": {
        "duns": "DunsNumber",
        "changed_at": "SystemModstamp",
        "other_name": "Tradestyle",
        "no": "MasterRecordId, OwnerId, CreatedById, LastModifiedById, RecordTypeId, JigsawCompanyId, PhotoUrl, Site, "
        "IsDeleted, BillingGeocodeAccuracy, NaicsCode, NaicsDesc, OperatingHoursId, DandbCompanyId",
    },
    "Oracle": {
        "key": "CUST_ACCOUNT_ID, PARTY_ID",
        "name": "PARTY_NAME, ORGANIZATION_NAME",
        "given_name": "PERSON_FIRST_NAME",
        "family_name": "PERSON_LAST_NAME",
        "duns": "DUNS_NUMBER_C, DUNS_NUMBER",
        "tax_id": "JGZZ_FISCAL_CODE, TAX_REFERENCE",
        "other_name": "KNOWN_AS, ORGANIZATION_NAME_PHONETIC",
        "no": "PARTY_SITE_ID, LOCATION_ID, ORIG_SYSTEM_REFERENCE, ORG_ID, OBJECT_VERSION_NUMBER, SITE_USE_CODE, "
        "CUST_ACCT_SITE_ID, PARTY_SITE_NUMBER, CREATION_DATE, PHONE_COUNTRY_CODE, PHONE_LINE_TYPE",
    },
    "Dynamics": {
        "key": "accountid, CustomerAccount, accountnum",
        "parent_key": "parentaccountid_value, parentcustomerid",
        "name": "OrganizationName",
        "email": "emailaddress1, emailaddress2, emailaddress3",
        "phone": "telephone1, telephone2, telephone3",
        "full_address@1": "address1_composite",
        "full_address@2": "address2_composite",
        "changed_at": "modifiedon, overriddenmodifiedon",
        "no": "masterid, statecode, statuscode, versionnumber, transactioncurrencyid, primarycontactid, createdon, "
        "address1_name, address2_name, originatingleadid, yominame, primarycontactidyominame, address1_addressid, "
        "address2_addressid, dataAreaId",
    },
    "NetSuite": {
        "vat": "vatRegNumber",
        "no": "subsidiary, entityStatus, dateCreated, isInactive, addressBook.items",
    },
    "Odoo": {
        "register_no": "company_registry",
        "changed_at": "write_date",
        "no": "commercial_partner_id, user_id, company_id, create_date, create_uid, write_uid, same_vat_partner_id, "
        "commercial_company_name, lang, bank_ids, child_ids, category_id, industry_id, is_company, related_company, "
        "active_lang_count, tz",
    },
    "ERPNext": {
        "full_address": "primary_address",
        "no": "naming_series, customer_primary_contact, customer_primary_address, lead_name, opportunity_name, "
        "represents_company, default_bank_account, creation, bank_account_no, tax_category",
    },
    "Tryton": {
        "house_number": "building_number",
        "address_extra": "building_name, unit_number",
        "no": "replaced_by, party_name_used, create_date, code_compact, code_readonly",
    },
    "HubSpot": {
        "key": "hs_object_id",
        "website": "hs_additional_domains",
        "changed_at": "hs_lastmodifieddate",
        "no": "hs_merged_object_ids, hubspot_owner_id, about_us, hs_object_source_id, hubspot_team_id",
    },
    "SuiteCRM": {
        "fax": "phone_fax",
        "phone": "phone_office, phone_alternate",
        "email": "email1, email2",
        "no": "date_entered, assigned_user_id, modified_user_id, campaign_id, ticker_symbol, sic_code",
    },
    "DATEV": {
        "name": "Name (Adressattyp Unternehmen), Name (Adressattyp keine Angabe)",
        "family_name": "Name (Adressattyp natürl. Person)",
        "given_name": "Vorname (Adressattyp natürl. Person)",
        "vat": "EU-UStID",
        "no": "EU-Land, Unternehmensgegenstand, Adressattyp",
    },
}
"""System to role to field names. `role@block` places an address field in a block of its own; `no` rules a role out."""
