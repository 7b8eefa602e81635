// What does each column of a lead file hold? Headers as spreadsheets and other tools write them, in several languages; what nobody knows becomes a custom field.
import { parseEmailAddress } from "./email-address.ts";
import { LEAD_FIELDS as MERGE_FIELDS, SENDER_FIELDS } from "./merge-values.ts";
import { nearestWord } from "./nearest-word.ts";

export const COLUMN_FIELDS = ["email", "first_name", "last_name", "company", "title", "phone", "time_zone"] as const;
export type ColumnField = (typeof COLUMN_FIELDS)[number];

/** What the export of another tool tells of how far it came with a lead (core/lead-progress.ts). */
export const PROGRESS_FIELDS = ["last_step", "last_sent_at", "progress", "replied", "bounced", "message_id", "message_subject"] as const;
export type ProgressField = (typeof PROGRESS_FIELDS)[number];

export type LeadColumn =
  | { readonly kind: "field"; readonly field: ColumnField }
  | { readonly kind: "custom"; readonly key: string }
  /** Says whether the person may be written to: `subscribed` when a yes means so, `unsubscribed` when a yes means not. */
  | { readonly kind: "consent"; readonly states: "subscribed" | "unsubscribed" }
  /** Only where an import goes on with that. */
  | { readonly kind: "progress"; readonly says: ProgressField }
  /** What a verification service said of the address. */
  | { readonly kind: "verification" }
  | { readonly kind: "ignored" };

/** Column by its header → a lead field, `subscribed`, `unsubscribed`, `verification`, the name of a custom field, or null to leave it out. */
export type ColumnMapping = Readonly<Record<string, string | null>>;

export type ColumnsRead =
  | { readonly kind: "columns"; readonly columns: readonly LeadColumn[] }
  | { readonly kind: "no_header" }
  | { readonly kind: "no_address" }
  | { readonly kind: "unknown_column"; readonly column: string; readonly nearest: string | null }
  | { readonly kind: "field_twice"; readonly field: ColumnField | ProgressField | "verification" };

/** What stands in front of rejected rows when they are given back; importing the corrected file leaves it out. */
export const REJECTION_HEADERS = ["import_row", "import_reason"] as const;

/** The better name for its meaning comes first. */
const ALIASES: Readonly<Record<ColumnField | "subscribed" | "unsubscribed" | "verification" | "ignored", string>> = {
  email: `email mail emailaddress mailaddress emailadresse mailadresse emailadress epost epostadresse epostadress epostadresa adresseemail adressemail
    adresseelectronique courriel correo correoelectronico direcciondecorreo direcciondecorreoelectronico emaildireccion posta postaelettronica indirizzoemail
    indirizzomail enderecodeemail enderecoemail emailadres mailadres adresemail adresmail sahkoposti sahkopostiosoite elektronickaposta eposta epostaadresi
    workemail businessemail primaryemail contactemail personemail emailwork email1 email1value emailprimary geschaftlicheemail
    электроннаяпочта почта имейл メール メールアドレス 邮箱 电子邮件 電子郵件 이메일`,
  first_name: `firstname first fname forename givenname contactfirstname vorname rufname prenom nombre nombredepila primernombre nome primeironome
    voornaam fornavn fornamn etunimi imie jmeno krestnijmeno keresztnev adi имя 名`,
  last_name: `lastname last lname surname familyname contactlastname nachname familienname zuname nom nomdefamille apellido apellidos cognome sobrenome
    apelido ultimonome achternaam familienaam etternavn efternavn efternamn sukunimi nazwisko prijmeni vezeteknev soyad soyadi фамилия 姓`,
  company: `company companyname organization organisation organizationname organisationname account accountname employer business businessname firma
    firmenname unternehmen arbeitgeber betrieb societe entreprise nomdelentreprise raisonsociale empresa compania nombredelaempresa azienda ditta societa
    nomeazienda nomedaempresa bedrijf bedrijfsnaam foretag virksomhed bedrift yritys spolecnost firmanev cegnev sirket компания организация 会社 会社名 公司`,
  title: `jobtitle jobposition jobrole job position currenttitle role berufsbezeichnung stellenbezeichnung funktion beruf poste fonction
    intituleduposte cargo puesto posicion ruolo posizione mansione qualifica funcao functie functietitel stilling befattning tehtavanimike stanowisko pozice
    beosztas unvan должность 役職 职位 title titel`,
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
  verification: `emailverification emailverificationstatus verificationstatus emailstatus emailvalidation emailvalidationstatus zbstatus zerobouncestatus
    neverbounceresult neverbouncestatus bouncerstatus millionverifierresult emaildeliverability deliverability`,
  ignored: REJECTION_HEADERS.map(plain).join(" "),
};

/** As the exports of outreach tools call them. */
const PROGRESS_ALIASES: Readonly<Record<ProgressField, string>> = {
  last_step: `laststep laststepsent lastsentstep laststepnumber lastemailsequencesent lastsequencesent lastsequencestep stepssent emailssent
    emailssentcount mailssent sentcount stepsent sentstep letzterschritt dernièreetape ultimopaso`,
  last_sent_at: `lastsentat lastsent lastsentdate lastsenttime laststepsentat lastemailsent lastemailsentat lastemailsenton lastemaildate lastemailedat
    lastcontacted lastcontactedat lastcontact lastcontactdate timestamplastcontact lasttouch senttime sentat senton sentdate datesent
    letzterkontakt letzteremail derniercontact ultimocontacto`,
  progress: "progress leadstatus campaignstatus leadcampaignstatus sequencestatus contactstatus state status",
  replied: "replied isreplied hasreplied repliedat replycount replies emailreplycount replytime repliedon lastrepliedat beantwortet",
  bounced: "bounced isbounced hasbounced bouncedat bouncecount bouncedon",
  message_id: "messageid lastmessageid emailmessageid rfcmessageid",
  message_subject: "messagesubject lastsubject lastemailsubject emailsubject subject betreff",
};

type Meaning = keyof typeof ALIASES | ProgressField;
type Meanings = ReadonlyMap<string, { readonly meaning: Meaning; readonly rank: number }>;

/** How good a name is for its meaning: of `Title` and `Job Title` the second is the better. */
function meaningsOf(aliases: Readonly<Record<string, string>>): Meanings {
  return new Map(
    Object.entries(aliases).flatMap(([meaning, headers]) =>
      headers.split(/\s+/).map((header, rank) => [plain(header), { meaning: meaning as Meaning, rank }] as const),
    ),
  );
}

const MEANINGS = meaningsOf(ALIASES);
const MEANINGS_WITH_PROGRESS = meaningsOf({ ...ALIASES, ...PROGRESS_ALIASES });

/** Custom fields share their name space in templates with what every lead and every sender has. */
export const RESERVED_FIELDS: ReadonlySet<string> = new Set([
  ...COLUMN_FIELDS,
  ...MERGE_FIELDS,
  ...SENDER_FIELDS,
  "subscribed",
  "unsubscribed",
]);
const MAX_KEY = 64;

/** What the mapping says goes before what headers say. Of two columns for one field the better named is taken, then the first; the other becomes a custom field. `withProgress`: columns may say how far another tool came. */
export function readColumns(headers: readonly string[], mapping: ColumnMapping = {}, { withProgress = false } = {}): ColumnsRead {
  if (headers.every((header) => header.trim() === "") || headers.some((header) => parseEmailAddress(header))) return { kind: "no_header" };
  const mapped = mappedColumns(headers, mapping, withProgress);
  if (!(mapped instanceof Map)) return mapped;
  const chosen = chosenColumns(headers, mapped, withProgress ? MEANINGS_WITH_PROGRESS : MEANINGS);
  const keys = new Set<string>(RESERVED_FIELDS);
  const columns = headers.map((header, index): LeadColumn => {
    const column = mapped.get(index) ?? chosen.get(index) ?? { kind: "custom", key: header };
    if (column.kind !== "custom") return column;
    const key = freeKey(slug(column.key) ?? `column_${index + 1}`, keys);
    keys.add(key);
    return { kind: "custom", key };
  });
  return columns.some((column) => column.kind === "field" && column.field === "email")
    ? { kind: "columns", columns }
    : { kind: "no_address" };
}

/** What headers say, by the column's place, of those that the mapping leaves open. */
function chosenColumns(headers: readonly string[], mapped: ReadonlyMap<number, LeadColumn>, meanings: Meanings): Map<number, LeadColumn> {
  const taken = new Set([...mapped.values()].flatMap((column) => fieldOf(column) ?? []));
  const chosen = new Map<number, LeadColumn>();
  const known = headers
    .flatMap((header, index) => {
      const found = mapped.has(index) ? undefined : meanings.get(plain(header));
      return found ? [{ index, ...found }] : [];
    })
    .sort((a, b) => a.rank - b.rank || a.index - b.index);
  for (const { index, meaning } of known) {
    const column = columnOf(meaning);
    const field = fieldOf(column);
    if (field && taken.has(field)) continue;
    if (field) taken.add(field);
    chosen.set(index, column);
  }
  return chosen;
}

/** What only one column can be. */
function fieldOf(column: LeadColumn): ColumnField | ProgressField | "verification" | null {
  if (column.kind === "field") return column.field;
  if (column.kind === "verification") return column.kind;
  return column.kind === "progress" ? column.says : null;
}

function isProgress(meaning: Meaning): meaning is ProgressField {
  return (PROGRESS_FIELDS as readonly string[]).includes(meaning);
}

function columnOf(meaning: Meaning): LeadColumn {
  if (isProgress(meaning)) return { kind: "progress", says: meaning };
  if (meaning === "ignored" || meaning === "verification") return { kind: meaning };
  return meaning === "subscribed" || meaning === "unsubscribed" ? { kind: "consent", states: meaning } : { kind: "field", field: meaning };
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

/** What the mapping says, by the column's place; custom fields still under the name that was written. */
function mappedColumns(
  headers: readonly string[],
  mapping: ColumnMapping,
  withProgress: boolean,
): Map<number, LeadColumn> | Exclude<ColumnsRead, { kind: "columns" }> {
  const columns = new Map<number, LeadColumn>();
  for (const [header, written] of Object.entries(mapping)) {
    const exactly = headers.indexOf(header);
    const index = exactly >= 0 ? exactly : headers.findIndex((one) => plain(one) === plain(header));
    if (index < 0 || columns.has(index)) return { kind: "unknown_column", column: header, nearest: nearestWord(header, headers) };
    const column = written === null ? columnOf("ignored") : namedColumn(written, withProgress);
    const field = fieldOf(column);
    if (field && [...columns.values()].some((one) => fieldOf(one) === field)) return { kind: "field_twice", field };
    columns.set(index, column);
  }
  return columns;
}

/** A mapping names a field by its own name, `First Name` as well as `first_name`; every other word is the name of a custom field. */
function namedColumn(written: string, withProgress: boolean): LeadColumn {
  const names = [
    ...COLUMN_FIELDS,
    "subscribed" as const,
    "unsubscribed" as const,
    "verification" as const,
    ...(withProgress ? PROGRESS_FIELDS : []),
  ];
  const meaning = names.find((name) => plain(name) === plain(written));
  return meaning ? columnOf(meaning) : { kind: "custom", key: written };
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
