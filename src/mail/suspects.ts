// Which mails break the connection when they are fetched? A server may announce more bytes than it sends, or send 200 MB where a part was asked for;
// all mail behind such a one would never be read. So what stood in a fetch that failed is fetched alone the next time, and who fails alone is known.

export interface MailPlace {
  readonly folder: string;
  readonly uidValidity: number;
  readonly uid: number;
}

/** Fetches that fail alone before a mail is not asked for any more; the later ones ask for its beginning only, for whom the whole is too slow. */
const HOPELESS = 3;

export class Suspects {
  /** Place → how often it failed alone. */
  readonly #failures = new Map<string, number>();

  /** Its fetch failed, together with others or alone. */
  has(place: MailPlace): boolean {
    return this.#failures.has(nameOf(place));
  }

  failedAlone(place: MailPlace): boolean {
    return (this.#failures.get(nameOf(place)) ?? 0) > 0;
  }

  isHopeless(place: MailPlace): boolean {
    return (this.#failures.get(nameOf(place)) ?? 0) >= HOPELESS;
  }

  /** A fetch of these, and of no others, failed. */
  blame(places: readonly MailPlace[]): void {
    for (const place of places) {
      const name = nameOf(place);
      this.#failures.set(name, (this.#failures.get(name) ?? 0) + (places.length === 1 ? 1 : 0));
    }
  }

  acquit(places: readonly MailPlace[]): void {
    for (const place of places) this.#failures.delete(nameOf(place));
  }
}

function nameOf({ folder, uidValidity, uid }: MailPlace): string {
  return JSON.stringify([folder, uidValidity, uid]);
}
