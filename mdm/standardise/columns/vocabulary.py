"""What the words of a column name mean for a role, in five languages: data, read by `headers`.

Phrases are written without accents, in small letters, words apart; `headers` folds column names the same way and
compares the letters only, so that `postal code`, `PostalCode` and `POSTAL_CODE` are one phrase.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LANGUAGES: Final[Mapping[str, str]] = {"en": "English", "de": "German", "nl": "Dutch", "fr": "French", "es": "Spanish"}

ROLE_PHRASES: Final[Mapping[str, Mapping[str, str]]] = {
    "name": {
        "en": "name org, org name, organization name, organisation name, business name, trading partner name, company, "
        "companies name, corporate name, name of company, cust name, acct name",
        "de": "firma, firmenname, firmenbezeichnung, unternehmen, unternehmensname, kundenname, kundenbezeichnung, "
        "debitorenname, organisationsname, vereinsname, name der firma",
        "nl": "bedrijf, bedrijfsnaam, klantnaam, firmanaam, organisatienaam, debiteurnaam, debiteurennaam, "
        "ondernemingsnaam, naam bedrijf, naam onderneming",
        "fr": "societe, entreprise, nom de societe, nom de la societe, nom societe, nom de l entreprise, nom entreprise, "
        "nom de l organisation, etablissement, organisme",
        "es": "empresa, nombre de empresa, nombre de la empresa, nombre empresa, compania, nombre de la compania, "
        "organizacion, sociedad, nombre fiscal",
    },
    "legal_name": {
        "en": "legal name, registered name, legal entity name, statutory name, official name, legal entity",
        "de": "rechtlicher name, rechtlicher firmenname, handelsregistername, firmierung, eingetragener name, "
        "offizieller name, juristischer name",
        "nl": "statutaire naam, juridische naam, officiele naam, wettelijke naam",
        "fr": "raison sociale, denomination sociale, denomination, nom legal, denomination legale, nom juridique",
        "es": "razon social, denominacion social, nombre legal, denominacion, nombre juridico",
    },
    "trade_name": {
        "en": "trade name, trading name, trading as, doing business as, dba, dba name, brand name, tradestyle, "
        "known as, operating name",
        "de": "handelsname, geschaftsbezeichnung, geschaeftsbezeichnung, markenname",
        "nl": "handelsnaam, merknaam",
        "fr": "nom commercial, enseigne, nom d usage, nom de marque",
        "es": "nombre comercial, nombre de marca, marca comercial",
    },
    "other_name": {
        "en": "short name, alias, former name, formerly, previous name, name alias, aka, also known as, nickname, "
        "old name, native name, local name, english name, account name local, phonetic name",
        "de": "kurzname, kurzbezeichnung, fruherer name, frueherer name, ehemaliger name, alter name, namenskurzel, "
        "zweitname, weiterer name, alternativer name",
        "nl": "korte naam, vroegere naam, vorige naam, verkorte naam, oude naam, andere naam",
        "fr": "nom court, ancien nom, ancienne raison sociale, nom abrege, sigle, autre nom",
        "es": "nombre corto, nombre anterior, antiguo nombre, nombre abreviado, alias comercial, otro nombre",
    },
    "given_name": {
        "en": "given name, given names, first name, firstname, forename, forenames, name first, christian name",
        "de": "vorname, vornamen, rufname",
        "nl": "voornaam, voornamen, roepnaam",
        "fr": "prenom, prenoms",
        "es": "nombre de pila, primer nombre",
    },
    "family_name": {
        "en": "family name, last name, lastname, surname, name last, second name",
        "de": "nachname, nachnamen, familienname, zuname",
        "nl": "achternaam, familienaam",
        "fr": "nom de famille, nom patronymique",
        "es": "apellido, apellidos, primer apellido",
    },
    "birth_date": {
        "en": "birth date, date of birth, dob, birthday, birthdate, date birth",
        "de": "geburtsdatum, geburtstag, geb datum, geboren am, gebdat",
        "nl": "geboortedatum, geboorte datum, geboren op",
        "fr": "date de naissance, date naissance, ne le, nee le, ne e le",
        "es": "fecha de nacimiento, fecha nacimiento, f nacimiento, nacimiento",
    },
    "kind": {
        "en": "kind, record type, party type, customer type, account type, entity type, partner type, person type, "
        "business partner category, is company, is person, is individual, is a company, person or organisation",
        "de": "kundenart, partnerart, kundentyp, personenart, anrede, rechtspersonlichkeit, adressattyp",
        "nl": "klantsoort, klanttype, soort klant, persoonstype",
        "fr": "type de client, type client, type de tiers, type de personne, nature juridique",
        "es": "tipo de cliente, tipo cliente, tipo de persona, tipo persona",
    },
    "full_address": {
        "en": "full address, complete address, address full, address composite, composite address, formatted address, "
        "address formatted, address text, address block, one line address",
        "de": "vollstandige adresse, vollstaendige adresse, gesamtadresse, komplette adresse, adresse komplett, "
        "adressblock, anschrift komplett",
        "nl": "volledig adres, compleet adres",
        "fr": "adresse complete",
        "es": "direccion completa, domicilio completo",
    },
    "street": {
        "en": "street, street address, street name, street line, streetname, road, street and number, streetaddress",
        "de": "strasse, str, strassenname, strasse und hausnummer, strasse hausnummer, strasse hausnr, strasse nr, "
        "str nr, strasse u hausnr, strassenadresse",
        "nl": "straat, straatnaam, straat en huisnummer, straat huisnummer, straat en nummer, straat nr",
        "fr": "rue, voie, nom de rue, nom de la rue, nom de voie, libelle de voie, libelle voie, numero et rue, "
        "numero et voie, n et rue, rue et numero, no et rue, n rue",
        "es": "calle, nombre de calle, calle y numero, via, nombre de via, calle numero",
    },
    "house_number": {
        "en": "house number, house no, house num, house nr, street number, street no, street num, building number, "
        "building no",
        "de": "hausnummer, hausnr, haus nr, hnr, hsnr, hausnummern, strassennummer",
        "nl": "huisnummer, huisnr, huis nr, straatnummer",
        "fr": "numero de rue, numero de voie, numero rue, numero voie, n de rue, n voie, n de voie, no de rue, no rue",
        "es": "numero de calle, numero exterior, numero de portal, portal, num calle, n calle, n de calle",
    },
    "address_extra": {
        "en": "address extra, address supplement, address addition, additional address, address additional, suite, apt, "
        "apartment, unit, unit number, floor, building, building name, house number supplement, care of, co name, "
        "care of name, address complement, room, department address",
        "de": "adresszusatz, adressenzusatz, anschriftenzusatz, zusatz, hausnummernzusatz, hausnummerzusatz, "
        "hausnr zusatz, zusatz adresse, stockwerk, etage, gebaude, gebaeude, adresszeile zusatz, strassenzusatz",
        "nl": "toevoeging, huisnummer toevoeging, huisnummertoevoeging, adrestoevoeging, adres toevoeging, "
        "huisnr toevoeging, verdieping, gebouw, bus",
        "fr": "complement, complement d adresse, complement adresse, adresse complement, adresse complementaire, etage, "
        "batiment, appartement, suite adresse",
        "es": "complemento, complemento de direccion, direccion complementaria, piso, puerta, planta, escalera, "
        "edificio, numero interior, piso puerta",
    },
    "postcode": {
        "en": "postcode, post code, postal code, postalcode, zip, zip code, zipcode, zip postal code, zip postcode, "
        "zip post code, post zip, eircode, pincode, pin code",
        "de": "plz, postleitzahl, postleitz",
        "nl": "postkode, pcode",
        "fr": "code postal, cp, code post, npa",
        "es": "codigo postal, c p, cod postal, cpostal",
    },
    "city": {
        "en": "city, town, suburb, locality, municipality, city town, town city, post town",
        "de": "ort, stadt, ortschaft, wohnort, gemeinde, ortsname, stadt ort, firmensitz",
        "nl": "plaats, stad, woonplaats, plaatsnaam, vestigingsplaats, gemeente",
        "fr": "ville, commune, localite",
        "es": "ciudad, poblacion, localidad, municipio",
    },
    "region": {
        "en": "region, state, province, county, state province, subdivision, administrative area, state region, "
        "federal state",
        "de": "bundesland, kanton, provinz, bundesstaat, regierungsbezirk",
        "nl": "provincie, regio, gewest",
        "fr": "departement, etat, canton",
        "es": "provincia, comunidad autonoma, comunidad, estado provincia, departamento provincia",
    },
    "country": {
        "en": "country, nation, country code, country iso, iso country, country name, country region, ctry",
        "de": "land, staat, landerkennzeichen, laenderkennzeichen, lkz, landeskennzeichen, landerschlussel, "
        "laenderschluessel, landkz, landercode, laendercode, landesschlussel, landesschluessel",
        "nl": "landcode, landnaam, land code",
        "fr": "pays, code pays",
        "es": "pais, codigo pais, codigo de pais, cod pais",
    },
    "duns": {"en": "duns, d u n s, dun bradstreet, d b number, duns nummer, duns no"},
    "lei": {"en": "lei, legal entity identifier, lei code, lei number, lei nummer"},
    "changed_at": {
        "en": "last modified, last modified date, last modified on, last modified at, modified on, modified at, modified, "
        "modified date, date modified, last update, last updated, last update date, last updated at, updated at, "
        "updated on, updated, update date, date updated, last changed, last change, changed on, changed at, "
        "change date, last change date, last date modified, last edited, time modified, modification date, "
        "lastmodified, lastmodifieddate, date changed, system modstamp, last modification, last modified time",
        "de": "letzte anderung, letzte aenderung, geandert am, geaendert am, anderungsdatum, aenderungsdatum, "
        "zuletzt geandert, zuletzt geaendert, zuletzt geandert am, zuletzt geaendert am, datum letzte anderung, "
        "datum letzte aenderung, aktualisiert am, letzte aktualisierung, anderungszeitpunkt, aenderungszeitpunkt, "
        "datum der letzten anderung, letzte anderung am, letztes update, geandert, geaendert",
        "nl": "gewijzigd op, wijzigingsdatum, laatst gewijzigd, laatste wijziging, gewijzigd, datum gewijzigd, "
        "laatst gewijzigd op, datum laatste wijziging, bijgewerkt op, laatst bijgewerkt, mutatiedatum",
        "fr": "date de modification, modifie le, derniere modification, date de derniere modification, date modification, "
        "date de mise a jour, mise a jour, mis a jour le, date maj, maj le, derniere mise a jour",
        "es": "fecha de modificacion, modificado el, ultima modificacion, fecha de ultima modificacion, "
        "fecha modificacion, fecha de actualizacion, ultima actualizacion, actualizado el, fecha actualizacion, "
        "fecha ultima modificacion, actualizado",
    },
    "phone": {
        "en": "phone, telephone, tel, phone number, telephone number, tel number, phone no, tel no, mobile, cell, cellphone, "
        "cell phone, mobile phone, mobile number, mobile no, landline, switchboard, phone num, ph, phone office, "
        "work phone, phone mobile, main phone, mobilephone, ph no, telephone no, direct dial, toll free",
        "de": "telefon, telefonnummer, telefonnr, telefon nr, tel nr, telnr, rufnummer, mobil, mobiltelefon, handy, "
        "handynummer, mobilnummer, festnetz, telefon mobil, fon, durchwahl, telefon zentrale, handynr, mobilfunk",
        "nl": "telefoon, telefoonnummer, telefoonnr, gsm, mobiel, mobiele telefoon, mobiel nummer, vaste telefoon, "
        "gsm nummer, telefoon nummer",
        "fr": "numero de telephone, portable, telephone portable, tel portable, telephone fixe, fixe, numero telephone, "
        "telephone mobile, numero de portable, tel fixe, n tel, n de tel, n telephone, n de telephone",
        "es": "telefono, movil, numero de telefono, celular, telefono movil, telefono fijo, tfno, tlf, telf, tfno fijo, "
        "numero de movil, telefonos",
    },
    "fax": {
        "en": "fax, fax number, facsimile, telefax, fax no, faxnumber",
        "de": "faxnummer, faxnr, fax nr, telefaxnummer",
        "nl": "fax nummer, faxnummer bedrijf",
        "fr": "telecopie, numero de fax, telecopieur, n fax",
        "es": "numero de fax, telefax numero",
    },
    "email": {
        "en": "email, e mail, mail, email address, e mail address, mail address, emails, email id, e mail id, "
        "emailaddress, email addr, electronic mail, invoice email, e mails",
        "de": "e mail adresse, emailadresse, mailadresse, mail adresse, email adresse, e mailadresse, emailadr",
        "nl": "e mailadres, emailadres, mailadres, e mail adres, e post",
        "fr": "courriel, adresse email, adresse e mail, adresse mail, adresse electronique, mel, adr mail",
        "es": "correo, correo electronico, direccion de correo, direccion de correo electronico, direccion email, "
        "e correo, email contacto empresa",
    },
    "website": {
        "en": "website, web site, web, url, homepage, home page, web page, webpage, domain, internet, www, web address, "
        "website url, company domain, company domain name, domain name, internet address, domains, web url",
        "de": "webseite, internetadresse, internetseite, webadresse, internet adresse, domane, domaene",
        "nl": "webadres, website adres, internetadres",
        "fr": "site web, site internet, adresse web, adresse internet, domaine",
        "es": "pagina web, sitio web, sitio, web empresa, dominio, direccion web",
    },
    "vat": {
        "en": "vat, vat id, vat number, vat no, vat num, vat registration number, vat registration no, vat reg no, "
        "vat reg number, vat registration, vat reg, vat code, vatin, vat identification number, eu vat, "
        "vat tax id, vat id number, eu vat number",
        "de": "ust id, ust id nr, ust idnr, ustid, ustidnr, ust id nummer, umsatzsteuer id, umsatzsteuer id nr, "
        "umsatzsteuer identifikationsnummer, umsatzsteuer ident nr, umsatzsteueridentnummer, uid, uid nummer, uid nr, "
        "mwst nummer, mwst nr, ust nr, mwst id, ustident nr, ust ident nr, umsatzsteuernummer, ust identnr, eu ustid, "
        "umsatzsteueridentifikationsnummer, ust id no, ustidentnr, mwst nr eu",
        "nl": "btw, btw nummer, btw nr, btwnummer, btw id, btw identificatienummer, btw identificatie nummer, omzetbelastingnummer",
        "fr": "tva, numero de tva, numero tva, n tva, no tva, tva intracommunautaire, n tva intracommunautaire, "
        "numero de tva intracommunautaire, num tva, code tva, tva intra, n de tva, identifiant tva, "
        "numero tva intracommunautaire, n tva intra, n de tva intracommunautaire",
        "es": "iva, numero de iva, nif iva, numero iva, n iva, nif intracomunitario, vat europeo, nif comunitario, "
        "numero iva intracomunitario, vat nif",
    },
    "tax_id": {
        "en": "tax id, tax number, tax no, taxpayer id, tax identification number, tin, ein, tax reference, tax id number, "
        "taxid, tax registration number, tax reg number, tax reg no, federal tax id, fiscal code, gstin, gst number, "
        "abn, ssn, ssn number, social security number, soc sec id, social security no, national id, national id number, "
        "taxpayer identification number, tax payer id, personal number, employer identification number, soc sec no, "
        "national insurance number, fiscal number, tax reg, gst no",
        "de": "steuernummer, steuernr, steuer nr, st nr, stnr, steuer id, steueridentifikationsnummer, "
        "steuer identifikationsnummer, steuerident nr, idnr finanzamt, sozialversicherungsnummer, steuer nummer",
        "nl": "fiscaal nummer, rsin, bsn, burgerservicenummer, belastingnummer, fiscaal nr",
        "fr": "numero fiscal, identifiant fiscal, code fiscal, n fiscal, nif fiscal, numero d identification fiscale, "
        "numero de securite sociale",
        "es": "nif, cif, cif nif, nif cif, dni, nie, identificacion fiscal, numero de identificacion fiscal, rfc, rut, nit, "
        "codigo fiscal, id fiscal, dni nif, nif dni, cif nif nie, codigo de identificacion fiscal, dni cif, cuit, ruc, "
        "numero fiscal cliente, cif dni, nif nie",
    },
    "register_no": {
        "en": "registration number, registration no, company registration number, company registration no, "
        "company number, company no, register number, trade register number, commercial register number, crn, "
        "company reg no, company reg number, business registration number, chamber of commerce number, coc number, "
        "business number, company registry, registry number, uen, register no, reg no, incorporation number, "
        "trade register no, company registration, companies house number, commercial register",
        "de": "handelsregisternummer, handelsregister, hrb, hr nummer, hr nr, registernummer, hrb nummer, hrb nr, "
        "handelsregister nr, handelsregisternr, register nr, firmenbuchnummer, handelsregistereintrag, amtsgericht hrb, fn nummer, "
        "vereinsregisternummer",
        "nl": "kvk, kvk nummer, kvk nr, kvknummer, kamer van koophandel, kamer van koophandel nummer, ondernemingsnummer, "
        "handelsregister nummer, kbo nummer, kbo nr, kvknr",
        "fr": "siren, siret, numero siren, numero siret, rcs, numero rcs, n siret, n siren, no siret, no siren, "
        "numero d entreprise, registre du commerce, numero d immatriculation, code siret, code siren, bce, "
        "siren siret, siret siren",
        "es": "registro mercantil, numero de registro, numero registro mercantil, hoja registral, matricula mercantil, "
        "numero de registro mercantil, num registro",
    },
    "iban": {
        "en": "iban, iban number, iban no, iban code",
        "de": "iban nummer, iban nr",
        "fr": "numero iban, code iban",
    },
}
"""Role, or a finer word for one (`trade_name` is an other name, or the name where there is no better), by language."""

ROLE_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "name": ("name", "names"),
    "legal_name": ("legal name", "names"),
    "given_name": ("given name", "given names"),
    "family_name": ("family name", "family names"),
    "birth_date": ("date of birth", "dates"),
    "kind": ("kind of customer", "kinds of customers"),
    "full_address": ("whole address", "addresses"),
    "street": ("street", "streets"),
    "house_number": ("house number", "house numbers"),
    "address_extra": ("addition to the address", "texts"),
    "postcode": ("postcode", "postcodes"),
    "city": ("city", "names of places"),
    "region": ("region", "names or codes of regions"),
    "country": ("country", "countries"),
    "parent_key": ("key of the parent", "keys"),
    "duns": ("D-U-N-S number", "D-U-N-S numbers"),
    "lei": ("LEI", "LEIs"),
    "changed_at": ("date of the last change", "dates"),
    "other_name": ("other name", "names"),
    "phone": ("telephone number", "telephone numbers"),
    "fax": ("fax number", "fax numbers"),
    "email": ("e-mail address", "e-mail addresses"),
    "website": ("website", "web addresses"),
    "vat": ("VAT number", "VAT numbers"),
    "tax_id": ("tax id", "tax ids"),
    "register_no": ("register number", "register numbers"),
    "iban": ("IBAN", "IBANs"),
}
"""How a role is called in a sentence, and its values."""
