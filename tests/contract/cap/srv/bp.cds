@path: 'API_BUSINESS_PARTNER'
service API_BUSINESS_PARTNER {
  entity A_BusinessPartner {
    key BusinessPartner          : String(10);
    BusinessPartnerCategory      : String(1);
    OrganizationBPName1          : String(40);
    OrganizationBPName2          : String(40);
    SearchTerm1                  : String(20);
    BusinessPartnerIDByExtSystem : String(20);
    IsMarkedForArchiving         : Boolean default false;
    CreatedByUser                : String(12) @readonly;
    @odata.etag ETag             : Timestamp @cds.on.insert: $now @cds.on.update: $now;
    to_BuPaIdentification : Composition of many A_BuPaIdentification
      on to_BuPaIdentification.BusinessPartner = BusinessPartner;
  }
  entity A_BuPaIdentification {
    key BusinessPartner        : String(10);
    key BPIdentificationType   : String(6);
    key BPIdentificationNumber : String(60);
  }
}
