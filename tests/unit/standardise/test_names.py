"""Names of organisations taken apart, by examples a steward would give."""

# ruff: noqa: RUF001 (letters of other scripts that look Latin are what is tested)

from __future__ import annotations

import pytest

from mdm.standardise.form_tables import latin_forms
from mdm.standardise.name_words import plain_words
from mdm.standardise.names import core_tokens, split_name
from mdm.standardise.text import fold_text
from mdm.standardise.wordlists import word_list


@pytest.mark.parametrize(
    ("name", "core", "form"),
    [
        ("Müller GmbH & Co. KG", "muller", "gmbh_co_kg"),
        ("Müller GmbH + Co KG", "muller", "gmbh_co_kg"),
        ("Lebenshilfe gGmbH", "lebenshilfe", "ggmbh"),
        ("Rossi S.p.A.", "rossi", "spa"),
        ("Rossi S. p. A.", "rossi", "spa"),
        ("Rossi SpA", "rossi", "spa"),
        ("OOO Lukoil", "lukoil", "ooo"),
        ("ООО «Ромашка»", "romashka", "ooo"),
        ("ПАО Газпром", "gazprom", "pao"),
        ("Acme Sp. z o.o.", "acme", "sp_zoo"),
        ("Acme spółka z ograniczoną odpowiedzialnością", "acme", "sp_zoo"),
        ("Acme s.r.o.", "acme", "sro"),
        ("Škoda a.s.", "skoda", "as"),
        ("Philips N.V.", "philips", "nv"),
        ("Telefónica, S.A.", "telefonica", "sa"),
        ("Dupont S.à r.l.", "dupont", "sarl"),
        ("SARL Dupont", "dupont", "sarl"),
        ("ΑΛΦΑ ΤΡΑΠΕΖΑ ΑΕ", "alfa trapeza", "ae"),
        ("ΑΛΦΑ ΤΡΑΠΕΖΑ Α.Ε.", "alfa trapeza", "ae"),
        ("株式会社トヨタ自動車", "トヨタ自动车", "kk"),
        ("トヨタ自動車(株)", "トヨタ自动车", "kk"),
        ("㈱トヨタ自動車", "トヨタ自动车", "kk"),
        ("北京百度网讯科技有限公司", "北京百度网讯科技", "cn_ltd"),
        ("台灣積體電路製造股份有限公司", "台湾积体电路制造", "cn_jsc"),
        ("주식회사 한빛", "한빛", "kr_jsc"),
        ("บริษัท ปตท จำกัด (มหาชน)", "ptth", "th_ltd"),
        ("Ørsted A/S", "orsted", "as"),
        ("Bosch Sanayi ve Ticaret A.Ş.", "bosch sanayi ticaret", "as"),
        ("3M Company", "3m", "co"),
        ("شركة الاتصالات", "ltslt", "arab_company"),
        ("Tata Consultancy Services Pvt. Ltd.", "tata consultancy service", "pvt_ltd"),
        ("Tata Consultancy Services (P) Ltd", "tata consultancy service", "pvt_ltd"),
        ("Acme Pty Ltd", "acme", "pty_ltd"),
        ("Acme Sdn Bhd", "acme", "sdn_bhd"),
        ("PT Bank Sentral Tbk", "bank sentral", "pt"),
        ("Cemento S.A. de C.V.", "cemento", "sa_de_cv"),
        ("Padaria EIRELI", "padaria", "eireli"),
        ("Padaria Ltda - ME", "padaria", "ltda"),
        ("AT&T Inc", "att", "inc"),
        ("AT Kearney GmbH", "at kearney", "gmbh"),
        ("SA Power Networks", "sa power network", None),
        ("AS Roma SpA", "as roma", "spa"),
        ("AG Insurance", "ag insurance", None),
        ("E.ON SE", "eon", "se"),
        ("AO Smith Corp", "ao smith", "corp"),
        ("Co-op", "cooperative", None),
        ("SiemensAG", "siemens", "ag"),
        ("The Procter & Gamble Company", "procter gamble", "co"),
    ],
)
def test_the_hard_names_come_out_right(name: str, core: str, form: str | None) -> None:
    parts = split_name(name)
    assert (parts.core, parts.legal_form) == (core, form)


@pytest.mark.parametrize(
    "same",
    [
        ("I B M", "I.B.M.", "IBM", "IBM Corp."),
        ("H & M", "H+M", "HM", "H and M"),
        ("A.T. Kearney", "AT Kearney", "A T Kearney"),
        ("Masch.bau Huber", "Maschb. Huber", "Maschinenbau Huber"),
        ("Gebr. Huber", "Gebrüder Huber", "Gebrueder Huber GmbH"),
        ("Huber Intl. Mfg. Svcs.", "Huber Int'l Manufacturing Services"),
        ("Huber Hldgs", "Huber Holding", "Huber Holdings"),
        ("Huber Bros", "Huber Brothers"),
        ("McDonald’s", "McDonald's", "McDonalds"),
        ("L'Oréal", "LOREAL", "L Oreal"),
        ("Huber und Söhne", "Huber & Soehne", "Huber & Söhne KG"),
        ("Ges. f. Technik", "Gesellschaft für Technik"),
        ("First Bank", "1st Bank"),
        ("Acme (UK) Ltd", "Acme UK Limited"),
        ("Marks and Spencer", "Marks & Spencer", "Marks Spencer plc"),
        ("Acme Inc. Class A", "ACME INC.  DL-,01", "ACME INC O.N."),
    ],
)
def test_spellings_of_one_name_have_one_core(same: tuple[str, ...]) -> None:
    assert len({split_name(name).core for name in same}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme (UK) Ltd", "Acme (France) Ltd"),
        ("Deutsche Bank AG", "Deutsche Bank (Schweiz) AG"),
        ("AS Roma", "Roma"),
        ("Huber Holding", "Huber"),
        ("Fund II", "Fund III"),
    ],
)
def test_names_of_different_companies_keep_different_cores(one: str, other: str) -> None:
    assert split_name(one).core != split_name(other).core


@pytest.mark.parametrize(
    ("name", "core", "others"),
    [
        ("International Business Machines (IBM) Corp.", "international business machines", ("ibm",)),
        ("Acme AG, vormals Huber GmbH", "acme", ("huber",)),
        ("Acme AG (früher Huber GmbH)", "acme", ("huber",)),
        ("Acme Ltd formerly known as Huber Ltd", "acme", ("huber",)),
        ("Acme Ltd t/a Huber", "acme", ("huber",)),
        ("Acme LLC d/b/a Huber", "acme", ("huber",)),
        ("Acme AG (ex Huber)", "acme", ("huber",)),
        ("Acme GmbH c/o Kanzlei Huber", "acme", ()),
        ("Acme GmbH z.Hd. Frau Huber", "acme", ()),
        ("Acme GmbH, Abt. Einkauf", "acme", ()),
        ("Acme GmbH Einkauf", "acme", ()),
        ("Acme Inc - Accounts Payable", "acme", ()),
        ("Acme Inc Attn: J. Huber", "acme", ()),
        ("Acme GmbH Niederlassung Köln", "acme", ()),
        ("DO NOT USE - Acme Inc", "acme", ()),
        ("Acme GmbH i.L.", "acme", ()),
        ("Acme Huber Public Joint Stock Compan", "acme huber", ()),
        ("Acme Aktiengesellsch", "acme", ()),
        ("Huber Partners", "huber partner", ()),
        ("Acme Huber AG Acme Hub", "acme huber", ()),
        ("Acme SA Acme S.A.", "acme", ()),
        ("Acme GmbH Stuttgart", "acme gmbh stuttgart", ()),
    ],
)
def test_what_stands_beside_the_name_is_taken_off(name: str, core: str, others: tuple[str, ...]) -> None:
    parts = split_name(name)
    assert (parts.core, parts.others) == (core, others)


@pytest.mark.parametrize(
    "name", ["GmbH", "The Limited", "Co. Ltd.", "AKA Bank", "Group", "& Co.", "株式会社", "The The", "Abt."]
)
def test_a_name_of_nothing_but_common_words_keeps_a_core(name: str) -> None:
    assert split_name(name).core


def test_the_whole_name_keeps_its_legal_form() -> None:
    assert split_name("Müller GmbH & Co. KG").name == "muller gmbh and co kg"


def test_words_of_a_core_stand_in_its_order() -> None:
    assert core_tokens("zeta alfa 3m") == ["zeta", "alfa", "3m"]


def test_chinese_words_are_pairs_of_characters() -> None:
    assert core_tokens("北京百度") == ["北京", "京百", "百度"]


def test_a_run_of_katakana_is_one_word() -> None:
    assert core_tokens("トヨタ自动车 tokyo") == ["トヨタ", "自动", "动车", "tokyo"]


def test_a_single_chinese_character_is_a_word() -> None:
    assert core_tokens("北") == ["北"]


def test_no_abbreviation_stands_for_two_words() -> None:
    written: dict[str, set[str]] = {}
    for canonical, spellings in word_list("name_words")["words"].items():
        for spelling in spellings:
            written.setdefault(fold_text(spelling), set()).add(canonical)
    assert {spelling: words for spelling, words in written.items() if len(words) > 1} == {}


def test_every_legal_form_is_a_code_of_letters() -> None:
    codes = {*latin_forms().start.values(), *latin_forms().end.values()}
    assert all(code.replace("_", "").isalpha() and code.islower() for code in codes)


def test_a_number_in_words_is_the_number() -> None:
    assert plain_words(fold_text("Brigade Forty-Four").split()) == ["brigade", "44"]
    assert plain_words(fold_text("Apollo Fund VIII").split())[-1] == "8"
