// What does each column of a lead file hold? Headers as spreadsheets and other tools write them, in several languages; what nobody knows becomes a custom field.
import { parseEmailAddress } from "./email-address.ts";
import { LEAD_FIELDS as MERGE_FIELDS, SENDER_FIELDS } from "./merge-values.ts";
import { nearestWord } from "./nearest-word.ts";

export const COLUMN_FIELDS = ["email", "first_name", "last_name", "company", "title", "phone", "time_zone"] as const;
export type ColumnField = (typeof COLUMN_FIELDS)[number];

export type LeadColumn =
  | { readonly kind: "field"; readonly field: ColumnField }
  | { readonly kind: "custom"; readonly key: string }
  /** Says whether the person may be written to: `subscribed` when a yes means so, `unsubscribed` when a yes means not. */
  | { readonly kind: "consent"; readonly states: "subscribed" | "unsubscribed" }
  | { readonly kind: "ignored" };

/** Column by its header → a lead field, `subscribed`, `unsubscribed`, the name of a custom field, or null to leave it out. */
export type ColumnMapping = Readonly<Record<string, string | null>>;

export type ColumnsRead =
  | { readonly kind: "columns"; readonly columns: readonly LeadColumn[] }
  | { readonly kind: "no_header" }
  | { readonly kind: "no_address" }
  | { readonly kind: "unknown_column"; readonly column: string; readonly nearest: string | null }
  | { readonly kind: "field_twice"; readonly field: ColumnField };

/** Put in front of what export-rejections adds, so that a corrected file comes in again without them. */
export const REJECTION_HEADERS = ["import_row", "import_reason"] as const;

/** One line per meaning, each header in the form of `plain`. */
const ALIASES: Readonly<Record<ColumnField | "subscribed" | "unsubscribed" | "ignored", string>> = {
  email: `email mail emailaddress mailaddress emailadresse mailadresse emailadress epost epostadresse epostadress epostadresa adresseemail adressemail
    adresseelectronique courriel correo correoelectronico direcciondecorreo direcciondecorreoelectronico emaildireccion posta postaelettronica indirizzoemail
    indirizzomail enderecodeemail enderecoemail emailadres mailadres adresemail adresmail sahkoposti sahkopostiosoite elektronickaposta eposta epostaadresi
    workemail businessemail primaryemail contactemail personemail emailwork email1 email1value emailprimary geschaftlicheemail
    электроннаяпочта почта имейл メール メールアドレス 邮箱 电子邮件 電子郵件 이메일`,
  first_name: `firstname first fname forename givenname contactfirstname vorname rufname prenom nombre nombredepila primernombre nome primeironome
    voornaam fornavn fornamn etunimi imie jmeno krestnijmeno keresztnev ad adi имя 名`,
  last_name: `lastname last lname surname familyname contactlastname nachname familienname zuname nom nomdefamille apellido apellidos cognome sobrenome
    apelido ultimonome achternaam familienaam etternavn efternavn efternamn sukunimi nazwisko prijmeni vezeteknev soyad soyadi фамилия 姓`,
  company: `company companyname organization organisation organizationname organisationname account accountname employer business businessname firma
    firmenname unternehmen arbeitgeber betrieb societe entreprise nomdelentreprise raisonsociale empresa compania nombredelaempresa azienda ditta societa
    nomeazienda nomedaempresa bedrijf bedrijfsnaam foretag virksomhed bedrift yritys spolecnost firmanev cegnev sirket компания организация 会社 会社名 公司`,
  title: `title jobtitle job position role jobrole jobposition currenttitle titel berufsbezeichnung stellenbezeichnung funktion beruf poste fonction
    intituleduposte cargo puesto posicion ruolo posizione mansione qualifica funcao functie functietitel stilling befattning tehtavanimike stanowisko pozice
    beosztas unvan должность 役職 职位`,
  phone: `phone phonenumber telephone telephonenumber tel mobile mobilephone mobilenumber cell cellphone workphone directphone phone1 phone1value telefon
    telefonnummer rufnummer mobil mobiltelefon mobilnummer handy handynummer telefono numerodetelefono movil celular cellulare telefonino numeroditelefono
    telefone numerodetelefone telemovel telefoon telefoonnummer puhelin puhelinnumero telefonszam telephoneportable numerodetelephone portable телефон
    電話 电话`,
  time_zone: `timezone tz ianatimezone zeitzone fuseauhoraire fuseau zonahoraria husohorario fusoorario fusohorario tijdzone tidszon tidssone tidszone
    aikavyohyke strefaczasowa casovepasmo idozona saatdilimi часовойпояс`,
  subscribed: `subscribed subscribe issubscribed subscription optin optedin isoptedin emailoptin marketingoptin consent emailconsent marketingconsent
    angemeldet abonniert abonnent einwilligung abonne inscrit consentement suscrito inscrito consentimiento iscritto consenso ingeschreven toestemming`,
  unsubscribed: `unsubscribed unsubscribe isunsubscribed unsubscribedat unsubscribedon unsubscribedate unsubscribedfromallemail optout optedout isoptedout
    emailoptout hasoptedoutofemail donotcontact donotemail donotmail dnc donotcontactme noemail suppressed blocklisted blacklisted
    abgemeldet abbestellt widersprochen nichtkontaktieren keinewerbung werbesperre gesperrt desabonne desinscrit nepascontacter
    desuscrito nocontactar dadodebaja disiscritto annullatoiscrizione noncontattare uitgeschreven afgemeld descadastrado`,
  ignored: REJECTION_HEADERS.map(plain).join(" "),
};

const MEANING = new Map(
  Object.entries(ALIASES).flatMap(([meaning, headers]) => headers.split(/\s+/).map((header): [string, string] => [header, meaning])),
);

/** Custom fields share their name space in templates with what every lead and every sender has. */
const RESERVED: ReadonlySet<string> = new Set([...COLUMN_FIELDS, ...MERGE_FIELDS, ...SENDER_FIELDS, "subscribed", "unsubscribed"]);
const MAX_KEY = 64;

/** Of two columns with the same meaning the first is taken; the others become custom fields. What the mapping says goes before what headers say. */
export function readColumns(headers: readonly string[], mapping: ColumnMapping = {}): ColumnsRead {
  if (headers.every((header) => header.trim() === "") || headers.some((header) => parseEmailAddress(header))) return { kind: "no_header" };
  const mapped = mappedMeanings(headers, mapping);
  if (!(mapped instanceof Map)) return mapped;
  const taken = new Set([...mapped.values()].filter(isField));
  const meanings = headers.map((header, index) => {
    const meaning = mapped.get(index);
    if (meaning !== undefined) return meaning;
    const known = MEANING.get(plain(header));
    if (!isField(known)) return known ?? header;
    if (taken.has(known)) return header;
    taken.add(known);
    return known;
  });
  return taken.has("email") ? { kind: "columns", columns: asColumns(meanings) } : { kind: "no_address" };
}

/** Case, spaces, accents and punctuation do not count: `E-Mail Address`, `email_address` and `EMAILADDRESS` are one. */
function plain(header: string): string {
  return withoutAccents(header).replace(/[^\p{L}\p{N}]/gu, "");
}

function withoutAccents(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll("ø", "o")
    .replaceAll("ł", "l")
    .replaceAll("ı", "i");
}

function isField(meaning: string | null | undefined): meaning is ColumnField {
  return COLUMN_FIELDS.some((field) => field === meaning);
}

/** What the mapping says, by the column's place. */
function mappedMeanings(
  headers: readonly string[],
  mapping: ColumnMapping,
): Map<number, string | null> | Exclude<ColumnsRead, { kind: "columns" }> {
  const meanings = new Map<number, string | null>();
  for (const [column, written] of Object.entries(mapping)) {
    const exactly = headers.indexOf(column);
    const index = exactly >= 0 ? exactly : headers.findIndex((header) => plain(header) === plain(column));
    if (index < 0 || meanings.has(index)) return { kind: "unknown_column", column, nearest: nearestWord(column, headers) };
    const meaning = written === null ? "ignored" : meaningOf(written);
    if (isField(meaning) && [...meanings.values()].includes(meaning)) return { kind: "field_twice", field: meaning };
    meanings.set(index, meaning);
  }
  return meanings;
}

/** A mapping names a field by its own name, `First Name` as well as `first_name`; every other word is the name of a custom field. */
function meaningOf(written: string): string {
  const wanted = plain(written);
  return [...COLUMN_FIELDS, "subscribed", "unsubscribed"].find((field) => plain(field) === wanted) ?? written;
}

function asColumns(meanings: readonly (string | null)[]): LeadColumn[] {
  const keys = new Set<string>(RESERVED);
  return meanings.map((meaning, index): LeadColumn => {
    if (isField(meaning)) return { kind: "field", field: meaning };
    if (meaning === null || meaning === "ignored") return { kind: "ignored" };
    if (meaning === "subscribed" || meaning === "unsubscribed") return { kind: "consent", states: meaning };
    const key = freeKey(slug(meaning) ?? `column_${index + 1}`, keys);
    keys.add(key);
    return { kind: "custom", key };
  });
}

/** `Größe (m²)` → `grosse_m2`: a name that templates can use. Null when nothing of it can be written in Latin letters. */
function slug(name: string): string | null {
  const words = withoutAccents(name)
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  if (words === "") return null;
  return (/^[a-z]/.test(words) ? words : `field_${words}`).slice(0, MAX_KEY).replace(/_+$/, "");
}

function freeKey(wanted: string, taken: ReadonlySet<string>): string {
  for (let number = 2, key = wanted; ; number += 1) {
    if (!taken.has(key)) return key;
    key = `${wanted.slice(0, MAX_KEY - `_${number}`.length)}_${number}`;
  }
}
