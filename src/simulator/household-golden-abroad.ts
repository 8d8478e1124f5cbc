import type { Entry } from './household-entry.ts'

/** The same life in other words: what banks and shops of another country would print. What each row is stays as it was. */
export function abroad(entries: readonly Entry[]): Entry[] {
  return entries.map((entry) => {
    const { text, merchant } = entry
    return { ...entry, text: inOtherWords(text), merchant: merchant === null ? null : inOtherWords(merchant) }
  })
}

function inOtherWords(text: string): string {
  return words.reduce((told, [ours, theirs]) => told.replaceAll(ours, theirs), text)
}

/** In this order: longer ones before what is a part of them. */
const words: readonly (readonly [ours: string, theirs: string])[] = [
  ['AUTOPAY PAYMENT - THANK YOU', 'GUTSCHRIFT ABRECHNUNG'],
  ['PLATYPUS REWARDS CARD AUTOPAY', 'ABRECHNUNG KARTE LASTSCHRIFT'],
  ['TARTAN CREDIT CARD PAYMENT WEB', 'KARTENABRECHNUNG TARTAN SEPA'],
  ['AUTOMATIC SAVINGS TRANSFER TO', 'DAUERAUFTRAG TAGESGELD'],
  ['AUTOMATIC SAVINGS TRANSFER FROM', 'DAUERAUFTRAG GIRO'],
  ['ACH XFER FROM', 'EINGANG SEPA VON'],
  ['ACH XFER TO', 'UEBERWEISUNG SEPA AN'],
  ['ACH XFER', 'SEPA EINGANG'],
  ['EXTERNAL TRANSFER', 'SEPA AUFTRAG'],
  ['Online transfer to', 'Umbuchung auf'],
  ['Online transfer from', 'Umbuchung von'],
  ['Transfer to checking', 'Umbuchung Giro'],
  ['Transfer from savings', 'Umbuchung Tagesgeld'],
  ['EDUCATION LENDERS STUDENT LOAN PMT', 'BILDUNGSKREDIT RATE'],
  ['PAYMENT RECEIVED', 'RATE EINGEGANGEN'],
  ['INTEREST CHARGE', 'SOLLZINSEN'],
  ['INTEREST PAYMENT', 'HABENZINSEN'],
  ['HOUNDSTOOTH ACH INVESTMENT', 'HOUNDSTOOTH DEPOT EINZAHLUNG'],
  ['ELECTRONIC ITEM 0417', 'BUCHUNG 0417'],
  ['ONLINE BANKING', 'SAMMELPOSTEN'],
  ['MISC ITEM', 'SONSTIGES'],
  ['ACH ITEM 99120', 'SEPA 99120'],
  ['PAYROLL DIR DEP', 'LOHN GEHALT'],
  ['PAYROLL BONUS', 'SONDERZAHLUNG'],
  ['PAYROLL', 'BEZUEGE'],
  ['IRS TREAS 310 TAX REF', 'FINANZAMT ERSTATTUNG'],
  ['FIRST PLATYPUS MORTGAGE PMT', 'BAUSPARKASSE ANNUITAET'],
  ['MONTHLY SERVICE FEE', 'KONTOFUEHRUNG'],
  ['ANNUAL MEMBERSHIP FEE', 'KARTENPREIS'],
  ['ZELLE PAYMENT TO JORDAN P', 'PAYDIREKT AN JONAS P'],
  ['ZELLE FROM JORDAN P', 'PAYDIREKT VON JONAS P'],
  ['ELMWOOD FARMERS MARKET REFUND', 'WOCHENMARKT ERSTATTUNG'],
  ['ELMWOOD FARMERS MARKET', 'WOCHENMARKT ALTSTADT'],
  ['Elmwood Farmers Market', 'Wochenmarkt'],
  ['GREEN BASKET MARKET', 'MARKTHALLE NORD'],
  ['Green Basket Market', 'Markthalle Nord'],
  ["FARMER JO'S ELMWOOD", 'HOFLADEN JOHANNSEN'],
  ["Farmer Jo's", 'Hofladen Johannsen'],
  ['LITTLE LANTERN', 'KLEINE LATERNE'],
  ['Little Lantern', 'Kleine Laterne'],
  ['AMAZON.COM*', 'AMZN MKTP DE*'],
  ['BENSON DEPARTMENT STORE', 'KAUFHAUS BRINKMANN'],
  ['BENSON RETURN', 'BRINKMANN RETOURE'],
  ['Benson', 'Brinkmann'],
  ['ALDER AND OAK RETURN', 'ERLE UND EICHE RETOURE'],
  ['ALDER AND OAK CLOTHING', 'ERLE UND EICHE MODE'],
  ['Alder and Oak', 'Erle und Eiche'],
  ['ELMWOOD PHARMACY', 'APOTHEKE AM MARKT'],
  ['Elmwood Pharmacy', 'Apotheke am Markt'],
  ['MILL LANE BAKERY', 'BAECKEREI MUEHLGASSE'],
  ['Mill Lane Bakery', 'Baeckerei Muehlgasse'],
  ['CORNER BEAN COFFEE', 'KAFFEE ECKE'],
  ['Corner Bean Coffee', 'Kaffee Ecke'],
  ['METRO TRANSIT RELOAD', 'VERKEHRSBETRIEBE AUFLADUNG'],
  ['Metro Transit', 'Verkehrsbetriebe'],
  ['ATM WITHDRAWAL', 'BARGELDAUSZAHLUNG'],
  ['NON-NETWORK ATM FEE', 'FREMDABHEBUNG ENTGELT'],
]
