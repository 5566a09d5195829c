"""The words of a column name beside those of a role: whose value it is, which address, and what rules a role out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

QUALIFIERS: Final[Mapping[str, str]] = {
    "plain_name": "name, names, full name, display name, complete name, naam, nom, nombre, bezeichnung, description name, "
    "volledige naam, nom complet, nombre completo, vollstandiger name, name full, partner name complete",
    "entity": "account, accounts, customer, customers, cust, client, clients, kunde, kunden, kd, klant, klanten, cliente, "
    "clientes, debitor, debitoren, debiteur, debiteuren, deudor, debtor, partner, business partner, geschaftspartner, "
    "geschaeftspartner, relatie, tiers, tercero, organization, organisation, organisatie, party, entity, firm, firmen, "
    "unternehmens, bedrijfs, acct, cust account, customer account, site, store, facility, location, deb, abnehmer, "
    "companies, record, geschafts, object",
    "id": "id, identifier, guid, uuid, key, internal id, unique id, primary key, ident, external id, schlussel, schluessel, "
    "identifiant, identificador, system id, do not modify, hs object",
    "number": "number, no, nr, num, nummer, numero, n, nro, nbr, nummern, numbers, konto, kontonummer, kontonr, compte",
    "code": "code, codigo, cod, kz, kennzeichen, iso, abbreviation, short code, kode",
    "reference": "ref, reference, referenz, referencia, referentie, matchcode nr",
    "address": "address, addr, adresse, anschrift, adres, direccion, domicilio, addresses, adr, adressen, adress, adresses, "
    "adresszeile, straatadres, firmenadresse, firmenanschrift, bezoekadres",
    "line": "line, zeile, ligne, linea, regel",
    "billing": "billing, bill to, invoice, invoice to, rechnungs, rechnung, rechnungsadresse, rechnungsanschrift, "
    "rechnungsempfanger, facturation, facturatie, factuur, factuuradres, facturacion, fiscal, adresse de facturation, "
    "direccion de facturacion, domicilio fiscal, sold to, bill",
    "full": "full, complete, composite, formatted, gesamt, vollstandig, vollstaendig, komplett, complet, complete, completa, "
    "completo, volledig, voll",
    "main": "main, primary, business, office, work, head office, headquarters, headquarter, hq, registered, principal, "
    "principale, haupt, hauptadresse, default, general, zentrale, sede, siege, siege social, domicilio social, legal, "
    "zentral, standard, hoofd, geschaftlich, dienstlich, central, permanent, firmensitz adresse, statutory, pro, home base",
    "value": "value, wert, valeur, valor, text, info, angabe, info s",
    "mailing": "mailing, mail to, correspondence, postal, postanschrift, postadresse, post, postadres, korrespondenz, "
    "correspondencia, adresse postale, direccion postal, courrier",
    "home": "home, private, privat, prive, personal, privado, persoonlijk, particulier",
    "other": "other, alternate, alternative, secondary, second, temporary, weitere, zweite, andere, autre, otro, otra, "
    "additional, sonstige, alternativ, abweichende, extra, zusatzliche, short, former, previous, "
    "old, native, fruhere, ancien, ancienne, anterior, kurz, vorige, vroegere",
    "shipping": "shipping, ship to, ship, delivery, deliver to, liefer, lieferung, lieferadresse, lieferanschrift, "
    "warenempfanger, livraison, levering, leverings, aflever, afleveradres, leveradres, envio, entrega, "
    "adresse de livraison, direccion de envio, direccion de entrega, versand, versandadresse, pickup, installation, "
    "service address, lieferort",
    "contact": "contact, contacts, contact person, ansprechpartner, ansprechperson, ansprechpartnerin, contactpersoon, "
    "contactpersonen, interlocuteur, contacto, kontakt, kontaktperson, persona de contacto, personne de contact, "
    "primary contact, attention, attn, zu handen, z hd, kontakte, t a v, knvk, hauptansprechpartner, person contact",
    "parent": "parent, parent account, parent company, parent customer, mutter, muttergesellschaft, mutterfirma, "
    "ubergeordneter, uebergeordneter, ubergeordnete, uebergeordnete, ubergeordneter kunde, ubergeordnete firma, "
    "moeder, moedermaatschappij, moederbedrijf, hoofdklant, societe mere, maison mere, compte parent, client parent, "
    "empresa matriz, matriz, sociedad matriz, cuenta principal, konzernmutter, hauptkunde",
    "bank": "bank, banque, banco, bankverbindung, bank account, kontoinhaber, bankkonto, account holder, beneficiary",
    "ours": "owner, owned, user, username, agent, assistant, assistent, assistenz, sales rep, salesrep, rep, representative, "
    "vertreter, aussendienst, betreuer, kundenbetreuer, sachbearbeiter, verkaufer, verkaeufer, verkoper, "
    "vertegenwoordiger, accountmanager, account manager, relatiebeheerder, commercial, vendeur, representant, gestionnaire, "
    "vendedor, comercial, gestor, agente, representante, created, created by, creator, author, ersteller, erstellt, "
    "erstellt von, angelegt, angelegt von, angelegt am, aangemaakt, aangemaakt door, cree, cree par, creado, creado por, "
    "modified by, last modified by, changed by, updated by, geandert von, geaendert von, gewijzigd door, modifie par, "
    "modificado por, assigned, assigned to, assigned user, responsible, responsable, zustandig, zustaendig, manager, "
    "salesperson, sales person, sales manager, employee, mitarbeiter, medewerker, employe, empleado, buyer, "
    "technician, supervisor, coordinator, director, teacher, principal name, inspector, login, besitzer, inhaber, "
    "eigenaar, proprietaire, propietario, account owner, company owner, record owner, team, accounting clerk, reviewer",
    "noise": "type, types, status, state code status, count, amount, currency, wahrung, waehrung, devise, moneda, valuta, "
    "industry, industries, branche, sector, secteur, language, sprache, langue, idioma, taal, date, datum, fecha, time, "
    "zeit, flag, opt, optout, out, do not, bounced, valid, validated, verified, score, rating, revenue, turnover, umsatz, "
    "chiffre affaires, employees, source, group, gruppe, groupe, grupo, groep, category, kategorie, categorie, categoria, "
    "class, klasse, priority, notes, note, remark, remarks, bemerkung, bemerkungen, comment, comments, notiz, "
    "notizen, opmerking, opmerkingen, commentaire, observaciones, notas, description, beschreibung, omschrijving, "
    "balance, saldo, solde, limit, credit, kredit, terms, payment, zahlungsbedingung, latitude, longitude, geocode, "
    "accuracy, lat, lng, lon, time zone, timezone, photo, picture, image, logo, avatar, linkedin, facebook, twitter, xing, instagram, "
    "youtube, tiktok, program, programme, programm, product, produkt, produit, producto, article, artikel, file, "
    "filename, campaign, kampagne, project, projekt, projet, proyecto, territory, gebiet, salutation, title, titel, "
    "titre, suffix, prefix, middle, passport, drivers, driver, license, licence, visa, gender, geschlecht, sexe, sexo, "
    "ip, mac, dial, dialing, extension, visits, preference, preferred, device, version, hash, price, quantity, "
    "percent, rate, discount, rabatt, employer, arbeitgeber, order, orders, auftrag, commande, pedido, opportunity, lead, "
    "case, ticket, contract, vertrag, contrat, event, activity, activities, po box, pobox, post office box, postfach, "
    "postbus, boite postale, apartado, swift, bic, iban owner, birth place, geburtsort, birthplace, nationality, "
    "search name, suchname, zoeknaam, suchbegriff, search term, matchcode, sort name, sort, district, neighborhood, "
    "neighbourhood, ortsteil, stadtteil, quartier, barrio, wijk, jurisdiction, incorporation, template, "
    "created date, created on, created at, date created, date entered, createdon, creation date, create date, merged, master, domain type, password, "
    "lfd nr, lfd, laufende nummer, row number, row, zeilennummer, rang, rank",
    "joiner": "de, du, des, la, le, les, l, d, del, el, of, the, and, und, et, y, en, van, der, die, das, or, o, ou, "
    "oder, of, fur, fuer, for, pour, para, voor, in, a, u, s, hs, sap, sf, crm, erp, at, to, our, zur, zum, the",
    "table": "kna1, adrc, adr2, adr3, adr6, adr12, but000, but020, but0bk, hz parties, hz locations, hz cust accounts, "
    "hz contact points, hz party sites, res partner, party identifier, identifiers, contact mechanisms, knbk, knas, dfkkbptaxnum, "
    "dbo, accountbase, billing accounts, primary address, stammdaten, kundenstamm, person, customer master",
}
"""Class of meaning to its words, all languages together."""

BLOCK_RANKS: Final[Mapping[str, int]] = {
    "main": 0,
    "": 0,
    "billing": 1,
    "mailing": 2,
    "home": 3,
    "other": 4,
    "shipping": 5,
}
"""Which address of several is the customer's: the smaller the better; from `mailing` on an address is secondary."""
